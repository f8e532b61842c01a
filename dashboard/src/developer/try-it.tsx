import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices, useSession } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Note } from '../parts/parts.tsx'
import { isComplete, type OpenApi, type Operation } from './openapi.ts'
import { type Answer, ask, type Asking, askingOf, curlOf } from './request.ts'
import { AnswerShown, Command } from './try-answer.tsx'
import { BodyField, useBody } from './try-body.tsx'

/** How long a credential counts that is made to try a route. */
const credentialMs = 3_600_000

/** Asks any route as whoever is signed in, and shows what comes back. */
export function TryIt(props: {
  readonly document: OpenApi
  readonly operation: Operation
}): ReactNode {
  const { operation } = props
  const { method, isPrivate } = operation
  const session = useSession()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const body = useBody(props.document, operation)
  const own = session == null ? {} : { account: String(session.account) }
  const values: Readonly<Record<string, string>> = { ...own, ...typed }
  const asking = askingOf(operation, values, body?.text)
  const { answer, isAsking, act, send, stop } = useAsking(operation)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send(asking)
  }
  const isWhole = isComplete(operation, values) && (body === undefined || body.isJson)
  return (
    <form className='stack try' onSubmit={submit}>
      <Values
        operation={operation}
        values={values}
        change={(name, value) => setTyped({ ...typed, [name]: value })}
      />
      {body === undefined ? null : <BodyField route={operation.id} body={body} />}
      <Real method={method} />
      <Buttons {...{ asking, isAsking, isWhole, stop }} />
      <AskedAs operation={operation} />
      {act.state === 'done' ? null : <ActNote of={act} done={null} />}
      <Command text={curlOf(asking, window.location.origin, isPrivate)} isPrivate={isPrivate} />
      {answer === undefined ? null : <AnswerShown answer={answer} address={asking.address} />}
    </form>
  )
}

/** Sends a request, signed where a cookie is not enough, and keeps what comes of it. */
function useAsking({ method, isPrivate }: Operation) {
  const { follower, sessions } = useServices()
  const session = useSession()
  const act = useAct<string>({ account: session?.account ?? 0 })
  const [answer, setAnswer] = useState<Answer>()
  const [under, setUnder] = useState<AbortController>()
  // A stream that nobody looks at any more is not read on.
  useEffect(() => () => under?.abort(), [under])
  const send = async (asking: Asking): Promise<void> => {
    const isSigned = isPrivate && method !== 'GET' && session != null
    const credential = isSigned
      ? await act.act(
          (signer) => signer.credential(Date.now() + credentialMs),
          async (signed) => signed,
        )
      : undefined
    if (isSigned && credential === undefined) return
    const stopped = new AbortController()
    setUnder(stopped)
    setAnswer(undefined)
    await ask(asking, credential, stopped.signal, setAnswer)
    setUnder(undefined)
    if (method === 'GET') return
    // It may have signed somebody in or out, or changed what other pages show.
    void sessions.look()
    follower.take([{ kind: 'own' }])
  }
  return { answer, act, send, isAsking: under !== undefined, stop: () => under?.abort() }
}

function Buttons(props: {
  readonly asking: Asking
  readonly isAsking: boolean
  readonly isWhole: boolean
  readonly stop: () => void
}): ReactNode {
  const { say } = useTexts()
  const { asking: { method, address }, isAsking, isWhole, stop } = props
  return (
    <div className='row'>
      <button type='submit' className='button main' disabled={isAsking || !isWhole}>
        {say(method === 'GET' ? 'developer.try' : 'developer.send')}
      </button>
      {isAsking ? (
        <button type='button' className='button' onClick={stop}>
          {say('action.stop')}
        </button>
      ) : null}
      <code className='address'>
        {method} {address}
      </code>
    </div>
  )
}

/** That what is sent is no rehearsal. */
function Real({ method }: { readonly method: string }): ReactNode {
  const { say } = useTexts()
  if (method === 'GET') return null
  return (
    <Note tone='warn' title={say('developer.real')}>
      <p className='small'>{say('developer.real.next', { method })}</p>
    </Note>
  )
}

function AskedAs({ operation }: { readonly operation: Operation }): ReactNode {
  const { say } = useTexts()
  const session = useSession()
  if (!operation.isPrivate) return null
  if (session == null) return <p className='small soft'>{say('developer.try.signIn')}</p>
  const text = operation.method === 'GET' ? 'developer.try.as' : 'developer.try.credential'
  return <p className='small soft'>{say(text, { name: session.name })}</p>
}

function Values(props: {
  readonly operation: Operation
  readonly values: Readonly<Record<string, string>>
  readonly change: (name: string, value: string) => void
}): ReactNode {
  const { operation: { parameters }, values, change } = props
  if (parameters.length === 0) return null
  return (
    <div className='ask'>
      {parameters.map(({ path, isRequired, about, type }) => (
        <Value
          key={path}
          name={path}
          about={about === '' ? type : about}
          isRequired={isRequired}
          value={values[path] ?? ''}
          change={(value) => change(path, value)}
        />
      ))}
    </div>
  )
}

function Value(props: {
  readonly name: string
  readonly about: string
  readonly isRequired: boolean
  readonly value: string
  readonly change: (value: string) => void
}): ReactNode {
  const { say } = useTexts()
  const id = useId()
  return (
    <label>
      <span>
        <code>{props.name}</code>
        {props.isRequired ? null : <span className='soft'> {say('developer.optional')}</span>}
      </span>
      <input
        value={props.value}
        required={props.isRequired}
        aria-describedby={id}
        autoCapitalize='off'
        spellCheck={false}
        onChange={({ target }) => props.change(target.value)}
      />
      <span id={id} className='small soft'>
        {props.about}
      </span>
    </label>
  )
}
