import { BusbarError, type JoinCode, parseJoinCode } from '@busbar/client'
import type { JoinCode as JoinCodeView } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { firstPathOf } from '../app/destinations.ts'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { goTo, Link } from '../route/router.tsx'
import { browserDevice, canHoldPasskeys } from '../session/device.ts'
import { type Made, makePasskey, register } from './joining-in.ts'
import { NoPasskeys, reasonOf } from './outcome.tsx'
import { signIn } from './signing-in.ts'

/** What a link holds behind its `#`; undefined where it holds no join code. */
function codeIn(hash: string): JoinCode | undefined {
  try {
    return parseJoinCode(hash.replace(/^#/, ''))
  } catch {
    // Cut off by a mail program, or no link at all: the page says so.
    return undefined
  }
}

/** Where an invitation leads: a device makes a passkey, and its person is in the market. */
export default function JoinPage(): ReactNode {
  const { say } = useTexts()
  const [code] = useState(() => codeIn(window.location.hash))
  useEffect(() => {
    // A key in the address bar would be in the history, and in every picture of the screen.
    if (canHoldPasskeys()) window.history.replaceState(null, '', window.location.pathname)
  }, [])
  return (
    <div className='narrow stack'>
      <h1>{say('join.title')}</h1>
      <p className='soft'>{say('join.hint')}</p>
      {code === undefined ? (
        <Note tone='warn' title={say('join.none')}>
          <p>{say('join.none.next')}</p>
          <Link to={pathOf('signin')} className='button'>
            {say('app.signIn')}
          </Link>
        </Note>
      ) : canHoldPasskeys() ? (
        <Invited code={code} />
      ) : (
        <NoPasskeys />
      )}
    </div>
  )
}

type Invitation = { readonly name: string; readonly view: JoinCodeView }

function Invited({ code }: { readonly code: JoinCode }): ReactNode {
  const { client } = useServices()
  const asked = useQuery({
    queryKey: ['join', code.publicKey],
    queryFn: async ({ signal }): Promise<Invitation | null> => {
      try {
        const view = await client.keys.joinCode(code, { signal })
        const { account } = code
        const { participants } = await client.participants({ from: account, limit: 1 }, { signal })
        return { view, name: participants[0]?.name ?? String(account) }
      } catch (error) {
        if (error instanceof BusbarError && error.code === 'not_found') return null
        throw error
      }
    },
    gcTime: 0,
  })
  const { say } = useTexts()
  return (
    <Answered asked={asked} height={240}>
      {(invitation) =>
        invitation === null || invitation.view.host !== window.location.hostname ? (
          <Note tone='warn' title={say('join.over')}>
            <p>{say('join.over.next')}</p>
          </Note>
        ) : (
          <Join code={code} {...invitation} />
        )
      }
    </Answered>
  )
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'working' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly made: Made | undefined }
  | { readonly kind: 'waits' }

function Join({ code, name, view }: Invitation & { readonly code: JoinCode }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { client, sessions } = useServices()
  const { market } = useMarket()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const join = async (label: string, before: Made | undefined): Promise<void> => {
    setState({ kind: 'working' })
    let made = before
    try {
      const host = window.location.hostname
      made ??= await makePasskey(code, label, { client, device: browserDevice, market, name, host })
      await register(made, client, localStorage)
      if (view.delaySeconds > 0) return setState({ kind: 'waits' })
      const place = { client, device: browserDevice, market, keeper: localStorage, now: Date.now }
      const begun = await signIn({ kind: 'known', passkey: made.passkey }, place)
      sessions.begin(begun)
      goTo(firstPathOf(begun))
    } catch (error) {
      setState({ kind: 'failed', error, made })
    }
  }
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const label = String(new FormData(event.currentTarget).get('label'))
    void join(label, state.kind === 'failed' ? state.made : undefined)
  }
  const hours = Math.ceil(view.delaySeconds / 3_600)
  return (
    <Card title={say('join.as', { name })}>
      <p>{say(hours === 0 ? 'join.atOnce' : 'join.later', { hours })}</p>
      <form className='stack tight' onSubmit={send}>
        <label className='field'>
          {say('account.passkey.label')}
          <input
            name='label'
            required
            defaultValue='phone'
            pattern='[a-z0-9\-]{1,32}'
            maxLength={32}
            autoComplete='off'
          />
          <span>{say('account.passkey.label.rule')}</span>
        </label>
        <button type='submit' className='button main' disabled={state.kind === 'working'}>
          <Icon name='key' />
          {say('join.make')}
        </button>
      </form>
      {state.kind === 'working' ? (
        <p role='status' className='soft'>
          {say('signin.working')}
        </p>
      ) : null}
      {state.kind === 'failed' ? (
        <Note tone='warn' title={say('join.failed')} isAlert>
          <p>{reasonOf(state.error, say)}</p>
        </Note>
      ) : null}
      {state.kind === 'waits' ? (
        <Note tone='good' title={say('join.waits', { hours })}>
          <p>{say('join.waits.next')}</p>
        </Note>
      ) : null}
      <p className='small soft'>{say('join.until', { time: formats.moment(view.untilMs) })}</p>
    </Card>
  )
}
