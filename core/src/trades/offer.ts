import type { Rail } from '../rulebook/index.ts'
import type { WattHours } from '../units/index.ts'

/** What a seller declares its energy to be; of a buyer's step `any` takes all of them. */
export const sources = ['any', 'solar', 'wind', 'storage'] as const
export type Source = (typeof sources)[number]

/**
 * One line of a preference ladder: with whom, and at which price. A seller asks at least, a buyer
 * pays at most the price.
 */
export type LadderStep = {
  /** `participant`: that account. `zone`: meters of that zone. `anyone`. */
  readonly with: 'participant' | 'zone' | 'anyone'
  /** The account or the zone; null for anyone. */
  readonly number: number | null
  /** Of a buyer's step: only energy that its seller declares to be of this source. */
  readonly source: Source
  readonly priceMicrosPerKwh: number
}

/** The content of `place_offer`. */
export type OfferContent = {
  readonly meter: number
  readonly side: 'buy' | 'sell'
  /** Of a seller; a buyer's stands at `any`, and its steps say what it wants. */
  readonly source: Source
  readonly fromInterval: number
  readonly intervals: number
  /** The same in each interval of the window. */
  readonly energyWhPerInterval: number
  /** First choice first; all of them are alternatives, and the offer is filled once. */
  readonly ladder: readonly LadderStep[]
  readonly rails: readonly Rail[]
  readonly toleranceBasisPoints: number
  readonly penaltyBasisPoints: number
  readonly expiresAt: number
}

/** `matched`: it waits for both signatures of a proposed contract, and meets nobody else. */
export const offerStatuses = ['open', 'matched', 'filled', 'withdrawn', 'expired'] as const
export type OfferStatus = (typeof offerStatuses)[number]

export type Offer = {
  /** From 1. */
  readonly offer: number
  readonly account: number
  readonly zone: number
  readonly energy: WattHours
  readonly content: OfferContent
  readonly sequence: number
  status: OfferStatus
  /** Steps that were tried and not signed: they are not tried with the same offer again. */
  readonly refusedBy: number[]
  /** The trade it met in. */
  trade: number | null
}
