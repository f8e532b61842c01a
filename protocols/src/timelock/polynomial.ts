import { Fault } from '@busbar/core/errors'
import { add, type Fr, type G1, mul, mulVec, shareFr, shareG1 } from 'mcl-wasm'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '../hash/index.ts'
import {
  g1FromHex,
  generator,
  malformed,
  pointToHex,
  scalarFrom,
  scalarFromHex,
  scalarFromRandom,
  scalarToHex,
} from './curve.ts'
import { lagrange } from './shares.ts'

/** A dealer's secret polynomial, the constant term first. */
export type Polynomial = readonly Fr[]

/** Its coefficients in the exponent: what everybody may see. */
export type Commitments = readonly string[]

/**
 * A polynomial of `threshold` coefficients: its value at 0 is `constant`, the others are drawn.
 *
 * @param random 48 uniform bytes for each coefficient to be drawn
 */
export const drawPolynomial = (
  constant: Fr,
  threshold: number,
  random: (bytes: number) => Uint8Array,
): Polynomial => [
  constant,
  ...Array.from({ length: threshold - 1 }, () => scalarFromRandom(random(48))),
]

export const commitmentsOf = (polynomial: Polynomial): Commitments =>
  polynomial.map((coefficient) => pointToHex(mul(generator(), coefficient)))

/** The polynomial's value at a member's number: that member's share of it. */
export const shareAt = (polynomial: Polynomial, index: number): Hex =>
  scalarToHex(shareFr([...polynomial], scalarFrom(BigInt(index))))

/** The same in the exponent, which anybody can compute from the commitments. */
export function publicShareAt(commitments: readonly G1[], index: number): G1 {
  return shareG1([...commitments], scalarFrom(BigInt(index)))
}

/**
 * Feldman's check: whether a share is the value of the committed polynomial at this number.
 * A share that is no scalar is not.
 */
export function isShareOf(share: string, commitments: readonly G1[], index: number): boolean {
  try {
    const point = mul(generator(), scalarFromHex(share, 'share'))
    return point.isEqual(publicShareAt(commitments, index))
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** @throws Fault TIMELOCK_MALFORMED, HEX_MALFORMED */
export function parseCommitments(commitments: Commitments, threshold: number): readonly G1[] {
  if (!Array.isArray(commitments) || commitments.length !== threshold) {
    throw malformed('commitments', `there are not ${threshold}`)
  }
  return commitments.map((one) => g1FromHex(String(one), 'commitments'))
}

/** Sum of several lists of commitments, place by place. */
export const sumOf = (points: readonly G1[]): G1 => points.reduce((sum, one) => add(sum, one))

const scalarDomain = textToBytes('Busbar timelock possession 1')

/**
 * Proof that a dealer knows the constant term that it commits to, by Schnorr: without it, the last
 * dealer could commit to "my key less everybody else's" and own the sum.
 *
 * @param context what the proof is for: it proves nothing anywhere else
 * @param random 48 uniform bytes, used once
 */
export function provePossession(constant: Fr, context: Uint8Array, random: Uint8Array): Hex {
  const nonce = scalarFromRandom(random)
  const point = mul(generator(), nonce)
  const challenge = challengeOf(mul(generator(), constant), point, context)
  const answer = add(nonce, mul(challenge, constant))
  return `${pointToHex(point)}${scalarToHex(answer).slice(2)}`
}

export function verifyPossession(commitment: G1, context: Uint8Array, proof: string): boolean {
  try {
    const bytes = hexToBytes(proof, 80, 'possession')
    const point = g1FromHex(bytesToHex(bytes.subarray(0, 48)), 'possession')
    const answer = scalarFromHex(bytesToHex(bytes.subarray(48)), 'possession')
    const challenge = challengeOf(commitment, point, context)
    return mul(generator(), answer).isEqual(add(point, mul(commitment, challenge)))
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

function challengeOf(commitment: G1, point: G1, context: Uint8Array): Fr {
  const parts = [scalarDomain, context, commitment.serialize(), point.serialize()]
  const input = Uint8Array.from(parts.flatMap((part) => [...part]))
  const low = keccak256(Uint8Array.of(0, ...input))
  const high = keccak256(Uint8Array.of(1, ...input))
  // 512 bits, so that the remainder is uniform.
  return scalarFrom(BigInt(bytesToHex(Uint8Array.of(...low, ...high))))
}

/** Whether points at these numbers lie on one polynomial of `threshold` coefficients. */
export function isOnePolynomial(
  threshold: number,
  points: readonly { readonly index: number; readonly point: G1 }[],
): boolean {
  return points
    .slice(threshold)
    .every(({ index, point }) => interpolate(points.slice(0, threshold), index).isEqual(point))
}

/** The value at `at` of the polynomial through these points; at 0 it is the joint key. */
export function interpolate(
  points: readonly { readonly index: number; readonly point: G1 }[],
  at = 0,
): G1 {
  const weights = lagrange(
    points.map(({ index }) => index),
    at,
  )
  return mulVec(
    points.map(({ point }) => point),
    weights,
  )
}
