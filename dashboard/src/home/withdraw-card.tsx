import type { AccountDetail, StatementLine } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime, useOpened } from '../app/live.tsx'
import { useFormats } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Formats } from '../format/formats.ts'
import { keys } from '../live/keys.ts'
import { Badge, Card, Figure, Hash, Note, type Tone } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import {
  askedOf,
  isInCents,
  mayWithdraw,
  type Paid,
  paidOf,
  written,
} from './withdraw.ts'

type Props = { readonly session: Session; readonly detail: AccountDetail }

/** So many of the last withdrawals are told of. */
const shown = 5
/** The stream tells when the chain has paid one; whether it refused one is looked at so often. */
const lookMs = 30_000

/** As short as it can be said exactly. */
const moneyOf = (formats: Formats, micros: number): string =>
  isInCents(micros) ? formats.money(micros) : formats.exactMoney(micros)

/** Money that goes from the exchange to the account's own address. */
export function WithdrawCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(10_000) ?? Date.now()
  const may = mayWithdraw(detail.passkeys, window.location.hostname, nowMs)
  const { balanceMicros, heldMicros, availableMicros, withdrawableMicros } = detail
  const waits = withdrawableMicros < availableMicros
  return (
    <Card title={say('withdraw.title')}>
      <dl className='figures'>
        <Figure label={say('withdraw.balance')} value={formats.money(balanceMicros)} />
        <Figure
          label={say('withdraw.held')}
          value={formats.money(heldMicros)}
          hint={say('withdraw.held.hint')}
        />
        <Figure
          label={say('withdraw.free')}
          value={formats.money(withdrawableMicros)}
          {...(waits ? { hint: say('withdraw.free.hint') } : {})}
        />
      </dl>
      {detail.status === 'suspended' ? (
        <Note tone='warn' icon='lock' title={say('withdraw.suspended')} />
      ) : may === 'yes' ? (
        <Withdrawing session={session} detail={detail} />
      ) : (
        <CannotHere why={may} />
      )}
      <Withdrawals account={session.account} />
      <details>
        <summary className='small'>{say('withdraw.silent')}</summary>
        <p className='small'>{say('withdraw.silent.says')}</p>
        <code>busbar leave {session.account} …</code>
      </details>
    </Card>
  )
}

function CannotHere({ why }: { readonly why: 'other-word' | 'none' }): ReactNode {
  const { say } = useTexts()
  return (
    <Note tone='plain' icon='key' title={say(`withdraw.cannot.${why}`)}>
      <p>{say(`withdraw.cannot.${why}.next`)}</p>
      <Link to={pathOf('account')} className='button'>
        {say('page.account')}
      </Link>
    </Note>
  )
}

/** First how much; then, in plain words, what is about to be signed. */
function Withdrawing({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const act = useAct<unknown>(session)
  const [amount, setAmount] = useState('')
  const [sure, setSure] = useState<number | undefined>()
  const { withdrawableMicros, address } = detail
  const asked = askedOf(amount, withdrawableMicros)
  const next = (event: FormEvent): void => {
    event.preventDefault()
    if (asked.kind !== 'right') return
    act.reset()
    setSure(asked.amountMicros)
  }
  const send = async (amountMicros: number): Promise<void> => {
    const released = await act.act(
      (signer) => signer.withdrawal({ amountMicros, to: address }),
      (signed, client) => client.withdraw(signed),
    )
    if (released === undefined) return
    setSure(undefined)
    setAmount('')
  }
  if (sure !== undefined) {
    return (
      <SignForm
        of={act}
        isWhole
        send={() => send(sure)}
        button={say('withdraw.sign')}
        isMain
        hint={
          <button type='button' className='button quiet' onClick={() => setSure(undefined)}>
            {say('withdraw.back')}
          </button>
        }
        done={null}
      >
        <Note tone='warn' title={say('withdraw.sure', { amount: moneyOf(formats, sure) })}>
          <p>{say('withdraw.sure.hint')}</p>
          <Hash value={address} />
        </Note>
      </SignForm>
    )
  }
  return (
    <form className='fields' onSubmit={next}>
      <TypedField
        title={say('withdraw.amount')}
        value={amount}
        change={setAmount}
        mode='decimal'
        maxLength={24}
        placeholder='20.00'
      />
      <button
        type='button'
        className='button quiet'
        disabled={withdrawableMicros === 0}
        onClick={() => setAmount(formats.typed(written(withdrawableMicros)))}
      >
        {say('withdraw.all')}
      </button>
      {asked.kind === 'malformed' || asked.kind === 'too-much' ? (
        <p role='alert' className='is-bad small whole'>
          {say(`withdraw.wrong.${asked.kind}`, { most: moneyOf(formats, withdrawableMicros) })}
        </p>
      ) : null}
      <p className='small soft whole'>
        {say('withdraw.to')} <Hash value={address} />
      </p>
      <button type='submit' className='button main' disabled={asked.kind !== 'right'}>
        {say('withdraw.next')}
      </button>
      <ActNote of={act} done={<p>{say('withdraw.done')}</p>} />
    </form>
  )
}

const tones: Readonly<Record<Paid, Tone>> = {
  waits: 'warn',
  paid: 'good',
  refused: 'bad',
  own: 'plain',
}

/** The last ones, and how far the chain is with them. */
function Withdrawals({ account }: { readonly account: number }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.withdrawals(account),
    queryFn: async ({ signal }) => {
      const query = { kind: 'withdrawal', order: 'desc', limit: shown } as const
      return (await client.statement(account, query, { signal })).lines
    },
    enabled: useOpened(),
    refetchInterval: ({ state }) =>
      state.data?.some((line) => paidOf(line) === 'waits') === true ? lookMs : false,
  })
  return (
    <Answered asked={asked} height={80}>
      {(lines) =>
        lines.length === 0 ? (
          <p className='small soft'>{say('withdraw.none')}</p>
        ) : (
          <>
            <h3>{say('withdraw.last')}</h3>
            <ul className='withdrawals'>
              {lines.map((line) => <Withdrawal key={line.sequence} line={line} />)}
            </ul>
          </>
        )
      }
    </Answered>
  )
}

function Withdrawal({ line }: { readonly line: StatementLine }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const paid = paidOf(line)
  const { txHash = null } = line.transaction ?? {}
  return (
    <li data-paid={paid}>
      <span>
        <strong className='figure'>{moneyOf(formats, -line.amountMicros)}</strong>
        <time className='small soft factors'>{formats.moment(line.atMs)}</time>
      </span>
      <Badge tone={tones[paid]}>{say(`withdraw.paid.${paid}`)}</Badge>
      {txHash === null ? null : (
        <span className='small soft whole'>
          {say('withdraw.transaction')} <Hash value={txHash} />
        </span>
      )}
      {paid === 'refused' ? <p className='small whole'>{say('withdraw.refused.next')}</p> : null}
    </li>
  )
}
