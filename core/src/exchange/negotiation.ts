import { assert } from '../errors/index.ts'
import {
  type ContractTerms,
  type ContractVersion,
  contractedTotal,
  noContract,
  type Proposal,
  type Trade,
  windowEnd,
} from '../trades/index.ts'
import { Micros, WattHours } from '../units/index.ts'
import { contractRejection, modificationRejection } from './contract-terms.ts'
import { signingRejection } from './keys.ts'
import { actorWith, currentInterval, isRejected, rulebookFor, tradingRoles } from './lookups.ts'
import { offersOf } from './offers.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { paymentsMoved } from './payment-moves.ts'
import { reject, type Rejected } from './rejection.ts'
import { releaseBeyondEnd, reserveAtAgreement } from './reservations.ts'
import type { State } from './state.ts'
import type { AcceptTrade, ProposeTrade } from './trade-command.ts'
import { cutShort } from './trade-end.ts'

type Handled = Applied | Rejected

/**
 * Takes a contract that one side has signed. Depending on what it replaces it is an invitation, the
 * counter-offer to one, or the modification of a contract in force.
 */
export function proposeTrade(
  state: State,
  at: number,
  sequence: number,
  command: ProposeTrade,
): Handled {
  const { account, terms, digest, signature } = command
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  if (account !== terms.seller && account !== terms.buyer) return reject('party_foreign', 'account')
  const unfit = signingRejection(state, at, account) ?? contractRejection(state, at, terms)
  if (unfit !== undefined) return unfit
  if (state.trading.contracts.has(digest)) return reject('contract_exists', 'terms.id')
  const proposal: Proposal = {
    ...{ contract: digest, terms, proposer: account, sequence, at },
    sellerSignature: account === terms.seller ? signature : null,
    buyerSignature: account === terms.buyer ? signature : null,
  }
  if (terms.replaces === noContract) return invite(state, account, proposal, sequence)
  const trade = tradeOf(state, terms.replaces)
  if (trade === undefined) return reject('trade_unknown', 'terms.replaces')
  if (isOpen(trade.proposal, at) && trade.proposal.contract !== terms.replaces) {
    return reject('proposal_open', 'terms.replaces', trade.proposal.contract)
  }
  if (trade.proposal?.contract === terms.replaces) {
    return counter(state, at, trade, trade.proposal, proposal)
  }
  return requestModification(state, at, trade, proposal)
}

function invite(state: State, account: number, proposal: Proposal, sequence: number): Handled {
  const { trading } = state
  const full = fullRejection(state, account, proposal.terms)
  if (full !== undefined) return full
  trading.lastTrade += 1
  const trade = newTrade(trading.lastTrade, proposal, null)
  trading.trades.set(trade.trade, trade)
  trading.contracts.set(proposal.contract, trade.trade)
  return proposed(sequence, trade, proposal.contract, 'invited')
}

/** A trade of which nothing is agreed yet. `offers`: the two that met in it. */
export const newTrade = (
  trade: number,
  proposal: Proposal,
  offers: { readonly sell: number; readonly buy: number } | null,
): Trade => ({
  trade,
  status: 'invited',
  versions: [],
  proposal,
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
})

/** Who may have no more trades, of the two. */
export function fullRejection(
  state: State,
  account: number,
  { seller, buyer, fromInterval }: ContractTerms,
): Rejected | undefined {
  const most = rulebookFor(state, fromInterval).trades?.tradesPerAccountMax ?? 0
  const counts = new Map<number, number>()
  for (const { status, proposal, versions } of state.trading.trades.values()) {
    if (status !== 'agreed' && status !== 'invited') continue
    const terms = versions.at(-1)?.terms ?? proposal?.terms
    for (const party of [terms?.seller, terms?.buyer]) {
      if (party !== undefined) counts.set(party, (counts.get(party) ?? 0) + 1)
    }
  }
  // Who is asked first: an invitation must not tell how busy the other side is.
  for (const party of [account, seller, buyer]) {
    if ((counts.get(party) ?? 0) >= most) return reject('trades_exceeded', 'account', `at most ${most}`)
  }
  return undefined
}

/** The other side answers an invitation with terms of its own, which take its place. */
function counter(
  state: State,
  at: number,
  trade: Trade,
  before: Proposal,
  proposal: Proposal,
): Handled {
  if (!isOpen(before, at)) return reject('proposal_expired', 'terms.replaces')
  const { terms } = proposal
  const isSame = sameParties(before.terms, terms)
  if (!isSame) return reject('party_foreign', 'terms')
  const current = trade.versions.at(-1)
  const unfit = current && modificationRejection(state, current.terms, terms)
  if (unfit !== undefined) return unfit
  trade.proposal = proposal
  if (current === undefined) trade.endsAt = windowEnd(terms)
  if (current === undefined) trade.reservedThrough = terms.fromInterval
  state.trading.contracts.set(proposal.contract, trade.trade)
  return proposed(proposal.sequence, trade, proposal.contract, 'countered')
}

