import { assert } from '../../errors/index.ts'
import { post } from '../../ledger/index.ts'
import {
  type ActualsInput,
  type ActualsOutcome,
  applyDifference,
  difference,
  netOf,
  noTrade,
  type Reason,
  type Run,
  type RunKind,
  saysSameEnergy,
  type SettlementItem,
} from '../../settlement/index.ts'
import type { Delivery, Obligation } from '../../trades/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../../units/index.ts'
import { tradeHoldOf } from './chain-holds.ts'
import { heldForCharges, releaseCharges } from './charges.ts'
import { bookDues } from '../payments/dues.ts'
import { keepCollateral, keepPart, releasePart } from './trade-collateral.ts'
import type { Engine } from '../engine.ts'
import { rulebookFor, tariffAt, zoneKey } from '../lookups.ts'
import { accepted, type Applied } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import { dueRun } from '../settle.ts'
import { coverShortfalls, noteArrears } from '../shortfalls.ts'
import type { IntervalRecord, State } from '../state.ts'
import {
  allTradersRead,
  type ObligedTrade,
  obligedTrades,
  type TradedInterval,
  tradedInterval,
} from './traded-energy.ts'

/**
 * Posts the next run of an interval's trades, all zones' together: what was delivered by what the
 * meters say now, less what stands. Trades on the clearing house's rail move money on the ledger;
 * what the others owe is booked as dues, which their payments move.
 */
export function settleTrades(
  state: State,
  at: number,
  sequence: number,
  record: IntervalRecord,
  engine: Engine,
): Applied | Rejected {
  const kind = dueRun(state, at, record, () => allTradersRead(state, record))
  if (typeof kind !== 'string') return kind
  const traded = tradedInterval(state, record, engine)
  const outcomes = settleEach(state, record, traded, engine)
  const target = [...outcomes.flatMap(({ items }) => items), ...chargeItems(record)]
  const items = difference(record.posted, target)
  const isInside = insideOf(state)
  const inside = items.filter(isInside)
  const outside = items.filter((item) => !isInside(item))
  const covers = coverShortfalls(state, heldFor(state, record), inside)
  if (covers === undefined) return reject('guarantee_exhausted', 'interval')

  const { zone, interval } = record
  state.dirty.delete(zoneKey(zone, interval))
  const estimated = [...traded.energies]
    .filter(([, { assurance }]) => assurance !== 'metered')
    .map(([meter]) => meter)
    .sort((a, b) => a - b)
  const shown = {
    energy: noEnergy,
    metered: [...traded.energies]
      .map(([meter, energy]) => ({ meter, ...energy }))
      .sort((a, b) => a.meter - b.meter),
    traded: [...traded.byMeter]
      .map(([meter, energy]) => ({ meter, ...energy }))
      .filter(({ sold, bought }) => sold > 0n || bought > 0n)
      .sort((a, b) => a.meter - b.meter),
    estimated,
  }
  const isSame = items.length === 0 && saysSameEnergy(record.runs.at(-1), shown)
  if (kind !== 'final' && isSame) {
    return accepted(sequence, { kind: 'interval_settled', run: null, runKind: null })
  }
  const all = [...inside, ...covers]
  const what = { items: all, dues: outside, net: netOf(all) }
  const run: Run = { run: record.runs.length, kind, sequence, at, ...what, ...shown }
  releaseHolds(state, traded, kind)
  releaseCharges(state, record)
  post(state.ledger, run.net)
  if (kind === 'provisional') keepForEstimates(state, traded, inside)
  bookOutside(state, outside)
  applyDifference(record.posted, items)
  noteArrears(state.ledger, covers)
  record.runs.push(run)
  if (kind === 'provisional') record.status = 'provisional'
  if (kind === 'final') record.status = 'final'
  takeDeliveries(record, traded, outcomes, kind)
  return accepted(sequence, { kind: 'interval_settled', run: run.run, runKind: kind }, [
    { kind: 'run_posted', zone, interval, run: run.run, runKind: kind },
  ])
}

/** The zones' own runs count the energy: a trade's is on both sides of it. */
const noEnergy = {
  ...{ injected: 0n, consumed: 0n, imported: 0n, exported: 0n },
  ...{ imbalanceBought: 0n, imbalanceSold: 0n, tradeBought: 0n, tradeSold: 0n, unexplained: 0n },
}

