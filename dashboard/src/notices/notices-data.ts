import type { BusbarClient } from '@busbar/client'
import type { Market, Notice } from '@busbar/protocols/api'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useOpened } from '../app/live.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import type { Asked } from '../parts/states.tsx'
import { ReadMark, unreadOf } from './read-mark.ts'

/** So many are shown, the newest. */
const noticesShown = 100

/** How far the notices of an account are, and those that came since that was asked first. */
type Heard = {
  readonly lastSequence: number
  /** The newest first. */
  readonly news: readonly Notice[]
}

/**
 * What a page knows of notices that shows none of them: only what came since is asked for, when the
 * stream says that there is something.
 */
function useHeard(account: number): UseQueryResult<Heard> {
  const { client } = useServices()
  const cache = useQueryClient()
  const key = keys.notices(account)
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<Heard> => {
      const known = cache.getQueryData<Heard>(key)
      if (known === undefined) {
        const { lastSequence } = await client.notices.webhook(account, { signal })
        return { lastSequence, news: [] }
      }
      const found = await readAfter(client, account, known.lastSequence, signal)
      return {
        lastSequence: found[0]?.sequence ?? known.lastSequence,
        news: [...found, ...known.news].slice(0, noticesShown),
      }
    },
    enabled: useOpened(),
  })
}

/** All behind a notice, the newest first. */
export async function readAfter(
  { notices }: Pick<BusbarClient, 'notices'>,
  account: number,
  first: number,
  signal: AbortSignal,
): Promise<readonly Notice[]> {
  const found: Notice[] = []
  for (let after: number | null = first; after !== null; ) {
    const page: Awaited<ReturnType<typeof notices.list>> =
      await notices.list(account, { after, limit: noticesShown }, { signal })
    found.unshift(...page.notices.toReversed())
    after = page.nextAfter
  }
  return found
}

/** The newest notices of an account, the newest first. */
export function useNotices(account: number): Asked<readonly Notice[]> {
  const { client } = useServices()
  const heard = useHeard(account)
  const last = heard.data?.lastSequence
  const before = useQuery({
    queryKey: keys.earlierNotices(account),
    queryFn: ({ signal }) =>
      readAfter(client, account, Math.max(0, (last ?? 0) - noticesShown), signal),
    enabled: last !== undefined,
  })
  const { data } = before
  if (heard.data === undefined || data === undefined) {
    const asked = heard.data === undefined ? heard : before
    return { data: undefined, error: asked.error, refetch: asked.refetch }
  }
  const known = data[0]?.sequence ?? 0
  const news = heard.data.news.filter(({ sequence }) => sequence > known)
  return { ...before, data: [...news, ...data].slice(0, noticesShown) }
}

/** How many notices are new on this device, as they come; what they tell of is read again. */
export function useUnread(account: number, market: Market): number {
  const { follower } = useServices()
  const { data } = useHeard(account)
  const [mark] = useReadMark(account, market)
  const heard = useRef<number>(undefined)
  useEffect(() => {
    if (data === undefined) return
    const before = heard.current
    heard.current = data.lastSequence
    const news = before === undefined ? [] : data.news.filter(({ sequence }) => sequence > before)
    follower.take(news.map(({ kind }) => ({ kind: 'told', of: kind })))
  }, [follower, data])
  return unreadOf(data?.lastSequence, mark)
}

/** One for each account: all that show it hear of it. */
const marks = new Map<string, ReadMark>()

function markOf(market: string, account: number): ReadMark {
  const name = `${market} ${account}`
  const mark = marks.get(name) ?? new ReadMark(localStorage, market, account)
  marks.set(name, mark)
  return mark
}

/** Up to which notice was read on this device, also in another window, and how to say so. */
export function useReadMark(
  account: number,
  { market }: Market,
): readonly [mark: number, store: ReadMark] {
  const store = markOf(market, account)
  useEffect(() => {
    window.addEventListener('storage', store.look)
    return () => window.removeEventListener('storage', store.look)
  }, [store])
  return [useSyncExternalStore(store.subscribe, store.current), store]
}
