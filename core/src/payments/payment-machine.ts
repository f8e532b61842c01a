import type { PaymentState } from './payment.ts'

/** What a rail may say of a payment. `asked`: it has asked the payer, who has not paid yet. */
export const railWords = [
  'reserved',
  'asked',
  'captured',
  'released',
  'expired',
  'failed',
] as const
export type RailWord = (typeof railWords)[number]

/** What the exchange does with a payment by itself. */
export const paymentMoves = ['renew', 'capture', 'release', 'lapse', 'postpone', 'resume'] as const
export type PaymentMove = (typeof paymentMoves)[number]

/**
 * The one state machine of all rails: what follows from a state by a word of the rail or a move of
 * the exchange. What is not in it is refused. Money moves with the word `captured` and with nothing
 * else, and no row leads away from the state that it leads to. What is `asked` stays where it is,
 * with the name that the rail has given to it.
 */
export const paymentTable: Readonly<
  Record<PaymentState, Readonly<Partial<Record<RailWord | PaymentMove, PaymentState>>>>
> = {
  reserving: { reserved: 'reserved', failed: 'failed', release: 'releasing' },
  reserved: {
    // Again, with a later end: the rail has renewed it.
    reserved: 'reserved',
    expired: 'expired',
    failed: 'expired',
    renew: 'renewing',
    capture: 'capturing',
    release: 'releasing',
    lapse: 'expired',
  },
  renewing: {
    reserved: 'reserved',
    expired: 'expired',
    failed: 'expired',
    capture: 'capturing',
    release: 'releasing',
    lapse: 'expired',
  },
  capturing: {
    asked: 'capturing',
    captured: 'captured',
    failed: 'failed',
    expired: 'failed',
    postpone: 'postponed',
    release: 'releasing',
  },
  postponed: {
    asked: 'postponed',
    captured: 'captured',
    failed: 'failed',
    expired: 'failed',
    resume: 'capturing',
  },
  // The payer may have paid before the rail was told to let go.
  releasing: { released: 'released', expired: 'expired', failed: 'failed', captured: 'captured' },
  captured: {},
  released: {},
  expired: {},
  failed: {},
}

/** The state that follows; undefined where nothing may. */
export const nextPaymentState = (
  state: PaymentState,
  word: RailWord | PaymentMove,
): PaymentState | undefined => paymentTable[state][word]
