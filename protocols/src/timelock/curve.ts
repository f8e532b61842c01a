import { assert } from '@busbar/core/errors'
import {
  add,
  BLS12_381,
  finalExp,
  Fp2,
  Fr,
  G1,
  G2,
  type GT,
  init,
  IRTF,
  millerLoop,
  mul,
  neg,
  pairing,
  setETHserialization,
  setMapToMode,
  verifyOrderG1,
  verifyOrderG2,
} from 'mcl-wasm'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { hash_to_field } from '@noble/curves/abstract/hash-to-curve.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, type Hex, hexToBytes, textToBytes } from '../hash/index.ts'
import { malformed } from './malformed.ts'

/** Compressed, as in the ZCash and Ethereum form: keys and ciphertext points. */
export const g1Bytes = 48

/** Compressed: signatures and their shares. */
export const g2Bytes = 96

/** A scalar, big endian. */
export const scalarBytes = 32

/** Uniform bytes for one scalar: 128 bits more than the order, so that the remainder is uniform. */
export const randomBytesPerScalar = 48

/** The suite of RFC 9380 (section 8.8.2) under a tag of our own: no other protocol signs labels. */
export const timelockTag = 'BUSBAR_TIMELOCK_BLS12381G2_XMD:SHA-256_SSWU_RO_'

/** The order of the groups. */
export const groupOrder: bigint = bls12_381.fields.Fr.ORDER

let loading: Promise<void> | undefined
let generatorG1: G1 | undefined

/**
 * Compiles the curve's library, once for the thread. Everything here but `labelOf` needs it done.
 */
export function timelockReady(): Promise<void> {
  loading ??= load()
  return loading
}

async function load(): Promise<void> {
  await init(BLS12_381)
  setETHserialization(true)
  setMapToMode(IRTF)
  // Subgroups are checked where a point is parsed, see `parseG1`.
  verifyOrderG1(false)
  verifyOrderG2(false)
  const base = new G1()
  base.deserialize(bls12_381.G1.Point.BASE.toBytes(true))
  generatorG1 = base
}

export function generator(): G1 {
  assert(generatorG1 !== undefined, 'timelockReady was awaited')
  return generatorG1
}

/**
 * G1 and G2 have cofactors: a point outside the subgroup would make pairings depend on who asks.
 */
export type Check = 'subgroup' | 'checked_before'

/**
 * A point of G1 from its 48 bytes: on the curve, in the subgroup, not infinity, in its one
 * spelling.
 *
 * @param check leaves out the subgroup for a point that has been through this before
 * @throws Fault TIMELOCK_MALFORMED
 */
export function parseG1(bytes: Uint8Array, field: string, check: Check = 'subgroup'): G1 {
  generator()
  return parsed(new G1(), bytes, g1Bytes, field, check)
}

/** As `parseG1`, for the 96 bytes of a point of G2. */
export function parseG2(bytes: Uint8Array, field: string): G2 {
  generator()
  return parsed(new G2(), bytes, g2Bytes, field, 'subgroup')
}

function parsed<P extends G1 | G2>(
  point: P,
  bytes: Uint8Array,
  size: number,
  field: string,
  check: Check,
): P {
  if (bytes.length !== size) throw malformed(field, `it has ${bytes.length} bytes, not ${size}`)
  try {
    point.deserialize(bytes)
  } catch (error) {
    throw malformed(field, 'it is no point of the curve', error)
  }
  if (point.isZero()) throw malformed(field, 'it is the point at infinity')
  // The library refuses other spellings too; a ciphertext's key covers the bytes, so we make sure.
  if (!equalBytes(point.serialize(), bytes)) throw malformed(field, 'it is not in its one spelling')
  if (check === 'subgroup' && !point.isValidOrder()) {
    throw malformed(field, 'it is outside the subgroup')
  }
  return point
}

export const g1FromHex = (hex: string, field: string): G1 =>
  parseG1(hexToBytes(hex, g1Bytes, field), field)

