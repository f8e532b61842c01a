import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Card } from '../parts/parts.tsx'
import { type Flow, flowOf } from './day.ts'

/** The power through the meter, from and to whom; what is behind it is nobody's business. */
export function FlowCard({ series }: { readonly series: AccountSeries }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const flow = flowOf(series, rulebook.intervalSeconds)
  const intervalMs = rulebook.intervalSeconds * 1_000
  const beside = flow === undefined ? undefined : (
    <span className='small soft'>
      {say('flow.of', {
        interval: formats.span(flow.interval * intervalMs, (flow.interval + 1) * intervalMs),
      })}
    </span>
  )
  return (
    <Card title={say('flow.title')} beside={beside}>
      {flow === undefined ? <p className='soft'>{say('flow.waits')}</p> : <Picture flow={flow} />}
      <p className='small soft'>{say('flow.behind.hint')}</p>
    </Card>
  )
}

function Picture({ flow }: { readonly flow: Flow }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { meterW, neighboursW, gridW } = flow
  const power = (watts: number): string => formats.power(Math.abs(watts))
  const values = { power: power(meterW), neighbours: power(neighboursW), grid: power(gridW) }
  const says = meterW === 0 ? 'still' : meterW > 0 ? 'out' : 'in'
  return (
    <svg
      className='flow'
      viewBox='0 0 360 208'
      role='img'
      aria-label={say(`flow.says.${says}`, values)}
    >
      <path className='wire unknown' d='M84 96 H142' />
      <Wire watts={neighboursW} path='M212 88 C252 84 250 46 280 46' />
      <Wire watts={gridW} path='M212 108 C252 112 250 150 280 150' />
      <g className='node unknown'>
        <circle cx='52' cy='96' r='31' />
        <path d={rays} />
        <circle cx='52' cy='96' r='8' />
        <text x='4' y='146' className='from'>{say('flow.behind')}</text>
        <text x='4' y='163' className='from soft'>{say('flow.unknown')}</text>
      </g>
      <g className={`node house ${toneOf(meterW)}`}>
        <circle cx='177' cy='98' r='35' />
        <path d='M161 98l16-14 16 14M165 96v15h24v-15' />
        <text x='177' y='152'>{say('flow.house')}</text>
        <text x='177' y='170' className='watts'>
          {meterW === 0 ? say('flow.still') : power(meterW)}
        </text>
      </g>
      <g className={`node ${toneOf(neighboursW)}`}>
        <circle cx='306' cy='46' r='26' />
        <path d='M292 48l8-7 8 7v9h-16zM308 46l6-5 7 6v10h-11' />
        <text x='306' y='88'>{say('flow.neighbours')}</text>
        <text x='306' y='14' className='watts'>{power(neighboursW)}</text>
      </g>
      <g className={`node ${toneOf(gridW)}`}>
        <circle cx='306' cy='150' r='26' />
        <path d='M306 136v28M296 142h20M298 150h16M306 136l-8 28M306 136l8 28' />
        <text x='306' y='192'>{say('flow.grid')}</text>
        <text x='306' y='118' className='watts'>{power(gridW)}</text>
      </g>
    </svg>
  )
}

/** Of the sun, around a circle at 52, 96. */
const rays =
  'M52 82v-6M52 116v-6M38 96h-6M72 96h-6M42 86l-4-4M66 110l-4-4M42 106l-4 4M66 82l-4 4'

const toneOf = (watts: number): string => (watts === 0 ? '' : watts > 0 ? 'out' : 'in')

/** Drawn from the house: what is given goes along it, what is taken comes back. */
function Wire({ watts, path }: { readonly watts: number; readonly path: string }): ReactNode {
  const tone = toneOf(watts)
  return (
    <>
      <path className={`wire ${tone}`} d={path} />
      {tone === '' ? null : <path className={`pulse ${tone} ${paceOf(watts)}`} d={path} />}
    </>
  )
}

/** More power moves faster, in three paces: a picture and no measuring instrument. */
function paceOf(watts: number): string {
  const size = Math.abs(watts)
  if (size < 500) return 'slow'
  return size < 3_000 ? 'steady' : 'quick'
}
