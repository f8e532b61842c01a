import type { DefaultView } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Hash, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { DefaultActions } from './default-actions.tsx'
import { defaultsIn, type Signed, useAccountNames, useDefaults } from './retailer-data.ts'
import { isLasting, type Rung, rungsOf, stillOwed } from './rungs.ts'

/** Who has not paid, and how far the ladder is: those that last first. */
export function DefaultsPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useDefaults(signed)
  const known = asked.data === undefined ? [] : defaultsIn(asked.data)
  const nameOf = useAccountNames(
    known.flatMap(({ account, creditor }) => [account ?? [], creditor ?? []].flat()),
  )
  return (
    <>
      <p className='soft'>{say('retailer.defaults.hint')}</p>
      <Answered asked={asked} height={420}>
        {(data) => {
          const all = defaultsIn(data)
          const sorted = [...all.filter(isLasting), ...all.filter((one) => !isLasting(one))]
          if (sorted.length === 0) {
            return (
              <Note tone='good' title={say('retailer.defaults.empty')}>
                <p>{say('retailer.defaults.empty.next')}</p>
              </Note>
            )
          }
          const { hasMore, load } = moreOf(asked)
          return (
            <>
              {sorted.map((one) => (
                <DefaultCard key={one.default} one={one} nameOf={nameOf} {...signed} />
              ))}
              {hasMore ? (
                <button type='button' className='button' onClick={load}>
                  {say('table.more')}
                </button>
              ) : null}
            </>
          )
        }}
      </Answered>
    </>
  )
}

const tones: Readonly<Record<DefaultView['status'], Tone>> = {
  ...{ open: 'bad', appealed: 'warn', cured: 'good', overturned: 'plain', exhausted: 'bad' },
}

type CardProps = Signed & {
  readonly one: DefaultView
  readonly nameOf: (account: number) => string
}

function DefaultCard(props: CardProps): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { one, nameOf } = props
  const { status, account, creditor } = one
  const label = (who: number | null): string =>
    who === null ? say('retailer.default.elsewhere') : nameOf(who)
  return (
    <Card
      title={say('retailer.default.title', { number: one.default, who: label(account) })}
      beside={<Badge tone={tones[status]}>{say(`retailer.default.status.${status}`)}</Badge>}
    >
      <p>
        {say(`retailer.default.cause.${one.cause}`)} {say(`retailer.default.next.${status}`)}
      </p>
      <dl className='facts'>
        <div>
          <dt>{say('retailer.default.amount')}</dt>
          <dd className='figure'>{formats.exactMoney(one.amountMicros)}</dd>
        </div>
        <div>
          <dt>{say('retailer.default.recovered')}</dt>
          <dd className='figure'>{formats.exactMoney(one.recoveredMicros)}</dd>
        </div>
        <div>
          <dt>{say('retailer.default.trade')}</dt>
          <dd>{one.trade}</dd>
        </div>
      </dl>
      {creditor === null || stillOwed(one) <= 0 ? null : (
        <p className='small soft'>
          {say('retailer.default.creditor', {
            who: nameOf(creditor), amount: formats.money(stillOwed(one)),
          })}
        </p>
      )}
      {one.steps.length === 0 ? null : <Ladder one={one} />}
      <DefaultActions one={one} session={props.session} />
    </Card>
  )
}

const rungIcons: Readonly<Record<Rung['state'], IconName>> = {
  ...{ done: 'check', now: 'warn', ahead: 'wait', never: 'none' },
}

function Ladder({ one }: { readonly one: DefaultView }): ReactNode {
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
