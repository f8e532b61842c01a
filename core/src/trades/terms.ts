import type { Rail } from '../rulebook/index.ts'

/**
 * What a buyer pays that takes less than it contracted: what it took and the seller's loss, or the
 * price of all that it contracted.
 */
export const buyerShortRules = ['actual', 'contracted'] as const
export type BuyerShortRule = (typeof buyerShortRules)[number]

/**
 * Energy of a contract: the same in each interval, or a total that is spread over the window by
 * weights, evenly where there are none.
 */
export type Profile =
  | { readonly kind: 'per-interval'; readonly energyWh: number }
  | { readonly kind: 'total'; readonly energyWh: number; readonly weights: readonly number[] }

/** Stands for no contract: the first version of a trade replaces nothing. */
export const noContract = `0x${'0'.repeat(64)}`

/**
 * What both parties sign, byte for byte, as the EIP-712 struct `Contract`: its digest is the
 * contract's identity. Plain JSON; watt-hours, micros, intervals and milliseconds.
 */
export type ContractTerms = {
  /** 16 bytes, `0x` and 32 hex: two contracts of the same terms differ by it. */
  readonly id: string
  /** Accounts. */
  readonly seller: number
  readonly buyer: number
  readonly sellerMeter: number
  readonly buyerMeter: number
  /** Accounts of the two suppliers, as they stand when it is signed. */
  readonly sellerRetailer: number
  readonly buyerRetailer: number
  /** The first interval of delivery, and how many whole intervals it lasts. */
  readonly fromInterval: number
  readonly intervals: number
  readonly profile: Profile
  readonly priceMicrosPerKwh: number
  /** A side that falls short by no more than this part of an interval pays no penalty. */
  readonly toleranceBasisPoints: number
  /** Of the price, for each kilowatt-hour that a side is short beyond the tolerance. */
  readonly penaltyBasisPoints: number
  readonly buyerShort: BuyerShortRule
  /** What either side may leave for, without the other's consent; null where it may not. */
  readonly exitFeeMicros: number | null
  readonly rail: Rail
  /** The trade platform's account, if one is paid; the biller of `bill-platform`. */
  readonly platform: number | null
  readonly platformFeeMicrosPerKwh: number
  /** UTC milliseconds: what is not signed by both before it lapses. */
  readonly expiresAt: number
  /** The digest of the version it stands in the place of, or `noContract`. */
  readonly replaces: string
}
