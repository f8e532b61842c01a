import type { Customer } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import { Card } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import type { Session } from '../session/session.ts'
import { CustomerField } from './customer-field.tsx'

/** Money that a customer has paid in at the desk: it can pay trades with it. */
export function TopUpCard(props: {
  readonly session: Session
  readonly customers: readonly Customer[]
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { session, customers } = props
  const act = useAct<unknown>(session)
  const [account, setAccount] = useState(customers[0]?.account ?? 0)
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const [done, setDone] = useState('')
  const amountMicros = microsOf(amount) ?? 0
  const name = customers.find((one) => one.account === account)?.name ?? ''
  const send = async (): Promise<void> => {
    const words = { amount: formats.exactMoney(amountMicros), name }
    await act.act(
      (signer) => signer.instruction('top_up_prepaid', { account, amountMicros, reference }),
      (signed, client) => client.instruct(signed),
    )
    setDone(say('retailer.topUp.done', words))
  }
  return (
    <Card title={say('retailer.topUp')}>
      <p className='small soft'>{say('retailer.topUp.hint')}</p>
      <SignForm
        of={act}
        isWhole={amountMicros !== 0 && reference.trim() !== ''}
        send={send}
        isMain
        done={done}
      >
        <CustomerField
          title={say('retailer.customer.name')}
          customers={customers}
          account={account}
          choose={setAccount}
        />
        <TypedField
          title={say('retailer.amount')}
          value={amount}
          change={setAmount}
          mode='decimal'
          placeholder='50.00'
        />
        <TypedField
          title={say('retailer.reference')}
          value={reference}
          change={setReference}
          maxLength={64}
        />
      </SignForm>
    </Card>
  )
}
