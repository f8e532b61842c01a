import type { Intervals } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useOpened } from '../app/live.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { newestIntervals } from '../live/newest.ts'

const zone = 0
const shown = 96

/** The newest intervals of the first zone, in one answer for all cards that look back. */
export function useLastIntervals(): UseQueryResult<Intervals> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.intervals(zone, -shown),
    ...newestIntervals(client, zone, shown),
    enabled: useOpened(),
  })
}
