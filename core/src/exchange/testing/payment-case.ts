import type { Command, InstructionContent, InstructionKind } from '../index.ts'
import { accountOf, digestOf, firstInterval, hex, type Market, startMs } from './market.ts'
import {
  agreeBound,
  agreeBy,
  byOtherRetailer,
  railTerms,
  tendUntil,
  termMs,
  topUpOf,
  wordOf,
} from './payment-market.ts'
import type { Case } from './rejection-case.ts'
import { agree, openTradeMarket, otherRetailer, settleTradesOf } from './trade-market.ts'

/** What is asked of payments and defaults, in short words for tables. */

const lengthMs = 300_000

export const paymentCase = (one: Omit<Case, 'open' | 'options'>): Case => ({
  open: () => openTradeMarket({ deposits: { bob: 10_000_000 } }),
  ...one,
})

/** bob has agreed to pay through a provider, which is asked for a hold: payment 1. */
export function holdAsked(market: Market): void {
  const fromInterval = market.state.clearedThrough + 3
  agree(market, railTerms(market, 'money-block', { fromInterval }))
}

/** The provider has refused the hold: bob is in default 1, before the delivery. */
export function holdRefused(market: Market): void {
  holdAsked(market)
  market.must(wordOf(market, 1, 'failed'))
}

/** bob has a bill for what was delivered to him, and his retailer and alice's are bound. */
export function billed(market: Market): void {
  agreeBound(market)
  const fromInterval = market.state.clearedThrough + 3
  agreeBy(market, 'bill-seller', { fromInterval })
  const interval = fromInterval - firstInterval
  tendUntil(market, startMs + (interval + 1) * lengthMs)
  market.read('alice', interval, 0, 10_000, 7)
  market.read('bob', interval, 10_000, 0, 7)
  market.read('alice', interval + 1, 0, 10_400, 7)
  market.read('bob', interval + 1, 10_400, 0, 7)
  const settled = settleTradesOf(market, interval)
  if (settled.kind === 'rejected') throw new Error(settled.reason)
  tendUntil(market, market.at + 120_000 + lengthMs)
}

/** And has not paid it: default 1. */
export function unpaid(market: Market): void {
  billed(market)
  tendUntil(market, market.at + termMs)
}

/** alice has been paid from bob's prepaid balance, and transfer 1 is ordered. */
export function netted(market: Market): void {
  const fromInterval = market.state.clearedThrough + 3
  agreeBy(market, 'prepaid', { fromInterval })
  const interval = fromInterval - firstInterval
  tendUntil(market, startMs + (interval + 1) * lengthMs)
  for (const [owner, taken, given] of [['alice', 0, 400], ['bob', 400, 0]] as const) {
    market.read(owner, interval, 0, 0)
    market.read(owner, interval + 1, taken, given)
  }
  settleTradesOf(market, interval)
  tendUntil(market, market.at + 120_000 + 4 * lengthMs)
}

export const agreementOf = (change: object = {}): InstructionContent['record_agreement'] => ({
  retailers: [accountOf('retailer'), otherRetailer],
  basis: 'bilateral',
  documentHash: digestOf('document'),
  fromInterval: firstInterval + 50,
  untilInterval: null,
  ...change,
})

export const recovering = (market: Market, change: object = {}): Command =>
  byOtherRetailer(
    market.instruction('record_recovery', 'retailer', {
      default: 1, amountMicros: 1_000, reference: 'r', ...change,
    }),
  )

export const showing = (market: Market, change: object = {}): Command =>
  byOtherRetailer(
    market.instruction('record_enforcement', 'retailer', {
      default: 1, step: 'warning', evidence: hex(1, 64), ...change,
    }),
  )

export const appealing = (market: Market, change: object = {}): Command =>
  market.instruction('appeal_default', 'bob', { default: 1, grounds: hex(1, 64), ...change })

export const deciding = (market: Market, change: object = {}): Command =>
  market.instruction('decide_appeal', 'operator', { default: 1, upheld: true, ...change })

export const postponing = (market: Market, payment = 1): Command =>
  market.instruction('postpone_payment', 'bob', { payment })

export const toppingUp = (market: Market, change: object = {}): Command => {
  const command = topUpOf(market, 'bob', 5, 'r') as Command & { readonly content: object }
  return { ...command, content: { ...command.content, ...change } } as Command
}

type PaymentKind = Extract<
  InstructionKind,
  | 'record_agreement' | 'appeal_default' | 'decide_appeal' | 'record_enforcement'
  | 'record_recovery' | 'top_up_prepaid' | 'postpone_payment'
>

/** An instruction of every kind about payments and defaults that is accepted, with this id. */
export const paymentsWith = (
  id: string,
): Readonly<Record<PaymentKind, (market: Market) => Command>> => {
  const after = (arrange: (market: Market) => void, ask: (market: Market) => Command) =>
    (market: Market): Command => {
      arrange(market)
      return { ...ask(market), id } as Command
    }
  return {
    record_agreement: after(
      () => {},
      (m) => m.instruction('record_agreement', 'operator', agreementOf()),
    ),
    appeal_default: after(holdRefused, appealing),
    decide_appeal: after((m) => (holdRefused(m), void m.must(appealing(m))), deciding),
    record_enforcement: after(holdRefused, showing),
    record_recovery: after(unpaid, recovering),
    top_up_prepaid: after(() => {}, toppingUp),
    postpone_payment: after(billed, postponing),
  }
}
