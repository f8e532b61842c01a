import type { Clearing, Order } from '../clearing/index.ts'
import type { Reconciliation, ReconciliationInput } from '../settlement/index.ts'

/** The two computations that decide who is paid. Each exists twice: fast, and obvious. */
export type Engine = {
  readonly clear: (orders: readonly Order[]) => Clearing
  readonly reconcile: (input: ReconciliationInput) => Reconciliation
}
