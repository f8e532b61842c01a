import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Card } from '../parts/parts.tsx'
import type { Told } from './devices.ts'
import { FlowPicture } from './flow-picture.tsx'
import { homeFlowOf } from './home-flow.ts'

/** The power of the home now: to and from whom, and what its devices do with it. */
export function FlowCard(props: {
  readonly series: AccountSeries
  readonly told: Told
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { intervalSeconds } = useMarket().rulebook
  const shown = homeFlowOf(props.series, props.told, intervalSeconds)
  const intervalMs = intervalSeconds * 1_000
  const beside = shown === undefined ? undefined : (
    <span className='small soft'>
      {say('flow.of', {
        interval: formats.span(
          shown.flow.interval * intervalMs,
          (shown.flow.interval + 1) * intervalMs,
        ),
      })}
    </span>
  )
  return (
    <Card title={say('flow.title')} beside={beside}>
      {shown === undefined ? (
        <p className='soft'>{say('flow.waits')}</p>
      ) : (
        <>
          <FlowPicture shown={shown} />
          <Hint told={props.told} isTold={shown.usedW !== null} />
        </>
      )}
    </Card>
  )
}

function Hint(props: { readonly told: Told; readonly isTold: boolean }): ReactNode {
  const { say } = useTexts()
  const { told } = props
  if (told.state === 'failed') return <p className='small soft'>{say('flow.failed.hint')}</p>
  if (told.state !== 'known') return null
  if (props.isTold) return <p className='small soft'>{say('flow.told.hint')}</p>
  const isNone = told.series.devices.length === 0
  return (
    <p className='small soft'>
      {isNone ? say('devices.unknown.next') : say('flow.untold.hint')}
    </p>
  )
}
