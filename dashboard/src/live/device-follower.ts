import type { BusbarClient } from '@busbar/client'
import type { DeviceSeries } from '@busbar/protocols/api'
import type { QueryClient } from '@tanstack/react-query'
import { type DayRange, isInRange } from '../home/day.ts'
import { withDeviceInterval } from '../home/devices.ts'

/**
 * Devices of a home speak before its meter is read: an event of an interval says that both may be
 * asked for. Of a day that is looked at only the interval is.
 */
export async function followDevices(
  client: Pick<BusbarClient, 'devices'>,
  cache: QueryClient,
  interval: number,
): Promise<void> {
  const days = cache.getQueryCache().findAll({ queryKey: ['devices'] })
  await Promise.all(
    days.map(async (query) => {
      const { queryKey } = query
      const [, account, range] = queryKey as readonly [string, number, DayRange]
      if (!isInRange(range, interval)) return
      const stale = (): Promise<void> => cache.invalidateQueries({ queryKey })
      if (query.getObserversCount() === 0) return stale()
      try {
        const fresh = await client.devices.series(account, { from: interval, intervals: 1 })
        const known = cache.getQueryData<DeviceSeries>(queryKey)
        const merged = known && withDeviceInterval(known, fresh, interval)
        if (merged === undefined) return stale()
        cache.setQueryData<DeviceSeries>(queryKey, merged)
      } catch {
        // What could not be read now is old: the page reads it when it can.
        await stale()
      }
    }),
  )
}
