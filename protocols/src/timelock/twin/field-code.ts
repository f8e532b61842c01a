import type { Place } from '../../wasm/index.ts'
import { VectorCode } from './wasm-code.ts'

/**
 * Numbers below the prime of BLS12-381, two at a time: one in each lane of a vector of doubles. A
 * number is eight limbs of 51 bits, balanced around zero; products of limbs are exact by fused
 * multiplication and addition, and are added up as integers. In Montgomery's form, R = 2^408.
 */
export const prime: bigint = BigInt(
  '0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf' +
    '6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
)

export const limbs = 8
export const limbBits = 51

/** Of two numbers beside each other. */
export const fieldBytes: number = 16 * limbs

const limb = 1n << BigInt(limbBits)
const half = limb >> 1n

/** The limbs of a number that may be negative: each from −2^50 to 2^50, the last what is left. */
export function toLimbs(value: bigint): number[] {
  let rest = value
  return Array.from({ length: limbs }, (_, i) => {
    if (i === limbs - 1) return Number(rest)
    const low = BigInt.asIntN(limbBits, rest)
    rest = (rest - low) >> BigInt(limbBits)
    return Number(low)
  })
}

/**
 * Adding 3·2^102 rounds to multiples of the limb: what stays is the upper half of a product, its
 * bits those of this constant and the half added up.
 */
const upper = 3 * 2 ** 102

/** Adding 3·2^51 to a small integer makes it the low bits of a double. */
const lower = 3 * 2 ** 51

const bitsOf = (value: number): bigint =>
  new DataView(Float64Array.of(value).buffer).getBigInt64(0, true)
const upperBits = bitsOf(upper)
const lowerBits = bitsOf(lower)

function inverseModuloLimb(value: bigint): bigint {
  let inverse = 1n
  for (let bits = 1; bits < limbBits; bits *= 2) {
    inverse = BigInt.asUintN(limbBits, inverse * (2n - value * inverse))
  }
  return inverse
}

const minusInverse = BigInt.asUintN(limbBits, -inverseModuloLimb(prime))

const at = ({ base, offset }: Place, i: number): Place => ({ base, offset: offset + 16 * i })

/** Where the prime lies in memory, each limb in both lanes. */
export const primeAt: Place = { base: null, offset: 0 }

/**
 * d = Σ a·b over so many pairs, by Montgomery: one reduction for the sum. Called with d and then
 * each a and b. Limbs of a times limbs of b stay below 2^102: one of them may be a sum of three.
 */
export function dotCode(name: string, terms: number): VectorCode {
  const code = new VectorCode(name, 1 + 2 * terms)
  const columns = Array.from({ length: limbs + 1 }, () => code.local())
  const [up, both, a, b, h] = Array.from({ length: 5 }, () => code.local()) as [
    number, number, number, number, number,
  ]
  const column = (c: number): number => columns[c % columns.length] as number
  /** Begins a column with what the constants of all that is added to it come to. */
  const begin = (c: number): void => {
    const ofTerms = terms + 1
    const lows = c < limbs ? ofTerms * (c + 1) - 1 : ofTerms * (2 * limbs - 1 - c)
    const highs = c < limbs ? ofTerms * c : ofTerms * (2 * limbs - c)
    code.integers(-(BigInt(lows) * lowerBits + BigInt(highs) * upperBits)).set(column(c))
  }
  /** Adds a product of two limbs, `a` and `b`, to the columns c and c + 1. */
  const addProduct = (c: number): void => {
    code.get(a).get(b).get(up).op('f64x2.relaxed_madd').tee(h)
    code.get(column(c + 1)).op('i64x2.add').set(column(c + 1))
    code.get(a).get(b).get(both).get(h).op('f64x2.sub').op('f64x2.relaxed_madd')
    code.get(column(c)).op('i64x2.add').set(column(c))
  }
  code.doubles(upper).set(up).doubles(upper + lower).set(both)
  for (let c = 0; c < limbs; c += 1) begin(c)
  for (let i = 0; i < limbs; i += 1) {
    begin(i + limbs)
    for (let term = 0; term < terms; term += 1) {
      code.load(at(code.parameter(2 + 2 * term), i)).set(b)
      for (let j = 0; j < limbs; j += 1) {
        code.load(at(code.parameter(1 + 2 * term), j)).set(a)
        addProduct(i + j)
      }
    }
    // A multiple of the prime that makes the lowest column a multiple of the limb.
    code.get(column(i)).integers(minusInverse).op('i64x2.mul').integers(limb - 1n)
    code.op('v128.and').integers(bitsOf(2 ** 52)).op('v128.or')
    code.doubles(2 ** 52).op('f64x2.sub').set(b)
    for (let j = 0; j < limbs; j += 1) {
      code.load(at(primeAt, j)).set(a)
      addProduct(i + j)
    }
    code.get(column(i)).integers(lowerBits).op('i64x2.sub').shift('i64x2.shr_s', limbBits)
    code.get(column(i + 1)).op('i64x2.add').set(column(i + 1))
  }
  for (let i = 0; i < limbs; i += 1) storeLimb(code, at(code.parameter(0), i), i, column, [a, h])
  return code
}

