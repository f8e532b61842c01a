import type { Series } from '@busbar/protocols/api'
import { dayOf } from '../time/phases.ts'

/** Which points a chart asks for: `points` of `step` intervals each, from the interval `from`. */
export type SeriesRange = {
  readonly zone: number
  readonly from: number
  readonly points: number
  readonly step: number
}

export type Span = 'day' | 'week'

/** More points than a phone has columns show nothing more. */
const pointsMax = 300
const daysOfWeek = 7

/** The market's day that a moment lies in, or the seven days that end with it. */
export function rangeOf(
  span: Span,
  zone: number,
  nowMs: number,
  market: { readonly intervalMs: number; readonly timeZone: string },
): SeriesRange {
  const { intervalMs, timeZone } = market
  const { startMs, endMs } = dayOf(nowMs, timeZone)
  const first = span === 'day'
    ? startMs
    : dayOf(startMs - (daysOfWeek - 1.5) * dayMs, timeZone).startMs
  const from = Math.floor(first / intervalMs)
  const intervals = Math.ceil(endMs / intervalMs) - from
  const step = Math.ceil(intervals / pointsMax)
  return { zone, from, step, points: Math.ceil(intervals / step) }
}

const dayMs = 86_400_000

/**
 * So many of the newest intervals are shown, at any time of the day: four hours of five minutes,
 * which fit on a phone and are still told apart.
 */
export const newestShown = 48

/** What is read for a chart: with a day, as many intervals before it as are the newest at night. */
export function askedFor(span: Span, range: SeriesRange): SeriesRange {
  if (span === 'week') return range
  const before = Math.ceil(newestShown / range.step)
  return { ...range, from: range.from - before * range.step, points: range.points + before }
}

/** Without what was before an interval. */
export function since(series: Series, interval: number): Series {
  const first = series.interval.findIndex((one) => one >= interval)
  return sliced(series, first < 0 ? series.interval.length : first)
}

/** Of each column what is in it from a place on. */
export const sliced = (series: Series, first: number): Series =>
  Object.fromEntries(
    Object.entries(series).map(([name, column]) =>
      [name, Array.isArray(column) ? column.slice(first) : column]),
  ) as Series

/** The range's points that these intervals belong to, and those between; undefined without any. */
export function pointsOf(
  range: SeriesRange,
  intervals: readonly number[],
): SeriesRange | undefined {
  const { from, step, points } = range
  const indices = intervals
    .map((interval) => Math.floor((interval - from) / step))
    .filter((index) => index >= 0 && index < points)
  if (indices.length === 0) return undefined
  const first = Math.min(...indices)
  return { ...range, from: from + first * step, points: Math.max(...indices) - first + 1 }
}

const columns = [
  'interval', 'status', 'proof', 'priceMicrosPerKwh', 'tradedWh', 'injectedWh', 'consumedWh',
  'selfSuppliedWh', 'orderCount', 'voidCount', 'estimatedMeterCount', 'correctionCount',
] as const satisfies readonly (keyof Series)[]

/** `fresh` in the places of its points, and everything else as it was. */
export function merged(series: Series, fresh: Series): Series {
  const places = new Map<number, readonly [source: Series, index: number]>()
  for (const source of [series, fresh]) {
    for (const [index, interval] of source.interval.entries()) places.set(interval, [source, index])
  }
  const ordered = [...places].sort(([a], [b]) => a - b).map(([, place]) => place)
  const entries = columns.map((column) => [
    column,
    ordered.map(([source, index]) => source[column][index]),
  ])
  // Column for column as they were.
  return { ...series, ...(Object.fromEntries(entries) as Pick<Series, (typeof columns)[number]>) }
}

/** What stands above the charts. */
export type SeriesSums = {
  readonly tradedWh: number
  /** Weighted by energy; null without a trade. */
  readonly averageMicrosPerKwh: number | null
  /** Self-supplied of what was used; null before anything was metered. */
  readonly selfShare: number | null
}

export function sumsOf(series: Series): SeriesSums {
  const { tradedWh, priceMicrosPerKwh, consumedWh, selfSuppliedWh } = series
  const total = (values: readonly (number | null)[]): number =>
    values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  const traded = total(tradedWh)
  const value = total(priceMicrosPerKwh.map((price, i) => (price ?? 0) * (tradedWh[i] ?? 0)))
  const consumed = total(consumedWh)
  return {
    tradedWh: traded,
    averageMicrosPerKwh: traded === 0 ? null : value / traded,
    selfShare: consumed === 0 ? null : total(selfSuppliedWh) / consumed,
  }
}

/** The newest point whose auction was cleared. */
export const lastCleared = ({ status }: Series): number =>
  status.findLastIndex((one) => one !== 'open' && one !== 'fixed')
