import { assert } from '../../errors/index.ts'
import { availableOf } from '../../ledger/index.ts'
import type { ContractTerms, Proposal, Trade } from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { bookCharge, chargeable } from './charges.ts'
import { gateOf, participantOf } from '../lookups.ts'
import { offersOf } from './offers.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import { releaseBeyondEnd } from './reservations.ts'
import type { State } from '../state.ts'
import { endParts, takeProposal, termsOfTrade, tradeOf } from './trade-book.ts'

type Handled = Applied | Rejected

export const isOpen = (proposal: Proposal | null, at: number): proposal is Proposal =>
  proposal !== null && at < proposal.terms.expiresAt

/** The trade of a contract, as one of its parties may speak of it. */
export function ownTrade(
  state: State,
  account: number,
  contract: string,
): Trade | Rejected {
  const trade = tradeOf(state, contract)
  const terms = trade && termsOfTrade(trade)
  if (trade === undefined || terms === undefined) return reject('trade_unknown', 'contract')
  const isParty = account === terms.seller || account === terms.buyer
  return isParty ? trade : reject('party_foreign', 'account')
}

/** Refuses what the other side or a match has proposed; a contract in force stands. */
export function declineTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  return answered(state, at, sequence, account, contract, 'declined')
}

/** Takes back what oneself has proposed; a contract in force stands. */
export function withdrawTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  return answered(state, at, sequence, account, contract, 'withdrawn')
}

function answered(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
  how: 'declined' | 'withdrawn',
): Handled {
  const trade = ownTrade(state, account, contract)
  if ('kind' in trade) return trade
  const { proposal } = trade
  const isOwn = proposal?.proposer === account
  if (proposal?.contract === contract && isOwn !== (how === 'withdrawn')) {
    return reject('party_foreign', 'account', isOwn ? 'the other side' : 'who proposed it')
  }
  if (proposal?.contract !== contract) return reject('contract_superseded', 'contract')
  if (!isOpen(proposal, at)) return reject('proposal_expired', 'contract')
  const effects = dropProposal(state, trade, how)
  const { status } = trade
  return accepted(sequence, { kind: 'trade_changed', trade: trade.trade, status }, effects)
}

/**
 * Ends a proposal. Without a contract in force its trade ends with it, and its offers open again.
 */
export function dropProposal(
  state: State,
  trade: Trade,
  how: 'declined' | 'withdrawn' | 'expired',
): Effect[] {
  const { trade: number } = trade
  if (trade.versions.length > 0) {
    takeProposal(state, trade)
    return [{ kind: 'trade_changed', trade: number, what: 'refused' }]
  }
  const parties = partiesOf(termsOfTrade(trade))
  endParts(state, trade)
  takeProposal(state, trade)
  trade.status = how
  trade.reason = how
  const effects: Effect[] = [{ kind: 'trade_changed', trade: number, what: how, parties }]
  const offers = offersOf(state, trade)
  for (const offer of offers) {
    offer.status = 'open'
    offer.trade = null
    for (const other of offers) if (other !== offer) offer.refusedBy.push(other.offer)
    effects.push({ kind: 'offer_changed', offer: offer.offer, status: 'open' })
  }
  // What was never agreed is not kept: nobody owes anything by it.
  state.trading.trades.delete(number)
  return effects
}

/** The accounts of a contract's two sides, and of its platform where it has one. */
function partiesOf(terms: ContractTerms | undefined): number[] {
  assert(terms !== undefined, 'a trade without a version has a proposal')
  const { seller, buyer, platform } = terms
  return platform === null ? [seller, buyer] : [seller, buyer, platform]
}

/** Whether a gate has come at which a trade owes, and is about to be closed: too late to change. */
export function isBeingFixed(state: State, at: number, { versions, endsAt }: Trade): boolean {
  const next = state.clearedThrough + 1
  const terms = versions.at(-1)?.terms
  const owes = terms !== undefined && terms.fromInterval <= next && next < endsAt
  return owes && at >= gateOf(state, next)
}

/**
 * Ends a trade by one side's word, at the next gate: for the fee that its contract names, or for
 * nothing while the other side is suspended.
 */
export function exitTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  const trade = ownTrade(state, account, contract)
  if ('kind' in trade) return trade
  const version = trade.versions.at(-1)
  if (isBeingFixed(state, at, trade)) return reject('gate_open', 'contract')
  if (version?.contract !== contract || trade.status !== 'agreed') {
    return reject('contract_superseded', 'contract')
  }
  const { terms } = version
  const payee = account === terms.seller ? terms.buyer : terms.seller
  const isReleased = participantOf(state, payee)?.status === 'suspended'
  const fee = isReleased ? 0 : terms.exitFeeMicros
  const next = state.clearedThrough + 1
  if (next >= trade.endsAt) return reject('window_closed', 'contract')
  if (fee === null) return reject('exit_not_agreed', 'contract')
  const amount = Micros.from(BigInt(fee))
  if (chargeable(terms) && amount > availableOf(state.ledger, account)) {
    return reject('funds_insufficient', 'account', `needs ${amount} micros`)
  }
  const charge = { kind: 'exit', payer: account, payee, amount, sequence } as const
  bookCharge(state, terms, { trade: trade.trade, ...charge })
  takeProposal(state, trade)
  const effect = cutShort(trade, next, 'exited', 'exit')
  releaseBeyondEnd(state, trade)
  const result = { kind: 'trade_changed', trade: trade.trade, status: trade.status } as const
  return accepted(sequence, result, [effect])
}

/** The window of a trade has passed, or was cut short: it owes nothing more. */
export function endTrade(state: State, trade: Trade): Effect[] {
  const { trading } = state
  assert(trade.versions.length > 0, 'what ends was agreed')
  trading.inForce.delete(trade.trade)
  trading.limits.delete(trade.trade)
  endParts(state, trade)
  takeProposal(state, trade)
  if (trade.status !== 'agreed') return []
  trade.status = 'completed'
  return [{ kind: 'trade_changed', trade: trade.trade, what: 'completed' }]
}

/** Cuts a trade short: the gate of `interval` is the first at which it owes nothing. */
export function cutShort(
  trade: Trade,
  interval: number,
  status: Extract<Trade['status'], 'cancelled' | 'exited' | 'terminated'>,
  reason: string,
): Effect {
  if (interval < trade.endsAt) trade.endsAt = interval
  trade.status = status
  trade.reason = reason
  return { kind: 'trade_changed', trade: trade.trade, what: status }
}
