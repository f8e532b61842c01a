import type { Customer } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Card, Hash, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { SignsFrom, TakeAway } from '../signin/one-passkey.tsx'
import { type CustomerChoice, CustomerField } from './customer-field.tsx'
import { readCustomers } from './retailer-data.ts'

type Device = Customer['devices'][number]

/**
 * For a customer who has lost a device and has no other: the desk takes its word away, and gives
 * another one a link. Who has a key of its own does it by itself.
 */
export function LostDeviceCard(choice: CustomerChoice): ReactNode {
  const { say } = useTexts()
  const { signed: { session, reader }, customers } = choice
  const [customer, setCustomer] = useState(customers[0])
  const account = customer?.account ?? 0
  const asked = useQuery({
    queryKey: keys.company(session.account, 'passkeys', account),
    queryFn: ({ signal }) =>
      readCustomers(reader, session.account, { from: account, limit: 1 }, { signal }),
  })
  return (
    <Card title={say('retailer.lost')}>
      <p className='small soft'>{say('retailer.lost.hint')}</p>
      <div className='fields'>
        <CustomerField
          {...choice}
          title={say('retailer.lost.who')}
          chosen={customer}
          choose={setCustomer}
        />
      </div>
      <Answered asked={asked} height={80}>
        {(page) => (
          <Devices
            owner={page.customers.find((one) => one.account === account)}
            session={session}
          />
        )}
      </Answered>
    </Card>
  )
}

function Devices(props: {
  readonly owner: Customer | undefined
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const { owner, session } = props
  if (owner === undefined || owner.devices.length === 0) {
    return (
      <Note tone='plain' icon='key' title={say('retailer.lost.none')}>
        <p>{say('retailer.lost.none.next')}</p>
      </Note>
    )
  }
  return (
    <>
      {owner.isDisputed ? (
        <Note tone='warn' title={say('retailer.lost.disputed')}>
          <p>{say('retailer.lost.disputed.next')}</p>
        </Note>
      ) : null}
      <ul className='devices'>
        {owner.devices.map((device) => (
          <OneDevice key={device.publicKey} device={device} owner={owner} session={session} />
        ))}
      </ul>
    </>
  )
}

function OneDevice(props: {
  readonly device: Device
  readonly owner: Customer
  readonly session: Session
}): ReactNode {
  const { device: { publicKey, label, host, registeredAtMs, ...device }, owner, session } = props
  const { say } = useTexts()
  const time = useFormats().moment(registeredAtMs)
  const isOwn = device.registeredBy === owner.account
  const who = say(isOwn ? 'retailer.lost.owner' : 'retailer.lost.desk')
  return (
    <li className='device'>
      <Icon name='phone' />
      <div>
        <strong>{label}</strong>
        <p className='small soft'>
          {say('retailer.lost.registered', { time, who })}, {host}
        </p>
        <Hash value={publicKey} />
      </div>
      <SignsFrom signsFromMs={device.signsFromMs} />
      <TakeAway publicKey={publicKey} devices={owner.devices} session={session} />
    </li>
  )
}
