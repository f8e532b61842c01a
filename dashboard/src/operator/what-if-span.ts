import type { WhatIfAnswer } from '@busbar/protocols/api'
import type { Columns } from '../lib/csv.ts'
import { dayOf } from '../time/phases.ts'

export type WhatIfDay = WhatIfAnswer['days'][number]
export type Sums = Omit<WhatIfDay, 'day' | 'zone'>

/** The first and the last interval of some days, and of which zones. */
export type Span = { readonly from: number; readonly to: number; readonly zone?: number }

const noonMs = 43_200_000
const dayMs = 86_400_000

/** `2026-06-01` by the calendar of a time zone. */
export function dateOf(atMs: number, timeZone: string): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return new Intl.DateTimeFormat('en-CA', { timeZone, ...parts }).format(atMs)
}

/** When a day begins and ends there; undefined where it is none. */
export function dayNamed(
  date: string,
  timeZone: string,
): { readonly startMs: number; readonly endMs: number } | undefined {
  const noon = Date.parse(`${date}T12:00Z`)
  if (Number.isNaN(noon) || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  // Noon of Greenwich is already the next day in a few places.
  return [noon, noon - dayMs, noon + dayMs]
    .map((atMs) => dayOf(atMs, timeZone))
    .find(({ startMs }) => dateOf(startMs + noonMs / 4, timeZone) === date)
}

/** Whole days; undefined where the last is before the first. */
export function spanOf(
  first: string,
  last: string,
  market: { readonly intervalMs: number; readonly timeZone: string },
): Span | undefined {
  const [begin, end] = [dayNamed(first, market.timeZone), dayNamed(last, market.timeZone)]
  if (begin === undefined || end === undefined || end.endMs <= begin.startMs) return undefined
  const from = Math.max(0, Math.floor(begin.startMs / market.intervalMs))
  return { from, to: Math.ceil(end.endMs / market.intervalMs) - 1 }
}

const sumOfSides = (one: Sums['own'], other: Sums['own']): Sums['own'] => {
  const energyWh = one.energyWh + other.energyWh
  const worth = (side: Sums['own']): number => side.energyWh * (side.meanPriceMicrosPerKwh ?? 0)
  return {
    energyWh,
    meanPriceMicrosPerKwh: energyWh === 0
      ? null
      : Math.round((worth(one) + worth(other)) / energyWh),
    feesMicros: one.feesMicros + other.feesMicros,
  }
}

const none: Sums = {
  ...{ intervals: 0, refusedOrders: 0, movedMicros: 0 },
  own: { energyWh: 0, meanPriceMicrosPerKwh: null, feesMicros: 0 },
  other: { energyWh: 0, meanPriceMicrosPerKwh: null, feesMicros: 0 },
}

/** Of several zones or days; a mean price only as exactly as it is shown. */
export const sumOf = (all: readonly Sums[]): Sums =>
  all.reduce(
    (sum, one) => ({
      intervals: sum.intervals + one.intervals,
      refusedOrders: sum.refusedOrders + one.refusedOrders,
      movedMicros: sum.movedMicros + one.movedMicros,
      own: sumOfSides(sum.own, one.own),
      other: sumOfSides(sum.other, one.other),
    }),
    none,
  )

/** All zones of a day together, in the order of the days. */
export const byDay = (days: readonly WhatIfDay[]): readonly (Sums & { readonly day: string })[] =>
  [...Map.groupBy(days, ({ day }) => day)].map(([day, all]) => ({ day, ...sumOf(all) }))

/** By day and zone, for other programs. */
export const savedDays = (days: readonly WhatIfDay[]): Columns => ({
  day: days.map(({ day }) => day),
  zone: days.map(({ zone }) => zone),
  intervals: days.map(({ intervals }) => intervals),
  own_energy_wh: days.map(({ own }) => own.energyWh),
  other_energy_wh: days.map(({ other }) => other.energyWh),
  own_mean_price_micros_per_kwh: days.map(({ own }) => own.meanPriceMicrosPerKwh),
  other_mean_price_micros_per_kwh: days.map(({ other }) => other.meanPriceMicrosPerKwh),
  own_fees_micros: days.map(({ own }) => own.feesMicros),
  other_fees_micros: days.map(({ other }) => other.feesMicros),
  moved_micros: days.map(({ movedMicros }) => movedMicros),
  refused_orders: days.map(({ refusedOrders }) => refusedOrders),
})
