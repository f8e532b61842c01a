import type { AccountSeries } from '@busbar/protocols/api'
import { useFormats, useMarket } from '../app/market.tsx'
import type { DayRange } from './day.ts'

/** What the charts of a day have in common. */
export function useShared(props: { readonly series: AccountSeries; readonly range: DayRange }) {
  const { series, range } = props
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  return {
    timesMs: series.interval.map((interval) => interval * intervalMs),
    spanMs: [range.from * intervalMs, (range.from + range.intervals) * intervalMs] as const,
    ...{ together: 'day', showTime: formats.time },
  }
}
