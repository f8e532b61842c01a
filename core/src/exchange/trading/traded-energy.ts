import type { Allocation, MeteredTrades, Shortages } from '../../metering/index.ts'
import { type MeteredEnergy, meteredEnergy } from '../../metering/index.ts'
import { assert } from '../../errors/index.ts'
import type { ContractTerms, Obligation, Trade } from '../../trades/index.ts'
import { WattHours } from '../../units/index.ts'
import type { Engine } from '../engine.ts'
import { bilateralZone, recordOf, rulebookFor } from '../lookups.ts'
import type { IntervalRecord, State } from '../state.ts'

/** What meters delivered to trades in one interval, by what is known of them now. */
export type TradedInterval = {
  /** Ascending by trade: what `delivered` and the shortages stand beside. */
  readonly obliged: readonly ObligedTrade[]
  readonly input: MeteredTrades
  readonly allocation: Allocation
  readonly shortages: Shortages
  /** Of every meter that sells or buys by contract. */
  readonly energies: ReadonlyMap<number, MeteredEnergy>
  readonly byMeter: ReadonlyMap<number, { sold: WattHours; bought: WattHours }>
}

export type ObligedTrade = {
  readonly trade: Trade
  readonly terms: ContractTerms
  readonly obligation: Obligation
  /** What is owed: the contract, or the utility's limit where that is less. */
  readonly owed: WattHours
}

const nothing: ReadonlyMap<number, { sold: WattHours; bought: WattHours }> = new Map()

/** By meter: what its contracts got of its energy in `interval`. */
export function tradedEnergy(
  state: State,
  interval: number,
  engine: Engine,
): TradedInterval['byMeter'] {
  const record = recordOf(state, bilateralZone, interval)
  if (record === undefined || record.obligations.size === 0) return nothing
  return tradedInterval(state, record, engine).byMeter
}

/** Readings change only between commands: within one, several zones ask for the same interval. */
const known = new WeakMap<IntervalRecord, { sequence: number; traded: TradedInterval }>()

export function tradedInterval(
  state: State,
  record: IntervalRecord,
  engine: Engine,
): TradedInterval {
  const before = known.get(record)
  if (before?.sequence === state.sequence) return before.traded
  const traded = allocated(state, record, engine)
  known.set(record, { sequence: state.sequence, traded })
  return traded
}

function allocated(state: State, record: IntervalRecord, engine: Engine): TradedInterval {
  const obliged = obligedTrades(state, record)
  const energies = new Map<number, MeteredEnergy>()
  for (const { terms } of obliged) {
    for (const meter of [terms.sellerMeter, terms.buyerMeter]) {
      if (!energies.has(meter)) energies.set(meter, energyOf(state, meter, record.interval))
    }
  }
  const side = (of: 'sellerMeter' | 'buyerMeter', register: 'exported' | 'imported') =>
    [...new Set(obliged.map(({ terms }) => terms[of]))]
      .sort((a, b) => a - b)
      .map((meter) => ({ meter, energy: energyIn(energies, meter)[register] }))
  const input: MeteredTrades = {
    sellers: side('sellerMeter', 'exported'),
    buyers: side('buyerMeter', 'imported'),
    trades: obliged.map(({ trade, terms, owed }) => ({
      trade: trade.trade,
      seller: terms.sellerMeter,
      buyer: terms.buyerMeter,
      energy: owed,
    })),
  }
  const { trades: rules } = rulebookFor(state, record.interval)
  assert(rules !== undefined, 'a market with obligations has rules for trades')
  const allocation = engine.allocate({ ...input, rule: rules.allocation })
  const byMeter = new Map<number, { sold: WattHours; bought: WattHours }>()
  for (const [index, { terms }] of obliged.entries()) {
    const delivered = allocation.delivered[index] ?? WattHours.zero
    const sold = totals(byMeter, terms.sellerMeter)
    sold.sold = WattHours.add(sold.sold, delivered)
    const bought = totals(byMeter, terms.buyerMeter)
    bought.bought = WattHours.add(bought.bought, delivered)
  }
  return { obliged, input, allocation, shortages: engine.shortages(input), energies, byMeter }
}

function totals(
  byMeter: Map<number, { sold: WattHours; bought: WattHours }>,
  meter: number,
): { sold: WattHours; bought: WattHours } {
  let found = byMeter.get(meter)
  if (found === undefined) {
    found = { sold: WattHours.zero, bought: WattHours.zero }
    byMeter.set(meter, found)
  }
  return found
}

function energyIn(energies: ReadonlyMap<number, MeteredEnergy>, meter: number): MeteredEnergy {
  const energy = energies.get(meter)
  assert(energy !== undefined, 'the energy of every meter was worked out')
  return energy
}

function energyOf(state: State, meter: number, interval: number): MeteredEnergy {
  const readings = state.readings.get(meter)
  assert(readings !== undefined, 'a meter has its readings')
  return meteredEnergy(readings, interval)
}

/** The trades of a record, ascending, each with the version of its contract that was in force. */
export function obligedTrades(state: State, record: IntervalRecord): ObligedTrade[] {
  return [...record.obligations.values()]
    .sort((a, b) => a.trade - b.trade)
    .map((obligation) => {
      const trade = state.trading.trades.get(obligation.trade)
      const version = trade?.versions.find(({ contract }) => contract === obligation.contract)
      assert(trade !== undefined && version !== undefined, 'an obligation is of a contract')
      const { contracted, limit } = obligation
      const owed = limit === null ? contracted : WattHours.min(contracted, limit.energy)
      return { trade, terms: version.terms, obligation, owed }
    })
}

/** The meters of a record's obligations. Fixed at the gate, so worked out once. */
const metersKnown = new WeakMap<IntervalRecord, ReadonlySet<number>>()

export function tradingMeters(state: State, record: IntervalRecord): ReadonlySet<number> {
  let meters = metersKnown.get(record)
  if (meters === undefined) {
    const pairs = obligedTrades(state, record).map(({ terms }) => terms)
    meters = new Set(pairs.flatMap(({ sellerMeter, buyerMeter }) => [sellerMeter, buyerMeter]))
    if (record.status !== 'open') metersKnown.set(record, meters)
  }
  return meters
}

/** Whether every meter with obligations was read at both boundaries of the interval. */
export const allTradersRead = (state: State, record: IntervalRecord): boolean =>
  [...tradingMeters(state, record)].every((meter) => {
    const boundaries = state.readings.get(meter)?.boundaries
    return boundaries?.has(record.interval) === true && boundaries.has(record.interval + 1)
  })
