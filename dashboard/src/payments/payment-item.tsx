import type { PaymentView } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { paymentReasonSaid } from '../lib/sentences.ts'
import { Badge, CopyMark, type Tone } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { billNumber, isBilled, isLate, mayPostpone } from './payments.ts'

type Props = {
  readonly payment: PaymentView
  readonly session: Session
  readonly nameOf: (account: number) => string
}

const tones: Readonly<Record<PaymentView['state'], Tone>> = {
  ...{ reserving: 'plain', reserved: 'plain', renewing: 'plain', capturing: 'warn' },
  ...{ postponed: 'warn', releasing: 'plain', captured: 'good', released: 'plain' },
  ...{ expired: 'bad', failed: 'bad' },
}

/** One payment: how much, with whom, by which rail, how far it is, and until when. */
export function PaymentItem({ payment, session, nameOf }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(5_000)
  const { trade, rail, payer, payee, state, amountMicros, reservedMicros, reason } = payment
  const isPayer = payer === session.account
  // Before it is known what is owed, what is set aside is what there is to see.
  const amount = formats.money(amountMicros === 0 ? reservedMicros : amountMicros)
  const late = nowMs !== undefined && isLate(payment, nowMs)
  const why = paymentReasonSaid(reason)
  return (
    <li className='order' data-payment={payment.payment} data-state={state}>
      <div className='row apart'>
        <strong>
          {isPayer
            ? say('payments.to', { amount, name: nameOf(payee) })
            : say('payments.from', { amount, name: nameOf(payer) })}
        </strong>
        <Badge tone={late ? 'bad' : tones[state]}>
          {say(late ? 'payments.late' : `payments.state.${state}`)}
        </Badge>
      </div>
      <p className='small soft'>
        <Link to={`${pathOf('trading')}?trade=${trade}`}>{say('payments.trade', { trade })}</Link>
        {' · '}
        {say('payments.by', { rail: say(`rail.${rail}`) })}
        {why === undefined ? null : ` · ${say(`payments.reason.${why.name}`, why.values)}`}
      </p>
      <Until payment={payment} isPayer={isPayer} isLate={late} />
      <Postpone payment={payment} session={session} nameOf={nameOf} nowMs={nowMs} />
    </li>
  )
}

function Until(props: {
  readonly payment: PaymentView
  readonly isPayer: boolean
  readonly isLate: boolean
}): ReactNode {
  const { say } = useTexts()
  const { moment } = useFormats()
  const { payment, isPayer, isLate: late } = props
  const { state, reference, dueAtMs, expiresAtMs } = payment
  if (state === 'reserved' && expiresAtMs !== null) {
    return <p className='small'>{say('payments.until', { time: moment(expiresAtMs) })}</p>
  }
  if (dueAtMs === null || (state !== 'capturing' && state !== 'postponed')) return null
  const time = moment(dueAtMs)
  const due = say(late ? 'payments.dueSince' : 'payments.dueBy', { time })
  if (!isBilled(payment)) return <p className='small'>{due}</p>
  if (reference === '') return <p className='small'>{due} {say('payments.bill.made')}</p>
  const number = billNumber(reference)
  return (
    <p className='small'>
      {due} {say(isPayer ? 'payments.bill.pay' : 'payments.bill', { number })}{' '}
      <CopyMark value={reference} />
    </p>
  )
}

/** Another term, for a fee that is said before somebody signs. */
function Postpone(props: Props & { readonly nowMs: number | undefined }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook: { trades: rules } } = useMarket()
  const { payment, session, nameOf, nowMs } = props
  const act = useAct<unknown>(session)
  const [isOpen, setOpen] = useState(false)
  const { dueAtMs } = payment
  const isOffered = rules !== undefined && nowMs !== undefined && dueAtMs !== null &&
    mayPostpone(payment, session.account, nowMs, rules)
  const note = <ActNote of={act} done={<p>{say('payments.postponed')}</p>} />
  if (!isOffered) return act.state === 'idle' ? null : note
  const isBusy = act.state === 'asking' || act.state === 'sending'
  const sign = (): void =>
    void act.act(
      (signer) => signer.instruction('postpone_payment', { payment: payment.payment }),
      (signed, client) => client.instruct(signed),
    )
  return (
    <>
      <div className='row'>
        <button
          type='button'
          className='button'
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {say('payments.postpone')}
        </button>
      </div>
      {isOpen ? (
        <div className='stack tight'>
          <p className='small'>
            {say('payments.postpone.costs', {
              fee: formats.exactMoney(rules.postponementMicros),
              name: nameOf(payment.payee),
              time: formats.moment(dueAtMs + rules.paymentTermSeconds * 1_000),
            })}
          </p>
          <div className='row'>
            <button type='button' className='button main' disabled={isBusy} onClick={sign}>
              {say('payments.postpone.sign')}
            </button>
          </div>
        </div>
      ) : null}
      {note}
    </>
  )
}
