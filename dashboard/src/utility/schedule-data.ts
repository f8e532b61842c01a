import type { SchedulePage } from '@busbar/client'
import { useMarketTime } from '../app/live.tsx'
import { useMarket } from '../app/market.tsx'
import type { Scheduled } from '../grid/grid-layout.ts'
import { type ReadPage, type Signed, usePages } from '../retailer/retailer-data.ts'
import { phasesAt } from '../time/phases.ts'
import { loadsIn } from './schedule.ts'

/** Two days of quarters of an hour in one zone. */
const flowsAtOnce = 192

export const readSchedule: ReadPage<SchedulePage> = (client, account, query, options) =>
  client.trades.schedule(account, query, options)

/** What trades will do in a utility's zones, from now on. */
export const useSchedule = (signed: Signed) =>
  usePages(signed, 'schedule', readSchedule, flowsAtOnce)

/** What is agreed for the interval after the one that is delivered now, once it is read. */
export function useScheduled(signed: Signed): Scheduled | undefined {
  const { data } = useSchedule(signed)
  const market = useMarket()
  const nowMs = useMarketTime(5_000)
  if (data === undefined || nowMs === undefined) return undefined
  const { delivering, intervalMs } = phasesAt(nowMs, market)
  const flows = data.pages.flatMap((page) => page.flows)
  const own = data.pages[0]?.zones ?? []
  const interval = delivering + 1
  return { interval, loads: loadsIn(flows, market.zones, own, { interval, intervalMs }) }
}