const sameParties = (a: ContractTerms, b: ContractTerms): boolean =>
  a.seller === b.seller && a.buyer === b.buyer

function requestModification(
  state: State,
  at: number,
  trade: Trade,
  proposal: Proposal,
): Handled {
  const current = trade.versions.at(-1)
  const { terms } = proposal
  if (current === undefined || trade.status !== 'agreed') {
    return reject('contract_superseded', 'terms.replaces')
  }
  if (current.contract !== terms.replaces) {
    return reject('contract_superseded', 'terms.replaces', current.contract)
  }
  if (state.clearedThrough + 1 >= trade.endsAt) return reject('window_closed', 'terms.replaces')
  const unfit = modificationRejection(state, current.terms, terms)
  if (unfit !== undefined) return unfit
  assert(!isOpen(trade.proposal, at), 'one proposal at a time')
  trade.proposal = proposal
  state.trading.contracts.set(proposal.contract, trade.trade)
  return proposed(proposal.sequence, trade, proposal.contract, 'modification_requested')
}

const proposed = (
  sequence: number,
  { trade }: Trade,
  contract: string,
  what: 'invited' | 'countered' | 'modification_requested',
): Applied =>
  accepted(sequence, { kind: 'trade_proposed', trade, contract }, [
    { kind: 'trade_changed', trade, what },
  ])

export const isOpen = (proposal: Proposal | null, at: number): proposal is Proposal =>
  proposal !== null && at < proposal.terms.expiresAt

export function tradeOf(state: State, contract: string): Trade | undefined {
  const number = state.trading.contracts.get(contract)
  return number === undefined ? undefined : state.trading.trades.get(number)
}

/** The proposal of a contract, as one of its parties may answer it. */
export function answerable(
  state: State,
  at: number,
  account: number,
  contract: string,
): { readonly trade: Trade; readonly proposal: Proposal } | Rejected {
  const trade = tradeOf(state, contract)
  if (trade === undefined) return reject('trade_unknown', 'contract')
  const { proposal } = trade
  const terms = proposal?.terms ?? trade.versions.at(-1)?.terms
  if (terms === undefined || (account !== terms.seller && account !== terms.buyer)) {
    return reject('party_foreign', 'account')
  }
  if (proposal?.contract !== contract) return reject('contract_superseded', 'contract')
  if (!isOpen(proposal, at)) return reject('proposal_expired', 'contract')
  return { trade, proposal }
}

/** Takes the other side's signature. With both, the contract is in force and its money set aside. */
export function acceptTrade(
  state: State,
  at: number,
  sequence: number,
  command: AcceptTrade,
): Handled {
  const { account, digest, signature } = command
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  const found = answerable(state, at, account, digest)
  if ('kind' in found) return found
  const { trade, proposal } = found
  const unfit = signingRejection(state, at, account) ?? contractRejection(state, at, proposal.terms)
  if (unfit !== undefined) return unfit
  const { terms } = proposal
  const side = account === terms.seller ? 'sellerSignature' : 'buyerSignature'
  if (proposal[side] !== null) return reject('party_foreign', 'account', 'the other side')
  const signed: Proposal = { ...proposal, [side]: signature }
  const { sellerSignature, buyerSignature } = signed
  if (sellerSignature === null || buyerSignature === null) {
    trade.proposal = signed
    const result = { kind: 'trade_changed', trade: trade.trade, status: trade.status } as const
    return accepted(sequence, result)
  }
  const { contract } = proposal
  const version = { contract, terms, sellerSignature, buyerSignature, sequence, at }
  return agree(state, at, trade, signed, version)
}

