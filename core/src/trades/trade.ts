import type { Micros, WattHours } from '../units/index.ts'
import type { ContractTerms } from './terms.ts'

/** A contract that both have signed. The last of a trade is the one in force. */
export type ContractVersion = {
  readonly contract: string
  readonly terms: ContractTerms
  readonly sellerSignature: string
  readonly buyerSignature: string
  /** The journal entry that recorded it. */
  readonly sequence: number
  readonly at: number
}

/** A contract that one side has signed, or that a match proposes and nobody has signed yet. */
export type Proposal = {
  readonly contract: string
  readonly terms: ContractTerms
  /** Who asked; null where two offers met. */
  readonly proposer: number | null
  /** Who asked for a change of what is in force, and pays for it; null before there is any. */
  readonly requester: number | null
  readonly sellerSignature: string | null
  readonly buyerSignature: string | null
  readonly sequence: number
  readonly at: number
}

/**
 * `invited`: one side has signed, or two offers have met, and nothing is agreed. `agreed`: in
 * force.
 * `completed`: its window has passed. The others ended it before: by its parties' word, by time, by
 * one side's fee, or because its money was not there.
 */
export const tradeStatuses = [
  'invited',
  'agreed',
  'completed',
  'declined',
  'withdrawn',
  'expired',
  'cancelled',
  'exited',
  'terminated',
] as const
export type TradeStatus = (typeof tradeStatuses)[number]

/** What a trade has come to so far: changes with every run, never forgotten. */
export type TradeTotals = {
  contracted: WattHours
  /** By the utility's limits. */
  obliged: WattHours
  delivered: WattHours
  /** Obligations by their last run. */
  complete: number
  partial: number
  failed: number
  /** Obligations that were settled, and those whose final run has come. */
  settled: number
  final: number
  /** Sums of what stands posted for the trade, negative is paid. */
  seller: Micros
  buyer: Micros
}

export type Trade = {
  /** From 1, in the order of invitations. */
  readonly trade: number
  status: TradeStatus
  /** Contracts in force, one after the other; empty until both have signed. */
  readonly versions: ContractVersion[]
  /** An invitation, a counter-offer or a modification that waits for an answer. */
  proposal: Proposal | null
  /** The first interval that it no longer delivers in; `windowEnd` unless it ended before. */
  endsAt: number
  /** The first interval for which nothing was set aside yet. */
  reservedThrough: number
  /** Why it ended early. */
  reason: string
  /** The offers that met in it. */
  readonly sellOffer: number | null
  readonly buyOffer: number | null
  readonly totals: TradeTotals
}

/** Energy that a utility lets a trade deliver in one interval, and why not all. */
export type DeliveryLimit = {
  readonly utility: number
  readonly energy: WattHours
  readonly reason: string
  readonly sequence: number
}

/** What a trade owes in one interval, as it was fixed at the gate. */
export type Obligation = {
  readonly trade: number
  readonly contract: string
  readonly contracted: WattHours
  /** What the utility lets it deliver; null where it has said nothing. */
  readonly limit: DeliveryLimit | null
  /** Part of what is held of either side's money for the trade, until it is settled. */
  buyerHold: Micros
  sellerHold: Micros
}

/** What the last run found. */
export type Delivery = {
  readonly trade: number
  readonly result: 'complete' | 'partial' | 'failed'
  readonly obliged: WattHours
  readonly delivered: WattHours
  /** This trade's share of what its meters are short of. */
  readonly sellerShort: WattHours
  readonly buyerShort: WattHours
  /** Sums of the run's target for the parties of the trade. */
  readonly seller: Micros
  readonly buyer: Micros
}
