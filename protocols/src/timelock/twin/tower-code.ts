import type { Place } from '../../wasm/index.ts'
import { dotCode, fieldBytes, Sums, type Term } from './field-code.ts'
import { VectorCode } from './wasm-code.ts'

/**
 * The field of the pairing's values: Fp2 = Fp[u]/(u² + 1), Fp6 = Fp2[v]/(v³ − ξ) with ξ = 1 + u,
 * Fp12 = Fp6[w]/(w² − v). A coefficient is a sum of products, reduced once.
 */
export const fp2Bytes: number = 2 * fieldBytes
export const fp6Bytes: number = 3 * fp2Bytes
export const fp12Bytes: number = 2 * fp6Bytes

/** The first bytes of memory hold the prime. */
const primeBytes = fieldBytes

/** Room for what functions compute on the way; they call each other at most once. */
const scratchBytes = 16 * 1_024

/** What callers may use begins here. */
export const freeMemory: number = primeBytes + scratchBytes

const place = (offset: number): Place => ({ base: null, offset })

const plus = ({ base, offset }: Place, bytes: number): Place => ({ base, offset: offset + bytes })
const re = (element: Place): Place => element
const im = (element: Place): Place => plus(element, fieldBytes)
const part = (element: Place, i: number): Place => plus(element, i * fp2Bytes)
const low = (element: Place): Place => element
const high = (element: Place): Place => plus(element, fp6Bytes)

type Pair = readonly [a: Place, b: Place]

/** Terms of a sum, for both halves of an element of Fp2. */
type Terms2 = { readonly re: readonly Term[]; readonly im: readonly Term[] }

/** So many times an element. */
const times = (n: number, element: Place): Terms2 => ({
  re: [[n, re(element)]],
  im: [[n, im(element)]],
})

/** So many times an element and ξ. */
const timesXi = (n: number, element: Place): Terms2 => ({
  re: [[n, re(element)], [-n, im(element)]],
  im: [[n, re(element)], [n, im(element)]],
})

const sum2 = (...parts: readonly Terms2[]): Terms2 => ({
  re: parts.flatMap((one) => one.re),
  im: parts.flatMap((one) => one.im),
})

/** A function being written, with its scratch and the functions that it may call. */
class Writer {
  readonly code: VectorCode
  readonly #indexOf: ReadonlyMap<string, number>
  readonly #sums: Sums
  #scratch: number

  constructor(code: VectorCode, indexOf: ReadonlyMap<string, number>, scratch: number) {
    this.code = code
    this.#indexOf = indexOf
    this.#sums = new Sums(code)
    this.#scratch = scratch
  }

