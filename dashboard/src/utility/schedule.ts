import type { ScheduledFlow } from '@busbar/protocols/api'

/** What trades will do in one zone, interval by interval, and how full its bridge gets by it. */
export type ZoneSchedule = {
  readonly zone: number
  /** Of the zone itself, ascending. */
  readonly flows: readonly ScheduledFlow[]
  readonly injectedWh: number
  readonly withdrawnWh: number
  /**
   * The largest net flow over the bridge in either direction, watt-hours of an interval: of the
   * zone and of all below it.
   */
  readonly peakWh: number
  readonly peakInterval: number
  /**
   * Of what the bridge carries in an interval, ten-thousandths, rounded up; null without a bridge,
   * and where others below it have wires of their own.
   */
  readonly peakBasisPoints: number | null
  /** Zones below of other grid operators: what flows there is known to them alone. */
  readonly others: readonly number[]
}

export type ScheduledZone = {
  readonly zone: number
  readonly parent: number | null
  readonly bridgeWatts: number
}

/** Zones below one that are not among a utility's own. */
const othersBelow = (
  zone: number,
  zones: readonly ScheduledZone[],
  own: readonly number[],
): readonly number[] => [...within(zone, zones)].filter((one) => !own.includes(one))

/** What will go over a bridge in one interval. */
export type BridgeLoad = {
  readonly interval: number
  /** Up, out of the zone and all below it, watt-hours; negative is down. */
  readonly netWh: number
  readonly basisPoints: number | null
}

const fullBasisPoints = 10_000
const msPerHour = 3_600_000

/** A zone and all that it reaches downwards, itself first. */
function within(zone: number, zones: readonly ScheduledZone[]): ReadonlySet<number> {
  const found = new Set([zone])
  // What is added while it is gone through is gone through as well.
  for (const one of found) {
    for (const below of zones) if (below.parent === one) found.add(below.zone)
  }
  return found
}

/**
 * What goes over the bridge above a zone, in each interval in which the zone or one below it has
 * part in a trade: what stays among them does not pass it. Ascending.
 */
export function bridgeLoads(
  flows: readonly ScheduledFlow[],
  zones: readonly ScheduledZone[],
  zone: number,
  intervalMs: number,
): readonly BridgeLoad[] {
  const inside = within(zone, zones)
  const watts = zones.find((one) => one.zone === zone)?.bridgeWatts ?? 0
  const capacityWh = Math.floor((watts * intervalMs) / msPerHour)
  const net = new Map<number, number>()
  for (const one of flows) {
    if (!inside.has(one.zone)) continue
    net.set(one.interval, (net.get(one.interval) ?? 0) + one.injectedWh - one.withdrawnWh)
  }
  return [...net]
    .sort(([a], [b]) => a - b)
    .map(([interval, netWh]) => ({
      ...{ interval, netWh },
      basisPoints:
        capacityWh === 0 ? null : Math.ceil((Math.abs(netWh) * fullBasisPoints) / capacityWh),
    }))
}

/**
 * By zone, ascending: the utility's own that trades reach, and those above them. What meters do
 * beside trades is not in it: that nobody can know ahead.
 *
 * @param own zones of the utility whose schedule it is
 */
export function schedulesByZone(
  flows: readonly ScheduledFlow[],
  zones: readonly ScheduledZone[],
  own: readonly number[],
  intervalMs: number,
): readonly ZoneSchedule[] {
  const byZone = Map.groupBy(flows, ({ zone }) => zone)
  return zones
    .filter(({ zone }) => own.includes(zone))
    .map(({ zone }) => ({ zone, loads: bridgeLoads(flows, zones, zone, intervalMs) }))
    .sort((a, b) => a.zone - b.zone)
    .flatMap(({ zone, loads: [first, ...later] }) => {
      if (first === undefined) return []
      const itsOwn = byZone.get(zone) ?? []
      const others = othersBelow(zone, zones, own)
      const peak = later.reduce(
        (most, one) => (Math.abs(one.netWh) > Math.abs(most.netWh) ? one : most), first,
      )
      return [{
        ...{ zone, flows: itsOwn.toSorted((a, b) => a.interval - b.interval), others },
        injectedWh: itsOwn.reduce((sum, one) => sum + one.injectedWh, 0),
        withdrawnWh: itsOwn.reduce((sum, one) => sum + one.withdrawnWh, 0),
        ...{ peakWh: Math.abs(peak.netWh), peakInterval: peak.interval },
        peakBasisPoints: others.length === 0 ? peak.basisPoints : null,
      }]
    })
}

/**
 * What goes over the bridges in one interval, by zone: nothing where trades reach a zone or one
 * below it at other times alone. Zones that no trade reaches are not in it, nor those with others'
 * wires below them.
 *
 * @param own zones of the utility whose schedule it is
 */
export function loadsIn(
  flows: readonly ScheduledFlow[],
  zones: readonly ScheduledZone[],
  own: readonly number[],
  { interval, intervalMs }: { readonly interval: number; readonly intervalMs: number },
): ReadonlyMap<number, BridgeLoad> {
  return new Map(
    zones.flatMap(({ zone, bridgeWatts }) => {
      const loads = bridgeLoads(flows, zones, zone, intervalMs)
      if (loads.length === 0 || othersBelow(zone, zones, own).length > 0) return []
      const nothing = { interval, netWh: 0, basisPoints: bridgeWatts === 0 ? null : 0 }
      return [[zone, loads.find((one) => one.interval === interval) ?? nothing] as const]
    }),
  )
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
