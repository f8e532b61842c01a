import type { DefaultView } from '@busbar/protocols/api'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useAct } from '../app/signing.tsx'
import { saveFile } from '../lib/csv.ts'
import { SignForm } from '../parts/sign-form.tsx'
import type { Session } from '../session/session.ts'

/**
 * What a debtor says against its default. The exchange is told the hash of it alone, so the text is
 * saved as the bytes that were signed, for whoever decides.
 */
export function AppealForm(props: {
  readonly one: DefaultView
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const { one, session } = props
  const act = useAct<unknown>(session)
  const [text, setText] = useState('')
  const send = async (): Promise<void> => {
    const grounds = bytesToHex(keccak256(textToBytes(text)))
    const sent = await act.act(
      (signer) => signer.instruction('appeal_default', { default: one.default, grounds }),
      (signed, client) => client.instruct(signed),
    )
    if (sent !== undefined) saveFile(`busbar-appeal-${one.default}.txt`, 'text/plain', text)
  }
  return (
    <details>
      <summary>{say('payments.appeal')}</summary>
      <SignForm
        of={act}
        isWhole={text.trim() !== ''}
        send={send}
        button={say('payments.appeal.sign')}
        hint={<p className='small soft wide'>{say('payments.appeal.hint')}</p>}
        done={<p>{say('payments.appeal.done')}</p>}
      >
        <label className='field wide'>
          {say('payments.appeal.text')}
          <textarea
            rows={4}
            maxLength={4_000}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      </SignForm>
    </details>
  )
}
