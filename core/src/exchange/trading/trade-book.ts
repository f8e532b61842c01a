import { type ContractTerms, type Proposal, type Trade, windowEnd } from '../../trades/index.ts'
import { Micros, WattHours } from '../../units/index.ts'
import { rulebookFor } from '../lookups.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'

/*
 * Where trades are found: by number, by the digest of any contract that was proposed for them, and
 * by who has a part in them.
 */

/** A trade of which nothing is agreed yet. `offers`: the two that met in it. */
export function enterTrade(
  state: State,
  proposal: Proposal,
  offers: { readonly sell: number; readonly buy: number } | null,
): Trade {
  const { trading } = state
  trading.lastTrade += 1
  const trade: Trade = {
    trade: trading.lastTrade,
    status: 'invited',
    versions: [],
    proposal: null,
    endsAt: windowEnd(proposal.terms),
    reservedThrough: proposal.terms.fromInterval,
    reason: '',
    sellOffer: offers?.sell ?? null,
    buyOffer: offers?.buy ?? null,
    totals: {
      contracted: WattHours.zero,
      obliged: WattHours.zero,
      delivered: WattHours.zero,
      ...{ complete: 0, partial: 0, failed: 0, settled: 0, final: 0 },
      seller: Micros.zero,
      buyer: Micros.zero,
    },
  }
  trading.trades.set(trade.trade, trade)
  putProposal(state, trade, proposal)
  return trade
}

/** Lays a proposal before the parties of a trade, in the place of the one before. */
export function putProposal(state: State, trade: Trade, proposal: Proposal): void {
  takeProposal(state, trade)
  trade.proposal = proposal
  state.trading.contracts.set(proposal.contract, trade.trade)
}

/**
 * Takes a proposal away that is not to be agreed any more. Its contract is remembered until it
 * would have lapsed: whoever has seen the signature under it could propose it again.
 */
export function takeProposal(state: State, trade: Trade): Proposal | null {
  const { proposal } = trade
  trade.proposal = null
  if (proposal !== null) state.trading.spent.set(proposal.contract, proposal.terms.expiresAt)
  return proposal
}

/** Forgets contracts that were not agreed, once they have lapsed by themselves. */
export function forgetSpent(state: State, at: number): void {
  const { spent, contracts } = state.trading
  for (const [contract, expiresAt] of spent) {
    if (expiresAt > at) continue
    spent.delete(contract)
    contracts.delete(contract)
  }
}

export function tradeOf(state: State, contract: string): Trade | undefined {
  const number = state.trading.contracts.get(contract)
  return number === undefined ? undefined : state.trading.trades.get(number)
}

/** The terms that a trade is under, or that are proposed where none are agreed. */
export const termsOfTrade = ({ versions, proposal }: Trade): ContractTerms | undefined =>
  versions.at(-1)?.terms ?? proposal?.terms

/** Counts a trade among those of a party that has signed for it, or whose offer met in it. */
export function takePart(state: State, account: number, { trade }: Trade): void {
  const { tradesOf } = state.trading
  const own = tradesOf.get(account)
  if (own === undefined) tradesOf.set(account, new Set([trade]))
  else own.add(trade)
}

/** The trade is over: it counts for nobody any more. */
export function endParts(state: State, trade: Trade): void {
  const { tradesOf } = state.trading
  const terms = termsOfTrade(trade)
  for (const account of terms === undefined ? [] : [terms.seller, terms.buyer]) {
    const own = tradesOf.get(account)
    own?.delete(trade.trade)
    if (own?.size === 0) tradesOf.delete(account)
  }
}

/**
 * Why an account may not take part in one more trade. What others propose to it does not count:
 * they could fill its place.
 */
export function fullRejection(
  state: State,
  account: number,
  trade: Trade | null,
  { fromInterval }: { readonly fromInterval: number },
): Rejected | undefined {
  const own = state.trading.tradesOf.get(account)
  if (own === undefined || (trade !== null && own.has(trade.trade))) return undefined
  const most = rulebookFor(state, fromInterval).trades?.tradesPerAccountMax ?? 0
  return own.size < most ? undefined : reject('trades_exceeded', 'account', `at most ${most}`)
}

/** The first interval after all contracts in force, from which a rulebook may leave them out. */
export function contractedUntil(state: State): number {
  let until = 0
  for (const number of state.trading.inForce) {
    const trade = state.trading.trades.get(number)
    if (trade !== undefined && trade.endsAt > until) until = trade.endsAt
  }
  return until
}
