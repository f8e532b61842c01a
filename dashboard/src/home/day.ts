import type { AccountSeries } from '@busbar/protocols/api'
import { dayOf } from '../time/phases.ts'

/** A day of an account: so many intervals from the first. */
export type DayRange = { readonly from: number; readonly intervals: number }

const dayMs = 86_400_000

/** The market's day that a moment lies in, or one so many days earlier. */
export function dayRange(
  nowMs: number,
  daysBack: number,
  market: { readonly intervalMs: number; readonly timeZone: string },
): DayRange {
  const { intervalMs, timeZone } = market
  let { startMs, endMs } = dayOf(nowMs, timeZone)
  for (let back = 0; back < daysBack; back += 1) {
    const before = dayOf(startMs - dayMs / 2, timeZone)
    startMs = before.startMs
    endMs = before.endMs
  }
  const from = Math.floor(startMs / intervalMs)
  return { from, intervals: Math.ceil(endMs / intervalMs) - from }
}

export const isInRange = ({ from, intervals }: DayRange, interval: number): boolean =>
  interval >= from && interval < from + intervals

const columns = [
  'interval', 'status', 'isEstimated', 'correctionCount', 'priceMicrosPerKwh', 'importedWh',
  'exportedWh', 'boughtWh', 'soldWh', 'tradeBoughtWh', 'tradeSoldWh', 'bookedMicros',
  'worthMicros', 'tariffMicros',
] as const satisfies readonly (keyof AccountSeries)[]

/** What was asked for again, of these intervals, in the place of what was known of them. */
export function withIntervals(
  series: AccountSeries,
  fresh: AccountSeries,
  asked: DayRange,
): AccountSeries {
  const rows = series.interval.map((number, index) => ({ number, source: series, index }))
  const others = rows.filter(({ number }) => !isInRange(asked, number))
  const added = fresh.interval.map((number, index) => ({ number, source: fresh, index }))
  const ordered = [...others, ...added].sort((a, b) => a.number - b.number)
  const entries = columns.map((column) => [
    column,
    ordered.map(({ source, index }) => source[column][index]),
  ])
  const deliveries = [
    ...series.deliveries.filter((one) => !isInRange(asked, one.interval)),
    ...fresh.deliveries,
  ].sort((a, b) => a.interval - b.interval || a.trade - b.trade)
  // Column for column as they were.
  const made = Object.fromEntries(entries) as Pick<AccountSeries, (typeof columns)[number]>
  return { ...series, ...made, deliveries }
}

/** What a day came to, as far as it is settled. */
export type DaySums = {
  readonly worthMicros: number
  /** Of the same intervals at the retailer's tariff alone; null where none is known. */
  readonly tariffMicros: number | null
  /** What the market made better than the tariff, below zero if worse. */
  readonly savedMicros: number | null
  readonly givenWh: number
  readonly takenWh: number
  readonly settled: number
}

const total = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0)

export function sumsOf(series: AccountSeries): DaySums {
  const { worthMicros, tariffMicros, importedWh, exportedWh } = series
  const compared = worthMicros.flatMap((worth, i) => {
    const tariff = tariffMicros[i] ?? null
    return worth === null || tariff === null ? [] : [{ worth, tariff }]
  })
  const isCompared = compared.length > 0
  return {
    worthMicros: total(worthMicros),
    tariffMicros: isCompared ? total(compared.map(({ tariff }) => tariff)) : null,
    savedMicros: isCompared ? total(compared.map(({ worth, tariff }) => worth - tariff)) : null,
    givenWh: total(exportedWh),
    takenWh: total(importedWh),
    settled: worthMicros.filter((worth) => worth !== null).length,
  }
}

/** With whom energy changed hands, as far as the market's privacy lets anybody know. */
export type Partner = {
  readonly kind: 'contract' | 'auction' | 'rest'
  /** The account of a contract's other side. */
  readonly account: number | null
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  /** Weighted by energy, rounded; null where there is none to tell. */
  readonly priceMicrosPerKwh: number | null
}

