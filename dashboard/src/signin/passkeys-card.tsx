import type { AccountDetail } from '@busbar/protocols/api'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useMarketTime } from '../app/live.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { browserDevice, canHoldPasskeys } from '../session/device.ts'
import { remember, userHandleOf } from '../session/known-passkeys.ts'
import type { Session } from '../session/session.ts'

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
            <Device key={passkey.publicKey} passkey={passkey} session={session} />
          ))}
        </ul>
      )}
      {canHoldPasskeys() ? <AddPasskey session={session} detail={detail} /> : null}
    </Card>
  )
}

function Device(props: { readonly passkey: Passkey; readonly session: Session }): ReactNode {
  const { passkey, session } = props
  const { say } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(10_000) ?? Date.now()
  const act = useAct<unknown>(session)
  const [isSure, setSure] = useState(false)
  const { publicKey, label, host, signsFromMs, registeredBy, withdraws } = passkey
  const isOwn = registeredBy === session.account
  const facts = [
    say(isOwn ? 'account.passkey.own' : 'account.passkey.by', { account: registeredBy }),
    ...(withdraws ? [] : [say('account.passkey.tradesOnly')]),
    ...(host === window.location.hostname ? [] : [say('account.passkey.elsewhere', { host })]),
  ]
  const revoke = async (): Promise<void> => {
    if (!isSure) return setSure(true)
    setSure(false)
    await act.act(
      (signer) => signer.instruction('revoke_passkey', { publicKey }),
      (signed, client) => client.instruct(signed),
    )
  }
  const waits = signsFromMs > nowMs
  const time = formats.moment(signsFromMs)
  return (
    <li className='device'>
      <Icon name='phone' />
      <div>
        <strong>{label}</strong>
        <p className='small soft'>{facts.join(', ')}</p>
      </div>
      <Badge tone={waits ? 'warn' : 'good'}>
        {say(waits ? 'account.passkey.from' : 'account.passkey.signs', { time })}
      </Badge>
      <button type='button' className='button quiet' onClick={() => void revoke()}>
        {say(isSure ? 'account.passkey.revoke.sure' : 'account.passkey.revoke')}
      </button>
      <ActNote of={act} done={say('account.passkey.revoked')} />
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
