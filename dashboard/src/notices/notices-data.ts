import type { Notice } from '@busbar/protocols/api'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { isPublic, keys } from '../live/keys.ts'
import { ReadMark } from './read-mark.ts'

/** So many are shown, the newest. */
const noticesShown = 100
/** What concerns an account alone is in no public stream: it is asked for so often. */
const everyMs = 5_000

/**
 * The newest notices of an account, the newest first. After the first time only what came since is
 * asked for; what they tell of is read again with them.
 */
export function useNotices(account: number): UseQueryResult<readonly Notice[]> {
  const { client } = useServices()
  const cache = useQueryClient()
  const key = keys.notices(account)
  const asked = useQuery({
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
    refetchInterval: everyMs,
  })
  const newest = asked.data?.[0]?.sequence
  useEffect(() => {
    if (newest === undefined) return
    const isTold = ({ queryKey: [name] }: { readonly queryKey: readonly unknown[] }): boolean =>
      !isPublic(name) && name !== 'notices' && name !== 'account-series'
    void cache.invalidateQueries({ predicate: isTold })
  }, [cache, newest])
  return asked
}

/** Up to which notice was read on this device, and how to say so. */
export function useReadMark(account: number): readonly [mark: number, store: ReadMark] {
  const { market } = useMarket()
  const store = useMemo(() => new ReadMark(localStorage, market, account), [market, account])
  return [useSyncExternalStore(store.subscribe, store.current), store]
}