export const g2FromHex = (hex: string, field: string): G2 =>
  parseG2(hexToBytes(hex, g2Bytes, field), field)

export const pointToHex = (point: G1 | G2): Hex => bytesToHex(point.serialize())

/**
 * A scalar from 1 to the order less 1, from its 32 bytes.
 *
 * @throws Fault TIMELOCK_MALFORMED
 */
export function scalarFromHex(hex: string, field: string): Fr {
  const value = BigInt(bytesToHex(hexToBytes(hex, scalarBytes, field)))
  if (value === 0n || value >= groupOrder) throw malformed(field, 'it is not below the order')
  return scalarFrom(value)
}

export function scalarFrom(value: bigint): Fr {
  generator()
  const scalar = new Fr()
  scalar.setStr((value % groupOrder).toString(10), 10)
  return scalar
}

export const scalarToHex = (scalar: Fr): Hex =>
  `0x${scalar.getStr(16).padStart(2 * scalarBytes, '0')}`

/**
 * A uniform scalar from 48 uniform bytes.
 *
 * @throws Fault TIMELOCK_MALFORMED for another number of bytes
 */
export function scalarFromRandom(random: Uint8Array): Fr {
  if (random.length !== randomBytesPerScalar) {
    throw malformed('random', `it has ${random.length} bytes, not ${randomBytesPerScalar}`)
  }
  return scalarFrom(BigInt(bytesToHex(random)))
}

const labelsKept = 64
const labelPoints = new Map<string, G2>()

/** H(label): RFC 9380's hash to G2 (section 3, uniform encoding). The last labels are kept. */
export function hashToG2(label: string): G2 {
  const known = labelPoints.get(label)
  if (known !== undefined) return known
  const point = hashBytesToG2(textToBytes(label, 'label'), timelockTag)
  keep(labelPoints, label, point, labelsKept)
  return point
}

/** With any tag, so that the published vectors can be run. */
export function hashBytesToG2(bytes: Uint8Array, tag: string): G2 {
  generator()
  const options = {
    p: bls12_381.fields.Fp.ORDER,
    m: 2,
    k: 128,
    expand: 'xmd',
    hash: sha256,
    DST: tag,
  } as const
  const [first, second] = hash_to_field(bytes, 2, options).map(([real, imaginary]) => {
    const element = new Fp2()
    element.setStr(`${real} ${imaginary}`, 10)
    // Clears the cofactor of each: that is linear, so it may come before the sum.
    return element.mapToG2()
  })
  assert(first !== undefined && second !== undefined, 'two elements of the field were asked for')
  return add(first, second)
}

/** Whether e(a, b) = e(c, d), with one final exponentiation. */
export function pairingsEqual(a: G1, b: G2, c: G1, d: G2): boolean {
  return finalExp(mul(millerLoop(neg(a), b), millerLoop(c, d))).isOne()
}

export const pair = (point: G1, other: G2): GT => pairing(point, other)

/** The coordinates of a point that was parsed: such a point has no denominator. */
export function affineG1(point: G1): { readonly x: bigint; readonly y: bigint } {
  return { x: BigInt(`0x${point.getX().getStr(16)}`), y: BigInt(`0x${point.getY().getStr(16)}`) }
}

export function affineG2(point: G2): { readonly x: Fp2Parts; readonly y: Fp2Parts } {
  return { x: partsOf(point.getX()), y: partsOf(point.getY()) }
}

type Fp2Parts = { readonly re: bigint; readonly im: bigint }

function partsOf(element: Fp2): Fp2Parts {
  const [re, im] = element.getStr(16).split(' ')
  return { re: BigInt(`0x${re}`), im: BigInt(`0x${im}`) }
}

/** Puts `value` under `key` and forgets the oldest beyond `most`. */
export function keep<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= most) return
    map.delete(oldest)
  }
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

export { malformed }
