import type { ReadingOutcome } from '../metering/index.ts'
import type { NewParticipant } from './command.ts'
import type { Rejected } from './rejection.ts'
import type { TradeEffect, TradeResult } from './trading/trade-outcome.ts'
import type { ProposalStatus } from './state.ts'
import type { RunKind } from '../settlement/index.ts'
import type { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'

/** What a command brought, by kind. Plain JSON but for bigint quantities. */
export type Result =
  | TradeResult
  | { readonly kind: 'market_opened'; readonly account: number }
  | { readonly kind: 'participant_admitted'; readonly account: number }
  | { readonly kind: 'participant_changed'; readonly account: number }
  | {
      readonly kind: 'passkey_registered'
      readonly account: number
      readonly publicKey: string
      /** From then on its word counts, UTC milliseconds. */
      readonly signsFrom: number
    }
  | { readonly kind: 'passkey_revoked'; readonly account: number; readonly publicKey: string }
  | {
      readonly kind: 'join_code_issued'
      readonly account: number
      readonly publicKey: string
      /** UTC milliseconds. */
      readonly until: number
    }
  | { readonly kind: 'join_code_revoked'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'mandate_granted'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'mandate_revoked'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'zone_registered'; readonly zone: number }
  | { readonly kind: 'gateway_registered'; readonly gateway: number }
  | { readonly kind: 'meter_registered'; readonly meter: number }
  | { readonly kind: 'meter_replaced'; readonly meter: number }
  | { readonly kind: 'tariff_set'; readonly fromInterval: number }
  | { readonly kind: 'rulebook_scheduled'; readonly fromInterval: number }
  /** Nothing has happened yet: somebody else has to approve it before `expiresAt`. */
  | { readonly kind: 'proposal_made'; readonly proposal: number; readonly expiresAt: number }
  | {
      readonly kind: 'proposal_decided'
      readonly proposal: number
      readonly status: 'approved' | 'refused'
    }
  | { readonly kind: 'funding_ordered'; readonly accounts: number }
  | { readonly kind: 'order_placed'; readonly digest: string }
  /** With the outcome's sequence: what the receipt of a sealed order says. */
  | {
      readonly kind: 'sealed_order_placed'
      readonly zone: number
      readonly interval: number
      readonly commitment: string
    }
  | { readonly kind: 'order_revealed'; readonly commitment: string }
  | { readonly kind: 'orders_opened'; readonly opened: number; readonly voided: number }
  | { readonly kind: 'proof_recorded'; readonly state: 'proven' | 'faulty' | 'overdue' }
  | { readonly kind: 'committee_appointed'; readonly fromInterval: number }
  | { readonly kind: 'order_cancelled'; readonly order: string }
  | { readonly kind: 'withdrawal_released'; readonly amountMicros: number }
  | { readonly kind: 'readings_taken'; readonly outcomes: readonly ReadingOutcome[] }
  | { readonly kind: 'deposit_recorded'; readonly amountMicros: number }
  | { readonly kind: 'word_recorded'; readonly account: number }
  | { readonly kind: 'withdrawal_requested'; readonly amountMicros: number }
  | { readonly kind: 'withdrawal_advanced'; readonly stage: 'near' | 'due' }
  | { readonly kind: 'withdrawal_paid'; readonly amountMicros: number }
  | { readonly kind: 'gate_closed'; readonly zones: number }
  | {
      readonly kind: 'interval_settled'
      /** Null where no reading had changed anything and nothing was posted. */
      readonly run: number | null
      readonly runKind: RunKind | null
    }

export type Accepted = {
  readonly kind: 'accepted'
  /** The place in the journal of the command that had this effect. */
  readonly sequence: number
  /** True if the same command had been accepted before: nothing happened again. */
  readonly repeated: boolean
  readonly result: Result
}

export type Outcome = Accepted | Rejected

/** What the world must be told after a command is durable. Interval contents are in the state. */
export type Effect =
  | TradeEffect
  | {
      readonly kind: 'participant_admitted'
      readonly account: number
      readonly address: string
      readonly publicKey: string
    }
  | { readonly kind: 'participant_suspended'; readonly account: number }
  | { readonly kind: 'participant_reinstated'; readonly account: number }
  | {
      readonly kind: 'key_replaced'
      readonly account: number
      readonly address: string
      readonly publicKey: string
    }
  | {
      readonly kind: 'passkey_registered'
      readonly account: number
      readonly publicKey: string
      readonly signsFrom: number
    }
  /** The chain must take withdrawals that this passkey signs for its pages. */
  | {
      readonly kind: 'passkey_put_on_chain'
      readonly account: number
      readonly publicKey: string
      readonly host: string
    }
  | {
      readonly kind: 'passkey_revoked'
      readonly account: number
      readonly publicKey: string
      readonly label: string
      /** Whose word ended it: the account's own, its retailer's or an authority's. */
      readonly by: number
      /** The chain takes withdrawals by it, and must not any more. */
      readonly wasOnChain: boolean
    }
  /** Whoever has a passkey that `retailer` revoked says that it is not lost. */
  | {
      readonly kind: 'objection_raised'
      readonly account: number
      readonly publicKey: string
      readonly retailer: number
    }
  | {
      readonly kind: 'join_code_issued'
      readonly account: number
      readonly publicKey: string
      readonly until: number
    }
  | { readonly kind: 'join_code_revoked'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'mandate_granted'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'mandate_revoked'; readonly account: number; readonly publicKey: string }
  | { readonly kind: 'order_placed'; readonly zone: number; readonly interval: number }
  /** The order set of an interval can no longer change. Not yet cleared where it is sealed. */
  | { readonly kind: 'orders_fixed'; readonly zone: number; readonly interval: number }
  | {
      readonly kind: 'interval_cleared'
      readonly zone: number
      readonly interval: number
      readonly price: MicrosPerKwh | null
      readonly energy: WattHours
    }
  | {
      readonly kind: 'interval_proven'
      readonly zone: number
      readonly interval: number
      readonly state: 'proven' | 'faulty' | 'overdue'
    }
  | {
      readonly kind: 'run_posted'
      readonly zone: number
      readonly interval: number
      readonly run: number
      readonly runKind: RunKind
    }
  | {
      readonly kind: 'funding_ordered'
      /** The digest of the bank's instruction: 32 bytes, used once. */
      readonly reference: string
      readonly deposits: readonly { readonly account: number; readonly amount: Micros }[]
    }
  | { readonly kind: 'deposit_recorded'; readonly account: number; readonly amount: Micros }
  | {
      readonly kind: 'withdrawal_released'
      readonly id: string
      readonly account: number
      readonly amount: Micros
      readonly to: string
      readonly signature: string
    }
  /** The chain can pay this request of its owner now. */
  | { readonly kind: 'withdrawal_due'; readonly account: number; readonly reference: string }
  /** The chain has paid this without the exchange. */
  | { readonly kind: 'withdrawal_paid'; readonly account: number; readonly amount: Micros }
  | { readonly kind: 'readings_counted'; readonly gateway: number; readonly count: number }
  | { readonly kind: 'rulebook_scheduled'; readonly fromInterval: number }
  | { readonly kind: 'committee_appointed'; readonly fromInterval: number }
  /** What it is about is in the state. */
  | {
      readonly kind: 'proposal_changed'
      readonly proposal: number
      readonly status: ProposalStatus
    }

export type Applied = { readonly outcome: Outcome; readonly effects: readonly Effect[] }

export const accepted = (
  sequence: number,
  result: Result,
  effects: readonly Effect[] = [],
): Applied => ({ outcome: { kind: 'accepted', sequence, repeated: false, result }, effects })

export type { NewParticipant }
