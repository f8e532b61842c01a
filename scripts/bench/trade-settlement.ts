import { deepEqual } from 'node:assert/strict'
import { assert } from '@busbar/core/errors'
import {
  allocate,
  allocateNaive,
  type MeterShortage,
  type MeteredTrades,
  shortages,
  type TradeColumns,
} from '@busbar/core/metering'
import { type Flow, flowsOf, planPayments } from '@busbar/core/payments'
import { netOf, settleActuals, settleActualsNaive } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { type FigureLine, pairUp } from './figure.ts'
import { objectsOf } from './trade-data.ts'

const pairs = 7
const account0 = 3
const rule = 'maximal-proportional'

/** How many times as long as one pass over the trades that pays each of them. */
const bars = { verify: 4, settle: 20 }

const price = MicrosPerKwh.from(200_000n)
const tradeFee = MicrosPerKwh.from(500n)
const tariff = { retail: MicrosPerKwh.from(310_000n), feedIn: MicrosPerKwh.from(80_000n) }
const terms = {
  toleranceBasisPoints: 1_000,
  penaltyBasisPoints: 500,
  buyerShortRule: 'actual',
  platformFeeMicrosPerKwh: MicrosPerKwh.from(1_000n),
} as const

type Engine = {
  readonly allocate: typeof allocate
  readonly settleActuals: typeof settleActuals
}

const fast: Engine = { allocate, settleActuals }
const naive: Engine = { allocate: allocateNaive, settleActuals: settleActualsNaive }

/**
 * What an interval's trades take, whole: meter data is allocated and shortages are found (the
 * verification); then each trade is settled on actuals, what it owes becomes payments, and these
 * become money from one to another. The peer does for each trade what nobody can do without.
 */
export function settlementFigures(columns: TradeColumns): readonly FigureLine[] {
  const input = objectsOf(columns)
  const small = firstOf(columns, 200)
  deepEqual(settled(small, fast), settled(small, naive))
  const peer = (): void => void paidInOnePass(input)
  const figure = (name: keyof typeof bars, ours: () => unknown, compared: string): FigureLine => {
    for (let i = 0; i < 2; i += 1) [ours, peer].forEach((run) => run())
    const paired = pairUp(ours, peer, pairs)
    const value = paired.ratio.median
    return {
      ...{ figure: `${name}_100k_trades`, value, bar: `<= ${bars[name]}` },
      holds: value <= bars[name],
      detail: {
        compared: `${compared} divided by the time of one pass that takes the least of what is` +
          ' owed and what the two meters show, and books its price to both sides, in bigint',
        trades: input.trades.length,
        ...paired,
      },
    }
  }
  return [
    figure('verify', () => verified(input, fast), 'time of allocation and shortages'),
    figure(
      'settle', () => settled(input, fast),
      'time of allocation, shortages, settlement on actuals, payments and their flows',
    ),
  ]
}

function verified(input: MeteredTrades, engine: Engine) {
  const { delivered } = engine.allocate({ ...input, rule })
  return { delivered, short: shortages(input) }
}

function settled(input: MeteredTrades, engine: Engine): readonly Flow[] {
  const { delivered, short } = verified(input, engine)
  const sellers = byMeter(short.sellers)
  const buyers = byMeter(short.buyers)
  const flows: Flow[] = []
  for (const [index, { trade, seller, buyer, energy }] of input.trades.entries()) {
    const [own, got] = [short.trades[index], delivered[index]]
    const [sellerMeter, buyerMeter] = [sellers.get(seller), buyers.get(buyer)]
    assert(own !== undefined && got !== undefined, 'one for each trade')
    assert(sellerMeter !== undefined && buyerMeter !== undefined, 'one for each meter')
    const [from, to] = accountsOf(input, seller, buyer)
    const { items } = engine.settleActuals({
      ...{ trade, seller: { account: from, meter: seller }, buyer: { account: to, meter: buyer } },
      ...{ platform: null, contracted: energy, limit: null, delivered: got },
      ...{ sellerShort: own.seller, buyerShort: own.buyer, sellerMeter, buyerMeter },
      ...{ price, sellerTariff: tariff, buyerTariff: tariff, terms },
      tradeFeeMicrosPerKwh: tradeFee,
    })
    const owed = new Map(netOf(items).map(({ account, amount }) => [account, amount]))
    for (const { legs } of planPayments(owed, from, to)) flows.push(...flowsOf(legs))
  }
  return flows
}

const byMeter = (all: readonly MeterShortage[]): ReadonlyMap<number, MeterShortage> =>
  new Map(all.map((one) => [one.meter, one]))

const accountsOf = ({ sellers }: MeteredTrades, seller: number, buyer: number) =>
  [account0 + seller, account0 + sellers.length + buyer] as const

function paidInOnePass(input: MeteredTrades): ReadonlyMap<number, bigint> {
  const given = new Map(input.sellers.map(({ meter, energy }) => [meter, energy]))
  const taken = new Map(input.buyers.map(({ meter, energy }) => [meter, energy]))
  const balances = new Map<number, bigint>()
  const book = (account: number, amount: bigint): void => {
    balances.set(account, (balances.get(account) ?? 0n) + amount)
  }
  for (const { seller, buyer, energy } of input.trades) {
    const shown = [given.get(seller), taken.get(buyer)].map((one) => one ?? WattHours.zero)
    const amount = MicrosPerKwh.valueFloor(price, shown.reduce(WattHours.min, energy))
    const [from, to] = accountsOf(input, seller, buyer)
    book(from, amount)
    book(to, -amount)
  }
  return balances
}

/** The same meters with the first trades alone: what the naive ones can do. */
const firstOf = (columns: TradeColumns, count: number): MeteredTrades => {
  const { sellers, buyers, trades } = objectsOf(columns)
  const own = trades.slice(0, count)
  const sells = new Set(own.map(({ seller }) => seller))
  const buys = new Set(own.map(({ buyer }) => buyer))
  return {
    sellers: sellers.filter(({ meter }) => sells.has(meter)),
    buyers: buyers.filter(({ meter }) => buys.has(meter)),
    trades: own,
  }
}
