import { BusbarClient, BusbarError } from '@busbar/client'
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { CacheFollower } from '../live/cache-follower.ts'
import { isPublic } from '../live/keys.ts'
import { LiveStore } from '../live/live-store.ts'
import { callsOf, type Session, SessionStore } from '../session/session.ts'

/** What the pages talk to, made once. */
export type Services = {
  /** Reads as whoever is signed in: by the cookie of this browser. */
  readonly client: BusbarClient
  readonly cache: QueryClient
  readonly follower: CacheFollower
  readonly live: LiveStore
  readonly sessions: SessionStore
}

export function createServices(baseUrl: string): Services {
  const client = new BusbarClient({ baseUrl })
  const siblings = new BroadcastChannel('busbar.session')
  const sessions = new SessionStore(callsOf(client), undefined, siblings)
  // The client tries again by itself what failed in passing; the stream says what is old.
  const options = { retry: false, staleTime: Infinity, refetchOnWindowFocus: false } as const
  const cache = new QueryClient({
    defaultOptions: { queries: options },
    queryCache: new QueryCache({
      onError: (error) => {
        // Its key was revoked, or its time is over: nobody is signed in any more. But who has a
        // device that is said to be lost may object, as the server tells.
        if (codeOf(error) === 'credential_revoked') void sessions.look()
        else if (codeOf(error).startsWith('credential_')) sessions.forget()
      },
    }),
  })
  const follower = new CacheFollower(client, cache)
  const live = new LiveStore(client, (event) => follower.hear(event))
  // What only one account may see does not stay behind for the next.
  let before = sessions.current()
  sessions.subscribe(() => {
    cache.removeQueries({ predicate: ({ queryKey: [name] }) => !isPublic(name) })
    const now = sessions.current()
    // A stream tells of the account that it was opened for; at first that is who is there.
    if (before !== undefined && now?.account !== before?.account) live.again()
    before = now
  })
  live.subscribe(() => {
    if (live.state().connection === 'live') void sessions.reached()
  })
  void sessions.look()
  return { client, cache, follower, live, sessions }
}

const ServicesContext = createContext<Services | undefined>(undefined)

export const ServicesProvider = ServicesContext.Provider

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === undefined) throw new Error('a page stands inside of its services')
  return services
}

function useAnySession(): Session | null | undefined {
  const { sessions } = useServices()
  return useSyncExternalStore(sessions.subscribe, sessions.current)
}

/** Undefined until it is known, null where nobody is signed in, or by a lost device alone. */
export function useSession(): Session | null | undefined {
  const session = useAnySession()
  return session?.objection === undefined ? session : null
}

export type LostSession = Session & Required<Pick<Session, 'objection'>>

/** Whoever is here by a device that the desk was told is lost: it may object, and no more. */
export function useLostSession(): LostSession | undefined {
  const session = useAnySession()
  return session?.objection === undefined ? undefined : (session as LostSession)
}

export const codeOf = (error: unknown): string =>
  error instanceof BusbarError ? error.code : 'unexpected'