  room(bytes: number): Place {
    const at = place(this.#scratch)
    this.#scratch += bytes
    if (this.#scratch > freeMemory) throw new Error('invariant broken: the scratch is too small')
    return at
  }

  call(name: string, ...places: readonly Place[]): void {
    const index = this.#indexOf.get(name)
    if (index === undefined) throw new Error(`invariant broken: ${name} comes later`)
    this.code.call(index, places)
  }

  dot(d: Place, pairs: readonly Pair[]): void {
    this.call(`dot${pairs.length}`, d, ...pairs.flat())
  }

  plain(d: Place, terms: Terms2): void {
    this.#sums.plain(re(d), terms.re)
    this.#sums.plain(im(d), terms.im)
  }

  balanced(d: Place, terms: Terms2): void {
    this.#sums.balanced(re(d), terms.re)
    this.#sums.balanced(im(d), terms.im)
  }

  reduced(d: Place, terms: Terms2): void {
    this.#sums.reduced(re(d), terms.re)
    this.#sums.reduced(im(d), terms.im)
  }

  /** An element of Fp2 that others are multiplied with, and its imaginary part negated. */
  factor(element: Place): Factor {
    const negated = this.room(fieldBytes)
    this.#sums.plain(negated, [[-1, im(element)]])
    return { re: re(element), im: im(element), negated }
  }

  /** The same for ξ times the element. */
  factorXi(element: Place): Factor {
    const product = this.room(fp2Bytes)
    this.plain(product, timesXi(1, element))
    return this.factor(product)
  }

  /** d = Σ a·b in Fp2. */
  dot2(d: Place, products: readonly (readonly [a: Place, b: Factor])[]): void {
    this.dot(re(d), products.flatMap(([a, b]): Pair[] => [[re(a), b.re], [im(a), b.negated]]))
    this.dot(im(d), products.flatMap(([a, b]): Pair[] => [[re(a), b.im], [im(a), b.re]]))
  }
}

type Factor = { readonly re: Place; readonly im: Place; readonly negated: Place }

const three = [0, 1, 2] as const

/** d = a·b in Fp6. */
function multiply6(w: Writer): void {
  const [d, a, b] = three.map((i) => w.code.parameter(i)) as [Place, Place, Place]
  const [b0, b1, b2] = three.map((i) => w.factor(part(b, i))) as [Factor, Factor, Factor]
  const [xi1, xi2] = [w.factorXi(part(b, 1)), w.factorXi(part(b, 2))]
  const [a0, a1, a2] = three.map((i) => part(a, i)) as [Place, Place, Place]
  w.dot2(part(d, 0), [[a0, b0], [a1, xi2], [a2, xi1]])
  w.dot2(part(d, 1), [[a0, b1], [a1, b0], [a2, xi2]])
  w.dot2(part(d, 2), [[a0, b2], [a1, b1], [a2, b0]])
}

/** v times an element of Fp6, its i-th part: v³ = ξ. */
const timesV = (n: number, element: Place, i: number): Terms2 =>
  i === 0 ? timesXi(n, part(element, 2)) : times(n, part(element, i - 1))

/** d = a·b in Fp12, by three products of Fp6. */
function multiply12(w: Writer): void {
  const [d, a, b] = three.map((i) => w.code.parameter(i)) as [Place, Place, Place]
  const [lows, highs, both, sumA, sumB] = Array.from({ length: 5 }, () => w.room(fp6Bytes)) as [
    Place, Place, Place, Place, Place,
  ]
  for (const i of three) {
    w.balanced(part(sumA, i), sum2(times(1, part(low(a), i)), times(1, part(high(a), i))))
    w.balanced(part(sumB, i), sum2(times(1, part(low(b), i)), times(1, part(high(b), i))))
  }
  w.call('multiply6', lows, low(a), low(b))
  w.call('multiply6', highs, high(a), high(b))
  w.call('multiply6', both, sumA, sumB)
  for (const i of three) {
    w.balanced(part(low(d), i), sum2(times(1, part(lows, i)), timesV(1, highs, i)))
    const rest = sum2(times(-1, part(lows, i)), times(-1, part(highs, i)))
    w.balanced(part(high(d), i), sum2(times(1, part(both, i)), rest))
  }
}

/** d = a² in Fp12: (a₀ + a₁)(a₀ + v·a₁) less what is too much. */
function square12(w: Writer): void {
  const [d, a] = [w.code.parameter(0), w.code.parameter(1)]
  const [product, both, sum, sumV] = Array.from({ length: 4 }, () => w.room(fp6Bytes)) as [
    Place, Place, Place, Place,
  ]
  for (const i of three) {
    const own = times(1, part(low(a), i))
    w.balanced(part(sum, i), sum2(own, times(1, part(high(a), i))))
    w.balanced(part(sumV, i), sum2(own, timesV(1, high(a), i)))
  }
  w.call('multiply6', product, low(a), high(a))
  w.call('multiply6', both, sum, sumV)
  for (const i of three) {
    const rest = sum2(times(-1, part(product, i)), timesV(-1, product, i))
    w.balanced(part(low(d), i), sum2(times(1, part(both, i)), rest))
    w.balanced(part(high(d), i), times(2, part(product, i)))
  }
}

/**
 * d = f·ℓ for the line ℓ = c₀/y + c₁·(−x/y)·v + v·w through a point, where `line` holds c₀ and c₁
 * and `point` holds 1/y and −x/y.
 */
function multiplyLine(w: Writer): void {
  const [d, f, line, point] = [0, 1, 2, 3].map((i) => w.code.parameter(i)) as [
    Place, Place, Place, Place,
  ]
  const [l0, l1] = [w.room(fp2Bytes), w.room(fp2Bytes)]
  for (const half of [re, im]) {
    w.dot(half(l0), [[half(line), point]])
    w.dot(half(l1), [[half(part(line, 1)), plus(point, fieldBytes)]])
  }
  const [c0, c1, xi1] = [w.factor(l0), w.factor(l1), w.factorXi(l1)]
  const product = w.room(fp6Bytes)
  for (const half of [low, high]) {
    const [x0, x1, x2] = three.map((i) => part(half(f), i)) as [Place, Place, Place]
    w.dot2(part(product, 0), [[x0, c0], [x2, xi1]])
    w.dot2(part(product, 1), [[x0, c1], [x1, c0]])
    w.dot2(part(product, 2), [[x1, c1], [x2, c0]])
    for (const i of three) {
      // v·f₀ for the upper half; for the lower one v²·f₁.
      const other = half === high ? timesV(1, low(f), i) : timesV2(high(f), i)
      w.balanced(part(half(d), i), sum2(times(1, part(product, i)), other))
    }
  }
}

const timesV2 = (element: Place, i: number): Terms2 =>
  i === 2 ? times(1, part(element, 0)) : timesXi(1, part(element, i + 1))

/** (a + b·s)² for s² = ξ: a² + ξ·b² and 2·a·b, as sums of products. */
function square4(w: Writer, d0: Place, d1: Place, a: Place, b: Place): void {
  const [sumA, lessA, sumB, lessB, twoA, twoB] = Array.from({ length: 6 }, () =>
    w.room(fieldBytes),
  ) as [Place, Place, Place, Place, Place, Place]
  const sums = new Sums(w.code)
  sums.plain(sumA, [[1, re(a)], [1, im(a)]])
  sums.balanced(lessA, [[1, re(a)], [-1, im(a)]])
  sums.plain(sumB, [[1, re(b)], [1, im(b)]])
  sums.balanced(lessB, [[1, re(b)], [-1, im(b)]])
  sums.plain(twoA, [[2, re(a)]])
  sums.plain(twoB, [[2, re(b)]])
  const minusTwoB = w.room(fieldBytes)
  sums.plain(minusTwoB, [[-2, re(b)]])
  // Re and im of a² and b² are (a₀ + a₁)(a₀ − a₁) and 2·a₀·a₁.
  w.dot(re(d0), [[sumA, lessA], [sumB, lessB], [minusTwoB, im(b)]])
  w.dot(im(d0), [[twoA, im(a)], [sumB, lessB], [twoB, im(b)]])
  const minusTwoImB = w.room(fieldBytes)
  const twoImB = w.room(fieldBytes)
  sums.plain(minusTwoImB, [[-2, im(b)]])
  sums.plain(twoImB, [[2, im(b)]])
  w.dot(re(d1), [[twoB, re(a)], [minusTwoImB, im(a)]])
  w.dot(im(d1), [[twoImB, re(a)], [twoB, im(a)]])
}

/** d = a² for an a whose norm over Fp6 is 1 (Granger and Scott, 2010). */
function squareCyclotomic(w: Writer): void {
  const [d, a] = [w.code.parameter(0), w.code.parameter(1)]
  const [z0, z4, z3] = three.map((i) => part(low(a), i)) as [Place, Place, Place]
  const [z2, z1, z5] = three.map((i) => part(high(a), i)) as [Place, Place, Place]
  const t = Array.from({ length: 6 }, () => w.room(fp2Bytes)) as [
    Place, Place, Place, Place, Place, Place,
  ]
  square4(w, t[0], t[1], z0, z1)
  square4(w, t[2], t[3], z2, z3)
  square4(w, t[4], t[5], z4, z5)
  w.reduced(part(low(d), 0), sum2(times(3, t[0]), times(-2, z0)))
  w.reduced(part(low(d), 1), sum2(times(3, t[2]), times(-2, z4)))
  w.reduced(part(low(d), 2), sum2(times(3, t[4]), times(-2, z3)))
  const product = w.room(fp2Bytes)
  w.balanced(product, timesXi(1, t[5]))
  w.reduced(part(high(d), 0), sum2(times(3, product), times(2, z2)))
  w.reduced(part(high(d), 1), sum2(times(3, t[1]), times(2, z1)))
  w.reduced(part(high(d), 2), sum2(times(3, t[3]), times(2, z5)))
}

/** d = the conjugate of a over Fp6. */
function conjugate(w: Writer): void {
  const [d, a] = [w.code.parameter(0), w.code.parameter(1)]
  for (const i of three) {
    w.plain(part(low(d), i), times(1, part(low(a), i)))
    w.plain(part(high(d), i), times(-1, part(high(a), i)))
  }
}

/** d = a to the power of p^k: each part, conjugated if k is odd, times its constant of `powers`. */
function frobenius(w: Writer, isOdd: boolean): void {
  const [d, a, powers] = three.map((i) => w.code.parameter(i)) as [Place, Place, Place]
  const conjugated = w.room(fp2Bytes)
  const sums = new Sums(w.code)
  for (let i = 0; i < 6; i += 1) {
    sums.plain(re(conjugated), [[1, re(part(a, i))]])
    sums.plain(im(conjugated), [[isOdd ? -1 : 1, im(part(a, i))]])
    w.dot2(part(d, i), [[conjugated, w.factor(part(powers, i))]])
  }
}

/** All functions, each after those that it calls. */
export function towerCode(): readonly VectorCode[] {
  const functions = [1, 2, 3, 4, 6].map((terms) => dotCode(`dot${terms}`, terms))
  const indexOf = new Map(functions.map(({ name }, i) => [name, i]))
  const define = (
    name: string,
    parameters: number,
    write: (writer: Writer) => void,
    scratch = primeBytes,
  ): void => {
    const code = new VectorCode(name, parameters)
    write(new Writer(code, indexOf, scratch))
    indexOf.set(name, functions.length)
    functions.push(code)
  }
  define('multiply6', 3, multiply6)
  // Those that call `multiply6` leave it its scratch.
  const beyond = primeBytes + 4 * 1_024
  define('multiply12', 3, multiply12, beyond)
  define('square12', 2, square12, beyond)
  define('multiplyLine', 4, multiplyLine)
  define('squareCyclotomic', 2, squareCyclotomic)
  define('conjugate', 2, conjugate)
  define('frobeniusOdd', 3, (writer) => frobenius(writer, true))
  define('frobeniusEven', 3, (writer) => frobenius(writer, false))
  return functions
}

export { fieldBytes }
