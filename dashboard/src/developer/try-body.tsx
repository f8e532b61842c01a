import { BusbarError, newId } from '@busbar/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { usePhases } from '../app/phases.ts'
import { useServices, useSession } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { keys } from '../live/keys.ts'
import { Note } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { kindsOf, templateOf } from './body-template.ts'
import type { OpenApi, Operation } from './openapi.ts'
import { elsewhereOf, isSignedHere, signedBody } from './signed-body.ts'

/** What is about to be sent, as its reader has left it. */
export type Body = {
  readonly text: string
  readonly isJson: boolean
  readonly change: (text: string) => void
  /** What it may be of, where that is to be chosen. */
  readonly kinds: readonly string[]
  readonly kind: string | undefined
  readonly choose: (kind: string) => void
}

/** Begins with a template of what the route takes; undefined where it takes nothing. */
export function useBody(document: OpenApi, { bodySchema }: Operation): Body | undefined {
  const { openThrough } = usePhases(60_000)
  const { client } = useServices()
  const session = useSession()
  const [chosen, setChosen] = useState<string>()
  const [typed, setTyped] = useState<string>()
  const asked = useQuery({
    queryKey: keys.account(session?.account ?? 0),
    queryFn: ({ signal }) => client.account(session?.account ?? 0, { signal }),
    enabled: bodySchema !== undefined && session != null,
  })
  const kinds = useMemo(
    () => (bodySchema === undefined ? [] : kindsOf(document, bodySchema)),
    [document, bodySchema],
  )
  const kind = chosen ?? kinds[0]
  const meter = asked.data?.meters[0]?.meter
  const account = session?.account
  const template = useMemo(() => {
    if (bodySchema === undefined) return ''
    const known = { account, meter, interval: openThrough, nowMs: Date.now(), newId }
    return JSON.stringify(templateOf(document, bodySchema, known, kind), null, 2)
    // As the market goes on, what somebody reads and signs stays.
  }, [document, bodySchema, kind, account, meter])
  if (bodySchema === undefined) return undefined
  const text = typed ?? template
  const choose = (next: string): void => {
    setChosen(next)
    setTyped(undefined)
  }
  return { text, isJson: isJson(text), change: setTyped, kinds, kind, choose }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function BodyField(props: { readonly route: string; readonly body: Body }): ReactNode {
  const { say } = useTexts()
  const { route, body } = props
  const { text, kinds, kind, choose, change } = body
  const elsewhere = elsewhereOf(route)
  return (
    <>
      {kinds.length < 2 ? null : (
        <label>
          <span>{say('developer.kind')}</span>
          <select value={kind} onChange={({ target }) => choose(target.value)}>
            {kinds.map((one) => <option key={one}>{one}</option>)}
          </select>
        </label>
      )}
      <label>
        <span>{say('developer.body')}</span>
        <textarea
          className='code'
          rows={Math.min(24, text.split('\n').length + 1)}
          value={text}
          spellCheck={false}
          aria-invalid={!body.isJson}
          onChange={({ target }) => change(target.value)}
        />
      </label>
      {body.isJson ? null : <p role='alert' className='small'>{say('developer.notJson')}</p>}
      {elsewhere === undefined ? null : (
        <p className='small soft'>{say(`developer.signs.${elsewhere}`)}</p>
      )}
      {isSignedHere(route) ? <SignBody route={route} body={body} /> : null}
    </>
  )
}

function SignBody(props: { readonly route: string; readonly body: Body }): ReactNode {
  const { say } = useTexts()
  const session = useSession()
  if (session != null) return <SignAs session={session} {...props} />
  return (
    <p className='small soft'>
      {say('developer.signs.signIn')} <Link to={pathOf('signin')}>{say('app.signIn')}</Link>
    </p>
  )
}

/** Puts the signatures of who is signed in into the body, by the passkey of this browser. */
function SignAs(props: {
  readonly session: Session
  readonly route: string
  readonly body: Body
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const act = useAct<unknown>(props.session)
  const { route, body: { text, isJson, change } } = props
  const sign = (): void => {
    const written: unknown = JSON.parse(text)
    void act.act(
      (signer) => signedBody(route, written, signer, client),
      async (signed) => change(JSON.stringify(signed, null, 2)),
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  return (
    <>
      <div className='row'>
        <button type='button' className='button' disabled={!isJson || isBusy} onClick={sign}>
          {say('developer.sign')}
        </button>
        <span className='small soft'>{say('developer.sign.hint')}</span>
      </div>
      {isOfBody(act.error) ? (
        <Note tone='bad' title={say('developer.unsigned')} isAlert>
          <p>{act.error.message}</p>
        </Note>
      ) : (
        <ActNote of={act} done={<p className='small'>{say('developer.signed')}</p>} />
      )}
    </>
  )
}

/** Neither a device has refused, nor the exchange: what is written there cannot be signed. */
const isOfBody = (error: unknown): error is Error =>
  error instanceof Error && error.name !== 'CannotSign' &&
  !(error instanceof BusbarError) && !(error instanceof DOMException)
