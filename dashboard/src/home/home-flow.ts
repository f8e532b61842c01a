import type { AccountSeries } from '@busbar/protocols/api'
import { type Flow, flowOf } from './day.ts'
import { behindMeter, type DevicePower, newestKnown, powersAt, type Told } from './devices.ts'

/** What the picture shows: the meter, and where devices have told it what is behind. */
export type HomeFlow = {
  readonly flow: Flow
  readonly powers: readonly DevicePower[]
  /** What the house uses, its car left out. Null where devices say nothing of this interval. */
  readonly usedW: number | null
}

/** How many intervals the meter may be ahead before what devices said is of another time. */
const behindMax = 2

export function homeFlowOf(
  series: AccountSeries,
  told: Told,
  intervalSeconds: number,
): HomeFlow | undefined {
  const metered = flowOf(series, intervalSeconds)
  if (metered === undefined) return undefined
  const alone = { flow: metered, powers: [], usedW: null }
  if (told.state !== 'known') return alone
  const behind = behindMeter(series, told.series)
  const at = newestKnown(behind)
  const houseWh = behind.houseWh[at] ?? null
  const flow = houseWh === null ? undefined : flowOf(series, intervalSeconds, at)
  if (houseWh === null || flow === undefined) return alone
  if (metered.interval - flow.interval > behindMax) return alone
  const powers = powersAt(told.series, flow.interval, intervalSeconds)
  return { flow, powers, usedW: Math.round((houseWh * 3_600) / intervalSeconds) }
}
