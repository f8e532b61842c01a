import type { AccountDetail, AccountSeries, Standing } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMarketTime, useOpened } from '../app/live.tsx'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { type DayRange, dayRange } from './day.ts'
import type { Told } from './devices.ts'

/** The market's day now, or one before it; undefined before the market's time was heard. */
export function useDayRange(daysBack: number): DayRange | undefined {
  const { rulebook, display } = useMarket()
  const nowMs = useMarketTime(1_000)
  if (nowMs === undefined) return undefined
  const intervalMs = rulebook.intervalSeconds * 1_000
  return dayRange(nowMs, daysBack, { intervalMs, timeZone: display.timeZone })
}

/** A day of an account, kept in step with the stream. */
export function useDay(
  account: number,
  range: DayRange | undefined,
): UseQueryResult<AccountSeries> {
  const { client } = useServices()
  const opened = useOpened()
  const asked = range ?? { from: 0, intervals: 1 }
  return useQuery({
    queryKey: keys.accountSeries(account, asked),
    queryFn: ({ signal }) => client.accountSeries(account, asked, { signal }),
    enabled: range !== undefined && opened,
  })
}

/** What the home's devices say of a day, kept in step with the stream. */
export function useDevices(account: number, range: DayRange | undefined): Told {
  const { client } = useServices()
  const opened = useOpened()
  const asked = range ?? { from: 0, intervals: 1 }
  const { data, isError } = useQuery({
    queryKey: keys.devices(account, asked),
    queryFn: ({ signal }) => client.devices.series(account, asked, { signal }),
    enabled: range !== undefined && opened,
  })
  if (data !== undefined) return { state: 'known', series: data }
  return { state: isError ? 'failed' : 'asked' }
}

export function useStanding(account: number): UseQueryResult<Standing> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.standing(account),
    queryFn: ({ signal }) => client.standing(account, { signal }),
    enabled: useOpened(),
  })
}

export function useAccount(account: number): UseQueryResult<AccountDetail> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.account(account),
    queryFn: ({ signal }) => client.account(account, { signal }),
    enabled: useOpened(),
  })
}
