import type { Customer } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card, Hash, Note } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { SignsFrom, TakeAway } from '../signin/one-passkey.tsx'
import { CustomerField } from './customer-field.tsx'

type Device = Customer['devices'][number]

/**
 * For a customer who has lost a device and has no other: the desk takes its word away, and gives
 * another one a link. Who has a key of its own does it by itself.
 */
export function LostDeviceCard(props: {
  readonly session: Session
  readonly customers: readonly Customer[]
}): ReactNode {
  const { say } = useTexts()
  const { session, customers } = props
  const [account, setAccount] = useState(customers[0]?.account ?? 0)
  const one = customers.find((customer) => customer.account === account)
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
      {one?.isDisputed === true ? (
        <Note tone='warn' title={say('retailer.lost.disputed')}>
          <p>{say('retailer.lost.disputed.next')}</p>
        </Note>
      ) : null}
      {one === undefined || one.devices.length === 0 ? (
        <Note tone='plain' icon='key' title={say('retailer.lost.none')}>
          <p>{say('retailer.lost.none.next')}</p>
        </Note>
      ) : (
        <ul className='devices'>
          {one.devices.map((device) => (
            <OneDevice key={device.publicKey} device={device} owner={one} session={session} />
          ))}
        </ul>
      )}
    </Card>
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