function settleEach(
  state: State,
  { interval }: IntervalRecord,
  { obliged, allocation, shortages }: TradedInterval,
  engine: Engine,
): ActualsOutcome[] {
  const { trades: rules } = rulebookFor(state, interval)
  assert(rules !== undefined, 'a market with obligations has rules for trades')
  const fee = MicrosPerKwh.from(BigInt(rules.feeMicrosPerKwh))
  const sellers = new Map(shortages.sellers.map((one) => [one.meter, one]))
  const buyers = new Map(shortages.buyers.map((one) => [one.meter, one]))
  return obliged.map((one, index) => {
    const short = shortages.trades[index]
    const delivered = allocation.delivered[index]
    const sellerMeter = sellers.get(one.terms.sellerMeter)
    const buyerMeter = buyers.get(one.terms.buyerMeter)
    assert(short !== undefined && delivered !== undefined, 'one for each trade')
    assert(sellerMeter !== undefined && buyerMeter !== undefined, 'both meters are among them')
    const found = { delivered, sellerShort: short.seller, buyerShort: short.buyer }
    const meters = { sellerMeter, buyerMeter, tradeFeeMicrosPerKwh: fee }
    return engine.settleActuals({ ...actualsTerms(state, interval, one), ...found, ...meters })
  })
}

export type ActualsTerms = Pick<
  ActualsInput,
  | 'trade' | 'seller' | 'buyer' | 'platform' | 'contracted' | 'limit' | 'price'
  | 'sellerTariff' | 'buyerTariff' | 'terms'
>

/** By what a trade is settled in an interval: all but what was delivered and who was short. */
export function actualsTerms(
  state: State,
  interval: number,
  one: Pick<ObligedTrade, 'trade' | 'terms' | 'obligation'>,
): ActualsTerms {
  const { trade, terms, obligation } = one
  return {
    trade: trade.trade,
    seller: { account: terms.seller, meter: terms.sellerMeter },
    buyer: { account: terms.buyer, meter: terms.buyerMeter },
    platform: terms.platform,
    contracted: obligation.contracted,
    limit: obligation.limit?.energy ?? null,
    price: MicrosPerKwh.from(BigInt(terms.priceMicrosPerKwh)),
    sellerTariff: tariffAt(state, terms.sellerRetailer, interval),
    buyerTariff: tariffAt(state, terms.buyerRetailer, interval),
    terms: {
      toleranceBasisPoints: terms.toleranceBasisPoints,
      penaltyBasisPoints: terms.penaltyBasisPoints,
      buyerShortRule: terms.buyerShort,
      platformFeeMicrosPerKwh: MicrosPerKwh.from(BigInt(terms.platformFeeMicrosPerKwh)),
    },
  }
}

/** What changes of trades cost, which stands from the first run on. */
function chargeItems({ charges }: IntervalRecord): SettlementItem[] {
  const line = (trade: number, account: number, reason: Reason, amount: bigint) => ({
    ...{ account, meter: -1, trade, reason, energy: 0n, price: MicrosPerKwh.zero },
    amount: Micros.from(amount),
  })
  const lines = charges.flatMap(({ trade, kind, payer, payee, amount }) => [
    line(trade, payer, `${kind}_paid`, -amount),
    line(trade, payee, `${kind}_received`, amount),
  ])
  // One line for each reason: what stands posted is compared with it by that.
  const sums = new Map<string, SettlementItem>()
  for (const one of lines) {
    const key = `${one.trade}/${one.account}/${one.reason}`
    const before = sums.get(key)?.amount ?? Micros.zero
    sums.set(key, { ...one, amount: Micros.add(before, one.amount) })
  }
  return [...sums.values()]
}

const alwaysInside: ReadonlySet<Reason> = new Set([
  ...(['collateral_paid', 'collateral_received'] as const),
  ...(['remainder_paid', 'remainder_received'] as const),
])

/**
 * Whether money moves on the ledger: that of a trade on its rail does, and whatever its rail is
 * collateral, and what no bill could carry.
 */
const insideOf = (state: State) => ({ trade, reason }: SettlementItem): boolean => {
  if (trade === noTrade || alwaysInside.has(reason)) return true
  const terms = state.trading.trades.get(trade)?.versions.at(-1)?.terms
  assert(terms !== undefined, 'what is posted for a trade has its contract')
  return terms.rail === 'clearing-house'
}

function bookOutside(state: State, items: readonly SettlementItem[]): void {
  const byTrade = new Map<number, SettlementItem[]>()
  for (const item of items) {
    const own = byTrade.get(item.trade)
    if (own === undefined) byTrade.set(item.trade, [item])
    else own.push(item)
  }
  for (const [trade, own] of byTrade) bookDues(state, trade, netOf(own))
}

