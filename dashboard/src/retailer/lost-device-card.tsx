import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Card, Hash, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { SignsFrom, TakeAway } from '../signin/one-passkey.tsx'
import { type CustomerChoice, CustomerField } from './customer-field.tsx'

/**
 * For a customer who has lost a device and has no other: the desk takes its word away, and gives
 * another one a link. Who has a key of its own does it by itself.
 */
export function LostDeviceCard(choice: CustomerChoice): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { signed: { session }, customers } = choice
  const [customer, setCustomer] = useState(customers[0])
  const account = customer?.account ?? 0
  const asked = useQuery({
    queryKey: keys.company(session.account, 'passkeys', account),
    queryFn: ({ signal }) => client.participants({ from: account, limit: 1 }, { signal }),
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
        {({ participants: [one] }) =>
          one === undefined || one.passkeys.length === 0 ? (
            <Note tone='plain' icon='key' title={say('retailer.lost.none')}>
              <p>{say('retailer.lost.none.next')}</p>
            </Note>
          ) : (
            <ul className='devices'>
              {one.passkeys.map((passkey) => (
                <li key={passkey.publicKey} className='device'>
                  <Icon name='phone' />
                  <div>
                    <Hash value={passkey.publicKey} />
                    <p className='small soft'>{passkey.host}</p>
                  </div>
                  <SignsFrom signsFromMs={passkey.signsFromMs} />
                  <TakeAway publicKey={passkey.publicKey} session={session} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  )
}
