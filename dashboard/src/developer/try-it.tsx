import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useSession } from '../app/services.tsx'
import { Badge } from '../parts/parts.tsx'
import { addressOf, isComplete, type Operation } from './openapi.ts'

type Answer = {
  readonly address: string
  /** 0 where nothing came back. */
  readonly status: number
  readonly tookMs: number
  readonly text: string
}

/** More of an answer than this is no help on a page. */
const shownMax = 20_000

/** Asks a route that only reads, as whoever is signed in, and shows what comes back. */
export function TryIt({ operation }: { readonly operation: Operation }): ReactNode {
  const { say } = useTexts()
  const session = useSession()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [answer, setAnswer] = useState<Answer>()
  const [isAsking, setAsking] = useState(false)
  const address = addressOf(operation, values)
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setAsking(true)
    setAnswer(await answerOf(address))
    setAsking(false)
  }
  const parameters = operation.parameters.filter((one) => one.in !== 'header')
  return (
    <form className='stack try' onSubmit={(event) => void ask(event)}>
      {parameters.length === 0 ? null : (
        <div className='ask'>
          {parameters.map(({ path, isRequired, about, type }) => (
            <Value
              key={path}
              name={path}
              about={about === '' ? type : about}
              isRequired={isRequired}
              value={values[path] ?? ''}
              change={(value) => setValues({ ...values, [path]: value })}
            />
          ))}
        </div>
      )}
      <div className='row'>
        <button
          type='submit'
          className='button main'
          disabled={isAsking || !isComplete(operation, values)}
        >
          {say('developer.try')}
        </button>
        <code className='address'>GET {address}</code>
      </div>
      {operation.isPrivate ? (
        <p className='small soft'>
          {session == null
            ? say('developer.try.signIn')
            : say('developer.try.as', { name: session.name })}
        </p>
      ) : null}
      {answer === undefined ? null : <Shown answer={answer} />}
    </form>
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

function Shown({ answer }: { readonly answer: Answer }): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { status, tookMs, text } = answer
  const tone = status === 200 ? 'good' : 'warn'
  return (
    <div className='stack' role='status'>
      <p className='row small'>
        <Badge tone={tone} icon={status === 200 ? 'check' : 'warn'}>
          {status === 0 ? say('state.offline') : String(status)}
        </Badge>
        <span className='soft figure'>{say('developer.took', { ms: count(tookMs) })}</span>
      </p>
      <pre className='code' tabIndex={0} role='region' aria-label={say('developer.answer')}>
        <code>{text.length > shownMax ? `${text.slice(0, shownMax)}\n…` : text}</code>
      </pre>
    </div>
  )
}

async function answerOf(address: string): Promise<Answer> {
  const begun = performance.now()
  const took = (): number => Math.round(performance.now() - begun)
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } })
    const text = await response.text()
    return { address, status: response.status, tookMs: took(), text: readable(text) }
  } catch (error) {
    return { address, status: 0, tookMs: took(), text: String(error) }
  }
}

/** JSON with its structure; everything else as it came. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
