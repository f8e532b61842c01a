import { newApiKey } from '@busbar/client'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { CopyButton, Note } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import type { Session } from '../session/session.ts'

const dayMs = 86_400_000
const daysToChoose = [7, 30, 90, 400] as const

type Made = { readonly key: string; readonly label: string; readonly until: number }

/**
 * A key by which a program reads what the account reads. It is drawn here and shown once: of it the
 * exchange knows the hash alone, which is what is signed.
 */
export function NewKeyForm({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const act = useAct<unknown>(session)
  const [label, setLabel] = useState('')
  const [days, setDays] = useState<number>(90)
  const [made, setMade] = useState<Made>()
  const make = async (): Promise<void> => {
    setMade(undefined)
    const { key, ...words } = newApiKey()
    const nowMs = Date.now()
    const until = nowMs + days * dayMs
    const how = { scopes: ['read' as const], networks: [], label: label.trim(), until }
    const result = await act.act(
      (signer) => signer.accessGrant({ ...words, kind: 'api_key', ...how }, nowMs),
      (signed, client) => client.access.grant(signed),
    )
    if (result === undefined) return
    setMade({ key, label: how.label, until })
    setLabel('')
  }
  return (
    <>
      <h3>{say('account.grant.new')}</h3>
      <p className='small soft'>{say('account.grant.new.hint')}</p>
      <SignForm
        of={act}
        isWhole={label.trim() !== ''}
        send={make}
        button={say('account.grant.make')}
      >
        <TypedField
          title={say('account.grant.label')}
          value={label}
          change={setLabel}
          maxLength={64}
        />
        <label className='field'>
          {say('account.grant.days')}
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {daysToChoose.map((count) => (
              <option key={count} value={count}>
                {say('account.grant.days.count', { count })}
              </option>
            ))}
          </select>
        </label>
      </SignForm>
      {made === undefined ? (
        <ActNote of={act} done={null} />
      ) : (
        <div role='status'>
          <Note tone='good' icon='key' title={say('account.grant.made', { label: made.label })}>
            <p>{say('account.grant.made.next', { until: formats.moment(made.until) })}</p>
            <label className='field'>
              {say('account.grant.api_key.once')}
              <input
                readOnly
                value={made.key}
                spellCheck={false}
                onFocus={({ target }) => target.select()}
              />
            </label>
            <CopyButton value={made.key} />
          </Note>
        </div>
      )}
    </>
  )
}
