import { BusbarError } from '@busbar/client'
import { Component, type ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useLive } from '../app/live.tsx'
import { codeOf } from '../app/services.tsx'
import { refusalSaid } from '../lib/refusals.ts'
import { pathOf } from '../route/pages.ts'
import { Link, usePath, useSearch } from '../route/router.tsx'
import { Bone, Note } from './parts.tsx'

/** As much of a query as its states need. */
export type Asked<Data> = {
  readonly data: Data | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
}

/** An answer, or in its place what became of asking for it, and what to do. */
export function Answered<Data>(props: {
  readonly asked: Asked<Data>
  /** Of what will stand there. */
  readonly height?: number
  readonly children: (data: Data) => ReactNode
}): ReactNode {
  const { asked, height = 160 } = props
  const { say } = useTexts()
  if (asked.data !== undefined) {
    return (
      <>
        {asked.error === null ? null : <Older retry={() => void asked.refetch()} />}
        {props.children(asked.data)}
      </>
    )
  }
  if (asked.error !== null) return <Failed error={asked.error} retry={() => void asked.refetch()} />
  return (
    <div role='status'>
      <span className='unseen'>{say('state.loading')}</span>
      <Bone height={height} />
    </div>
  )
}

/** Above figures that could not be read again; while nobody answers at all, the page says so. */
function Older({ retry }: { readonly retry: () => void }): ReactNode {
  const { say } = useTexts()
  const { connection } = useLive()
  if (connection === 'offline') return null
  return (
    <div className='row' role='status'>
      <span className='small is-warn'>{say('state.older')}</span>
      <button type='button' className='button quiet' onClick={retry}>
        {say('state.retry')}
      </button>
    </div>
  )
}

export function Failed(props: {
  readonly error: unknown
  readonly retry: () => void
}): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const code = codeOf(props.error)
  const retry = (
    <button type='button' className='button' onClick={props.retry}>
      {say('state.retry')}
    </button>
  )
  if (code === 'market_not_open') {
    return (
      <Note tone='plain' title={say('state.closed')}>
        <p>{say('state.closed.next')}</p>
        {retry}
      </Note>
    )
  }
  if (code === 'network_failed' || code === 'timed_out') {
    return (
      <Note tone='warn' icon='offline' title={say('state.offline')} isAlert>
        <p>{say('state.offline.next')}</p>
        {retry}
      </Note>
    )
  }
  const isRefusal = props.error instanceof BusbarError && !props.error.transient
  const detail = refusalSaid(props.error, texts)
  return (
    <Note tone='bad' title={say('state.error')} isAlert>
      <p>{say(isRefusal ? 'state.refused.next' : 'state.error.next', { code, detail })}</p>
      {retry}
    </Note>
  )
}

/** Above every page while the exchange cannot be reached. */
export function OfflineNote(): ReactNode {
  const { say } = useTexts()
  const { connection } = useLive()
  if (connection !== 'offline') return null
  return (
    <Note tone='warn' icon='offline' title={say('state.offline')} isAlert>
      <p>{say('state.offline.next')}</p>
    </Note>
  )
}

export function NotFound(): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h1>{say('state.notFound')}</h1>
      <p className='soft'>{say('state.notFound.next')}</p>
      <div className='row'>
        <Link to='/' className='button main'>
          {say('page.market')}
        </Link>
      </div>
    </>
  )
}

export function SignInFirst(): ReactNode {
  const { say } = useTexts()
  const path = encodeURIComponent(usePath() + useSearch())
  return (
    <Note tone='plain' icon='lock' title={say('state.signIn')}>
      <p>{say('state.signIn.next')}</p>
      <Link to={`${pathOf('signin')}?to=${path}`} className='button main'>
        {say('app.signIn')}
      </Link>
    </Note>
  )
}

type CatcherProps = {
  readonly children: ReactNode
  /** Stands there after a mistake; without it what is known of any page. */
  readonly instead?: ReactNode
}

/** A mistake in a page stops that page and not the others. */
export class Catcher extends Component<CatcherProps, { readonly failed: boolean }> {
  override readonly state = { failed: false }

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    const { children, instead = <Crashed /> } = this.props
    return this.state.failed ? instead : children
  }
}

function Crashed(): ReactNode {
  const { say } = useTexts()
  return (
    <Note tone='bad' title={say('state.crashed')} isAlert>
      <p>{say('state.crashed.next')}</p>
      <button type='button' className='button' onClick={() => window.location.reload()}>
        {say('state.reload')}
      </button>
    </Note>
  )
}
