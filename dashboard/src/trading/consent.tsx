import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Session } from '../session/session.ts'

/**
 * What everybody signs before a first contract: what follows if one does not pay. The hash that is
 * signed is that of the text as it is shown.
 */
export function Consent({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(session)
  const text = say('consent.text')
  const sign = (): void => {
    const textHash = bytesToHex(keccak256(textToBytes(text)))
    void act.act(
      (signer) => signer.instruction('consent_to_enforcement', { textHash }),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <details>
      <summary>{say('consent.title')}</summary>
      <div className='stack tight'>
        <p className='small'>{text}</p>
        <button type='button' className='button' onClick={sign}>{say('consent.sign')}</button>
        <ActNote of={act} done={say('consent.signed')} />
      </div>
    </details>
  )
}
