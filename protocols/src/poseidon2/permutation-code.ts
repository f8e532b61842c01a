import type { Place } from '../wasm/index.ts'
import { IntegerCode } from './integer-code.ts'

/**
 * Poseidon2's permutation over the scalar field of BN254, as functions of WebAssembly.
 *
 * An element is nine limbs of 29 bits, times 2^261 modulo the order p (Montgomery's form). 2^261 is
 * 169 p, so that a product of elements below a·p and b·p is below (a·b/169 + 1)·p, and sums need
 * not be reduced before they are multiplied. Limbs are multiplied below 2^30: nine such products
 * and nine with limbs of p are below 2^64. A state is below 3.1 p where a round begins, and below
 * 4 p is enough: the outer matrix makes at most 16 times as much of it, and 64 p can be reduced.
 */
export const order = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001n
export const limbBits = 29
export const limbs = 9
const elementBytes = 8 * limbs
const mask = (1n << BigInt(limbBits)) - 1n
export const radix = 1n << BigInt(limbBits * limbs)

export const limbsOf = (value: bigint): bigint[] =>
  Array.from({ length: limbs }, (_, i) => (value >> BigInt(limbBits * i)) & mask)

const orderLimbs = limbsOf(order)
/** −1/p modulo 2^29: p ends in 28 zeros and a one. */
const minusInverse = mask & ((1n << BigInt(limbBits)) - inverseOfOrder())

function inverseOfOrder(): bigint {
  let inverse = 1n
  for (let bits = 1; bits < limbBits; bits *= 2) inverse = inverse * (2n - order * inverse) & mask
  return inverse & mask
}

export const width = 4
const absolute = (offset: number): Place => ({ base: null, offset })
const fixed = (index: number): Place => absolute(index * elementBytes)
const limbAt = ({ base, offset }: Place, limb: number): Place => ({
  base,
  offset: offset + 8 * limb,
})

/** Where what lies in memory; `words` are four of 64 bits, in and out. */
export const places = {
  state: Array.from({ length: width }, (_, i) => fixed(i)),
  words: absolute(4 * elementBytes),
  sum: fixed(5),
  power: fixed(6),
  base: fixed(7),
  /** 2^522 modulo p, which brings a number into the form; and 1, which brings it out. */
  toForm: fixed(8),
  one: fixed(9),
  diagonal: Array.from({ length: width }, (_, i) => fixed(10 + i)),
  constants: fixed(14),
} as const
export const elementAt = (element: number): number => element * elementBytes
export const constantsFrom = 14

export const fullRounds = 8
export const partialRounds = 56
const constantsCount = fullRounds * width + partialRounds
export const pages = Math.ceil((constantsFrom + constantsCount) * elementBytes / 65_536)

/** Carries the limbs, which may be negative between, and stores them. */
function carryAndStore(code: IntegerCode, to: Place, values: readonly number[]): void {
  for (const [i, value] of values.entries()) {
    const next = values[i + 1]
    if (next === undefined) {
      code.store(limbAt(to, i), value)
      continue
    }
    code.get(next).get(value).shift('rightSigned', limbBits).op('add').set(next)
    code.get(value).integer(mask).op('and').set(value).store(limbAt(to, i), value)
  }
}

const load = (code: IntegerCode, from: Place): number[] =>
  Array.from({ length: limbs }, (_, i) => {
    const local = code.local()
    code.load(limbAt(from, i)).set(local)
    return local
  })

