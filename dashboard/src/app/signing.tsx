import { type BusbarClient, BusbarError, type Signer } from '@busbar/client'
import { type ReactNode, useCallback, useState } from 'react'
import { isRefused, refusalSaid } from '../lib/refusals.ts'
import { Note } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { browserDevice } from '../session/device.ts'
import type { Session } from '../session/session.ts'
import { useTexts } from './language.tsx'
import { useServices } from './services.tsx'

/** Makes what signs as the account: a device, which asks its person for each signature. */
export function useSigner(
  { account, objection }: Pick<Session, 'account' | 'objection'>,
): () => Promise<Signer> {
  const { client } = useServices()
  return useCallback(async () => {
    // Curves and hashes are needed by those who sign, and loaded when they do.
    const { signerBy, signerWith } = await import('../session/signing.ts')
    const { hostname } = window.location
    const domain = await client.domain()
    // A lost device may not read which keys there are: it signs by its own.
    if (objection === undefined) return signerWith(browserDevice, client, domain, account, hostname)
    return signerBy(browserDevice, domain, account, [objection])
  }, [client, account, objection])
}

export type Act<Result> = {
  readonly state: 'idle' | 'asking' | 'sending' | 'done' | 'failed'
  readonly error: unknown
  readonly result: Result | undefined
  /** Has something signed and sent. Resolves to undefined where it failed, and says why. */
  readonly act: <Signed>(
    sign: (signer: Signer) => Promise<Signed>,
    send: (signed: Signed, client: BusbarClient) => Promise<Result>,
  ) => Promise<Result | undefined>
  /** Sends the same signed command, which has its effect once however often it arrives. */
  readonly again: (() => void) | undefined
  readonly reset: () => void
}

type Now<Result> = Pick<Act<Result>, 'state' | 'error' | 'result' | 'again'>

/** Something that a person does with a signature: how far it is, and what became of it. */
export function useAct<Result>(session: Pick<Session, 'account' | 'objection'>): Act<Result> {
  const { client, follower } = useServices()
  const signer = useSigner(session)
  const idle: Now<Result> = { state: 'idle', error: null, result: undefined, again: undefined }
  const [now, setNow] = useState(idle)
  const act: Act<Result>['act'] = async (sign, send) => {
    setNow({ ...idle, state: 'asking' })
    let signed: Awaited<ReturnType<typeof sign>>
    try {
      signed = await sign(await signer())
    } catch (error) {
      setNow({ ...idle, state: 'failed', error })
      return undefined
    }
    const sendIt = async (): Promise<Result | undefined> => {
      setNow({ ...idle, state: 'sending' })
      try {
        const result = await send(signed, client)
        setNow({ ...idle, state: 'done', result })
        // With what the stream tells of it, so that nothing is read twice.
        follower.take([{ kind: 'own' }])
        return result
      } catch (error) {
        const mayBeSent = error instanceof BusbarError && error.transient
        const again = mayBeSent ? () => void sendIt() : undefined
        setNow({ ...idle, state: 'failed', error, again })
        return undefined
      }
    }
    return sendIt()
  }
  return { ...now, act, reset: () => setNow(idle) }
}

/** What became of it, and what to do next; nothing before it began. */
export function ActNote(props: {
  readonly of: Pick<Act<unknown>, 'state' | 'error' | 'again'>
  readonly done: ReactNode
}): ReactNode {
  const { state, error, again } = props.of
  const { say } = useTexts()
  switch (state) {
    case 'idle':
      return null
    case 'asking':
    case 'sending':
      return (
        <p role='status' className='soft'>
          {say(`act.${state}`)}
        </p>
      )
    case 'done':
      return (
        <div role='status'>
          <Note tone='good' title={say('act.done')}>
            {props.done}
          </Note>
        </div>
      )
    case 'failed':
      return <ActFailed error={error} again={again} />
  }
}

function ActFailed(props: {
  readonly error: unknown
  readonly again: (() => void) | undefined
}): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const { error, again } = props
  if (error instanceof DOMException) {
    return (
      <Note tone='warn' title={say('act.refused')} isAlert>
        <p>{say('act.refused.next')}</p>
      </Note>
    )
  }
  if (error instanceof Error && error.name === 'CannotSign') {
    return (
      <Note tone='warn' icon='lock' title={say('act.noPasskey')} isAlert>
        <p>{say('act.noPasskey.next')}</p>
        <Link to={pathOf('account')} className='button'>
          {say('page.account')}
        </Link>
      </Note>
    )
  }
  const detail = refusalSaid(error, texts)
  const isUnknown = again !== undefined && !isRefused(error)
  return (
    <Note tone='bad' title={say('act.failed')} isAlert>
      <p>{say(isUnknown ? 'act.unknown.next' : 'act.failed.next', { detail })}</p>
      {again === undefined ? null : (
        <button type='button' className='button' onClick={again}>
          {say('act.again')}
        </button>
      )}
    </Note>
  )
}
