import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import type { DevicePower } from './devices.ts'
import type { HomeFlow } from './home-flow.ts'
import { flowWords, isStill, wayOf } from './flow-words.ts'

/** Where the parts of the picture stand, in its own units. */
const height = 306
const middle = 148
const house = { x: 180, radius: 37 }
const left = 56
const right = { x: 304, neighbours: 82, grid: 222 }

/** Devices stand one under the other, as many as there are. */
const rowsOf: Readonly<Record<number, readonly number[]>> = {
  1: [middle], 2: [82, 222], 3: [40, 144, 248],
}

/** The home between what it has of its own and what it is connected to. */
export function FlowPicture({ shown }: { readonly shown: HomeFlow }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const { flow, powers, usedW } = shown
  const standing = powers.filter(({ kind }) => kind !== 'heat_pump')
  const pump = powers.find(({ kind }) => kind === 'heat_pump')
  const rows = rowsOf[standing.length] ?? []
  const power = (watts: number): string => formats.power(Math.abs(watts))
  const [shownW, label] = usedW === null
    ? [flow.meterW, say('flow.house')]
    : [usedW, say('flow.home')]
  return (
    <svg
      className={standing.length === 0 ? 'flow alone' : 'flow'}
      viewBox={standing.length === 0 ? `110 24 250 ${height - 24}` : `0 0 360 ${height}`}
      role='img'
      aria-label={flowWords(shown, texts, power)}
    >
      {standing.map(({ kind, watts }, i) => (
        <Wire key={kind} watts={-watts} tone='own' to={[left + 27, rows[i] ?? middle]} />
      ))}
      <Wire watts={flow.neighboursW} to={[right.x - 27, right.neighbours]} />
      <Wire watts={flow.gridW} to={[right.x - 27, right.grid]} />
      {standing.map((device, i) => (
        <Device key={device.kind} device={device} y={rows[i] ?? middle} />
      ))}
      <g className={`node house ${usedW === null ? toneOf(flow.meterW) : ''}`}>
        <circle cx={house.x} cy={middle} r={house.radius} />
        <path d='M164 148l16-14 16 14M168 146v15h24v-15' />
        <text x={house.x} y={middle + 54}>{label}</text>
        <text x={house.x} y={middle + 71} className='watts'>
          {shownW === 0 && isStill(flow) ? say('flow.still') : power(shownW)}
        </text>
        {pump === undefined ? null : (
          <text x={house.x} y={middle + 89} className='soft'>
            {say('flow.heat_pump', { power: power(pump.watts) })}
          </text>
        )}
      </g>
      <Neighbour y={right.neighbours} watts={flow.neighboursW} name={say('flow.neighbours')}>
        <path d='M290 84l8-7 8 7v9h-16zM306 82l6-5 7 6v10h-11' />
      </Neighbour>
      <Neighbour y={right.grid} watts={flow.gridW} name={say('flow.grid')}>
        <path d='M304 208v28M294 214h20M296 222h16M304 208l-8 28M304 208l8 28' />
      </Neighbour>
    </svg>
  )
}

type Place = readonly [x: number, y: number]

/** From the house to a place beside it: the way, its middle, and how it leans there. */
function wireTo([x, y]: Place) {
  const from = house.x + (x < house.x ? -house.radius : house.radius)
  const bend = (from + x) / 2
  const lean = (Math.atan2(2 * (y - middle), x - from) * 180) / Math.PI
  return {
    path: `M${from} ${middle} C${bend} ${middle} ${bend} ${y} ${x} ${y}`,
    ...{ at: `${bend} ${(middle + y) / 2}`, lean: Math.round(lean) },
  }
}

function Device(props: { readonly device: DevicePower; readonly y: number }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { device: { kind, watts }, y } = props
  return (
    <g className={`node own ${watts === 0 ? '' : 'moves'}`}>
      <circle cx={left} cy={y} r={26} />
      <g transform={`translate(${left} ${y})`}>{pictures[kind]}</g>
      <text x={left} y={y + 41}>{say(`devices.${kind}`)}</text>
      <text x={left} y={y + 56} className='watts'>{formats.power(Math.abs(watts))}</text>
    </g>
  )
}

function Neighbour(props: {
  readonly y: number
  readonly watts: number
  readonly name: string
  readonly children: ReactNode
}): ReactNode {
  const formats = useFormats()
  const { y, watts, name, children } = props
  return (
    <g className={`node ${toneOf(watts)}`}>
      <circle cx={right.x} cy={y} r={26} />
      {children}
      <text x={right.x} y={y + 41}>{name}</text>
      <text x={right.x} y={y + 56} className='watts'>{formats.power(Math.abs(watts))}</text>
    </g>
  )
}

/** Around the middle of their circles. */
const pictures: Readonly<Record<DevicePower['kind'], ReactNode>> = {
  solar: (
    <>
      <circle className='plain' r={7} />
      <path d='M0 -11v-4M0 11v4M-11 0h-4M11 0h4M-8 -8l-3 -3M8 8l3 3M-8 8l-3 3M8 -8l3 -3' />
    </>
  ),
  battery: <path d='M-13 -7h23v14h-23zM10 -3h3v6h-3M-8 -3v6M-3 -3v6M2 -3v6' />,
  car_charger: (
    <path d='M-13 4v-4l3 -6h14l5 6 4 1v3zM-8 4a3 3 0 1 0 .1 0M8 4a3 3 0 1 0 .1 0' />
  ),
  heat_pump: <path d='M-9 -9h18v18h-18zM0 -5v10M-5 0h10' />,
}

const toneOf = (watts: number): string => (watts === 0 ? '' : wayOf(watts))

/**
 * Drawn from the house: what leaves it goes along the wire, what it takes comes back. The arrow
 * says so where nothing moves.
 */
function Wire(props: {
  readonly watts: number
  readonly to: Place
  /** What is the home's own is neither bought nor sold. */
  readonly tone?: 'own'
}): ReactNode {
  const { watts, to, tone = '' } = props
  const { path, at, lean } = wireTo(to)
  const way = toneOf(watts)
  if (way === '') return <path className='wire' d={path} />
  const turn = way === 'out' ? lean : lean + 180
  return (
    <>
      <path className={`wire ${tone} ${way}`} d={path} />
      <path className={`pulse ${tone} ${way} ${paceOf(watts)}`} d={path} />
      <path
        className={`arrow ${tone} ${way}`}
        d='M-5 -5l11 5-11 5 3-5z'
        transform={`translate(${at}) rotate(${turn})`}
      />
    </>
  )
}

/** More power moves faster, in three paces: a picture and no measuring instrument. */
function paceOf(watts: number): string {
  const size = Math.abs(watts)
  if (size < 500) return 'slow'
  return size < 3_000 ? 'steady' : 'quick'
}
