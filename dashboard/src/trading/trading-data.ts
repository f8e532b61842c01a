import { pagesOf } from '@busbar/client'
import type { AccountInterval, BoardOffer, PartyTrade } from '@busbar/protocols/api'
import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMarketTime, useOpened } from '../app/live.tsx'
import { useMarket } from '../app/market.tsx'
import { codeOf, useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { phasesAt } from '../time/phases.ts'
import { type PlacedOrder, PlacedOrders } from './kept-orders.ts'

/** So many orders are followed on the page, the newest. */
export const ordersShown = 8

let orders: PlacedOrders | undefined

export const placedOrders = (): PlacedOrders => (orders ??= new PlacedOrders(indexedDB))

/** The orders that were placed from this device. */
export function usePlaced(account: number): UseQueryResult<readonly PlacedOrder[]> {
  const { market } = useMarket()
  return useQuery({
    queryKey: keys.placed(account),
    queryFn: () => placedOrders().of(market, account),
  })
}

/** What became of them: their intervals as the account is shown them, null where there is none. */
export function useOwnIntervals(
  account: number,
  intervals: readonly number[],
): ReadonlyMap<number, AccountInterval | null | undefined> {
  const { client } = useServices()
  const opened = useOpened()
  const answers = useQueries({
    queries: intervals.map((interval) => ({
      queryKey: keys.ownInterval(account, interval),
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
        try {
          return await client.accountInterval(account, interval, { signal })
        } catch (error) {
          // Before the first order of anybody there is no such interval.
          if (codeOf(error) === 'not_found') return null
          throw error
        }
      },
      enabled: opened,
    })),
  })
  return new Map(intervals.map((interval, i) => [interval, answers[i]?.data]))
}

/** What the account's retailer charges and pays now; null where the account has none. */
export function useTariff(account: number): AccountInterval['zones'][number]['tariff'] {
  const { rulebook } = useMarket()
  const nowMs = useMarketTime(60_000)
  const intervalMs = rulebook.intervalSeconds * 1_000
  // The last interval that is over has it, and changes no more while the page is looked at.
  const now = nowMs === undefined ? undefined : Math.floor(nowMs / intervalMs) - 1
  const found = useOwnIntervals(account, now === undefined ? [] : [now])
  return found.get(now ?? 0)?.zones.find(({ tariff }) => tariff !== null)?.tariff ?? null
}

/** What an account's notices tell of is read again with them; else as often as this. */
const againMs = 15_000

/** Contracts and proposals that the account is a side of, the newest first. */
export function useTrades(account: number): UseQueryResult<readonly PartyTrade[]> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.trades(account),
    queryFn: async ({ signal }) => {
      const found: PartyTrade[] = []
      const read = (page: { readonly from?: number }) =>
        client.trades.list({ ...page, limit: 200 }, { signal })
      for await (const { trades } of pagesOf(read)) {
        for (const trade of trades) if (trade.relation === 'party') found.push(trade)
      }
      return found.filter((trade) => isSideOf(trade, account)).reverse()
    },
    enabled: useOpened(),
    refetchInterval: againMs,
  })
}

const isSideOf = ({ proposal, versions }: PartyTrade, account: number): boolean => {
  const terms = versions.at(-1)?.terms ?? proposal?.terms
  return terms?.seller === account || terms?.buyer === account
}

/** What stands on the board for everybody to read. */
export function useBoard(): UseQueryResult<readonly BoardOffer[]> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.board,
    queryFn: async ({ signal }) => {
      const found: BoardOffer[] = []
      const read = (page: { readonly from?: number }) =>
        client.trades.board({ ...page, limit: 200 }, { signal })
      for await (const { offers } of pagesOf(read)) found.push(...offers)
      return found
    },
    refetchInterval: againMs,
  })
}

/** The account's own offers, with every step of their ladders. */
export function useOwnOffers(account: number): UseQueryResult<readonly BoardOffer[]> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.ownOffers(account),
    queryFn: async ({ signal }) =>
      (await client.trades.offers(account, { limit: 100 }, { signal })).offers,
    enabled: useOpened(),
    refetchInterval: againMs,
  })
}

/** Intervals that a window may still begin with, from the next gate on, at most so many. */
export function useOpenIntervals(most: number, horizon?: number): readonly number[] {
  const { rulebook } = useMarket()
  const nowMs = useMarketTime(1_000)
  if (nowMs === undefined) return []
  const { open, delivering, openThrough } = phasesAt(nowMs, rulebook)
  const last = horizon === undefined ? openThrough : delivering + horizon
  return Array.from({ length: Math.max(0, Math.min(most, last - open + 1)) }, (_, i) => open + i)
}
