/**
 * The small market with rails outside of the ledger, whose words a test says itself:
 * `word(market, 1, 'captured')`. Nothing outside of tests imports it.
 */
import type { Default } from '../../credit/index.ts'
import { balanceOf } from '../../ledger/index.ts'
import type { OutsideRail, Payment, RailWord } from '../../payments/index.ts'
import type { ContractTerms, Trade } from '../../trades/index.ts'
import { bilateralZone, type Command, gateOf, type Outcome, paymentsDue } from '../index.ts'
import { accountOf, firstInterval, hex, type Market, type Person, startMs } from './market.ts'
import {
  agree,
  deliver,
  otherRetailer,
  settleTradesOf,
  termsOf,
  testTradeRules,
  toGateOf,
} from './trade-market.ts'

export const outsideRails = ['money-block', 'prepaid', 'bill-seller', 'bill-platform'] as const
export const allRails = ['clearing-house', ...outsideRails] as const

const lengthMs = 300_000

/** When the trade of `termsOf` is asked for: an interval after the readings' deadline. */
export const collectionMs = startMs + 4 * lengthMs + 120_000
export const termMs = testTradeRules.paymentTermSeconds * 1_000
export const stepMs = testTradeRules.enforcement.warningSeconds * 1_000

export const paymentOf = (market: Market, number: number): Payment => {
  const payment = market.state.trading.payments.get(number)
  if (payment === undefined) throw new Error(`there is no payment ${number}`)
  return payment
}

export const defaultOf = (market: Market, number: number): Default => {
  const found = market.state.trading.defaults.get(number)
  if (found === undefined) throw new Error(`there is no default ${number}`)
  return found
}

/** What a rail says that does as it is asked, unless `change` says otherwise. */
export function wordOf(
  market: Market,
  number: number,
  state: RailWord,
  change: Partial<Extract<Command, { kind: 'record_payment' }>> = {},
): Command {
  const payment = market.state.trading.payments.get(number)
  const amount = state === 'reserved' ? payment?.reservedMicros : payment?.amount
  return {
    kind: 'record_payment',
    payment: number,
    state,
    reference: `rail-${number}`,
    amountMicros: Number(amount ?? 0n),
    expiresAt: null,
    reason: state === 'failed' ? 'no money' : '',
    ...change,
  }
}

export const word = (...of: Parameters<typeof wordOf>): Outcome => of[0].submit(wordOf(...of))

/** Does what is due, if anything is. */
export function tend(market: Market): Market {
  if (paymentsDue(market.state, market.at)) market.must({ kind: 'tend_payments' })
  return market
}

/** As the server does: closes gates and tends at the moments at which they are due, up to `at`. */
export function tendUntil(market: Market, at: number): Market {
  const { state } = market
  for (;;) {
    const gate = gateOf(state, state.clearedThrough + 1)
    const due = Math.min(...state.trading.agenda.values())
    if (Math.min(gate, due) > at) return market.to(at)
    market.to(Math.max(Math.min(gate, due), market.at))
    if (gate <= due) market.must({ kind: 'close_gate', interval: state.clearedThrough + 1 })
    else market.must({ kind: 'tend_payments' })
  }
}

/** The rails answer as wanted what they are asked. */
export function answer(market: Market): Market {
  for (const payment of market.state.trading.payments.values()) {
    if (payment.rail === 'prepaid') continue
    const asked = payment.state === 'reserving' || payment.state === 'renewing'
    if (asked) market.must(wordOf(market, payment.payment, 'reserved'))
    if (payment.state === 'capturing') market.must(wordOf(market, payment.payment, 'captured'))
    if (payment.state === 'releasing') market.must(wordOf(market, payment.payment, 'released'))
  }
  return market
}

const retailersOf: Readonly<Record<string, number>> = {
  alice: accountOf('retailer'),
  bob: otherRetailer,
  carol: accountOf('retailer'),
}

export function topUpOf(
  market: Market,
  customer: Person,
  amountMicros: number,
  reference = market.id(),
): Command {
  const content = { account: accountOf(customer), amountMicros, reference }
  const command = market.instruction('top_up_prepaid', 'retailer', content)
  return { ...command, account: retailersOf[customer] ?? 0 } as Command
}

/** What bob's retailer does. */
export const byOtherRetailer = (command: Command): Command =>
  ({ ...command, account: otherRetailer }) as Command

export function railTerms(
  market: Market,
  rail: OutsideRail | 'clearing-house',
  change: Partial<ContractTerms> = {},
): ContractTerms {
  const platform = accountOf('grid')
  const fee = { platform, platformFeeMicrosPerKwh: 1_000 }
  return termsOf(market, 'alice', 'bob', { rail, ...fee, ...change })
}

/** Agrees a trade and, where its rail sets money aside, has that done. */
export function agreeBy(
  market: Market,
  rail: OutsideRail | 'clearing-house',
  change: Partial<ContractTerms> = {},
): Trade {
  if (rail === 'prepaid') {
    for (const customer of ['alice', 'bob'] as const) {
      market.must(topUpOf(market, customer, 10_000_000))
    }
  }
  const trade = agree(market, railTerms(market, rail, change))
  return (answer(market), trade)
}

/** Delivers interval 2 as said, settles it, and goes to when it is asked for. */
export function deliverAndCollect(market: Market, exported = 400, imported = 400): Market {
  toGateOf(market, 2)
  deliver(market, 2, { alice: exported, bob: -imported })
  const settled = settleTradesOf(market, 2)
  if (settled.kind === 'rejected') throw new Error(settled.reason)
  return tend(market.to(collectionMs))
}

/** Goes on for an interval, and posts what waits for a run of trades. */
export function postCharges(market: Market): Market {
  tendUntil(market, market.at + lengthMs)
  for (const [interval, record] of market.state.intervals.get(bilateralZone) ?? []) {
    if (record.charges.length === 0 || record.runs.length > 0) continue
    market.must({ kind: 'settle_interval', zone: bilateralZone, interval })
  }
  return market
}

/** Everything that an account is better off by, wherever it is booked. */
export function worthOf(market: Market, account: number): bigint {
  const { ledger, trading } = market.state
  return balanceOf(ledger, account) + (trading.dues.get(account) ?? 0n)
}

export const uniqueId = (number: number): string => hex(number, 32)
export const intervalAt = (interval: number): number => firstInterval + interval

/** Binds the two retailers to each other: then no collateral stands for what is not paid. */
export function agreeBound(market: Market): void {
  market.must(market.instruction('record_agreement', 'operator', {
    retailers: [accountOf('retailer'), otherRetailer],
    basis: 'bilateral',
    documentHash: hex(7, 64),
    fromInterval: 0,
    untilInterval: null,
  }))
}
