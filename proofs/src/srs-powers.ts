/**
 * Consecutive powers of a secret times the generator of BN254's G1, fast enough to make a million.
 *
 * Every power is the sum of one table entry for each window of its bits. All additions are affine,
 * and thousands of them share one inversion, so that an addition costs six multiplications.
 */
import { bn254 } from '@noble/curves/bn254.js'

const field = bn254.fields.Fp
const prime = field.ORDER
const order = bn254.fields.Fr.ORDER
const orderBits = 254

/** An affine point that is not the neutral one. */
type Point = readonly [x: bigint, y: bigint]

/** How many additions share an inversion. */
const batchMax = 4_096

/** Bytes of a point in the file `bn254_g1.dat`: x and y, big-endian. */
export const pointBytes = 64

/**
 * The points `secret^from · G` up to `secret^(from + count − 1) · G`, as bytes.
 *
 * @param onDone is told, now and then, how many are done.
 */
export function powersOf(
  secret: bigint,
  from: number,
  count: number,
  onDone: (done: number) => void = () => {},
): Uint8Array {
  const width = windowFor(count)
  const table = tableOf(width)
  const bytes = Buffer.alloc(count * pointBytes)
  let scalar = bn254.fields.Fr.pow(secret, BigInt(from))
  for (let start = 0; start < count; start += batchMax) {
    const scalars: bigint[] = []
    for (let i = start; i < Math.min(start + batchMax, count); i += 1) {
      scalars.push(scalar)
      scalar = (scalar * secret) % order
    }
    sumsOf(scalars, table, width).forEach(([x, y], i) => {
      bytes.write(`${hex(x)}${hex(y)}`, (start + i) * pointBytes, 'hex')
    })
    onDone(start + scalars.length)
  }
  return bytes
}

const hex = (value: bigint): string => value.toString(16).padStart(64, '0')

/** The width of a window, in bits, with the fewest additions for points and table together. */
function windowFor(count: number): number {
  const additions = (width: number): number => Math.ceil(orderBits / width) * (count + 2 ** width)
  const widths = Array.from({ length: 13 }, (_, i) => i + 4)
  return widths.reduce((best, width) => (additions(width) < additions(best) ? width : best))
}

/** By window and digit: `digit · 2^(width · window) · G`. Digit 0 has no entry. */
type Table = readonly (readonly (Point | undefined)[])[]

function tableOf(width: number): Table {
  const windows = Math.ceil(orderBits / width)
  const powers = Array.from({ length: windows * width }, (_, i) => affine(1n << BigInt(i)))
  return Array.from({ length: windows }, (_, window) => {
    const entries: (Point | undefined)[] = [undefined]
    for (let bit = 0; bit < width; bit += 1) {
      const power = powers[window * width + bit] as Point
      const lower = entries.slice(1) as Point[]
      const sums = lower.map((point) => [...point] as [bigint, bigint])
      addAll(
        sums,
        lower.map(() => power),
      )
      entries.push(power, ...sums)
    }
    return entries
  })
}

function affine(scalar: bigint): Point {
  const { x, y } = bn254.G1.Point.BASE.multiplyUnsafe(scalar % order).toAffine()
  return [x, y]
}

function sumsOf(scalars: readonly bigint[], table: Table, width: number): readonly Point[] {
  const sums: ([bigint, bigint] | undefined)[] = scalars.map(() => undefined)
  const mask = (1 << width) - 1
  const digits = scalars.map((scalar) => digitsOf(scalar, width, table.length, mask))
  table.forEach((entries, window) => {
    const left: [bigint, bigint][] = []
    const right: Point[] = []
    digits.forEach((own, i) => {
      const entry = entries[own[window] ?? 0]
      if (entry === undefined) return
      const sum = sums[i]
      if (sum === undefined) sums[i] = [entry[0], entry[1]]
      else {
        left.push(sum)
        right.push(entry)
      }
    })
    addAll(left, right)
  })
  // No power of a secret is zero, so that every sum has a term.
  return sums as readonly Point[]
}

function digitsOf(scalar: bigint, width: number, windows: number, mask: number): readonly number[] {
  const bits = hex(scalar)
  const words = Array.from({ length: 16 }, (_, i) =>
    Number.parseInt(bits.slice(60 - 4 * i, 64 - 4 * i), 16),
  )
  return Array.from({ length: windows }, (_, window) => {
    const at = window * width
    const word = at >> 4
    const low = (words[word] ?? 0) + (words[word + 1] ?? 0) * 65_536
    return Math.floor(low / 2 ** (at & 15)) & mask
  })
}

/**
 * Adds `right[i]` to `left[i]`, in place, with one inversion for all.
 *
 * Neither is neutral, and equal or opposite ones do not meet: entry and sum of different windows
 * are different multiples, all smaller than the order. @throws Error if they do.
 */
function addAll(left: readonly [bigint, bigint][], right: readonly Point[]): void {
  if (left.length === 0) return
  const products: bigint[] = []
  const differences: bigint[] = []
  let product = 1n
  for (let i = 0; i < left.length; i += 1) {
    const difference = (right[i] as Point)[0] - (left[i] as Point)[0]
    if (difference === 0n) throw new Error('equal points meet: the window is too wide')
    differences.push(difference)
    products.push(product)
    product = (product * difference) % prime
  }
  let inverse = field.inv(field.create(product))
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const point = left[i] as [bigint, bigint]
    const [x, y] = point
    const [otherX, otherY] = right[i] as Point
    const slope = ((((otherY - y) * inverse) % prime) * (products[i] as bigint)) % prime
    inverse = (inverse * (differences[i] as bigint)) % prime
    const sumX = positive((slope * slope - x - otherX) % prime)
    point[0] = sumX
    point[1] = positive((slope * (x - sumX) - y) % prime)
  }
}

const positive = (value: bigint): bigint => (value < 0n ? value + prime : value)
