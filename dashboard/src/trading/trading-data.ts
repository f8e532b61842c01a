import { type BoardPage, pagesOf, type TradePage } from '@busbar/client'
import type { AccountInterval, BoardOffer, PartyTrade, Trade } from '@busbar/protocols/api'
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQueries,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useMarketTime, useOpened } from '../app/live.tsx'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { nullIfMissing } from '../lib/missing.ts'
import { keys } from '../live/keys.ts'
import { phasesAt } from '../time/phases.ts'
import { type PlacedOrder, PlacedOrders } from './kept-orders.ts'
import { type Track, trackOf } from './order-track.ts'

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
      // Before the first order of anybody there is no such interval.
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        nullIfMissing(client.accountInterval(account, interval, { signal })),
      enabled: opened,
    })),
  })
  return new Map(intervals.map((interval, i) => [interval, answers[i]?.data]))
}

/** An order of this device, and what became of it. */
export type TrackedOrder = { readonly order: PlacedOrder; readonly track: Track }

/** All orders of this device, as a file holds them: read interval by interval. */
export function useAllTracked(
  account: number,
  placed: readonly PlacedOrder[],
): ReadAll<TrackedOrder> {
  const { client } = useServices()
  const nowMs = useMarketTime(1_000) ?? 0
  const byInterval = Map.groupBy(placed, ({ interval }) => interval)
  return everyRow(
    async function* (options) {
      for (const [interval, orders] of byInterval) {
        const answer = await nullIfMissing(client.accountInterval(account, interval, options))
        yield orders.map((order) => ({ order, track: trackOf(order, answer, nowMs) }))
      }
    },
    (rows) => rows,
    byInterval.size,
  )
}

/** So many trades and offers are read at a time, the newest first. */
const pageSize = 20

/** A list that is read from its newest item on, page by page. */
type Paged<Item> = UseInfiniteQueryResult<readonly Item[]>

/** Contracts and proposals that the account is a side of, the newest first. */
export function useTrades(account: number): Paged<PartyTrade> {
  const { client } = useServices()
  return useInfiniteQuery({
    queryKey: keys.trades(account),
    queryFn: ({ pageParam, signal }) => {
      const query = { ...pageFrom(pageParam), relation: 'party' } as const
      return client.trades.list(query, { signal })
    },
    ...newestFirst,
    enabled: useOpened(),
    select: ({ pages }) => pages.flatMap((page) => ownTradesOn(page, account)),
  })
}

/** All of them, as a file holds them. */
export function useAllTrades(account: number): ReadAll<PartyTrade> {
  const { client } = useServices()
  const rest = { ...allNewestFirst, relation: 'party' } as const
  return everyRow(
    (options) => pagesOf((page) => client.trades.list({ ...page, ...rest }, options)),
    (page) => ownTradesOn(page, account),
  )
}

const ownTradesOn = ({ trades }: TradePage, account: number): readonly PartyTrade[] =>
  trades.filter(isParty).filter((trade) => isSideOf(trade, account))

const isParty = (trade: Trade): trade is PartyTrade => trade.relation === 'party'

const isSideOf = ({ proposal, versions }: PartyTrade, account: number): boolean => {
  const terms = versions.at(-1)?.terms ?? proposal?.terms
  return terms?.seller === account || terms?.buyer === account
}

/** What stands on the board for everybody to read. */
export function useBoard(): Paged<BoardOffer> {
  const { client } = useServices()
  return useInfiniteQuery({
    queryKey: keys.board,
    queryFn: ({ pageParam, signal }) => client.trades.board(pageFrom(pageParam), { signal }),
    ...newestFirst,
    enabled: useOpened(),
    select: offersIn,
  })
}

/** All of it, as a file holds it. */
export function useAllOffers(): ReadAll<BoardOffer> {
  const { client } = useServices()
  return everyRow(
    (options) => pagesOf((page) => client.trades.board({ ...page, ...allNewestFirst }, options)),
    ({ offers }) => offers,
  )
}

/** The account's own offers, with every step of their ladders. */
export function useOwnOffers(account: number): Paged<BoardOffer> {
  const { client } = useServices()
  return useInfiniteQuery({
    queryKey: keys.ownOffers(account),
    queryFn: ({ pageParam, signal }) =>
      client.trades.offers(account, pageFrom(pageParam), { signal }),
    ...newestFirst,
    enabled: useOpened(),
    select: offersIn,
  })
}

const newestFirst = {
  initialPageParam: null as number | null,
  getNextPageParam: ({ nextFrom }: { readonly nextFrom: number | null }) => nextFrom,
}

const pageFrom = (from: number | null) =>
  ({ ...(from === null ? {} : { from }), order: 'desc', limit: pageSize }) as const

const allNewestFirst = { order: 'desc', limit: rowsAtOnce } as const

const offersIn = ({ pages }: InfiniteData<BoardPage>): readonly BoardOffer[] =>
  pages.flatMap(({ offers }) => offers)

/** Intervals that a window may still begin with, from the next gate on, at most so many. */
export function useOpenIntervals(most: number, horizon?: number): readonly number[] {
  const market = useMarket()
  const nowMs = useMarketTime(1_000)
  if (nowMs === undefined) return []
  const { open, delivering, openThrough } = phasesAt(nowMs, market)
  const last = horizon === undefined ? openThrough : delivering + horizon
  return Array.from({ length: Math.max(0, Math.min(most, last - open + 1)) }, (_, i) => open + i)
}
