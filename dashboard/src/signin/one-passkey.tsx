import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Badge } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { type Added, addedBy } from './added-by.ts'

/** Whether a passkey speaks for its account, or from when on. */
export function SignsFrom({ signsFromMs }: { readonly signsFromMs: number }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { clock } = useMarket()
  const waits = signsFromMs > (useMarketTime(10_000) ?? clock.nowMs)
  const time = formats.moment(signsFromMs)
  return (
    <Badge tone={waits ? 'warn' : 'good'}>
      {say(waits ? 'account.passkey.from' : 'account.passkey.signs', { time })}
    </Badge>
  )
}

/**
 * Takes its word away, by the signature of who is signed in: asked twice, with what it added and
 * what becomes of that.
 */
export function TakeAway(props: {
  readonly publicKey: string
  /** All of the account. */
  readonly devices: readonly Added[]
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const { publicKey, devices, session } = props
  const { clock } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const act = useAct<unknown>(session)
  const [isSure, setSure] = useState(false)
  const revoke = async (): Promise<void> => {
    if (!isSure) return setSure(true)
    setSure(false)
    await act.act(
      (signer) => signer.instruction('revoke_passkey', { publicKey }),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <>
      <button type='button' className='button quiet' onClick={() => void revoke()}>
        {say(isSure ? 'account.passkey.revoke.sure' : 'account.passkey.revoke')}
      </button>
      {isSure ? <AlsoAdded {...addedBy(devices, publicKey, nowMs)} /> : null}
      <ActNote of={act} done={say('account.passkey.revoked')} />
    </>
  )
}

function AlsoAdded({ ends, stays }: ReturnType<typeof addedBy>): ReactNode {
  const { say } = useTexts()
  return (
    <div className='small whole' role='status'>
      {ends.length === 0 ? null : (
        <p>{say('account.passkey.ends', { labels: ends.join(', ') })}</p>
      )}
      {stays.length === 0 ? null : (
        <p>{say('account.passkey.stays', { labels: stays.join(', ') })}</p>
      )}
    </div>
  )
}