/** What an account has set aside for the interval's trades, and has there to be used. */
function heldFor(state: State, record: IntervalRecord): (account: number) => bigint {
  const held = new Map<number, bigint>()
  for (const { terms, obligation } of obligedTrades(state, record)) {
    for (const [account, part] of partsOf(terms, obligation)) {
      const hold = tradeHoldOf(state, obligation.trade, account)
      held.set(account, (held.get(account) ?? 0n) + (part < hold ? part : hold))
    }
  }
  return (account) => (held.get(account) ?? 0n) + heldForCharges(state, record, account)
}

const partsOf = (
  terms: ObligedTrade['terms'],
  obligation: Obligation,
): readonly (readonly [account: number, part: bigint])[] => [
  [terms.buyer, obligation.buyerHold],
  [terms.seller, obligation.sellerHold],
]

/**
 * What is set aside stays so while either meter's energy is an estimate, until the final run; of a
 * trade whose rail is outside of the ledger, until it is paid.
 */
function releaseHolds(state: State, { obliged, energies }: TradedInterval, kind: RunKind): void {
  for (const { terms, obligation } of obliged) {
    if (isEstimated(terms, energies) && kind === 'provisional') continue
    for (const [account, part] of partsOf(terms, obligation)) {
      if (terms.rail === 'clearing-house') releasePart(state, obligation.trade, account, part)
      else keepCollateral(state, obligation.trade, account, part)
    }
    obligation.buyerHold = Micros.zero
    obligation.sellerHold = Micros.zero
  }
}

const isEstimated = (
  { sellerMeter, buyerMeter }: ObligedTrade['terms'],
  energies: TradedInterval['energies'],
): boolean =>
  [sellerMeter, buyerMeter].some((meter) => energies.get(meter)?.assurance !== 'metered')

/**
 * While a meter's energy is an estimate a correction may take all back: what a side was paid by the
 * run is set aside as well, and what it has paid is not needed any more.
 */
function keepForEstimates(
  state: State,
  { obliged, energies }: TradedInterval,
  inside: readonly SettlementItem[],
): void {
  for (const { terms, obligation } of obliged) {
    if (terms.rail !== 'clearing-house' || !isEstimated(terms, energies)) continue
    for (const side of ['buyer', 'seller'] as const) {
      const net = inside
        .filter(({ trade, account }) => trade === obligation.trade && account === terms[side])
        .reduce((sum, { meter, amount }) => (meter < 0 ? sum : sum + amount), 0n)
      const field = `${side}Hold` as const
      obligation[field] = keepPart(state, obligation.trade, terms[side], obligation[field], net)
    }
  }
}

/** Moves each trade's totals from what the last run found to what this one finds. */
function takeDeliveries(
  record: IntervalRecord,
  traded: TradedInterval,
  outcomes: readonly ActualsOutcome[],
  kind: RunKind,
): void {
  for (const [index, { trade, terms, obligation, owed }] of traded.obliged.entries()) {
    const outcome = outcomes[index]
    const delivered = traded.allocation.delivered[index]
    const short = traded.shortages.trades[index]
    assert(outcome !== undefined && delivered !== undefined && short !== undefined, 'one for each')
    const sumOf = (account: number): Micros =>
      Micros.from(
        outcome.items.reduce((sum, one) => (one.account === account ? sum + one.amount : sum), 0n),
      )
    const delivery: Delivery = {
      trade: trade.trade,
      result: outcome.result,
      obliged: owed,
      delivered,
      sellerShort: short.seller,
      buyerShort: short.buyer,
      seller: sumOf(terms.seller),
      buyer: sumOf(terms.buyer),
    }
    const before = record.deliveries.get(trade.trade)
    const { totals } = trade
    if (before === undefined) {
      totals.settled += 1
      totals.contracted = WattHours.add(totals.contracted, obligation.contracted)
      totals.obliged = WattHours.add(totals.obliged, owed)
    } else totals[before.result] -= 1
    totals[delivery.result] += 1
    totals.delivered = WattHours.from(totals.delivered + delivered - (before?.delivered ?? 0n))
    totals.seller = Micros.from(totals.seller + delivery.seller - (before?.seller ?? 0n))
    totals.buyer = Micros.from(totals.buyer + delivery.buyer - (before?.buyer ?? 0n))
    if (kind === 'final') totals.final += 1
    record.deliveries.set(trade.trade, delivery)
  }
}
