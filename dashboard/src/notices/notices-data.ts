import type { Market, Notice } from '@busbar/protocols/api'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useOpened } from '../app/live.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { ReadMark, unreadOf } from './read-mark.ts'

/** So many are shown, the newest. */
const noticesShown = 100

/**
 * The newest notices of an account, the newest first. After the first time only what came since is
 * asked for, when the stream says that there is something.
 */
export function useNotices(account: number): UseQueryResult<readonly Notice[]> {
  const { client } = useServices()
  const cache = useQueryClient()
  const key = keys.notices(account)
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<readonly Notice[]> => {
      const known = cache.getQueryData<readonly Notice[]>(key)
      const newest = known?.[0]?.sequence ??
        Math.max(0, (await client.notices.webhook(account, { signal })).lastSequence - noticesShown)
      const found: Notice[] = []
      for (let after: number | null = newest; after !== null; ) {
        const page: Awaited<ReturnType<typeof client.notices.list>> =
          await client.notices.list(account, { after, limit: noticesShown }, { signal })
        found.unshift(...page.notices.toReversed())
        after = page.nextAfter
      }
      return [...found, ...(known ?? [])].slice(0, noticesShown)
    },
    enabled: useOpened(),
  })
}

/** How many notices are new on this device, as they come; what they tell of is read again. */
export function useUnread(account: number, market: Market): number {
  const { follower } = useServices()
  const { data } = useNotices(account)
  const [mark] = useReadMark(account, market)
  const heard = useRef<number>(undefined)
  useEffect(() => {
    if (data === undefined) return
    const before = heard.current
    heard.current = data[0]?.sequence ?? 0
    const news = before === undefined ? [] : data.filter(({ sequence }) => sequence > before)
    follower.take(news.map(({ kind }) => ({ kind: 'told', of: kind })))
  }, [follower, data])
  return unreadOf(data, mark)
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
