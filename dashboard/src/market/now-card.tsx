import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Bone } from '../parts/parts.tsx'
import { phasesAt } from '../time/phases.ts'

/** The time until the next gate, and what happens meanwhile with the intervals before it. */
export function NowCard({ series }: { readonly series: Series | undefined }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const market = useMarket()
  const nowMs = useMarketTime()
  if (nowMs === undefined) return <Bone height={320} />
  const phases = phasesAt(nowMs, market)
  const { intervalMs, open, gateMs } = phases
  const spanOf = (interval: number): string =>
    formats.span(interval * intervalMs, (interval + 1) * intervalMs)
  const percent = Math.min(100, Math.max(0, phases.passed * 100))
  return (
    <section className='card' aria-labelledby='now'>
      <div className='stack'>
        <div>
          <h2 id='now' className='eyebrow'>
            {say('market.gate')}
          </h2>
          <p className='hero figure' role='timer'>
            {formats.countdown(gateMs - nowMs)}
          </p>
        </div>
        <div
          className='progress'
          role='progressbar'
          aria-label={say('market.progress')}
          aria-valuenow={Math.round(percent)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span style={{ width: `${percent}%` }} />
        </div>
        <p className='soft'>
          {say('market.gate.next', {
            interval: spanOf(open),
            time: formats.timeWithSeconds(gateMs),
          })}
        </p>
        <ol className='phases'>
          <Phase
            icon='order'
            text={say('market.phase.orders')}
            span={spanOf(open)}
            more={say('market.phase.horizon', {
              time: formats.moment((phases.openThrough + 1) * intervalMs),
            })}
          />
          <Phase
            icon='energy'
            isNow
            text={say('market.phase.delivery')}
            span={spanOf(phases.delivering)}
          />
          <Behind series={series} spanOf={spanOf} delivering={phases.delivering} />
        </ol>
      </div>
    </section>
  )
}

function Phase(props: {
  readonly icon: IconName
  readonly text: string
  readonly span: string
  readonly more?: string
  readonly isNow?: boolean
}): ReactNode {
  return (
    <li className={props.isNow === true ? 'now' : ''}>
      <Icon name={props.icon} />
      <span>
        {props.text}
        {props.more === undefined ? null : <span className='small soft'> {props.more}</span>}
      </span>
      <strong className='figure'>{props.span}</strong>
    </li>
  )
}

/** The newest interval that was delivered, and how far its money is. */
function Behind(props: {
  readonly series: Series | undefined
  readonly delivering: number
  readonly spanOf: (interval: number) => string
}): ReactNode {
  const { say } = useTexts()
  const { series, delivering, spanOf } = props
  const index = series?.interval.findLastIndex((interval) => interval < delivering) ?? -1
  const interval = series?.interval[index]
  const status = series?.status[index]
  if (interval === undefined || status === undefined) return null
  const isSettled = status === 'provisional' || status === 'final'
  return (
    <Phase
      icon={isSettled ? 'coins' : 'meter'}
      text={say(isSettled ? `market.phase.${status}` : 'market.phase.settling')}
      span={spanOf(interval)}
    />
  )
}
