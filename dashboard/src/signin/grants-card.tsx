import type { AccessGrantView } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { NewKeyForm } from './new-key-form.tsx'

/** Who reads for the account without a key of it, when it last did, and how that ends. */
export function GrantsCard({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { account } = session
  const asked = useQuery({
    queryKey: keys.accessGrants(account),
    queryFn: ({ signal }) => client.access.grants(account, { signal }),
  })
  return (
    <Card title={say('account.grants')}>
      <p className='soft'>{say('account.grants.hint')}</p>
      <Answered asked={asked} height={120}>
        {({ grants }) =>
          grants.length === 0 ? (
            <p className='soft'>{say('account.grants.none')}</p>
          ) : (
            <ul className='devices'>
              {grants.map((grant) => (
                <Grant key={grant.id} grant={grant} session={session} />
              ))}
            </ul>
          )
        }
      </Answered>
      <NewKeyForm session={session} />
    </Card>
  )
}

function Grant(props: {
  readonly grant: AccessGrantView
  readonly session: Session
}): ReactNode {
  const { grant, session } = props
  const { say } = useTexts()
  const formats = useFormats()
  const act = useAct<unknown>(session)
  const [isSure, setSure] = useState(false)
  const { id, label, kind, subject, scopes, networks, until, status, lastUsedMs } = grant
  const revoke = async (): Promise<void> => {
    if (!isSure) return setSure(true)
    setSure(false)
    await act.act(
      (signer) => signer.accessRevocation(id),
      (signed, client) => client.access.revoke(signed),
    )
  }
  const facts = [
    say(`account.grant.${kind}`),
    ...scopes.map((scope) => say(`account.grant.scope.${scope}`)),
    ...(networks.length === 0 ? [] : [say('account.grant.from', { from: networks.join(', ') })]),
    lastUsedMs === null
      ? say('account.grant.never')
      : say('account.grant.used', { time: formats.moment(lastUsedMs) }),
  ]
  const isActive = status === 'active'
  return (
    <li className='device' data-grant={id}>
      <Icon name={kind === 'sign_in' ? 'person' : 'key'} />
      <div>
        <strong>{label}</strong>
        <p className='small soft'>{facts.join(', ')}</p>
        {kind === 'sign_in' ? <p className='small'><code>{subject}</code></p> : null}
      </div>
      <Badge tone={isActive ? 'good' : 'plain'}>
        {say(`account.grant.status.${status}`, { until: formats.moment(until) })}
      </Badge>
      {isActive ? (
        <button type='button' className='button quiet' onClick={() => void revoke()}>
          {say(isSure ? 'account.grant.revoke.sure' : 'account.grant.revoke')}
        </button>
      ) : null}
      <ActNote of={act} done={say('account.grant.revoked')} />
    </li>
  )
}
