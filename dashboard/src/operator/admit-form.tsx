import { roles } from '@busbar/core/registry'
import { type FormEvent, type ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Session } from '../session/session.ts'
import { Became, type Taken } from './standing-form.tsx'

/** Admits somebody, whose key was made elsewhere and stays there. */
export function AdmitForm({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const act = useAct<Taken>(session)
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const publicKey = String(form.get('publicKey')).trim().toLowerCase()
    const retailer = String(form.get('retailer')).trim()
    const chosen = roles.filter((role) => form.getAll('role').includes(role))
    await act.act(
      async (signer) => {
        const [{ addressOf }, { hexToBytes }] = await Promise.all([
          import('@busbar/protocols/eip712'), import('@busbar/protocols/hash'),
        ])
        return signer.instruction('admit_participant', {
          name: String(form.get('name')),
          roles: chosen,
          publicKey,
          address: addressOf(hexToBytes(publicKey, 33, 'publicKey')),
          retailer: retailer === '' ? null : Number(retailer),
        })
      },
      (signed, client) => client.instruct(signed),
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  return (
    <details className='card'>
      <summary>{say('admit.title')}</summary>
      <form className='stack' onSubmit={(event) => void send(event)}>
        <p className='soft'>{say('admit.hint')}</p>
        <label className='field'>
          {say('admit.name')}
          <input name='name' required pattern='[a-z0-9\-]{1,32}' autoComplete='off' />
          <span>{say('admit.name.rule')}</span>
        </label>
        <fieldset className='rolls'>
          <legend>{say('people.column.roles')}</legend>
          {roles.map((role) => (
            <label key={role}>
              <input type='checkbox' name='role' value={role} />
              {say(`role.${role}`)}
            </label>
          ))}
        </fieldset>
        <label className='field'>
          {say('admit.retailer')}
          <input name='retailer' inputMode='numeric' pattern='[0-9]{0,10}' autoComplete='off' />
          <span>{say('admit.retailer.rule')}</span>
        </label>
        <label className='field'>
          {say('admit.key')}
          <input name='publicKey' required pattern='0x0[23][0-9a-fA-F]{64}' autoComplete='off' />
          <span>{say('admit.key.rule')}</span>
        </label>
        <button type='submit' className='button main' disabled={isBusy}>
          {say('admit.send')}
        </button>
        <ActNote of={act} done={<Became result={act.result} />} />
      </form>
    </details>
  )
}
