import type { Opening, VoidReason } from '@busbar/core/exchange'
import type { MicrosPerKwh, WattHours } from '@busbar/core/units'

/** The public inputs of a clearing's proof, in their order. Each is `0x` and 64 hex. */
export type ProofStatement = {
  readonly context: string
  readonly ordersRoot: string
  readonly fillsRoot: string
  readonly header: string
}

/** An order as a prover needs it. */
export type ProvingOrder = {
  readonly commitment: string
  /** Null where it could not be opened. */
  readonly opening: Opening | null
  readonly void: VoidReason | null
  readonly filled: WattHours
}

/** A batch that a prover has taken on, with all that its proof is about. */
export type ProvingClaim = {
  readonly zone: number
  readonly interval: number
  /** How often it was claimed, this time included, since the server started. */
  readonly attempt: number
  /** Milliseconds UTC, by the time outside: then somebody else may claim it. */
  readonly leaseUntilMs: number
  readonly rulebookHash: string
  readonly statement: ProofStatement
  readonly price: MicrosPerKwh | null
  readonly energy: WattHours
  /** By ascending commitment: the whole set, void orders included. */
  readonly orders: readonly ProvingOrder[]
}

export type HandedInProof = {
  readonly zone: number
  readonly interval: number
  /** For how many orders the circuit was made. */
  readonly size: number
  /** `0x` and hex. */
  readonly proof: string
  readonly statement: ProofStatement
}

/** Why a proof was not taken. */
export type ProofRefusal =
  /** Nothing of the kind was cleared, or its rulebook has no proofs. */
  | 'interval_unknown'
  /** It is about other orders, fills or figures than were cleared. */
  | 'statement_differs'
  /** Its circuit is too small for the batch, or there is none of that size. */
  | 'size_invalid'
  | 'proof_malformed'

export type ProofTaken =
  /** Its transaction is on its way. `repeated`: another one was before it. */
  | { readonly kind: 'taken'; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly reason: ProofRefusal }

export type ProvingQueueItem = {
  readonly zone: number
  readonly interval: number
  readonly orderCount: number
  /**
   * `waiting`: for a prover. `claimed`: a prover works on it. `sent`: its transaction is on its
   * way. `failed`: the chain has refused it, and a prover is waited for.
   */
  readonly status: 'waiting' | 'claimed' | 'sent' | 'failed'
  /** When its gate closed, by the market's clock. */
  readonly sinceMs: number
  readonly attempts: number
  /** Proofs that were handed in and refused here. */
  readonly refused: number
  readonly overdue: boolean
}
