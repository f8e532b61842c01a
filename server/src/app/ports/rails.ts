/**
 * What a rail is asked to do for one payment. Deterministic and idempotent: the same request with
 * the same key has its effect once.
 */
export type RailRequest = {
  /** Idempotency key. */
  readonly key: string
  readonly payment: number
  readonly payer: number
  readonly payee: number
  readonly amountMicros: bigint
  readonly dueAt: number
  /** What the rail named it before, '' at first. */
  readonly reference: string
  readonly expiresAt: number
  /** What of it moves between others than payer and payee, as fees do. Nothing where left out. */
  readonly shares?: readonly RailShare[]
}

export type RailShare = {
  readonly from: number
  readonly to: number
  readonly amountMicros: bigint
}

/** How it stands with the payment at the rail, after what was asked. */
export type RailAnswer = {
  readonly state: 'reserved' | 'captured' | 'released' | 'expired' | 'failed' | 'pending'
  readonly reference: string
  readonly amountMicros: bigint
  readonly expiresAt: number | null
  readonly reason: string
}

/**
 * One attempt each, with a deadline; who calls tries again with the same key. A refusal by the
 * payer's side is an answer (`failed`); a rail that does not do as agreed is a fault.
 *
 * Faults: RAIL_UNAVAILABLE where what became of it is unknown, RAIL_REFUSED where nothing did.
 */
export interface PaymentRail {
  reserve(request: RailRequest): Promise<RailAnswer>
  renew(request: RailRequest): Promise<RailAnswer>
  capture(request: RailRequest): Promise<RailAnswer>
  release(request: RailRequest): Promise<RailAnswer>
  /** A charge or a bill without a reservation. */
  collect(request: RailRequest): Promise<RailAnswer>
  refund(request: RailRequest): Promise<RailAnswer>
  look(request: RailRequest): Promise<RailAnswer>
}
