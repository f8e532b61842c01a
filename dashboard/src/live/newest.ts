import type { BusbarClient } from '@busbar/client'
import type { Intervals, Series } from '@busbar/protocols/api'
import { merged, pointsOf, sliced } from '../market/series-range.ts'
import type { InIntervals } from './cache-follower.ts'

type Signalled = { readonly signal: AbortSignal }

/** How a query reads intervals, and of them again only those that have changed. */
type Followed<Data> = {
  readonly queryFn: (context: Signalled) => Promise<Data>
  readonly meta: InIntervals<Data>
}

/** Intervals of a zone with all that everybody is shown of them. */
export function newestIntervals(
  client: Pick<BusbarClient, 'intervals'>,
  zone: number,
  limit: number,
): Followed<Intervals> {
  return {
    queryFn: ({ signal }) => client.intervals({ zone, limit }, { signal }),
    meta: {
      readIntervals: async (changed) => {
        const answers = await Promise.all(spansOf(changed, limit).map(({ from, count }) =>
          client.intervals({ zone, from, limit: count })))
        const fresh = answers.flatMap(({ intervals }) => intervals)
        const changedNow = new Set(fresh.map(({ interval }) => interval))
        return (before) => {
          const kept = before.intervals.filter(({ interval }) => !changedNow.has(interval))
          const all = [...kept, ...fresh].sort((a, b) => a.interval - b.interval)
          return { ...before, intervals: all.slice(-limit) }
        }
      },
    },
  }
}

/** Figures of a zone in columns. */
export function newestSeries(
  client: Pick<BusbarClient, 'series'>,
  zone: number,
  points: number,
): Followed<Series> {
  return {
    queryFn: ({ signal }) => client.series({ zone, points }, { signal }),
    meta: {
      readIntervals: async (changed) => {
        const { from, count } = spanOf(changed, points)
        const fresh = await client.series({ zone, from, points: count })
        return (before) => sliced(merged(before, fresh), -points)
      },
    },
  }
}

/** The same of intervals that were chosen: what is outside of them changes nothing. */
export function chosenSeries(
  client: Pick<BusbarClient, 'series'>,
  range: { readonly zone: number; readonly from: number; readonly points: number },
): Followed<Series> {
  return {
    queryFn: ({ signal }) => client.series(range, { signal }),
    meta: {
      readIntervals: async (changed) => {
        const asked = pointsOf({ ...range, step: 1 }, changed)
        if (asked === undefined) return (before) => before
        const fresh = await client.series(asked)
        return (before) => merged(before, fresh)
      },
    },
  }
}

/** Each interval that changed with those beside it, as far as they can be among so many. */
function spansOf(changed: readonly number[], most: number): { from: number; count: number }[] {
  const last = Math.max(...changed)
  const spans: { from: number; count: number }[] = []
  for (const one of [...new Set(changed)].sort((a, b) => a - b)) {
    const span = spans.at(-1)
    if (one <= last - most) continue
    if (span !== undefined && span.from + span.count === one) span.count += 1
    else spans.push({ from: one, count: 1 })
  }
  return spans
}

/** From the first that changed to the last, as far as both can be among so many. */
function spanOf(changed: readonly number[], most: number): { from: number; count: number } {
  const last = Math.max(...changed)
  const from = Math.max(Math.min(...changed), last - most + 1)
  return { from, count: last - from + 1 }
}
