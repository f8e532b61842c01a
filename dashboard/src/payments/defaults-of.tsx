import type { DefaultView, PaymentView } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Badge, CopyMark, Note } from '../parts/parts.tsx'
import { defaultTones, Ladder } from '../retailer/ladder.tsx'
import { isLasting } from '../retailer/rungs.ts'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { AppealForm } from './appeal-form.tsx'
import { billNumber, cureOf, mayAppeal, openMicros } from './payments.ts'

type Props = {
  readonly defaults: readonly DefaultView[]
  readonly payments: readonly PaymentView[]
  readonly session: Session
  readonly nameOf: (account: number) => string
  /** What the account's own retailer is called. */
  readonly retailer: string
}

/** What an account has not paid, and what it has not been paid: while it lasts. */
export function DefaultsOf(props: Props): ReactNode {
  const { say } = useTexts()
  const { money } = useFormats()
  const { defaults, session: { account }, nameOf } = props
  const lasting = defaults.filter(isLasting)
  const own = lasting.filter((one) => one.account === account)
  const others = lasting.filter((one) => one.account !== account)
  return (
    <>
      {own.map((one) => <OwnDefault key={one.default} one={one} {...props} />)}
      {others.map((one) => (
        <Note
          key={one.default}
          tone='warn'
          title={say('payments.creditor', {
            name: one.account === null ? say('retailer.default.elsewhere') : nameOf(one.account),
            amount: money(openMicros(one)),
            trade: one.trade,
          })}
        >
          <p>{say(`payments.creditor.${one.status === 'appealed' ? 'paused' : 'open'}`)}</p>
        </Note>
      ))}
    </>
  )
}

function OwnDefault(props: Props & { readonly one: DefaultView }): ReactNode {
  const { say } = useTexts()
  const { money, exactMoney } = useFormats()
  const { one, payments, session, nameOf, retailer } = props
  const { status, trade, creditor } = one
  const payment = payments.find(({ payment: number }) => number === one.payment)
  const name = creditor === null ? say('retailer.default.elsewhere') : nameOf(creditor)
  const title = say('payments.default.title', { amount: money(one.amountMicros), name })
  const reference = payment?.reference ?? ''
  const way = cureOf(one, payment)
  const cure = say(`payments.cure.${way}`, {
    ...{ amount: exactMoney(openMicros(one)), retailer, number: billNumber(reference) },
  })
  return (
    <section className='inset' aria-label={title} data-default={one.default} data-status={status}>
      <div className='row apart'>
        <h3>{title}</h3>
        <Badge tone={defaultTones[status]}>{say(`retailer.default.status.${status}`)}</Badge>
      </div>
      <p>
        {say(`retailer.default.cause.${one.cause}`)}{' '}
        <Link to={`${pathOf('trading')}?trade=${trade}`}>{say('payments.trade', { trade })}</Link>
      </p>
      <Note tone='plain' icon='coins' title={say('payments.cure')}>
        <p>{cure} {way === 'bill' && reference !== '' ? <CopyMark value={reference} /> : null}</p>
      </Note>
      {one.steps.length === 0
        ? <p className='small soft'>{say('payments.default.noLadder')}</p>
        : <Ladder one={one} />}
      {status === 'appealed' ? (
        <Note tone='warn' icon='wait' title={say('payments.appealed')}>
          <p>{say('payments.appealed.next')}</p>
        </Note>
      ) : null}
      {mayAppeal(one) ? <AppealForm one={one} session={session} /> : null}
      {one.grounds !== '' && status !== 'appealed'
        ? <p className='small soft'>{say('payments.appeal.heard')}</p>
        : null}
    </section>
  )
}
