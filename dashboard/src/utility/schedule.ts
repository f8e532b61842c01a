import type { ScheduledFlow } from '@busbar/protocols/api'

/** What trades will do in one zone, interval by interval, and how full its bridge gets by it. */
export type ZoneSchedule = {
  readonly zone: number
  readonly flows: readonly ScheduledFlow[]
  readonly injectedWh: number
  readonly withdrawnWh: number
  /** The largest net flow in either direction, watt-hours of an interval. */
  readonly peakWh: number
  readonly peakInterval: number
  /** Of what the bridge carries in an interval, ten-thousandths, rounded up; null without one. */
  readonly peakBasisPoints: number | null
}

type Bridge = { readonly zone: number; readonly bridgeWatts: number }

const fullBasisPoints = 10_000
const msPerHour = 3_600_000

/** By zone, ascending. What meters do beside trades is not in it: that nobody can know ahead. */
export function schedulesByZone(
  flows: readonly ScheduledFlow[],
  zones: readonly Bridge[],
  intervalMs: number,
): readonly ZoneSchedule[] {
  const byZone = Map.groupBy(flows, ({ zone }) => zone)
  return [...byZone]
    .sort(([a], [b]) => a - b)
    .map(([zone, own]) => {
      const net = (one: ScheduledFlow): number => Math.abs(one.injectedWh - one.withdrawnWh)
      const peak = own.reduce((most, one) => (net(one) > net(most) ? one : most))
      const watts = zones.find((one) => one.zone === zone)?.bridgeWatts ?? 0
      const capacityWh = Math.floor((watts * intervalMs) / msPerHour)
      return {
        ...{ zone, flows: own.toSorted((a, b) => a.interval - b.interval) },
        injectedWh: own.reduce((sum, one) => sum + one.injectedWh, 0),
        withdrawnWh: own.reduce((sum, one) => sum + one.withdrawnWh, 0),
        ...{ peakWh: net(peak), peakInterval: peak.interval },
        peakBasisPoints:
          capacityWh === 0 ? null : Math.ceil((net(peak) * fullBasisPoints) / capacityWh),
      }
    })
}

/** What each retailer collects for a utility, micros. */
export function sumsByRetailer(
  lines: readonly { readonly retailer: number | null; readonly amountMicros: number }[],
): readonly { readonly retailer: number | null; readonly amountMicros: number }[] {
  const sums = new Map<number | null, number>()
  for (const { retailer, amountMicros } of lines) {
    sums.set(retailer, (sums.get(retailer) ?? 0) + amountMicros)
  }
  return [...sums]
    .map(([retailer, amountMicros]) => ({ retailer, amountMicros }))
    .sort((a, b) => (a.retailer ?? -1) - (b.retailer ?? -1))
}
