import { BusbarError } from '@busbar/client'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { Note } from '../parts/parts.tsx'
import { CannotSign } from '../session/signing.ts'
import type { Texts } from '../texts/texts.ts'

/** Why there can be no passkeys here, and where there can. */
export function NoPasskeys(): ReactNode {
  const { say } = useTexts()
  const { hostname, port, pathname, hash } = window.location
  const isHere = hostname.startsWith('127.') || hostname === '[::1]'
  const url = `http://localhost:${port}${pathname}${hash}`
  return (
    <Note tone='warn' icon='key' title={say('signin.noPasskeys')}>
      {isHere ? (
        <>
          <p>{say('signin.noName', { url })}</p>
          <a className='button' href={url}>
            {url}
          </a>
        </>
      ) : null}
    </Note>
  )
}

/** In words why somebody is not signed in. */
export function reasonOf(error: unknown, say: Texts['say']): string {
  if (error instanceof DOMException && error.name === 'NotAllowedError') {
    return say('signin.refused')
  }
  if (error instanceof CannotSign && error.why === 'other-market') return say('signin.otherMarket')
  const detail = error instanceof Error ? error.message : String(error)
  if (!(error instanceof BusbarError)) return say('signin.code.unexpected', { detail })
  const { code } = error
  if (code === 'credential_invalid') return say('signin.code.credential_invalid')
  return say('signin.code.any', { code, detail })
}