/** By contract the one that it names, in the auction nobody; what is left is the retailer's. */
export function partnersOf(series: AccountSeries): readonly Partner[] {
  const contracts = new Map<string, Partner & { readonly value: number }>()
  for (const { side, partner, energyWh, priceMicrosPerKwh } of series.deliveries) {
    const key = `${side} ${partner}`
    const before = contracts.get(key)
    const value = (before?.value ?? 0) + energyWh * priceMicrosPerKwh
    const energy = (before?.energyWh ?? 0) + energyWh
    const price = { priceMicrosPerKwh: averageOf(value, energy) }
    contracts.set(key, {
      ...{ kind: 'contract', account: partner, side, energyWh: energy, value },
      ...price,
    })
  }
  const named = [...contracts.values()].map(({ value: _, ...one }) => one)
  return [
    ...named,
    ...(['buy', 'sell'] as const).map((side) => auctionOf(series, side)),
    ...restOf(series),
  ].filter(({ energyWh }) => energyWh > 0)
}

const averageOf = (value: number, energyWh: number): number | null =>
  energyWh === 0 ? null : Math.round(value / energyWh)

function auctionOf(series: AccountSeries, side: 'buy' | 'sell'): Partner {
  const energies = side === 'buy' ? series.boughtWh : series.soldWh
  const value = total(energies.map((energy, i) => energy * (series.priceMicrosPerKwh[i] ?? 0)))
  const energyWh = total(energies)
  const price = { priceMicrosPerKwh: averageOf(value, energyWh) }
  return { kind: 'auction', account: null, side, energyWh, ...price }
}

/** What neither contract nor auction scheduled, in each interval for itself. */
function restOf(series: AccountSeries): readonly Partner[] {
  const sums = { buy: 0, sell: 0 }
  for (const [i, importedWh] of series.importedWh.entries()) {
    const exportedWh = series.exportedWh[i] ?? null
    if (importedWh === null || exportedWh === null) continue
    const given = exportedWh - (series.soldWh[i] ?? 0) - (series.tradeSoldWh[i] ?? 0)
    const taken = importedWh - (series.boughtWh[i] ?? 0) - (series.tradeBoughtWh[i] ?? 0)
    const left = given - taken
    if (left > 0) sums.sell += left
    else sums.buy -= left
  }
  const none = { kind: 'rest', account: null, priceMicrosPerKwh: null } as const
  return [
    { ...none, side: 'buy', energyWh: sums.buy },
    { ...none, side: 'sell', energyWh: sums.sell },
  ]
}

/** The power through the meter in one interval, by where it went; watts, given is above zero. */
export type Flow = {
  readonly interval: number
  readonly meterW: number
  readonly neighboursW: number
  readonly gridW: number
}

/** Of the newest interval that is metered, or the one at a place; undefined before the first. */
export function flowOf(
  series: AccountSeries,
  intervalSeconds: number,
  place?: number,
): Flow | undefined {
  const at = place ?? series.importedWh.findLastIndex((energy) => energy !== null)
  const [interval, importedWh, exportedWh] = [
    series.interval[at], series.importedWh[at] ?? null, series.exportedWh[at] ?? null,
  ]
  if (interval === undefined || importedWh === null || exportedWh === null) return undefined
  const traded = (buy: readonly number[], sell: readonly number[], trade: number): number =>
    Math.min(trade, (buy[at] ?? 0) + (sell[at] ?? 0))
  const given = traded(series.soldWh, series.tradeSoldWh, exportedWh)
  const taken = traded(series.boughtWh, series.tradeBoughtWh, importedWh)
  const watts = (energyWh: number): number => Math.round((energyWh * 3_600) / intervalSeconds)
  const meterW = watts(exportedWh - importedWh)
  const neighboursW = watts(given - taken)
  return { interval, meterW, neighboursW, gridW: meterW - neighboursW }
}
