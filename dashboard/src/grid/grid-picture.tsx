import type { Grid, GridZone } from '@busbar/protocols/api'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Link } from '../route/router.tsx'
import {
  flowState,
  gridLayout,
  type GridPlace,
  gridSizes,
  lineWidth,
  loadingTone,
  type Scheduled,
} from './grid-layout.ts'

/**
 * The tree of zones as a switchboard: each zone is a bar, each bridge a line to the bar above with
 * an arrow the way that energy flowed. Drawn as wide as there is room, so that its words stay as
 * large as all others.
 */
export function GridPicture(props: {
  readonly grid: Grid
  readonly current: number
  readonly title: string
  readonly scheduled?: Scheduled | undefined
}): ReactNode {
  const { grid, current, title, scheduled } = props
  const { box, width } = useWidth()
  const { places, height } = gridLayout(grid.zones)
  return (
    <div ref={box}>
      <svg
        className='grid-picture'
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role='group'
        aria-label={title}
      >
        {places.map(({ zone, trunk, from, barTop }) => (
          <path key={zone.zone} className='trunk' d={`M${trunk} ${from}V${nearOf(from, barTop)}`} />
        ))}
        {places.map((place) => (
          <Bridge key={place.zone.zone} place={place} />
        ))}
        {places.map((place) => (
          <Place
            key={place.zone.zone}
            place={place}
            width={width}
            isCurrent={place.zone.zone === current}
            scheduled={scheduled}
          />
        ))}
      </svg>
    </div>
  )
}

/** As wide as the place that it is drawn in. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(320)
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const watcher = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [])
  return { box, width }
}

/** Where a bridge leaves the line that it shares with others. */
const nearOf = (from: number, barTop: number): number =>
  Math.max(from, barTop - gridSizes.bridge + 6)

/** Into the bar of the zone, beside all that stands between it and the one above. */
function Bridge({ place }: { readonly place: GridPlace }): ReactNode {
  const { zone, depth, left, barTop, trunk, from } = place
  const state = flowState(zone)
  const width = lineWidth(zone.loadingBasisPoints)
  const middle = barTop + gridSizes.bar / 2
  const end = depth === 0 ? `V${barTop}` : `V${middle}H${left + 4}`
  return (
    <g className={`bridge ${state}`}>
      <path d={`M${trunk} ${nearOf(from, barTop)}${end}`} strokeWidth={width} />
      {state === 'up' || state === 'down' ? (
        <path className='arrow' d={arrow(state, trunk, barTop - gridSizes.bridge / 2 + 3)} />
      ) : null}
    </g>
  )
}

function arrow(state: 'up' | 'down', x: number, y: number): string {
  const tip = state === 'up' ? -7 : 7
  return `M${x - 8} ${y - tip / 2}L${x} ${y + tip}L${x + 8} ${y - tip / 2}Z`
}

/** Of a name or a price, in pixels: rather too much than too little. */
const letterWidth = 9

function Place(props: {
  readonly place: GridPlace
  readonly width: number
  readonly isCurrent: boolean
  readonly scheduled: Scheduled | undefined
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { place, width, isCurrent, scheduled } = props
  const { zone, left, barTop, trunk } = place
  const { bar } = gridSizes
  const inner = left + gridSizes.indent
  const price = zone.priceMicrosPerKwh
  const bridge = useBridgeWords(zone)
  const short = price === null ? '–' : formats.price(price)
  const long = price === null ? short : `${short} ${say('auction.perKwh')}`
  // Beside a long name on a small phone there is room for the figure alone.
  const isTight = inner + letterWidth * (zone.name.length + long.length) > width
  const priceText = isTight ? short : long
  const ahead = useScheduledWords(zone, scheduled)
  const middle = barTop - gridSizes.bridge / 2 + 8
  return (
    <>
      <text
        className={`flow ${loadingTone(zone.loadingBasisPoints)}`}
        x={trunk + 15}
        y={ahead === undefined ? middle : middle - 9}
      >
        {bridge}
      </text>
      {ahead === undefined ? null : (
        <text
          className={`flow ${loadingTone(scheduled?.loads.get(zone.zone)?.basisPoints ?? null)}`}
          x={trunk + 15}
          y={middle + 9}
        >
          {ahead}
        </text>
      )}
      <Link
        to={zone.zone === 0 ? '/' : `/?zone=${zone.zone}`}
        className='grid-zone'
        aria-current={isCurrent ? 'true' : undefined}
      >
        <rect
          className='whole'
          x={left}
          y={barTop}
          width={width - left}
          height={bar + gridSizes.zone}
        />
        <rect className='bar-shape' x={left} y={barTop} width={width - left} height={bar} rx='3' />
        <text className='name' x={inner} y={barTop + bar + 21}>
          {zone.name}
        </text>
        <text className='price' x={width} y={barTop + bar + 21} textAnchor='end'>
          {priceText}
        </text>
        <Metered zone={zone} x={inner} y={barTop + bar + 42} width={width} />
      </Link>
    </>
  )
}

/** Of words, in pixels; and how wide a letter is for that, rather too much than too little. */
const [smallest, usual, widthToSize] = [10.5, 13, 0.535]

/** What the meters of a zone say, as small as it has to be to end where the picture does. */
function Metered(props: {
  readonly zone: GridZone
  readonly x: number
  readonly y: number
  readonly width: number
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zone: { consumedWh, injectedWh }, x, y, width } = props
  const words = consumedWh === null || injectedWh === null
    ? say('grid.unsettled')
    : say('grid.metered', { used: formats.energy(consumedWh), fed: formats.energy(injectedWh) })
  const fitting = (width - x) / (words.length * widthToSize)
  const fontSize = Math.min(usual, Math.max(smallest, fitting))
  return <text className='metered' x={x} y={y} style={{ fontSize }}>{words}</text>
}

/** What a bridge carried, in words: which way, how much, how full it was. */
export function useBridgeWords(zone: GridZone): string {
  const { say } = useTexts()
  const formats = useFormats()
  const { parent, flowWh, loadingBasisPoints: loading } = zone
  const state = flowState(zone)
  const energy = formats.energy(Math.abs(flowWh ?? 0))
  const flow = say(`grid.${parent === null ? 'outside' : 'bridge'}.${state}`, { energy })
  if (loading === null || state === 'unknown') return flow
  return `${flow} · ${say('grid.loading', { share: formats.percent(loading / 10_000) })}`
}

/** What is agreed to go over a bridge, in words; undefined where nobody knows. */
function useScheduledWords(
  { zone, parent }: GridZone,
  scheduled: Scheduled | undefined,
): string | undefined {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const load = scheduled?.loads.get(zone)
  if (scheduled === undefined || load === undefined) return undefined
  const { netWh, basisPoints } = load
  const energy = formats.energy(Math.abs(netWh))
  const state = netWh === 0 ? 'still' : netWh > 0 ? 'up' : 'down'
  const flow = say(`grid.ahead.${parent === null ? 'outside' : 'bridge'}.${state}`, {
    energy, time: formats.time(scheduled.interval * intervalMs),
  })
  if (basisPoints === null) return flow
  return `${flow} · ${say('grid.loading', { share: formats.percent(basisPoints / 10_000) })}`
}