/** `mul(to, a, b)`: a·b/2^261, reduced as it goes by rows; `to` may be one of both. */
function mul(): IntegerCode {
  const code = new IntegerCode('mul', 3)
  const [a, b] = [load(code, code.parameter(1)), load(code, code.parameter(2))]
  const sums = code.locals(2 * limbs)
  const factor = code.local()
  for (const [i, left] of a.entries()) {
    for (const [j, right] of b.entries()) {
      const sum = sums[i + j] ?? 0
      code.get(left).get(right).op('mul').get(sum).op('add').set(sum)
    }
    const lowest = sums[i] ?? 0
    code.get(lowest).integer(minusInverse).op('mul').integer(mask).op('and').set(factor)
    for (const [j, limb] of orderLimbs.entries()) {
      const sum = sums[i + j] ?? 0
      code.get(factor).integer(limb).op('mul').get(sum).op('add').set(sum)
    }
    const next = sums[i + 1] ?? 0
    code.get(next).get(lowest).shift('right', limbBits).op('add').set(next)
  }
  const result = sums.slice(limbs)
  for (const [i, value] of result.entries()) {
    const next = result[i + 1]
    if (next !== undefined) {
      code.get(next).get(value).shift('right', limbBits).op('add').set(next)
      code.get(value).integer(mask).op('and').set(value)
    }
    code.store(limbAt(code.parameter(0), i), value)
  }
  return code
}

/** `add(to, a, b)`, with its carries. */
function add(): IntegerCode {
  const code = new IntegerCode('add', 3)
  const values = load(code, code.parameter(1))
  for (const [i, value] of values.entries()) {
    code.get(value).load(limbAt(code.parameter(2), i)).op('add').set(value)
  }
  carryAndStore(code, code.parameter(0), values)
  return code
}

const topBits = 44
const topLimb = orderLimbs[limbs - 1] ?? 0n

/**
 * Takes p off as often as the highest limb says: of a number below 64 p a little more than 2 p is
 * left. The limbs may be as large as sums of sixteen.
 */
function reduceAndStore(code: IntegerCode, to: Place, values: readonly number[]): void {
  const times = code.local()
  for (const [i, value] of values.entries()) {
    const next = values[i + 1]
    if (next === undefined) continue
    code.get(next).get(value).shift('right', limbBits).op('add').set(next)
    code.get(value).integer(mask).op('and').set(value)
  }
  const quotient = (1n << BigInt(topBits)) / (topLimb + 1n)
  code.get(values[limbs - 1] ?? 0).integer(quotient).op('mul').shift('right', topBits).set(times)
  for (const [i, limb] of orderLimbs.entries()) {
    const value = values[i] ?? 0
    code.get(value).get(times).integer(limb).op('mul').op('sub').set(value)
  }
  carryAndStore(code, to, values)
}

/** The sum of the state, which every element of a partial round gets. */
function sum(): IntegerCode {
  const code = new IntegerCode('sum', 0)
  const values = load(code, places.state[0] as Place)
  for (const element of places.state.slice(1)) {
    for (const [i, value] of values.entries()) {
      code.get(value).load(limbAt(element, i)).op('add').set(value)
    }
  }
  reduceAndStore(code, places.sum, values)
  return code
}

type Four = [number, number, number, number]

/** The outer matrix: ((5, 7, 1, 3), (4, 6, 1, 1), (1, 3, 5, 7), (1, 1, 4, 6)), in eight sums. */
function outer(): IntegerCode {
  const code = new IntegerCode('outer', 0)
  const state = places.state.map((element) => load(code, element))
  const results = state.map(() => code.locals(limbs))
  const [a, b, c, d] = code.locals(4) as Four
  for (let i = 0; i < limbs; i += 1) {
    const [s0, s1, s2, s3] = state.map((element) => element[i] ?? 0) as Four
    code.get(s0).get(s1).op('add').set(a)
    code.get(s2).get(s3).op('add').set(b)
    code.get(s1).shift('left', 1).get(b).op('add').set(c)
    code.get(s3).shift('left', 1).get(a).op('add').set(d)
    const [r0, r1, r2, r3] = results.map((element) => element[i] ?? 0) as Four
    code.get(b).shift('left', 2).get(d).op('add').set(r3)
    code.get(a).shift('left', 2).get(c).op('add').set(r1)
    code.get(d).get(r1).op('add').set(r0)
    code.get(c).get(r3).op('add').set(r2)
  }
  for (const [i, element] of places.state.entries()) {
    reduceAndStore(code, element, results[i] ?? [])
  }
  return code
}

