import { lazy, type ReactNode, Suspense } from 'react'
import { Bone, Note } from '../parts/parts.tsx'
import { SignInFirst } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { useTexts } from './language.tsx'
import { useLostSession, useSession } from './services.tsx'

const LostDevice = lazy(() => import('../signin/lost-device.tsx'))

type Role = Session['roles'][number]

/**
 * What is for whoever is signed in, or for some roles alone. To others it says what to do, and asks
 * the server for nothing.
 */
export function Mine(props: {
  /** Whoever has one of them; everybody who is signed in where none are named. */
  readonly roles?: readonly Role[]
  readonly height?: number
  /** Of the page, for those whom it is not for, where what it shows others brings its own. */
  readonly title?: string
  readonly children: (session: Session) => ReactNode
}): ReactNode {
  const session = useSession()
  const lost = useLostSession()
  const title = props.title === undefined ? null : <h1>{props.title}</h1>
  if (session === undefined) return <Bone height={props.height ?? 320} />
  if (lost !== undefined) {
    return <Suspense fallback={<Bone height={320} />}><LostDevice session={lost} /></Suspense>
  }
  if (session === null) return <>{title}<SignInFirst /></>
  const isFor = props.roles?.some((role) => session.roles.includes(role)) ?? true
  return isFor ? props.children(session) : <>{title}<NotYours roles={props.roles ?? []} /></>
}

function NotYours({ roles }: { readonly roles: readonly Role[] }): ReactNode {
  const { say } = useTexts()
  const named = roles.map((role) => say(`role.${role}`)).join(', ')
  return (
    <Note tone='plain' icon='lock' title={say('state.notYours')}>
      <p>{say('state.notYours.next', { roles: named })}</p>
    </Note>
  )
}
