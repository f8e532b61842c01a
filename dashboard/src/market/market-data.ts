import type { Series } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMarketTime, useOpened } from '../app/live.tsx'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { askedFor, rangeOf, type SeriesRange, type Span } from './series-range.ts'

/** The range that holds the market's moment; another only when a day ends. */
export function useRange(span: Span, zone: number): SeriesRange | undefined {
  const { rulebook, display } = useMarket()
  const nowMs = useMarketTime(1_000)
  if (nowMs === undefined) return undefined
  const intervalMs = rulebook.intervalSeconds * 1_000
  return rangeOf(span, zone, nowMs, { intervalMs, timeZone: display.timeZone })
}

/**
 * The figures of a day or a week, kept in step with the stream; of a day with the newest intervals
 * before it: in its first hours these are what has just been.
 */
export const useSeries = (
  span: Span,
  range: SeriesRange | undefined,
): UseQueryResult<Series> => useQuery(useAsking()(range && askedFor(span, range)))

/** How the figures of a range are asked for. */
export function useAsking() {
  const { client } = useServices()
  const opened = useOpened()
  return (range: SeriesRange | undefined) => {
    const asked = range ?? { zone: 0, from: 0, points: 1, step: 1 }
    return {
      queryKey: keys.series(asked),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.series(asked, { signal }),
      enabled: range !== undefined && opened,
    }
  }
}
