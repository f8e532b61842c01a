import { ownRoles, participantOf, type State } from '@busbar/core/exchange'
import type { Participant, Role } from '@busbar/core/registry'
import type { ContractTerms, Trade } from '@busbar/core/trades'
import type { Reader } from '../../ports/exchange-service.ts'

/** In which way a trade concerns a reader. */
export type Relation =
  | { readonly kind: 'party' }
  | { readonly kind: 'retailer'; readonly side: 'sell' | 'buy' }
  | { readonly kind: 'utility'; readonly zones: ReadonlySet<number> }

export const seesAll: readonly string[] = ['operator', 'auditor']

/**
 * The roles by which a participant reads: while it is suspended those alone by which it sees what
 * is its own, so that a key that was stolen shows nobody else's.
 */
export const readingRoles = ({ roles, status }: Participant): readonly Role[] =>
  status === 'active' ? roles : roles.filter((role) => ownRoles.includes(role))

/** The terms in force, or those that are proposed while none are. */
export const termsOf = (trade: Trade): ContractTerms | undefined =>
  trade.versions.at(-1)?.terms ?? trade.proposal?.terms

/**
 * How `trade` concerns `reader`; undefined where it does not. Until both have signed it concerns
 * its two parties alone, and the platform that they name; those who serve them while they may.
 */
export function relationOf(state: State, reader: Reader, trade: Trade): Relation | undefined {
  const terms = termsOf(trade)
  if (terms === undefined) return undefined
  const { account, roles } = reader
  if (roles.some((role) => seesAll.includes(role))) return { kind: 'party' }
  const parties = [terms.seller, terms.buyer, terms.platform]
  if (parties.includes(account)) return { kind: 'party' }
  if (trade.versions.length === 0) return undefined
  // One supplier of both sides is shown the selling one: the buying customer's has its own route.
  const isRetailer = roles.includes('retailer')
  if (isRetailer && account === terms.sellerRetailer) return { kind: 'retailer', side: 'sell' }
  if (isRetailer && account === terms.buyerRetailer) return { kind: 'retailer', side: 'buy' }
  if (!roles.includes('distribution-utility')) return undefined
  const zones = new Set(
    [terms.sellerMeter, terms.buyerMeter]
      .map((meter) => state.meters[meter]?.zone ?? -1)
      .filter((zone) => state.trading.utilities.get(zone) === account),
  )
  return zones.size === 0 ? undefined : { kind: 'utility', zones }
}

/** Whether `account` is a customer of the reader's, which it sees while it is not suspended. */
export const isOwnCustomer = (state: State, reader: Reader, account: number): boolean =>
  reader.roles.includes('retailer') && isCustomerOf(state, reader.account, account)

/** Whether `account` is supplied by `retailer` now. */
export const isCustomerOf = (state: State, retailer: number, account: number): boolean =>
  participantOf(state, account)?.retailer === retailer
