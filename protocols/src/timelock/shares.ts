import { Fault } from '@busbar/core/errors'
import { div, Fr, mul, mulVec, sub } from 'mcl-wasm'
import type { Hex } from '../hash/index.ts'
import {
  g1FromHex,
  g2FromHex,
  generator,
  hashToG2,
  malformed,
  pairingsEqual,
  pointToHex,
  scalarFrom,
  scalarFromHex,
} from './curve.ts'

/** Members are numbered from 1: a polynomial's value at 0 is the secret itself. */
export const memberIndexMax = 255

/** A member's signature on a label: one point of G2 that is worth nothing alone. */
export type PartialSignature = {
  /** The member's number, 1 to 255. */
  readonly index: number
  /** 96 bytes. */
  readonly partial: string
}

/**
 * What a member makes of its share for a label: share · H(label).
 *
 * @throws Fault TIMELOCK_MALFORMED
 */
export const signShare = (share: string, label: string): Hex =>
  pointToHex(mul(hashToG2(label), scalarFromHex(share, 'share')))

/** The point by which a share's signatures are verified: share · G1. */
export const verificationKeyOf = (share: string): Hex =>
  pointToHex(mul(generator(), scalarFromHex(share, 'share')))

/**
 * Whether a member's partial signature is what its share gives for this label. False also for bytes
 * that are no point: whoever sends them is as wrong as one who signs something else.
 *
 * @throws Fault TIMELOCK_MALFORMED for a verification key that is none: that is the registry's
 * fault
 */
export function verifyShare(verificationKey: string, label: string, partial: string): boolean {
  const key = g1FromHex(verificationKey, 'verificationKey')
  try {
    return pairingsEqual(generator(), g2FromHex(partial, 'partial'), key, hashToG2(label))
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}

/** Whether this is the committee's joint signature on the label. */
export const verifySignature = (publicKey: string, label: string, signature: string): boolean =>
  verifyShare(publicKey, label, signature)

/**
 * The joint signature Σ λ_i σ_i from `threshold` partial signatures; of more, those with the lowest
 * numbers. Whether each is right is asked before (`verifyShare`): one wrong among them makes a
 * wrong sum, which `verifySignature` finds but cannot name.
 *
 * @throws Fault COMMITTEE_BELOW_THRESHOLD with fewer than `threshold`; TIMELOCK_MALFORMED for a
 * number out of range or twice, or a partial that is no point
 */
export function combine(threshold: number, partials: readonly PartialSignature[]): Hex {
  if (partials.length < threshold || threshold < 1) {
    throw new Fault('COMMITTEE_BELOW_THRESHOLD', { valid: partials.length, threshold })
  }
  const some = partials.toSorted((a, b) => a.index - b.index).slice(0, threshold)
  const points = some.map(({ partial }) => g2FromHex(partial, 'partial'))
  return pointToHex(mulVec(points, lagrange(some.map(({ index }) => index))))
}

/**
 * λ_i = Π_{k≠i} (at − x_k) / (x_i − x_k): what each value of a polynomial weighs in its value at
 * `at`. The secret is the value at 0.
 *
 * @throws Fault TIMELOCK_MALFORMED for a number that is out of range or named twice
 */
export function lagrange(indices: readonly number[], at = 0): Fr[] {
  for (const index of indices) requireIndex(index)
  if (new Set(indices).size !== indices.length) throw malformed('index', 'a member is named twice')
  const places = indices.map((index) => scalarFrom(BigInt(index)))
  const target = scalarFrom(BigInt(at))
  return places.map((own) => {
    let weight = scalarFrom(1n)
    for (const other of places) {
      if (other !== own) weight = mul(weight, div(sub(target, other), sub(own, other)))
    }
    return weight
  })
}

/** @throws Fault TIMELOCK_MALFORMED */
export function requireIndex(index: number): void {
  if (!Number.isInteger(index) || index < 1 || index > memberIndexMax) {
    throw malformed('index', `it is not a whole number from 1 to ${memberIndexMax}`)
  }
}
