import {
  bilateralZone,
  intervalEnd,
  type IntervalRecord,
  limitOn,
  recordOf,
  rulebookFor,
  type State,
  tradingMeters,
} from '@busbar/core/exchange'
import type { Reason, Run } from '@busbar/core/settlement'
import { contractedEnergy, type ContractTerms } from '@busbar/core/trades'
import { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { SpanPage } from '../../ports/customer-views.ts'
import type { Page } from '../../ports/exchange-service.ts'
import type {
  DeclarationView,
  MeterDataRequestView,
  ScheduledFlowView,
} from '../../ports/trading-views.ts'
import { isCustomerOf } from './relation.ts'
import { wheelingAt } from './wheeling.ts'

/**
 * What a retailer's customers traded, by contract and in the auction, by interval and meter. The
 * page is of whole intervals, so that none is declared in part.
 */
export function declarationViews(
  state: State,
  retailer: number,
  { from = 0, until = Number.MAX_SAFE_INTEGER, limit }: SpanPage,
): DeclarationView[] {
  const records = [...(state.intervals.get(bilateralZone)?.values() ?? [])]
    .filter(({ interval, runs }) => interval >= from && interval < until && runs.length > 0)
    .sort((a, b) => a.interval - b.interval)
  const views: DeclarationView[] = []
  for (const record of records) {
    if (views.length >= limit) break
    views.push(...declaredIn(state, retailer, record))
  }
  return views
}

function declaredIn(state: State, retailer: number, record: IntervalRecord): DeclarationView[] {
  const run = record.runs.at(-1)
  if (run === undefined) return []
  const traded = new Map(run.traded.map((one) => [one.meter, one]))
  const metered = byMeter(run.metered)
  const auctions = auctionsOf(state, record.interval)
  const numbers = new Set([...tradingMeters(state, record), ...auctions.keys()])
  return [...numbers]
    .sort((a, b) => a - b)
    .flatMap((number) => {
      const meter = state.meters[number]
      if (meter?.kind !== 'physical' || !isCustomerOf(state, retailer, meter.account)) return []
      const auction = auctions.get(number)
      const energy = metered.get(number) ?? auction?.metered.get(number)
      const soldWh = traded.get(number)?.sold ?? WattHours.zero
      const boughtWh = traded.get(number)?.bought ?? WattHours.zero
      const utility = state.trading.utilities.get(meter.zone)
      const rate = utility === undefined ? null : wheelingAt(state, utility, record)
      const charged = WattHours.add(soldWh, boughtWh)
      return [
        {
          ...{ interval: record.interval, account: meter.account, meter: number, soldWh, boughtWh },
          exportedWh: energy?.exported ?? WattHours.zero,
          importedWh: energy?.imported ?? WattHours.zero,
          auctionSoldWh: auction?.sold ?? WattHours.zero,
          auctionBoughtWh: auction?.bought ?? WattHours.zero,
          imbalanceBoughtWh: auction?.imbalanceBought ?? 0n,
          imbalanceSoldWh: auction?.imbalanceSold ?? 0n,
          utility: utility ?? null,
          wheelingMicrosPerKwh: rate,
          wheelingMicros: rate === null ? Micros.zero : MicrosPerKwh.valueCeil(rate, charged),
          runKind: run.kind,
          isEstimated: energy !== undefined && energy.assurance !== 'metered',
        },
      ]
    })
}

type Auctioned = {
  readonly bought: WattHours
  readonly sold: WattHours
  imbalanceBought: bigint
  imbalanceSold: bigint
  readonly metered: ReadonlyMap<number, Run['metered'][number]>
}

const byMeter = (metered: Run['metered']): Auctioned['metered'] =>
  new Map(metered.map((one) => [one.meter, one]))

/** What meters traded in the auctions of all zones, and what became of that, as it stands. */
function auctionsOf(state: State, interval: number): ReadonlyMap<number, Auctioned> {
  const found = new Map<number, Auctioned>()
  for (const { zone } of state.zones) {
    const record = recordOf(state, zone, interval)
    if (record === undefined || record.contracts.size === 0) continue
    const metered = byMeter(record.runs.at(-1)?.metered ?? [])
    for (const [meter, contract] of record.contracts) {
      found.set(meter, { ...contract, imbalanceBought: 0n, imbalanceSold: 0n, metered })
    }
    for (const [key, { energy }] of record.posted) {
      const [, meter = '', , reason = ''] = key.split('/')
      const own = found.get(Number(meter))
      if (own === undefined) continue
      if (madeUp.includes(reason)) own.imbalanceBought += energy
      if (takenOver.includes(reason)) own.imbalanceSold += energy
    }
  }
  return found
}

/** Lines by which the balancing authority stands in for a meter, and takes over what it had. */
const madeUp: readonly string[] = ['under_production', 'over_consumption'] satisfies Reason[]
const takenOver: readonly string[] = ['over_production', 'under_consumption'] satisfies Reason[]

/** What a utility charges each side for energy of trades in an interval. */
/** Readings that are missing of trading meters whose gateway is the retailer's, oldest first. */
export function meterDataRequestViews(state: State, retailer: number): MeterDataRequestView[] {
  const missing = new Map<number, Set<number>>()
  let dueAtMs = Number.MAX_SAFE_INTEGER
  for (const record of state.intervals.get(bilateralZone)?.values() ?? []) {
    if (record.status === 'open' || record.status === 'final') continue
    const { interval } = record
    if (intervalEnd(state, interval) > state.at) continue
    const { readingDeadlineSeconds } = rulebookFor(state, interval)
    for (const meter of tradingMeters(state, record)) {
      const gateway = state.meters[meter]?.gateway ?? null
      const owner = gateway === null ? undefined : state.gateways[gateway]?.owner
      if (owner !== retailer) continue
      const boundaries = state.readings.get(meter)?.boundaries
      for (const boundary of [interval, interval + 1]) {
        if (boundaries?.has(boundary) === true) continue
        const own = missing.get(meter) ?? new Set<number>()
        missing.set(meter, own.add(boundary))
        dueAtMs = Math.min(dueAtMs, intervalEnd(state, interval) + readingDeadlineSeconds * 1_000)
      }
    }
  }
  return [...missing]
    .sort(([a], [b]) => a - b)
    .map(([meter, boundaries]) => {
      const sorted = [...boundaries].sort((a, b) => a - b)
      return {
        meter,
        gateway: state.meters[meter]?.gateway ?? 0,
        fromBoundary: sorted[0] ?? 0,
        throughBoundary: sorted.at(-1) ?? 0,
        missing: sorted.slice(0, 500),
        dueAtMs,
      }
    })
}

/** Of whose wires a utility is the operator, ascending. */
export const zonesOf = (state: State, utility: number): number[] =>
  [...state.trading.utilities]
    .flatMap(([zone, own]) => (own === utility ? [zone] : []))
    .sort((a, b) => a - b)

/** What trades in force will put in and take out in a utility's zones, by interval and zone. */
export function scheduleViews(state: State, utility: number, page: Page): ScheduledFlowView[] {
  const zones = new Set(zonesOf(state, utility))
  const first = Math.max(page.from ?? 0, state.clearedThrough + 1)
  const flows: ScheduledFlowView[] = []
  const last = lastScheduled(state)
  for (let interval = first; interval <= last && flows.length < page.limit; interval += 1) {
    const byZone = new Map<number, Flow>()
    for (const { number, terms } of inForceAt(state, interval)) {
      addFlow(state, byZone, zones, number, terms, interval)
    }
    for (const [zone, flow] of [...byZone].sort(([a], [b]) => a - b)) {
      flows.push({ interval, zone, ...flow })
    }
  }
  return flows
}

type Flow = { injectedWh: bigint; withdrawnWh: bigint; trades: number; limited: number }

function addFlow(
  state: State,
  byZone: Map<number, Flow>,
  zones: ReadonlySet<number>,
  trade: number,
  terms: ContractTerms,
  interval: number,
): void {
  const contracted = contractedEnergy(terms, interval)
  const limit = limitOn(state, trade, interval)
  const energy = limit === null ? contracted : WattHours.min(contracted, limit.energy)
  const seen = new Set<number>()
  for (const [meter, field] of [
    [terms.sellerMeter, 'injectedWh'],
    [terms.buyerMeter, 'withdrawnWh'],
  ] as const) {
    const zone = state.meters[meter]?.zone
    if (zone === undefined || !zones.has(zone)) continue
    const flow = byZone.get(zone) ?? { injectedWh: 0n, withdrawnWh: 0n, trades: 0, limited: 0 }
    flow[field] += energy
    if (!seen.has(zone)) {
      flow.trades += 1
      // One that was lifted limits nothing.
      if (energy < contracted) flow.limited += 1
    }
    seen.add(zone)
    byZone.set(zone, flow)
  }
}

function* inForceAt(
  state: State,
  interval: number,
): Generator<{ readonly number: number; readonly terms: ContractTerms }> {
  for (const number of state.trading.inForce) {
    const trade = state.trading.trades.get(number)
    const terms = trade?.versions.at(-1)?.terms
    if (trade === undefined || terms === undefined || interval >= trade.endsAt) continue
    if (contractedEnergy(terms, interval) > 0n) yield { number, terms }
  }
}

function lastScheduled(state: State): number {
  let last = -1
  for (const number of state.trading.inForce) {
    last = Math.max(last, (state.trading.trades.get(number)?.endsAt ?? 0) - 1)
  }
  return last
}
