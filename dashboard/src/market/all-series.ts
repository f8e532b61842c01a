import type { Series } from '@busbar/protocols/api'
import { useQueries } from '@tanstack/react-query'
import type { Asked } from '../parts/states.tsx'
import { useAsking } from './market-data.ts'
import type { SeriesRange } from './series-range.ts'

/** The figures of a range in each of these zones: one that cannot be read stands for all. */
export function useSeriesOfAll(
  range: SeriesRange | undefined,
  zones: readonly number[],
): Asked<readonly Series[]> {
  const asking = useAsking()
  const answers = useQueries({
    queries: zones.map((zone) => asking(range && { ...range, zone })),
  })
  const all = answers.flatMap(({ data }) => data ?? [])
  return {
    data: all.length === zones.length ? all : undefined,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => answers.map(({ refetch }) => refetch()),
  }
}
