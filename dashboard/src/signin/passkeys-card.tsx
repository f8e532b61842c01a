import type { AccountDetail } from '@busbar/protocols/api'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { browserDevice, canHoldPasskeys } from '../session/device.ts'
import { remember, userHandleOf } from '../session/known-passkeys.ts'
import type { Session } from '../session/session.ts'
import { SignsFrom, TakeAway } from './one-passkey.tsx'

type Passkey = AccountDetail['passkeys'][number]
type Props = { readonly session: Session; readonly detail: AccountDetail }

/** The devices that sign for an account. */
export function PasskeysCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const { passkeys } = detail
  return (
    <Card title={say('account.passkeys')}>
      <p className='soft'>{say('account.passkeys.hint')}</p>
      {passkeys.length === 0 ? (
        <Note tone='plain' icon='key' title={say('account.passkeys.none')} />
      ) : (
        <ul className='devices'>
          {passkeys.map((passkey) => (
            <Device key={passkey.publicKey} passkey={passkey} all={passkeys} session={session} />
          ))}
        </ul>
      )}
      {canHoldPasskeys() ? <AddPasskey session={session} detail={detail} /> : null}
    </Card>
  )
}

function Device(props: {
  readonly passkey: Passkey
  readonly all: readonly Passkey[]
  readonly session: Session
}): ReactNode {
  const { passkey, all, session } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { publicKey, label, host, signsFromMs, registeredBy, withdraws, askedBy } = passkey
  const by = all.find((one) => one.publicKey === askedBy)
  const time = formats.moment(passkey.registeredAtMs)
  const isOwn = registeredBy === session.account
  const facts = [
    say(isOwn ? 'account.passkey.own' : 'account.passkey.by', { account: registeredBy }),
    say('account.passkey.since', { time }),
    ...(by === undefined ? [] : [say('account.passkey.addedBy', { label: by.label })]),
    ...(withdraws ? [] : [say('account.passkey.tradesOnly')]),
    ...(host === window.location.hostname ? [] : [say('account.passkey.elsewhere', { host })]),
  ]
  return (
    <li className='device'>
      <Icon name='phone' />
      <div>
        <strong>{label}</strong>
        <p className='small soft'>{facts.join(', ')}</p>
      </div>
      <SignsFrom signsFromMs={signsFromMs} />
      <TakeAway publicKey={publicKey} devices={all} session={session} />
    </li>
  )
}

function AddPasskey({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const { market } = useMarket()
  const act = useAct<unknown>(session)
  const add = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const label = String(new FormData(event.currentTarget).get('label'))
    const { account } = session
    const host = window.location.hostname
    await act.act(
      async (signer) => {
        const made = await browserDevice.create({
          name: session.name,
          userHandle: userHandleOf(market, account),
          known: detail.passkeys.map(({ credentialId }) => hexToBytes(credentialId)),
        })
        const publicKey = bytesToHex(made.publicKey)
        const credentialId = bytesToHex(made.credentialId)
        const content = { participant: account, publicKey, credentialId, host, label }
        const signed = await signer.instruction('register_passkey', content)
        return { signed, known: { market, account, name: session.name, publicKey, credentialId } }
      },
      async ({ signed, known }, client) => {
        const result = await client.instruct(signed)
        remember(localStorage, known)
        return result
      },
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  return (
    <form className='stack tight' onSubmit={(event) => void add(event)}>
      <h3>{say('account.passkey.add')}</h3>
      <p className='small soft'>{say('account.passkey.add.hint')}</p>
      <label className='field'>
        {say('account.passkey.label')}
        <input name='label' required pattern='[a-z0-9\-]{1,32}' maxLength={32} autoComplete='off' />
        <span>{say('account.passkey.label.rule')}</span>
      </label>
      <button type='submit' className='button' disabled={isBusy}>
        <Icon name='key' />
        {say('account.passkey.add')}
      </button>
      <ActNote of={act} done={say('account.passkey.added')} />
    </form>
  )
}
