import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import { Card } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import { type CustomerChoice, CustomerField } from './customer-field.tsx'

/** Money that a customer has paid in at the desk: it can pay trades with it. */
export function TopUpCard(choice: CustomerChoice): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { signed: { session }, customers } = choice
  const act = useAct<unknown>(session)
  const [customer, setCustomer] = useState(customers[0])
  const account = customer?.account ?? 0
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const [done, setDone] = useState('')
  const amountMicros = microsOf(amount) ?? 0
  const name = customer?.name ?? ''
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
          {...choice}
          title={say('retailer.customer.name')}
          chosen={customer}
          choose={setCustomer}
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
