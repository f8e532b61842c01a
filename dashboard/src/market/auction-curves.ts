import type { PublicInterval } from '@busbar/protocols/api'

type Curves = NonNullable<PublicInterval['curves']>
export type Side = keyof Curves
type Steps = NonNullable<Curves[Side]>

/** The axes of a picture in its own units; `end` is where the energy that was traded ends. */
export type Frame = {
  readonly left: number
  readonly end: number
  readonly top: number
  readonly bottom: number
}

/** The line of a side, and the area between it and the price. */
export type Shape = { readonly edge: string; readonly area: string }

export type Scale = {
  readonly frame: Frame
  readonly range: readonly [min: number, max: number]
  readonly priceMicrosPerKwh: number
  /** What was traded: from `left` to `end`. */
  readonly energyWh: number
}

export const heightOf = ({ frame, range: [min, max] }: Scale, price: number): number =>
  frame.top + ((max - price) / (max - min)) * (frame.bottom - frame.top)

/**
 * The steps of a side to scale: nothing of it where they are not told, or are of no energy. What is
 * not told of it has no line, and the area that its limits may lie in.
 */
export function shapeOf(steps: Steps | null, scale: Scale): Shape | undefined {
  if (steps === null || steps.length === 0) return undefined
  const { energyWh: all } = scale
  const { left, end } = scale.frame
  const height = (price: number): number => rounded(heightOf(scale, price))
  let energy = 0
  const line = steps.map(({ energyWh, meanMicrosPerKwh }) => {
    energy += energyWh
    const along = rounded(left + ((end - left) * energy) / all)
    return `V${height(meanMicrosPerKwh)}H${along}`
  })
  const begin = height(steps[0]?.meanMicrosPerKwh ?? 0)
  const edge = `M${left} ${begin}${line.join('')}`
  const down = `V${height(scale.priceMicrosPerKwh)}`
  if (energy === all) return { edge: `${edge}${down}`, area: `${edge}${down}H${left}Z` }
  return { edge, area: `${edge}H${end}${down}H${left}Z` }
}

/** How far the name of a curve reaches, how high it is, and how far it stands from a line. */
const label = { reach: 140, height: 16, room: 9 }

/**
 * The base line of a curve's name: beside the price on its own side, or where the curve itself
 * would cross it beyond the curve, as far as the frame has room there.
 */
export function labelAt(side: Side, steps: Readonly<Steps> | null, scale: Scale): number {
  const { frame: { left, end, top, bottom }, priceMicrosPerKwh, energyWh: all } = scale
  const price = heightOf(scale, priceMicrosPerKwh)
  const usual = side === 'buy' ? price - label.room : price + label.room + label.height - 3
  let energy = 0
  const crossing: number[] = []
  for (const { energyWh, meanMicrosPerKwh } of steps ?? []) {
    const from = ((end - left) * energy) / all
    energy += energyWh
    if (from < label.reach) crossing.push(heightOf(scale, meanMicrosPerKwh))
  }
  const isFree = crossing.every((y) => y < usual - label.height || y > usual + 4)
  if (isFree) return rounded(usual)
  const beyond = side === 'buy'
    ? Math.min(...crossing) - label.room
    : Math.max(...crossing) + label.room + label.height - 3
  const fits = beyond - label.height >= top && beyond <= bottom - 4
  return rounded(fits ? beyond : usual)
}

/** Prices to draw: all that is told and the price, with room, within what the market takes. */
export function rangeOf(
  curves: Curves | null,
  price: number,
  [least, most]: readonly [number, number],
): readonly [min: number, max: number] {
  const told = [...(curves?.buy ?? []), ...(curves?.sell ?? [])]
  const limits = told.map(({ meanMicrosPerKwh }) => meanMicrosPerKwh)
  // Of a side that is not told as much room as the price itself takes.
  const high = curves?.buy ? Math.max(price, ...limits) * 1.1 : Math.max(price * 2, ...limits)
  const low = Math.min(0, price, ...limits)
  const min = Math.max(least, price < 0 && !curves?.sell ? least : low)
  const max = Math.min(most, Math.max(high, 100_000))
  return min < price && price < max ? [min, max] : [least, most]
}

const rounded = (value: number): number => Math.round(value * 10) / 10
