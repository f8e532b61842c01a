import type { GridZone } from '@busbar/protocols/api'

/** Where a zone stands in the picture, in pixels from its upper left. */
export type GridPlace = {
  readonly zone: GridZone
  /** How many zones are above it. */
  readonly depth: number
  /** The left end of its bar, which ends at the right of the picture. */
  readonly left: number
  readonly barTop: number
  /** Where the line to the zone above stands, and the y it comes from. */
  readonly trunk: number
  readonly from: number
}

export const gridSizes = {
  indent: 22,
  /** Deeper than this, zones stand under each other: a phone has no more room. */
  depthMax: 6,
  bridge: 46,
  bar: 7,
  zone: 58,
} as const

/**
 * The tree from above: each zone followed by all below it, so that no two lines cross.
 *
 * @returns its places, and the height of the picture
 */
export function gridLayout(zones: readonly GridZone[]): {
  readonly places: readonly GridPlace[]
  readonly height: number
} {
  const { indent, depthMax, bridge, bar, zone: room } = gridSizes
  const below = new Map<number | null, GridZone[]>()
  for (const zone of zones) below.set(zone.parent, [...(below.get(zone.parent) ?? []), zone])
  const places: GridPlace[] = []
  const stand = (zone: GridZone, depth: number, from: number): void => {
    const barTop = places.length * (bridge + bar + room) + bridge
    const left = Math.min(depth, depthMax) * indent
    const trunk = depth === 0 ? indent / 2 : Math.max(0, left - indent) + indent / 2
    places.push({ zone, depth, left, barTop, trunk, from })
    for (const one of below.get(zone.zone) ?? []) stand(one, depth + 1, barTop + bar)
  }
  for (const root of below.get(null) ?? []) {
    stand(root, 0, places.length * (bridge + bar + room))
  }
  return { places, height: places.length * (bridge + bar + room) }
}

/** What is agreed to flow over the bridge above a zone in an interval that is still to come. */
export type ScheduledLoad = {
  /** Up, watt-hours; negative is down. */
  readonly netWh: number
  /** Of what the bridge carries, ten-thousandths; null without a bridge. */
  readonly basisPoints: number | null
}

/** Of the zones of whoever looks: of the others nothing is known. */
export type Scheduled = {
  readonly interval: number
  readonly loads: ReadonlyMap<number, ScheduledLoad>
}

export type FlowState = 'up' | 'down' | 'still' | 'unknown'

export function flowState({ flowWh }: Pick<GridZone, 'flowWh'>): FlowState {
  if (flowWh === null) return 'unknown'
  return flowWh === 0 ? 'still' : flowWh > 0 ? 'up' : 'down'
}

/** From here on a bridge is shown as nearly full, and as over its capacity. */
const [nearlyFull, full] = [8_000, 10_000] as const

export function loadingTone(basisPoints: number | null): 'plain' | 'warn' | 'bad' {
  if (basisPoints === null || basisPoints < nearlyFull) return 'plain'
  return basisPoints > full ? 'bad' : 'warn'
}

/** How thick a bridge is drawn: the fuller, the thicker. */
export function lineWidth(basisPoints: number | null): number {
  return 3 + (5 * Math.min(basisPoints ?? 0, full)) / full
}
