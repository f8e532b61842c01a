import { type Phases, phasesAt } from '../time/phases.ts'
import { useMarketTime } from './live.tsx'
import { useMarket } from './market.tsx'

/**
 * What the market is doing now, however long ago the page was opened: what the market said then of
 * its gates is over soon.
 */
export function usePhases(everyMs = 1_000): Phases {
  const market = useMarket()
  return phasesAt(useMarketTime(everyMs) ?? market.clock.nowMs, market)
}
