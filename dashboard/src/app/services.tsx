import { BusbarClient, BusbarError } from '@busbar/client'
import { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { CacheFollower } from '../live/cache-follower.ts'
import { LiveStore } from '../live/live-store.ts'
import { type Session, SessionStore } from '../session/session.ts'

/** What the pages talk to, made once. */
export type Services = {
  readonly client: BusbarClient
  readonly cache: QueryClient
  readonly live: LiveStore
  readonly sessions: SessionStore
}

export function createServices(baseUrl: string): Services {
  const client = new BusbarClient({ baseUrl })
  // The client tries again by itself what failed in passing; the stream says what is old.
  const options = { retry: false, staleTime: Infinity, refetchOnWindowFocus: false } as const
  const cache = new QueryClient({ defaultOptions: { queries: options } })
  const follower = new CacheFollower(client, cache)
  const live = new LiveStore(client, (event) => follower.hear(event))
  return { client, cache, live, sessions: new SessionStore(sessionStorage) }
}

const ServicesContext = createContext<Services | undefined>(undefined)

export const ServicesProvider = ServicesContext.Provider

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === undefined) throw new Error('a page stands inside of its services')
  return services
}

export function useSession(): Session | null {
  const { sessions } = useServices()
  return useSyncExternalStore(sessions.subscribe, sessions.current)
}

/** Reads as the one who is signed in. */
export function useReader(session: Session): BusbarClient {
  return useServices().client.as(() => Promise.resolve(session.authorization))
}

export const codeOf = (error: unknown): string =>
  error instanceof BusbarError ? error.code : 'unexpected'