function agree(
  state: State,
  at: number,
  trade: Trade,
  { proposer }: Proposal,
  version: ContractVersion,
): Handled {
  const { terms, contract, sequence } = version
  const lacking = reserveAtAgreement(state, at, trade, version)
  if (lacking !== undefined) return lacking
  const { trading } = state
  const isFirst = trade.versions.length === 0
  trade.versions.push(version)
  trade.proposal = null
  trade.status = 'agreed'
  trade.endsAt = windowEnd(terms)
  trading.inForce.add(trade.trade)
  trading.recorded.push(contract)
  const isCancelled = contractedTotal(terms) === 0n
  const cut = isCancelled
    ? [cutShort(trade, state.clearedThrough + 1, 'cancelled', 'modification')]
    : []
  if (isCancelled) releaseBeyondEnd(state, trade)
  const { modificationMicros = 0 } = rulebookFor(state, terms.fromInterval).trades ?? {}
  if (!isFirst && proposer !== null && modificationMicros > 0) {
    const payee = proposer === terms.seller ? terms.buyer : terms.seller
    const amount = Micros.from(BigInt(modificationMicros))
    const charge = { kind: 'modification', payer: proposer, payee, amount, sequence } as const
    trading.charges.push({ trade: trade.trade, ...charge })
  }
  const effects: Effect[] = [
    { kind: 'trade_changed', trade: trade.trade, what: isFirst ? 'agreed' : 'modified' },
    ...cut,
    ...paymentsMoved(state, trade.trade, sequence),
  ]
  for (const offer of offersOf(state, trade)) {
    offer.status = 'filled'
    effects.push({ kind: 'offer_changed', offer: offer.offer, status: 'filled' })
  }
  return accepted(sequence, { kind: 'trade_agreed', trade: trade.trade, contract }, effects)
}

/** Refuses what the other side or a match has proposed; a contract in force stands. */
export function declineTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  const found = answerable(state, at, account, contract)
  if ('kind' in found) return found
  const { trade, proposal } = found
  if (proposal.proposer === account) return reject('party_foreign', 'account', 'the other side')
  return accepted(sequence, ...dropped(state, trade, 'declined'))
}

/** Takes back what oneself has proposed; a contract in force stands. */
export function withdrawTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  const found = answerable(state, at, account, contract)
  if ('kind' in found) return found
  const { trade, proposal } = found
  if (proposal.proposer !== account) return reject('party_foreign', 'account', 'who proposed it')
  return accepted(sequence, ...dropped(state, trade, 'withdrawn'))
}

/** Ends a proposal. Without a contract in force its trade ends with it, and its offers open again. */
export function dropProposal(
  state: State,
  trade: Trade,
  how: 'declined' | 'withdrawn' | 'expired',
): Effect[] {
  const { trade: number } = trade
  const { proposal } = trade
  trade.proposal = null
  if (trade.versions.length > 0) return [{ kind: 'trade_changed', trade: number, what: 'refused' }]
  trade.status = how
  trade.reason = how
  const effects: Effect[] = [{ kind: 'trade_changed', trade: number, what: how }]
  const offers = offersOf(state, trade)
  for (const offer of offers) {
    offer.status = 'open'
    offer.trade = null
    for (const other of offers) if (other !== offer) offer.refusedBy.push(other.offer)
    effects.push({ kind: 'offer_changed', offer: offer.offer, status: 'open' })
  }
  // What was never agreed is not kept: nobody owes anything by it.
  state.trading.trades.delete(number)
  if (proposal !== null) state.trading.contracts.delete(proposal.contract)
  return effects
}

function dropped(
  state: State,
  trade: Trade,
  how: 'declined' | 'withdrawn',
): [result: Extract<Applied['outcome'], { kind: 'accepted' }>['result'], effects: Effect[]] {
  const effects = dropProposal(state, trade, how)
  return [{ kind: 'trade_changed', trade: trade.trade, status: trade.status }, effects]
}

/** Ends a trade by one side's word and for the fee that its contract names, at the next gate. */
export function exitTrade(
  state: State,
  at: number,
  sequence: number,
  account: number,
  contract: string,
): Handled {
  const trade = tradeOf(state, contract)
  if (trade === undefined) return reject('trade_unknown', 'contract')
  const version = trade.versions.at(-1)
  const terms = version?.terms ?? trade.proposal?.terms
  assert(terms !== undefined, 'a trade has terms')
  if (account !== terms.seller && account !== terms.buyer) return reject('party_foreign', 'account')
  if (version?.contract !== contract || trade.status !== 'agreed') {
    return reject('contract_superseded', 'contract')
  }
  if (terms.exitFeeMicros === null) return reject('exit_not_agreed', 'contract')
  const next = Math.max(state.clearedThrough + 1, currentInterval(state, at))
  if (next >= trade.endsAt) return reject('window_closed', 'contract')
  const payee = account === terms.seller ? terms.buyer : terms.seller
  const amount = Micros.from(BigInt(terms.exitFeeMicros))
  const charge = { trade: trade.trade, kind: 'exit', payer: account, payee, amount } as const
  if (amount > 0n) state.trading.charges.push({ ...charge, sequence })
  const effect = cutShort(trade, state.clearedThrough + 1, 'exited', 'exit')
  trade.proposal = null
  releaseBeyondEnd(state, trade)
  const result = { kind: 'trade_changed', trade: trade.trade, status: trade.status } as const
  return accepted(sequence, result, [effect])
}
