import type { DefaultView } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Hash, type Tone } from '../parts/parts.tsx'
import { type Rung, rungsOf } from './rungs.ts'

/** Of the states of a default. */
export const defaultTones: Readonly<Record<DefaultView['status'], Tone>> = {
  ...{ open: 'bad', appealed: 'warn', cured: 'good', overturned: 'plain', exhausted: 'bad' },
}

const rungIcons: Readonly<Record<Rung['state'], IconName>> = {
  ...{ done: 'check', now: 'warn', ahead: 'wait', never: 'none' },
}

/** The steps of a default, whoever's: those taken with what shows them, and when the next is. */
export function Ladder({ one }: { readonly one: DefaultView }): ReactNode {
  const { say } = useTexts()
  return (
    <ol className='life'>
      {rungsOf(one).map((rung) => (
        <li key={rung.step} className={rung.state === 'never' ? 'ahead' : rung.state}>
          <span className='life-icon'>
            <Icon name={rungIcons[rung.state]} />
          </span>
          <div>
            <h3>{say(`retailer.step.${rung.step}`)}</h3>
            <Told rung={rung} />
          </div>
        </li>
      ))}
    </ol>
  )
}

function Told({ rung: { state, taken, atMs, step } }: { readonly rung: Rung }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if (taken === null) {
    const words = atMs === null || state === 'never'
      ? say('retailer.step.never')
      : say('retailer.step.ahead', { time: formats.moment(atMs) })
    return <p className='small soft'>{words}</p>
  }
  const time = formats.moment(taken.atMs)
  const isLast = step === 'disconnection_notice'
  const since = isLast
    ? say('retailer.step.last', { time })
    : say('retailer.step.taken', { time, deadline: formats.moment(taken.deadlineMs) })
  return (
    <>
      <p className='small'>
        {since}
        {taken.fineMicros === 0 ? null : (
          <>
            {' · '}
            {say('retailer.step.fineAmount', { amount: formats.money(taken.fineMicros) })}
          </>
        )}
      </p>
      <dl className='hashes small soft'>
        <div>
          <dt>{say('retailer.step.evidence')}</dt>
          <dd>
            {taken.evidence === '' ? say('retailer.step.noEvidence') : (
              <Hash value={taken.evidence} />
            )}
          </dd>
        </div>
        <div>
          <dt>{say('retailer.step.consent')}</dt>
          <dd>
            <Hash value={taken.consent} />
          </dd>
        </div>
      </dl>
    </>
  )
}
