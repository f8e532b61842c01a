import type { DefaultView } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { DefaultActions } from './default-actions.tsx'
import { defaultsIn, type Signed, useAccountNames, useDefaults } from './retailer-data.ts'
import { defaultTones, Ladder } from './ladder.tsx'
import { isLasting, stillOwed } from './rungs.ts'

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
      beside={<Badge tone={defaultTones[status]}>{say(`retailer.default.status.${status}`)}</Badge>}
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
