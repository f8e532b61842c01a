import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { firstPathOf } from '../app/destinations.ts'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { useLostSession, useServices, useSession } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { placeOf } from '../route/pages.ts'
import { goTo, useSearch } from '../route/router.tsx'
import { browserDevice, canHoldPasskeys } from '../session/device.ts'
import { forget, knownPasskeys } from '../session/known-passkeys.ts'
import LostDevice from './lost-device.tsx'
import { ChooseAccount } from './choose-account.tsx'
import { NoPasskeys, reasonOf } from './outcome.tsx'
import { type By, signIn } from './signing-in.ts'

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Where somebody becomes somebody: with a passkey, and then back to where they came from. */
export default function SignInPage(): ReactNode {
  const { say } = useTexts()
  const session = useSession()
  const lost = useLostSession()
  const { client, sessions } = useServices()
  const { market } = useMarket()
  const search = new URLSearchParams(useSearch())
  const asked = search.get('to')
  const refused = search.get('refused')
  const isChoosing = search.has('choose')
  const [state, setState] = useState<State>({ kind: 'idle' })
  const by = async (how: By): Promise<void> => {
    setState({ kind: 'working' })
    try {
      const place = { client, device: browserDevice, market, keeper: localStorage, now: Date.now }
      const begun = await signIn(how, place)
      sessions.begin(begun)
      setState({ kind: 'idle' })
      if (begun.objection === undefined) goTo(isOurs(asked) ? asked : firstPathOf(begun))
    } catch (error) {
      setState({ kind: 'failed', error })
    }
  }
  if (lost !== undefined) return <LostDevice session={lost} />
  return (
    <div className='narrow stack'>
      <h1>{say('signin.title')}</h1>
      <p className='soft'>{say('signin.hint')}</p>
      {session == null ? null : (
        <Note tone='good' title={say('signin.done', { name: session.name })} />
      )}
      {isChoosing ? (
        <ChooseAccount done={(begun) => goTo(isPlace(asked) ? asked : firstPathOf(begun))} />
      ) : null}
      <Outcome state={state} />
      {state.kind === 'idle' && refused !== null ? <Refused code={refused} /> : null}
      {canHoldPasskeys() ? (
        <Passkeys market={market} isBusy={state.kind === 'working'} by={by} />
      ) : (
        <NoPasskeys />
      )}
      <Companies back={isOurs(asked) ? asked : null} />
      <Word isBusy={state.kind === 'working'} by={by} />
      {session === null ? (
        <p className='small soft'>
          <strong>{say('signin.none')}</strong> {say('signin.none.next')}
        </p>
      ) : null}
    </div>
  )
}

/** Where a provider's answer led, if it is more than the first page. */
const isPlace = (asked: string | null): asked is string => isOurs(asked) && asked !== '/'

/** Nobody is led elsewhere by a link. */
const isOurs = (asked: string | null): asked is string =>
  asked !== null && placeOf(asked.split('?')[0] ?? '') !== undefined

function Passkeys(props: {
  readonly market: string
  readonly isBusy: boolean
  readonly by: (how: By) => Promise<void>
}): ReactNode {
  const { market, isBusy, by } = props
  const { say } = useTexts()
  const [known, setKnown] = useState(() => knownPasskeys(localStorage, market))
  return (
    <Card title={say(known.length === 0 ? 'signin.first' : 'signin.known')}>
      {known.length === 0 ? null : (
        <ul className='people'>
          {known.map((passkey) => (
            <li key={passkey.publicKey} className='row'>
              <button
                type='button'
                className='button main'
                disabled={isBusy}
                onClick={() => void by({ kind: 'known', passkey })}
              >
                <Icon name='key' />
                {say('signin.as', { name: passkey.name })}
              </button>
              <button
                type='button'
                className='button quiet'
                aria-label={say('signin.forget', { name: passkey.name })}
                onClick={() => {
                  forget(localStorage, passkey.publicKey)
                  setKnown(knownPasskeys(localStorage, market))
                }}
              >
                <Icon name='cross' size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className='stack tight'>
        <button
          type='button'
          className={known.length === 0 ? 'button main' : 'button'}
          disabled={isBusy}
          onClick={() => void by({ kind: 'any' })}
        >
          <Icon name='phone' />
          {say(known.length === 0 ? 'signin.any' : 'signin.another')}
        </button>
        <p className='small soft'>{say('signin.another.hint')}</p>
      </div>
    </Card>
  )
}

/** People of companies sign in where they work, and read as their company lets them. */
function Companies({ back }: { readonly back: string | null }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { data = [] } = useQuery({
    queryKey: keys.providers,
    queryFn: ({ signal }) => client.sessions.providers({ signal }),
  })
  if (data.length === 0) return null
  const query = back === null ? '' : `?back=${encodeURIComponent(back)}`
  return (
    <Card title={say('signin.company')}>
      <ul className='people'>
        {data.map(({ name, label, path }) => (
          <li key={name}>
            <a className='button' href={`${path}${query}`}>
              <Icon name='person' />
              {say('signin.company.with', { label })}
            </a>
          </li>
        ))}
      </ul>
      <p className='small soft'>{say('signin.company.hint')}</p>
    </Card>
  )
}

/** A provider sent somebody back without a session. */
function Refused({ code }: { readonly code: string }): ReactNode {
  const { say } = useTexts()
  const known = refusals.find((one) => one === code)
  return (
    <Note tone='warn' title={say('signin.failed')} isAlert>
      <p>{known === undefined ? say('signin.company.any') : say(`signin.company.${known}`)}</p>
    </Note>
  )
}

const refusals = ['sign_in_refused', 'sign_in_unknown', 'network_foreign'] as const

/** For whoever has a key in a file. */
function Word(props: {
  readonly isBusy: boolean
  readonly by: (how: By) => Promise<void>
}): ReactNode {
  const { say } = useTexts()
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const credential = String(new FormData(event.currentTarget).get('credential')).trim()
    void props.by({ kind: 'word', credential })
  }
  return (
    <details className='card'>
      <summary>{say('signin.word')}</summary>
      <p className='small soft'>{say('signin.word.hint')}</p>
      <form className='stack tight' onSubmit={send}>
        <label className='field'>
          {say('signin.word.label')}
          <textarea name='credential' rows={4} required spellCheck={false} autoComplete='off' />
        </label>
        <button type='submit' className='button' disabled={props.isBusy}>
          {say('signin.word.send')}
        </button>
      </form>
    </details>
  )
}

function Outcome({ state }: { readonly state: State }): ReactNode {
  const { say } = useTexts()
  if (state.kind === 'idle') return null
  if (state.kind === 'working') {
    return (
      <p role='status' className='soft'>
        {say('signin.working')}
      </p>
    )
  }
  return (
    <Note tone='warn' title={say('signin.failed')} isAlert>
      <p>{reasonOf(state.error, say)}</p>
    </Note>
  )
}
