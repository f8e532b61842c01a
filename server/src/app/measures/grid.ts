import { assert } from '@busbar/core/errors'
import type { Zone } from '@busbar/core/registry'
import { ceilDivide, floorDivide } from '@busbar/core/units'
import type { GridView, GridZoneView, SeriesPoint } from '../ports/measures.ts'

type PointAt = (zone: number, interval: number) => SeriesPoint | undefined

/** How far back the newest interval that is settled everywhere is looked for. */
const lookedBackMax = 288

const msPerHour = 3_600_000n
const wholeBasisPoints = 10_000n

/**
 * The tree of zones with what flowed in one interval. A bridge carries what all meters below it put
 * in less what they took out: nothing is lost on the way, as long as a zone has no losses of its
 * own.
 *
 * ```text
 *   town    in 10  out 40   flow  10 − 40 + 25 = −5    5 Wh come down to the town
 *   street  in 30  out  5   flow  30 −  5      = 25    25 Wh go up to it
 * ```
 */
export function gridView(
  zones: readonly Zone[],
  interval: number | null,
  intervalMs: number,
  pointAt: PointAt,
): GridView {
  const flows = new Map<number, bigint | null>()
  // A zone is registered after its parent: from the last to the first, all below it are known.
  for (const { zone, parent } of zones.toReversed()) {
    const own = interval === null ? null : netOf(pointAt(zone, interval))
    const below = flows.get(zone)
    const flow = own === null || below === null ? null : own + (below ?? 0n)
    flows.set(zone, flow)
    if (parent === null) continue
    assert(parent < zone, 'a zone is registered after its parent')
    const beside = flows.get(parent)
    flows.set(parent, flow === null || beside === null ? null : (beside ?? 0n) + flow)
  }
  const views = zones.map((zone): GridZoneView => {
    const flow = flows.get(zone.zone) ?? null
    const point = interval === null ? null : (pointAt(zone.zone, interval) ?? null)
    const { name, parent, bridgeWatts } = zone
    const about = { zone: zone.zone, name, parent, bridgeWatts, point, flow }
    return { ...about, ...bridgeOf(zone, flow, intervalMs) }
  })
  return { interval, zones: views }
}

/** Zero in a zone that has no meters yet; null in one that is not settled. */
function netOf(point: SeriesPoint | undefined): bigint | null {
  if (point === undefined) return 0n
  const { injected, consumed } = point
  return injected === null || consumed === null ? null : injected - consumed
}

function bridgeOf(
  { parent, bridgeWatts }: Zone,
  flow: bigint | null,
  intervalMs: number,
): Pick<GridZoneView, 'capacity' | 'loadingBasisPoints'> {
  if (parent === null) return { capacity: null, loadingBasisPoints: null }
  const wattMs = BigInt(bridgeWatts) * BigInt(intervalMs)
  const capacity = floorDivide(wattMs, msPerHour)
  if (flow === null || wattMs === 0n) return { capacity, loadingBasisPoints: null }
  const carried = (flow < 0n ? -flow : flow) * msPerHour * wholeBasisPoints
  return { capacity, loadingBasisPoints: ceilDivide(carried, wattMs) }
}

/**
 * The newest interval that every zone which has it has settled; where there is none, the newest
 * that any has. Null before the first run.
 */
export function newestSettled(
  zones: readonly Zone[],
  newest: number,
  pointAt: PointAt,
): number | null {
  let partly: number | null = null
  for (let back = 0; back < lookedBackMax && newest - back >= 0; back += 1) {
    const points = zones.flatMap(({ zone }) => pointAt(zone, newest - back) ?? [])
    const settled = points.filter(({ injected }) => injected !== null)
    if (settled.length === 0) continue
    if (settled.length === points.length) return newest - back
    partly ??= newest - back
  }
  return partly
}
