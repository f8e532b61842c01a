import { floorDivide } from '@busbar/core/units'
import type { Cents, Share } from './message.ts'

export const microsPerCent = 10_000n

/** The whole cents of an amount: a bill carries no less. */
export const wholeCents = (micros: bigint): Cents => floorDivide(micros, microsPerCent)

export type Platform = { readonly party: string; readonly feeMicros: bigint }

export type Shares = { readonly amountCents: Cents; readonly shares: readonly Share[] }

/**
 * Where the money of a bill goes: the platform gets its fee and the payee the rest, both in whole
 * cents, whoever of them is the biller. A fee is at most the amount.
 *
 * ```text
 *   12.345678 of which 0.25999 are the platform’s: a bill of 12.34, 0.25 of it to the platform.
 * ```
 */
export function sharesOf(amountMicros: bigint, payee: string, platform: Platform | null): Shares {
  const amountCents = wholeCents(amountMicros)
  const wanted = platform === null ? 0n : wholeCents(platform.feeMicros)
  const fee = wanted < amountCents ? wanted : amountCents
  const shares = [
    { party: payee, amountCents: amountCents - fee },
    { party: platform?.party ?? '', amountCents: fee },
  ].filter((share) => share.amountCents > 0n)
  // A payee that is the platform has one share.
  const [first, second] = shares
  if (first === undefined || second === undefined || first.party !== second.party) {
    return { amountCents, shares }
  }
  return { amountCents, shares: [{ party: payee, amountCents }] }
}