/** `load(element)`: adds the number in `words` to the element of the state. */
function loadWords(calls: Calls): IntegerCode {
  const code = new IntegerCode('load', 1)
  const words = code.locals(4)
  for (const [i, word] of words.entries()) code.load(limbAt(places.words, i)).set(word)
  const value = code.local()
  for (let limb = 0; limb < limbs; limb += 1) {
    const bit = limb * limbBits
    const [word, from] = [Math.floor(bit / 64), bit % 64]
    code.get(words[word] ?? 0).shift('right', from)
    if (from + limbBits > 64 && word < 3) {
      code.get(words[word + 1] ?? 0).shift('left', 64 - from).op('or')
    }
    code.integer(mask).op('and').set(value).store(limbAt(places.base, limb), value)
  }
  calls.mul(code, places.base, places.base, places.toForm)
  calls.add(code, code.parameter(0), code.parameter(0), places.base)
  return code
}

/** `store(element)`: the number that the element of the state is, p or below, into `words`. */
function storeWords(calls: Calls): IntegerCode {
  const code = new IntegerCode('store', 1)
  calls.mul(code, places.base, code.parameter(0), places.one)
  const value = load(code, places.base)
  const word = code.local()
  for (let at = 0; at < 4; at += 1) {
    code.integer(0n).set(word)
    for (const [limb, local] of value.entries()) {
      const bit = limb * limbBits - 64 * at
      if (bit <= -limbBits || bit >= 64) continue
      code.get(word).get(local)
      code.shift(bit < 0 ? 'right' : 'left', Math.abs(bit)).op('or').set(word)
    }
    code.store(limbAt(places.words, at), word)
  }
  return code
}

type Call = (code: IntegerCode, ...places: readonly Place[]) => void
type Calls = Readonly<Record<'mul' | 'add' | 'sum' | 'outer' | 'full' | 'partial', Call>>

/** The element at `from` and a constant, to the fifth, into `to`. */
function power(code: IntegerCode, calls: Calls, to: Place, constant: Place): void {
  calls.add(code, places.base, to, constant)
  calls.mul(code, places.power, places.base, places.base)
  calls.mul(code, places.power, places.power, places.power)
  calls.mul(code, to, places.power, places.base)
}

function full(calls: Calls): IntegerCode {
  const code = new IntegerCode('full', 1)
  for (const [i, element] of places.state.entries()) {
    power(code, calls, element, { base: 0, offset: i * elementBytes })
  }
  calls.outer(code)
  return code
}

function partial(calls: Calls): IntegerCode {
  const code = new IntegerCode('partial', 1)
  const [first] = places.state
  power(code, calls, first as Place, code.parameter(0))
  calls.sum(code)
  for (const [i, element] of places.state.entries()) {
    calls.mul(code, element, element, places.diagonal[i] as Place)
    calls.add(code, element, element, places.sum)
  }
  return code
}

function permute(calls: Calls): IntegerCode {
  const code = new IntegerCode('permute', 0)
  let constant = constantsFrom
  const fullTimes = (rounds: number): void => {
    for (let round = 0; round < rounds; round += 1) {
      calls.full(code, fixed(constant))
      constant += width
    }
  }
  calls.outer(code)
  fullTimes(fullRounds / 2)
  for (let round = 0; round < partialRounds; round += 1) {
    calls.partial(code, fixed(constant))
    constant += 1
  }
  fullTimes(fullRounds / 2)
  return code
}

/** In the order of their numbers. */
export function permutationCode(): readonly IntegerCode[] {
  const names = ['mul', 'add', 'sum', 'outer', 'full', 'partial'] as const
  const calls = Object.fromEntries(
    names.map((name, index): [string, Call] => [
      name,
      (code, ...given) => void code.call(index, given),
    ]),
  ) as Calls
  const own = [mul(), add(), sum(), outer(), full(calls), partial(calls)]
  return [...own, permute(calls), loadWords(calls), storeWords(calls)]
}
