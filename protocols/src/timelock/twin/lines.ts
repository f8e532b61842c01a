import { prime } from './field-code.ts'

/** Modulo the prime, from 0. */
export const reduced = (value: bigint): bigint => {
  const rest = value % prime
  return rest < 0n ? rest + prime : rest
}

/** 1/value by Euclid; of zero there is none, and it is not asked for. */
export function inverse(value: bigint): bigint {
  let [a, b, x, y] = [reduced(value), prime, 1n, 0n]
  while (a > 1n) {
    const quotient = b / a
    ;[a, b, x, y] = [b - quotient * a, a, y - quotient * x, x]
  }
  return reduced(x)
}

/** The inverses of many, with one run of Euclid. */
export function inverses(values: readonly bigint[]): bigint[] {
  const products: bigint[] = []
  let product = 1n
  for (const value of values) {
    products.push(product)
    product = reduced(product * value)
  }
  let rest = inverse(product)
  const found = new Array<bigint>(values.length)
  for (let i = values.length - 1; i >= 0; i -= 1) {
    found[i] = reduced(rest * (products[i] as bigint))
    rest = reduced(rest * (values[i] as bigint))
  }
  return found
}

/** re + im·u with u² = −1. */
export type Fp2 = { readonly re: bigint; readonly im: bigint }

export const add = (a: Fp2, b: Fp2): Fp2 => ({ re: reduced(a.re + b.re), im: reduced(a.im + b.im) })

export const subtract = (a: Fp2, b: Fp2): Fp2 => ({
  re: reduced(a.re - b.re),
  im: reduced(a.im - b.im),
})

export const multiply = (a: Fp2, b: Fp2): Fp2 => ({
  re: reduced(a.re * b.re - a.im * b.im),
  im: reduced(a.re * b.im + a.im * b.re),
})

export const scale = (a: Fp2, times: bigint): Fp2 => ({
  re: reduced(a.re * times),
  im: reduced(a.im * times),
})

/** ξ = 1 + u. */
export const timesXi = (a: Fp2): Fp2 => ({ re: reduced(a.re - a.im), im: reduced(a.re + a.im) })

export const norm = (a: Fp2): bigint => reduced(a.re * a.re + a.im * a.im)

/** The inverse of `a`, where that of its norm is known. */
export const inverseBy = (a: Fp2, ofNorm: bigint): Fp2 =>
  scale({ re: a.re, im: -a.im }, ofNorm)

export function power(a: Fp2, exponent: bigint): Fp2 {
  let result: Fp2 = { re: 1n, im: 0n }
  for (const bit of exponent.toString(2)) {
    result = multiply(result, result)
    if (bit === '1') result = multiply(result, a)
  }
  return result
}

/** The parameter of the curve is this number's negative. */
export const loopBits: string = 0xd201000000010000n.toString(2)

export type Point2 = { readonly x: Fp2; readonly y: Fp2 }

/** The line y·w³ − λ·x·w² + (λ·x₀ − y₀): its constant and its slope. */
export type Line = { readonly constant: Fp2; readonly slope: Fp2 }

/**
 * The lines of Miller's loop through multiples of a point of the twist, in the order in which the
 * loop meets them: a tangent for each bit after the first, and for each that is set a chord. The
 * point has the order of the group, so no line is vertical.
 */
export function linesOf(point: Point2): readonly Line[] {
  const lines: Line[] = []
  let current = point
  const step = (rise: Fp2, run: Fp2, other: Point2): void => {
    const slope = multiply(rise, inverseBy(run, inverse(norm(run))))
    lines.push({ constant: subtract(multiply(slope, current.x), current.y), slope })
    const x = subtract(subtract(multiply(slope, slope), current.x), other.x)
    const y = subtract(multiply(slope, subtract(current.x, x)), current.y)
    current = { x, y }
  }
  for (const bit of loopBits.slice(1)) {
    const squared = scale(multiply(current.x, current.x), 3n)
    step(squared, scale(current.y, 2n), current)
    if (bit === '1') {
      step(subtract(point.y, current.y), subtract(point.x, current.x), point)
    }
  }
  return lines
}
