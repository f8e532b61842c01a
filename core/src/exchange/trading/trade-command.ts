import type { RailWord } from '../../payments/index.ts'
import type { ContractTerms, OfferContent } from '../../trades/index.ts'
import type { EnforcementStep, RetailerAgreement } from '../../credit/index.ts'
import type { Signed } from '../command.ts'

/**
 * One side signs a contract: an invitation, or, where `terms.replaces` names one, the counter-offer
 * to an invitation or the modification of what is in force.
 */
export type ProposeTrade = Signed & {
  readonly kind: 'propose_trade'
  /** `digest` and `signature` are of the struct `Contract` itself. */
  readonly terms: ContractTerms
}

/** The other side signs the same bytes: `digest` is the contract's. */
export type AcceptTrade = Signed & { readonly kind: 'accept_trade' }

export type TradeCommand = ProposeTrade | AcceptTrade

/** The contents of instructions about trades, by kind. See `InstructionContent`. */
export type TradeInstructionContent = {
  /** Refuses what the other side, or a match, has proposed. */
  readonly decline_trade: { readonly contract: string }
  /** Takes back what oneself has proposed. */
  readonly withdraw_trade: { readonly contract: string }
  /** Ends a trade for the fee that its contract names, from the next gate on. */
  readonly exit_trade: { readonly contract: string }
  readonly place_offer: OfferContent
  readonly withdraw_offer: { readonly offer: number }
  /** Before an interval's gate: what the wires let the trade deliver in each of these intervals. */
  readonly limit_delivery: {
    readonly trade: number
    readonly fromInterval: number
    readonly intervals: number
    readonly energyWh: number
    /** 1 to 200 characters, for both sides to read. */
    readonly reason: string
  }
  /** A utility's charge to each side for what a trade delivers, on the bill. */
  readonly set_wheeling: { readonly fromInterval: number; readonly microsPerKwh: number }
  /** Who runs the wires of a zone. */
  readonly assign_utility: { readonly zone: number; readonly utility: number }
  readonly record_agreement: {
    readonly retailers: readonly [number, number]
    readonly basis: RetailerAgreement['basis']
    readonly documentHash: string
    readonly fromInterval: number
    readonly untilInterval: number | null
  }
  readonly consent_to_enforcement: { readonly textHash: string }
  readonly appeal_default: { readonly default: number; readonly grounds: string }
  readonly decide_appeal: { readonly default: number; readonly upheld: boolean }
  /** What a retailer has done about its customer's default, and the hash of what shows it. */
  readonly record_enforcement: {
    readonly default: number
    readonly step: EnforcementStep
    readonly evidence: string
  }
  /** Money that a retailer got from its customer for the creditor. */
  readonly record_recovery: {
    readonly default: number
    readonly amountMicros: number
    /** 1 to 64 characters of the retailer's own, once for each recovery. */
    readonly reference: string
  }
  /** Money that a retailer holds for a customer, to pay trades with. */
  readonly top_up_prepaid: {
    readonly account: number
    readonly amountMicros: number
    readonly reference: string
  }
  readonly postpone_payment: { readonly payment: number }
}

/** Issued by the server itself for trades. */
export type TradeSystemCommand =
  /** Lets lapse what is past its time, and proposes contracts to offers that meet. */
  | { readonly kind: 'tend_trades' }
  /** Raises payments that are due, and takes the next step where a deadline has passed. */
  | { readonly kind: 'tend_payments' }
  /** What a rail says of a payment. */
  | {
      readonly kind: 'record_payment'
      readonly payment: number
      readonly state: RailWord
      /** What the rail calls it. */
      readonly reference: string
      /** Set aside, paid or let go. */
      readonly amountMicros: number
      readonly expiresAt: number | null
      /** Why, where it failed; empty elsewhere. */
      readonly reason: string
    }
  /** What the bank says of a transfer between retailers. */
  | {
      readonly kind: 'record_netting'
      readonly netting: number
      readonly state: 'paid' | 'returned'
      /** What the bank calls it. */
      readonly reference: string
    }