/** Column limbs + i as a balanced limb in a double; what is above it goes to the next column. */
function storeLimb(
  code: VectorCode,
  to: Place,
  i: number,
  column: (c: number) => number,
  [a, h]: readonly [number, number],
): void {
  const own = column(limbs + i)
  code.get(own)
  if (i < limbs - 1) {
    const next = column(limbs + i + 1)
    code.integers(half).op('i64x2.add').shift('i64x2.shr_s', limbBits).set(h)
    code.get(next).get(h).op('i64x2.add').set(next)
    code.get(own).get(h).shift('i64x2.shl', limbBits).op('i64x2.sub')
  }
  code.integers(lowerBits).op('i64x2.add').doubles(lower).op('f64x2.sub').set(a)
  code.store(to, a)
}

/** What sums are made of: so many times the number at a place. */
export type Term = readonly [times: number, place: Place]

/** Local variables for sums, once for each function. */
export class Sums {
  readonly #code: VectorCode
  readonly #limbs: readonly number[]
  readonly #carry: number
  readonly #part: number

  constructor(code: VectorCode) {
    this.#code = code
    this.#limbs = Array.from({ length: limbs }, () => code.local())
    this.#carry = code.local()
    this.#part = code.local()
  }

  /** d = Σ times·place, limb by limb: the limbs grow as the sum of all times. */
  plain(d: Place, terms: readonly Term[]): void {
    this.#add(terms, 2)
    this.#store(d)
  }

  /** The same, with limbs that are balanced again. */
  balanced(d: Place, terms: readonly Term[]): void {
    this.#add(terms, 7)
    this.#balance()
    this.#store(d)
  }

  /** The same, less the multiple of the prime that is next to it. */
  reduced(d: Place, terms: readonly Term[]): void {
    this.#add(terms, 5)
    const code = this.#code
    const quotient = this.#part
    const top = Number(prime >> BigInt(limbBits * (limbs - 1) - 20)) * 2 ** -20
    code.get(this.#limbs[limbs - 1] as number).doubles(1 / top).op('f64x2.mul')
    code.op('f64x2.nearest').set(quotient)
    for (const [i, own] of this.#limbs.entries()) {
      // The upper part of quotient times limb goes to the next limb, the lower one is exact.
      code.load(at(primeAt, i)).get(quotient).doubles(upper).op('f64x2.relaxed_madd')
      code.doubles(upper).op('f64x2.sub').set(this.#carry)
      code.get(own).load(at(primeAt, i)).get(quotient)
      code.doubles(0).get(this.#carry).op('f64x2.sub').op('f64x2.relaxed_madd')
      code.op('f64x2.sub').set(own)
      this.#give(i)
    }
    this.#balance()
    this.#store(d)
  }

  #add(terms: readonly Term[], most: number): void {
    const count = terms.reduce((sum, [times]) => sum + Math.abs(times), 0)
    if (count > most) throw new Error(`invariant broken: a sum of ${count}, not of ${most}`)
    const code = this.#code
    for (const [i, own] of this.#limbs.entries()) {
      for (const [k, [times, place]] of terms.entries()) {
        if (k > 0) code.get(own)
        code.load(at(place, i))
        if (k > 0 && times === -1) code.op('f64x2.sub')
        else {
          if (times !== 1) code.doubles(times).op('f64x2.mul')
          if (k > 0) code.op('f64x2.add')
        }
        code.set(own)
      }
    }
  }

  /** Subtracts the carry, a multiple of the limb, of limb i from nothing and adds it to the next */
  #give(i: number): void {
    if (i === limbs - 1) return
    const next = this.#limbs[i + 1] as number
    this.#code.get(next).get(this.#carry).doubles(1 / Number(limb)).op('f64x2.mul')
    this.#code.op('f64x2.sub').set(next)
  }

  #balance(): void {
    const code = this.#code
    // From the top down, so that each limb gives what it had and no chain of carries is waited for.
    for (let i = limbs - 2; i >= 0; i -= 1) {
      const own = this.#limbs[i] as number
      const next = this.#limbs[i + 1] as number
      code.get(own).doubles(upper).op('f64x2.add').doubles(upper).op('f64x2.sub').set(this.#carry)
      code.get(own).get(this.#carry).op('f64x2.sub').set(own)
      code.get(next).get(this.#carry).doubles(1 / Number(limb)).op('f64x2.mul')
      code.op('f64x2.add').set(next)
    }
  }

  #store(d: Place): void {
    for (const [i, own] of this.#limbs.entries()) this.#code.store(at(d, i), own)
  }
}
