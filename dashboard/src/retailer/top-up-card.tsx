import type { Customer } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import { Card } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'

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
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
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
      <form className='fields' onSubmit={(event) => void send(event)}>
        <label className='field'>
          {say('retailer.customer.name')}
          <select value={account} onChange={({ target }) => setAccount(Number(target.value))}>
            {customers.map((one) => (
              <option key={one.account} value={one.account}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label className='field'>
          {say('retailer.amount')}
          <input
            inputMode='decimal'
            placeholder='50.00'
            value={amount}
            onChange={({ target }) => setAmount(target.value)}
          />
        </label>
        <label className='field'>
          {say('retailer.reference')}
          <input
            maxLength={64}
            value={reference}
            onChange={({ target }) => setReference(target.value)}
          />
        </label>
        <button
          type='submit'
          className='button main'
          disabled={amountMicros === 0 || reference.trim() === '' || act.state === 'asking'}
        >
          {say('action.sign')}
        </button>
      </form>
      <ActNote of={act} done={done} />
    </Card>
  )
}
