import type { ProposalStatus } from '@busbar/core/exchange'
import type { RunKind } from '@busbar/core/settlement'
import type { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'

/** What the world may watch: public, and told only after it is durable. */
export type StreamEvent =
  | { readonly kind: 'clock'; readonly nowMs: number; readonly interval: number }
  | {
      readonly kind: 'interval_cleared'
      readonly zone: number
      readonly interval: number
      readonly price: MicrosPerKwh | null
      readonly energy: WattHours
    }
  /** The gate has closed: which orders take part can no longer change. */
  | {
      readonly kind: 'orders_fixed'
      readonly zone: number
      readonly interval: number
      readonly orderCount: number
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
  /** The roots of an interval are on the chain, for good. */
  | {
      readonly kind: 'interval_committed'
      readonly zone: number
      readonly interval: number
      readonly txHash: string
    }
  /** The money of a run is on the chain, for good. */
  | {
      readonly kind: 'run_final'
      readonly zone: number
      readonly interval: number
      readonly run: number
      readonly txHash: string
    }
  | {
      readonly kind: 'deposit' | 'withdrawal'
      readonly account: number
      readonly amount: Micros
    }
  | {
      readonly kind: 'participant_admitted' | 'participant_suspended' | 'participant_reinstated'
      readonly account: number
    }
  /** The chain has paid it, for good. */
  | { readonly kind: 'withdrawal_final'; readonly account: number; readonly txHash: string }
  /** What everybody sees of an offer is another, or it is gone. */
  | { readonly kind: 'board_changed'; readonly offer: number }
  | { readonly kind: 'rulebook_scheduled' | 'committee_appointed'; readonly fromInterval: number }
  | {
      readonly kind: 'proposal_changed'
      readonly proposal: number
      readonly status: ProposalStatus
    }
