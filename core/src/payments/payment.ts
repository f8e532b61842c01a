import type { Micros } from '../units/index.ts'

/** Rails other than the clearing house's: their money is outside of the ledger. */
export type OutsideRail = 'money-block' | 'prepaid' | 'bill-seller' | 'bill-platform'

/**
 * `reserving`: the rail is asked to set money aside. `reserved`: it has. `capturing`: delivered,
 * and the rail is asked for the money. `releasing`: not needed, to be let go. The others end it.
 */
export const paymentStates = [
  'reserving',
  'reserved',
  'capturing',
  'releasing',
  'postponed',
  'captured',
  'released',
  'expired',
  'failed',
] as const
export type PaymentState = (typeof paymentStates)[number]

/** What one trade owes through its rail, at one time. */
export type Payment = {
  /** From 1. */
  readonly payment: number
  readonly trade: number
  readonly rail: OutsideRail
  readonly payer: number
  readonly payee: number
  /** What was reserved, or is to be: an upper bound of what is captured. */
  readonly reservedMicros: Micros
  /** What is asked for, or was; zero while nothing is due. */
  amount: Micros
  state: PaymentState
  /** What the rail calls it. */
  reference: string
  /** When a reservation lapses at the rail unless it is renewed; null where it does not. */
  expiresAt: number | null
  /** When it has to be paid; null while nothing is due. */
  dueAt: number | null
  postponements: number
  /** Why it failed, in the rail's words. */
  reason: string
  readonly createdAt: number
  /** The journal entry of its last move. */
  sequence: number
}
