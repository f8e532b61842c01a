import type { AccountDetail, PaymentView } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import type { Columns } from '../lib/csv.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Card, Figure, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { DefaultsOf } from './defaults-of.tsx'
import { PaymentItem } from './payment-item.tsx'
import { inOrder, isOpen, sumsOf } from './payments.ts'
import { type AccountPayments, usePayments } from './payments-data.ts'
import '../style/companies.css'

type Props = { readonly session: Session; readonly detail: AccountDetail }

/** What a household's contracts ask of it outside of the ledger, and what follows if it is late. */
export function PaymentsCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const asked = usePayments(session.account)
  return (
    <Card title={say('payments.title')}>
      <Answered asked={asked} height={220}>
        {(found) => <Shown found={found} session={session} retailer={detail.retailer} />}
      </Answered>
    </Card>
  )
}

type ShownProps = {
  readonly found: AccountPayments
  readonly session: Session
  readonly retailer: number | null
}

function Shown({ found, session, retailer }: ShownProps): ReactNode {
  const { say } = useTexts()
  const { payments, defaults, prepaidMicros, duesMicros } = found
  const names = useNames([
    ...payments.flatMap(({ payer, payee }) => [payer, payee]),
    ...defaults.flatMap(({ account, creditor }) => [account ?? [], creditor ?? []].flat()),
    ...(retailer === null ? [] : [retailer]),
  ])
  const nameOf = (account: number): string => names.get(account) ?? String(account)
  if (payments.length + defaults.length === 0 && prepaidMicros === 0 && duesMicros === 0) {
    return (
      <Note tone='plain' icon='coins' title={say('payments.empty')}>
        <p>{say('payments.empty.next')}</p>
      </Note>
    )
  }
  return (
    <>
      <DefaultsOf
        {...found}
        session={session}
        nameOf={nameOf}
        retailer={retailer === null ? say('payments.retailer.none') : nameOf(retailer)}
      />
      <Sums found={found} account={session.account} />
      <List payments={payments} session={session} nameOf={nameOf} />
    </>
  )
}

function Sums(props: { readonly found: AccountPayments; readonly account: number }): ReactNode {
  const { say } = useTexts()
  const { money, exactMoney, moment } = useFormats()
  const { payments, duesMicros, prepaidMicros } = props.found
  const sums = sumsOf(payments, props.account)
  const { dueAtMs } = sums
  return (
    <>
      <dl className='figures'>
        <Figure
          label={say('payments.due')}
          value={money(sums.dueMicros)}
          hint={dueAtMs === null
            ? say('payments.due.none')
            : say('payments.due.first', { time: moment(dueAtMs) })}
          tone={sums.dueMicros > 0 ? 'is-buy' : ''}
        />
        <Figure
          label={say('payments.held')}
          value={money(sums.heldMicros)}
          hint={say('payments.held.hint')}
        />
        <Figure
          label={say('payments.prepaid')}
          value={money(prepaidMicros)}
          hint={say('payments.prepaid.hint')}
        />
        <Figure
          label={say('payments.paid')}
          value={money(sums.paidMicros)}
          hint={say('payments.received', { amount: money(sums.receivedMicros) })}
        />
      </dl>
      {duesMicros === 0 ? null : (
        <p className='small soft'>
          {say(duesMicros < 0 ? 'payments.owing' : 'payments.owed', {
            amount: exactMoney(Math.abs(duesMicros)),
          })}
        </p>
      )}
    </>
  )
}

/** Of what is over, so many are shown at first. */
const overAtFirst = 3

function List(props: {
  readonly payments: readonly PaymentView[]
  readonly session: Session
  readonly nameOf: (account: number) => string
}): ReactNode {
  const { say } = useTexts()
  const { payments, session, nameOf } = props
  const [isWhole, setWhole] = useState(false)
  if (payments.length === 0) return null
  const sorted = inOrder(payments)
  const shown = sorted.filter(isOpen).length + overAtFirst
  return (
    <>
      <ul className='orders'>
        {(isWhole ? sorted : sorted.slice(0, shown)).map((one) => (
          <PaymentItem key={one.payment} payment={one} session={session} nameOf={nameOf} />
        ))}
      </ul>
      <div className='row'>
        {isWhole || sorted.length <= shown ? null : (
          <button type='button' className='button' onClick={() => setWhole(true)}>
            {say('table.more')}
          </button>
        )}
        <CsvButton name='busbar-payments' columns={() => columnsOf(payments)} />
      </div>
    </>
  )
}

function columnsOf(payments: readonly PaymentView[]): Columns {
  const iso = (ms: number | null): string | null =>
    ms === null ? null : new Date(ms).toISOString()
  return {
    payment: payments.map(({ payment }) => payment),
    trade: payments.map(({ trade }) => trade),
    rail: payments.map(({ rail }) => rail),
    payer: payments.map(({ payer }) => payer),
    payee: payments.map(({ payee }) => payee),
    reserved_micros: payments.map(({ reservedMicros }) => reservedMicros),
    amount_micros: payments.map(({ amountMicros }) => amountMicros),
    state: payments.map(({ state }) => state),
    reference: payments.map(({ reference }) => reference),
    due: payments.map(({ dueAtMs }) => iso(dueAtMs)),
    reason: payments.map(({ reason }) => reason),
  }
}
