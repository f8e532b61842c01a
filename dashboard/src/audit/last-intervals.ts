import type { Intervals } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useOpened } from '../app/live.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'

const shown = 96

/** The newest intervals of a zone. */
export function useLastIntervals(zone: number): UseQueryResult<Intervals> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.intervals(zone, -shown),
    queryFn: ({ signal }) => client.intervals({ zone, limit: shown }, { signal }),
    enabled: useOpened(),
  })
}
