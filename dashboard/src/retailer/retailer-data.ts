import {
  type BusbarClient,
  type CallOptions,
  type CustomerPage,
  type DefaultPage,
  pagesOf,
  type TradePage,
} from '@busbar/client'
import type { Customer, DefaultView, MeterDataRequest, Trade } from '@busbar/protocols/api'
import {
  type InfiniteData,
  useInfiniteQuery,
  type UseInfiniteQueryResult,
  useQuery,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useNames } from '../app/names.ts'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { keys } from '../live/keys.ts'
import type { Session } from '../session/session.ts'

/* What a retailer's pages ask for: of long lists as much as is shown. */

/** Who is signed in, and what reads as it. */
export type Signed = { readonly session: Session; readonly reader: BusbarClient }

const pageSize = 50

type Page = { readonly nextFrom: number | null }
type Query = { readonly from?: number; readonly limit: number }

/** How a page of a list is read: of the account that is signed in. */
export type ReadPage<Of extends Page> = (
  client: BusbarClient,
  account: number,
  query: Query,
  options: CallOptions,
) => Promise<Of>

/** A list of the account that is signed in, page by page. */
export function usePages<Of extends Page>(
  { session, reader }: Signed,
  name: string,
  read: ReadPage<Of>,
  limit = pageSize,
): UseInfiniteQueryResult<InfiniteData<Of, number | null>> {
  const { account } = session
  return useInfiniteQuery({
    queryKey: keys.company(account, name),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const from = pageParam === null ? {} : { from: pageParam }
      return read(reader, account, { ...from, limit }, { signal })
    },
    getNextPageParam: ({ nextFrom }: Of) => nextFrom,
  })
}

/** All of such a list, as a file holds it. */
export const allOf = <Of extends Page, Row>(
  { session: { account }, reader }: Signed,
  read: ReadPage<Of>,
  rowsIn: (page: Of) => readonly Row[],
): ReadAll<Row> => {
  const limit = rowsAtOnce
  return everyRow(
    (options) => pagesOf((query) => read(reader, account, { ...query, limit }, options)),
    rowsIn,
  )
}

export const readCustomers: ReadPage<CustomerPage> = (client, account, query, options) =>
  client.trades.customers(account, query, options)

export const useCustomers = (signed: Signed) => usePages(signed, 'customers', readCustomers)

export const useDefaults = (signed: Signed) =>
  usePages<DefaultPage>(signed, 'defaults', (client, account, query, options) =>
    client.trades.defaults(account, query, options))

export const readTrades: ReadPage<TradePage> = (client, _account, query, options) =>
  client.trades.list(query, options)

export const useTrades = (signed: Signed) => usePages(signed, 'trades', readTrades)

export function useRequests({
  session: { account },
  reader,
}: Signed): UseQueryResult<readonly MeterDataRequest[]> {
  return useQuery({
    queryKey: keys.company(account, 'requests'),
    queryFn: ({ signal }) => reader.trades.meterDataRequests(account, { signal }),
  })
}

export const customersIn = (data: InfiniteData<CustomerPage, unknown>): readonly Customer[] =>
  data.pages.flatMap(({ customers }) => customers)

export const defaultsIn = (data: InfiniteData<DefaultPage, unknown>): readonly DefaultView[] =>
  data.pages.flatMap(({ defaults }) => defaults)

export type OwnTrade<Relation extends Trade['relation']> = Extract<Trade, { relation: Relation }>

/** Those that concern the reader in this way; one may be concerned in several. */
export const tradesIn = <Relation extends Trade['relation']>(
  { pages }: { readonly pages: readonly TradePage[] },
  relation: Relation,
): readonly OwnTrade<Relation>[] =>
  pages.flatMap(({ trades }) =>
    trades.filter((one): one is OwnTrade<Relation> => one.relation === relation))

/** All of them, as a file holds them. */
export const allTrades = <Relation extends Trade['relation']>(
  signed: Signed,
  relation: Relation,
): ReadAll<OwnTrade<Relation>> =>
  allOf(signed, readTrades, (page) => tradesIn({ pages: [page] }, relation))

/** What these are called in the market; by their numbers until it is known. */
export function useAccountNames(accounts: readonly number[]): (account: number) => string {
  const names = useNames(accounts)
  return (account) => names.get(account) ?? `${account}`
}
