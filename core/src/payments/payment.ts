import type { Micros } from '../units/index.ts'
import type { Leg } from './legs.ts'

/** Rails other than the clearing house's: their money is outside of the ledger. */
export type OutsideRail = 'money-block' | 'prepaid' | 'bill-seller' | 'bill-platform'

/**
 * `reserving`: the rail is asked to set money aside. `reserved`: it has. `renewing`: it is asked to
 * keep it for longer. `capturing`: the rail is asked for the money. `postponed`: the payer has
 * bought more time. `releasing`: not needed, to be let go. The others end it.
 */
export const paymentStates = [
  'reserving',
  'reserved',
  'renewing',
  'capturing',
  'postponed',
  'releasing',
  'captured',
  'released',
  'expired',
  'failed',
] as const
export type PaymentState = (typeof paymentStates)[number]

/**
 * Money that goes through a rail for one trade, once: first set aside where the rail can, and asked
 * for when it is known what is owed; or asked for at once.
 */
export type Payment = {
  /** From 1. */
  readonly payment: number
  readonly trade: number
  readonly rail: OutsideRail
  readonly payer: number
  readonly payee: number
  /** The intervals it is set aside for; what is asked for without that is for none. */
  readonly fromInterval: number
  untilInterval: number
  /** What is set aside, or is to be: an upper bound of what is captured. */
  readonly reservedMicros: Micros
  /** What is asked for; zero while nothing is due. Set once. */
  amount: Micros
  /** Who pays and who receives of `amount`; they sum to zero. */
  legs: readonly Leg[]
  /** What of `amount` has reached those who receive, on whichever way. */
  moved: Micros
  /** The payment that this one gives back, where it does. */
  readonly refundOf: number | null
  state: PaymentState
  /** What the rail calls it. */
  reference: string
  /** When a reservation lapses at the rail, and from when it is renewed; null where it does not. */
  expiresAt: number | null
  renewAt: number | null
  /** From when on it is overdue; null while nothing is due, or nobody could be late. */
  dueAt: number | null
  postponements: number
  /** The default that came of it, while it stands. */
  default: number | null
  /** Why it failed, in the rail's words. */
  reason: string
  readonly createdAt: number
  /** The journal entry of its last move. */
  sequence: number
}

/** A payment in one of these does not change any more. */
export const isOver = ({ state }: Payment): boolean =>
  state === 'captured' || state === 'released' || state === 'expired' || state === 'failed'

/** Whether money stands set aside for it. */
export const isHeld = ({ state }: Payment): boolean =>
  state === 'reserved' || state === 'renewing'
