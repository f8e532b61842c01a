import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { type LostSession, useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { keys } from '../live/keys.ts'
import { readAfter } from '../notices/notices-data.ts'
import { List } from '../notices/notices-page.tsx'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'

type Props = { readonly session: LostSession }

/** Whose device the desk was told is lost: what is the case, what waits, and a word against it. */
export default function LostDevice({ session }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { sessions } = useServices()
  const { objection } = session
  const { label, revokedBy, revokedAtMs, objectedAtMs, untilMs } = objection
  const name = useNames([revokedBy]).get(revokedBy) ?? String(revokedBy)
  const time = formats.moment(revokedAtMs)
  return (
    <div className='stack'>
      <h1>{say('lost.title')}</h1>
      <p>{say('lost.what', { name, label, time })}</p>
      {untilMs === null ? null : (
        <p>
          <strong>{say('lost.until', { until: formats.moment(untilMs) })}</strong>
        </p>
      )}
      {objectedAtMs === null ? (
        <Waiting session={session} retailer={name} />
      ) : (
        <Note tone='good' title={say('lost.objected', { time: formats.moment(objectedAtMs) })}>
          <p>{say('lost.objected.next')}</p>
        </Note>
      )}
      <Told session={session} />
      <div className='row'>
        <button type='button' className='button' onClick={() => void sessions.close()}>
          {say('app.signOut')}
        </button>
      </div>
    </div>
  )
}

function Waiting({ session, retailer }: Props & { readonly retailer: string }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { passkeys, joinCodes } = session.objection
  if (passkeys.length + joinCodes.length === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('lost.nothing')}>
        <p>{say('lost.nothing.next')}</p>
      </Note>
    )
  }
  const asked = (atMs: number, host: string): string =>
    say('lost.waits.device', { asked: formats.moment(atMs), name: retailer, host })
  return (
    <Card title={say('lost.waits')}>
      <ul className='devices'>
        {passkeys.map(({ publicKey, label, host, registeredAtMs, signsFromMs }) => (
          <li key={publicKey} className='device'>
            <Icon name='phone' />
            <div>
              <strong>{label}</strong>
              <p className='small soft'>{asked(registeredAtMs, host)}</p>
            </div>
            <Badge tone='warn'>
              {say('lost.waits.from', { from: formats.moment(signsFromMs) })}
            </Badge>
          </li>
        ))}
        {joinCodes.map(({ publicKey, host, issuedAtMs, untilMs }) => (
          <li key={publicKey} className='device'>
            <Icon name='key' />
            <div>
              <strong>{say('lost.waits.code')}</strong>
              <p className='small soft'>{asked(issuedAtMs, host)}</p>
            </div>
            <Badge tone='warn'>
              {say('lost.waits.until', { until: formats.moment(untilMs) })}
            </Badge>
          </li>
        ))}
      </ul>
      <Object session={session} />
    </Card>
  )
}

/** Says by this device that it is not lost: asked twice, as it binds others as well. */
function Object({ session }: Props): ReactNode {
  const { say } = useTexts()
  const { sessions } = useServices()
  const act = useAct<unknown>(session)
  const [isSure, setSure] = useState(false)
  const { account, objection: { passkeys: [passkey], joinCodes: [code] } } = session
  const object = async (): Promise<void> => {
    if (!isSure) return setSure(true)
    setSure(false)
    const done = await act.act(
      (signer) => passkey === undefined
        ? signer.instruction('revoke_join_code', {
            participant: account, publicKey: code?.publicKey ?? '',
          })
        : signer.instruction('revoke_passkey', { publicKey: passkey.publicKey }),
      (signed, client) => client.instruct(signed),
    )
    if (done !== undefined) await sessions.look()
  }
  return (
    <div className='stack tight'>
      <p>{say('lost.object.hint')}</p>
      <div className='row'>
        <button type='button' className='button main' onClick={() => void object()}>
          {say(isSure ? 'lost.object.sure' : 'lost.object')}
        </button>
      </div>
      <ActNote of={act} done={say('lost.object.done')} />
    </div>
  )
}

/** What the account was told of its keys: of money a lost device is shown nothing. */
function Told({ session: { account } }: Props): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.earlierNotices(account),
    queryFn: ({ signal }) => readAfter(client, account, 0, signal),
  })
  return (
    <Card title={say('lost.told')}>
      <Answered asked={asked} height={160}>
        {(notices) => <List notices={notices} mark={Infinity} account={account} />}
      </Answered>
    </Card>
  )
}
