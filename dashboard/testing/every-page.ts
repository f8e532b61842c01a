/** Every page as somebody whom it is for: what is tried of all pages, and what they look like. */
import { BusbarClient } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import { type PageName, pathOf } from '../src/route/pages.ts'

/** A market of sealed auctions and payments on a chain, or one of contracts by every rail. */
export type SampleKind = 'auctions' | 'contracts'

export type PageRow = {
  readonly page: PageName
  /** Of the market; nobody in particular where nobody is named. */
  readonly as?: string
  readonly in: SampleKind
  /** The first one where none is named. */
  readonly zone?: number
  /** Asks for nothing but the market and who is there, before somebody does something. */
  readonly isStill?: true
}

export const everyPage: readonly PageRow[] = [
  { page: 'market', in: 'auctions' },
  { page: 'market', as: 'home-1', in: 'contracts' },
  { page: 'intervals', in: 'auctions' },
  { page: 'interval', in: 'auctions' },
  { page: 'kpis', in: 'auctions' },
  { page: 'developer', in: 'auctions' },
  { page: 'developer', as: 'home-1', in: 'contracts' },
  { page: 'audit', in: 'auctions' },
  { page: 'audit', as: 'auditor', in: 'auctions' },
  { page: 'audit', as: 'auditor', in: 'contracts' },
  { page: 'signin', in: 'auctions', isStill: true },
  { page: 'join', in: 'auctions', isStill: true },
  { page: 'home', as: 'home-1', in: 'auctions' },
  { page: 'home', as: 'home-1', in: 'contracts' },
  { page: 'trading', as: 'home-1', in: 'auctions' },
  { page: 'trading', as: 'home-1', in: 'contracts' },
  { page: 'why', as: 'home-1', in: 'auctions' },
  { page: 'whyInterval', as: 'home-1', in: 'auctions' },
  { page: 'why', as: 'home-2', in: 'contracts' },
  { page: 'whyInterval', as: 'home-2', in: 'contracts' },
  { page: 'interval', in: 'contracts', zone: bilateralZone },
  { page: 'notices', as: 'home-1', in: 'contracts' },
  { page: 'account', as: 'home-1', in: 'auctions' },
  { page: 'operator', as: 'operator', in: 'auctions' },
  { page: 'operator', as: 'auditor', in: 'auctions' },
  { page: 'operator', as: 'operator', in: 'contracts' },
  { page: 'operatorParticipants', as: 'operator', in: 'auctions' },
  { page: 'operatorMeters', as: 'operator', in: 'auctions' },
  { page: 'operatorRulebooks', as: 'operator', in: 'auctions' },
  { page: 'operatorRuns', as: 'operator', in: 'auctions' },
  { page: 'operatorRuns', as: 'operator', in: 'contracts' },
  { page: 'utility', as: 'grid-north', in: 'contracts' },
  { page: 'retailer', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerCustomers', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerTrades', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerEnergy', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerBills', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerCheck', as: 'retailer-north', in: 'contracts', isStill: true },
  { page: 'retailerDefaults', as: 'retailer-north', in: 'contracts' },
  { page: 'retailerAgreements', as: 'retailer-north', in: 'contracts' },
]

/** The last interval whose money was booked, of a market that has one. */
export async function lastSettled(url: string): Promise<number> {
  const { interval, status } = await new BusbarClient({ baseUrl: url }).series({ points: 60 })
  return interval[status.lastIndexOf('provisional')] ?? 0
}

/** Where somebody finds the page: of this interval and the reader's own account, if of any. */
export const pathFor = (
  { page, zone = 0 }: PageRow,
  interval: number,
  reader: { readonly account: number } | undefined,
): string => pathOf(page, { zone, interval, account: reader?.account ?? 0 })
