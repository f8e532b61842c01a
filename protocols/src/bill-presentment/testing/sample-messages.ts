import type { BillMessage, BillStatus, BillTerms } from '../message.ts'

const at = Date.UTC(2026, 2, 1, 12)

export const sampleTerms: BillTerms = {
  biller: 'district.7',
  bill: 'district.payment.12',
  payer: 'district.8',
  currency: 'EUR',
  amountCents: 2_500n,
  shares: [
    { party: 'district.7', amountCents: 2_450n },
    { party: 'district.20', amountCents: 50n },
  ],
  dueAtMs: at + 86_400_000,
  expiresAtMs: at + 30 * 86_400_000,
  note: 'Energy of 2026-03-01, 5 kWh & more',
}

export const sampleStatus: BillStatus = {
  ...sampleTerms,
  state: 'paid',
  isOverdue: true,
  sequence: 4,
  payment: 'pay-1',
  paidAtMs: at + 1,
  refundedCents: 0n,
}

const head = {
  messageId: 'payment/12/collect',
  sender: 'network',
  receiver: 'exchange',
  createdAtMs: at,
}

/** A word of the network that somebody could wish to be another one. */
export const sampleMessage: BillMessage = {
  ...head,
  body: { kind: 'answer', inReplyTo: 'payment/12/collect', code: 'ok', status: sampleStatus },
}

/** What the network never said: more was paid, to others. */
export const evilMessage: BillMessage = {
  ...sampleMessage,
  body: {
    kind: 'answer',
    inReplyTo: 'payment/12/collect',
    code: 'ok',
    status: {
      ...sampleStatus,
      amountCents: 999_900n,
      shares: [{ party: 'mallory', amountCents: 999_900n }],
    },
  },
}
