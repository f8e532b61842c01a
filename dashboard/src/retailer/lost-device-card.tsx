import type { Customer, Participant } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card, Hash, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { CustomerField } from './customer-field.tsx'

type Passkey = Participant['passkeys'][number]

/**
 * For a customer who has lost a device and has no other: the desk takes its word away, and gives
 * another one a link. Who has a key of its own does it by itself.
 */
export function LostDeviceCard(props: {
  readonly session: Session
  readonly customers: readonly Customer[]
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { session, customers } = props
  const [account, setAccount] = useState(customers[0]?.account ?? 0)
  const asked = useQuery({
    queryKey: keys.company(session.account, 'passkeys', account),
    queryFn: ({ signal }) => client.participants({ from: account, limit: 1 }, { signal }),
  })
  return (
    <Card title={say('retailer.lost')}>
      <p className='small soft'>{say('retailer.lost.hint')}</p>
      <div className='fields'>
        <CustomerField
          title={say('retailer.lost.who')}
          customers={customers}
          account={account}
          choose={setAccount}
        />
      </div>
      <Answered asked={asked} height={80}>
        {({ participants: [one] }) =>
          one === undefined || one.passkeys.length === 0 ? (
            <Note tone='plain' icon='key' title={say('retailer.lost.none')}>
              <p>{say('retailer.lost.none.next')}</p>
            </Note>
          ) : (
            <ul className='devices'>
              {one.passkeys.map((passkey) => (
                <Device key={passkey.publicKey} passkey={passkey} session={session} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  )
}

function Device(props: { readonly passkey: Passkey; readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { clock } = useMarket()
  const nowMs = useMarketTime(10_000) ?? clock.nowMs
  const { passkey: { publicKey, host, signsFromMs }, session } = props
  const act = useAct<unknown>(session)
  const [isSure, setSure] = useState(false)
  const revoke = async (): Promise<void> => {
    if (!isSure) return setSure(true)
    setSure(false)
    await act.act(
      (signer) => signer.instruction('revoke_passkey', { publicKey }),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <li className='device'>
      <Icon name='phone' />
      <div>
        <Hash value={publicKey} />
        <p className='small soft'>{host}</p>
      </div>
      <Badge tone={signsFromMs > nowMs ? 'warn' : 'good'}>
        {say(signsFromMs > nowMs ? 'account.passkey.from' : 'account.passkey.signs', {
          time: formats.moment(signsFromMs),
        })}
      </Badge>
      <button type='button' className='button quiet' onClick={() => void revoke()}>
        {say(isSure ? 'account.passkey.revoke.sure' : 'account.passkey.revoke')}
      </button>
      <ActNote of={act} done={say('account.passkey.revoked')} />
    </li>
  )
}
