import {
  type ContractTerms,
  type ContractVersion,
  isCancellation,
  noContract,
  type Proposal,
  type Trade,
  windowEnd,
} from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { bookCharge } from './charges.ts'
import { modificationRejection, placeRejection, termsRejection } from './contract-terms.ts'
import { signingRejection } from './keys.ts'
import { actorWith, isRejected, rulebookFor, tradingRoles } from '../lookups.ts'
import { fillOffers } from './offers.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { paymentsMoved } from '../payments/payment-moves.ts'
import { reject, type Rejected } from '../rejection.ts'
import { releaseBeyondEnd, reserveAtAgreement } from './reservations.ts'
import type { State } from '../state.ts'
import {
  enterTrade,
  fullRejection,
  putProposal,
  takePart,
  termsOfTrade,
  tradeOf,
} from './trade-book.ts'
import type { AcceptTrade, ProposeTrade } from './trade-command.ts'
import { cutShort, isBeingFixed, isOpen, ownTrade } from './trade-end.ts'
import type { Charge } from './trading-state.ts'

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
  const { account, terms, digest } = command
  const barred = signerRejection(state, at, account)
  if (barred !== undefined) return barred
  const before = terms.replaces === noContract ? null : tradeOf(state, terms.replaces)
  if (!isParty(account, terms)) return reject('party_foreign', 'account')
  if (before && !sameParties(before, terms)) return reject('party_foreign', 'terms')
  const misplaced = placeRejection(state, terms)
  if (misplaced !== undefined) return misplaced
  if (before === undefined) return reject('trade_unknown', 'terms.replaces')
  if (state.trading.contracts.has(digest)) return reject('contract_exists', 'terms.id')
  const unfit =
    replacedRejection(at, before, terms) ??
    termsRejection(state, at, terms) ??
    modificationRejection(state, before, terms) ??
    fullRejection(state, account, before, terms)
  if (unfit !== undefined) return unfit
  const trade = before ?? undefined
  const proposal = proposalOf(command, trade, sequence, at)
  return trade === undefined
    ? invite(state, account, proposal)
    : answer(state, account, trade, proposal)
}

/** Who may not sign a contract now. */
function signerRejection(state: State, at: number, account: number): Rejected | undefined {
  const actor = actorWith(state, account, tradingRoles)
  return isRejected(actor) ? actor : signingRejection(state, at, account)
}

const isParty = (account: number, { seller, buyer }: ContractTerms): boolean =>
  account === seller || account === buyer

function sameParties(trade: Trade, { seller, buyer }: ContractTerms): boolean {
  const before = termsOfTrade(trade)
  return before?.seller === seller && before.buyer === buyer
}

/** Why a proposal cannot be the answer to another, or ask for a change of what is in force. */
function replacedRejection(
  at: number,
  trade: Trade | null,
  { replaces }: ContractTerms,
): Rejected | undefined {
  if (trade === null) return undefined
  const { proposal } = trade
  if (proposal?.contract === replaces) {
    return isOpen(proposal, at) ? undefined : reject('proposal_expired', 'terms.replaces')
  }
  const current = trade.versions.at(-1)
  if (current?.contract !== replaces || trade.status !== 'agreed') {
    return reject('contract_superseded', 'terms.replaces', current?.contract)
  }
  if (isOpen(proposal, at)) return reject('proposal_open', 'terms.replaces', proposal.contract)
  return undefined
}

/** Who first asks for a change of what is in force pays for it, whatever is then agreed. */
function proposalOf(
  { account, terms, digest, signature }: ProposeTrade,
  trade: Trade | undefined,
  sequence: number,
  at: number,
): Proposal {
  const answered = trade?.proposal
  const requester = answered?.contract === terms.replaces ? answered.requester : account
  return {
    ...{ contract: digest, terms, proposer: account, sequence, at },
    requester: trade === undefined || trade.versions.length === 0 ? null : requester,
    sellerSignature: account === terms.seller ? signature : null,
    buyerSignature: account === terms.buyer ? signature : null,
  }
}

function invite(state: State, account: number, proposal: Proposal): Handled {
  const trade = enterTrade(state, proposal, null)
  takePart(state, account, trade)
  return proposed(trade, proposal, 'invited')
}

/**
 * The other side's terms take the place of a proposal, or a change of the contract is asked for.
 */
function answer(state: State, account: number, trade: Trade, proposal: Proposal): Handled {
  const isCounter = trade.proposal?.contract === proposal.terms.replaces
  putProposal(state, trade, proposal)
  takePart(state, account, trade)
  if (trade.versions.length === 0) trade.endsAt = windowEnd(proposal.terms)
  return proposed(trade, proposal, isCounter ? 'countered' : 'modification_requested')
}

const proposed = (
  { trade }: Trade,
  { contract, sequence }: Proposal,
  what: 'invited' | 'countered' | 'modification_requested',
): Applied =>
  accepted(sequence, { kind: 'trade_proposed', trade, contract }, [
    { kind: 'trade_changed', trade, what },
  ])

/**
 * Takes the other side's signature. With both, the contract is in force and its money set aside.
 */
export function acceptTrade(
  state: State,
  at: number,
  sequence: number,
  command: AcceptTrade,
): Handled {
  const { account, digest, signature } = command
  const barred = signerRejection(state, at, account)
  if (barred !== undefined) return barred
  const trade = ownTrade(state, account, digest)
  if ('kind' in trade) return trade
  const { proposal } = trade
  const isChange = trade.versions.length > 0
  if (proposal?.contract !== digest || (isChange && trade.status !== 'agreed')) {
    return reject('contract_superseded', 'contract')
  }
  const { terms } = proposal
  const side = account === terms.seller ? 'sellerSignature' : 'buyerSignature'
  if (proposal[side] !== null) return reject('party_foreign', 'account', 'the other side')
  const misplaced = placeRejection(state, terms)
  if (misplaced !== undefined) return misplaced
  if (isBeingFixed(state, at, trade)) return reject('gate_open', 'contract')
  if (!isOpen(proposal, at)) return reject('proposal_expired', 'contract')
  const unfit =
    termsRejection(state, at, terms) ??
    modificationRejection(state, trade, terms) ??
    fullRejection(state, account, trade, terms)
  if (unfit !== undefined) return unfit
  const signed: Proposal = { ...proposal, [side]: signature }
  const { contract, sellerSignature, buyerSignature } = signed
  if (sellerSignature === null || buyerSignature === null) {
    trade.proposal = signed
    const result = { kind: 'trade_changed', trade: trade.trade, status: trade.status } as const
    const effect: Effect = { kind: 'trade_changed', trade: trade.trade, what: 'signed' }
    return accepted(sequence, result, [effect])
  }
  const version = { contract, terms, sellerSignature, buyerSignature, sequence, at }
  const charge = chargeOf(state, trade, signed, sequence)
  const lacking = reserveAtAgreement(state, at, trade, version, charge)
  if (lacking !== undefined) return lacking
  takePart(state, account, trade)
  return accepted(
    sequence,
    { kind: 'trade_agreed', trade: trade.trade, contract },
    enforce(state, trade, version, charge),
  )
}

/** What the change costs who asked for it. */
function chargeOf(
  state: State,
  { trade, versions }: Trade,
  { terms, requester }: Proposal,
  sequence: number,
): Charge | null {
  if (versions.length === 0 || requester === null) return null
  const { modificationMicros = 0 } = rulebookFor(state, terms.fromInterval).trades ?? {}
  const payee = requester === terms.seller ? terms.buyer : terms.seller
  const amount = Micros.from(BigInt(modificationMicros))
  return { trade, kind: 'modification', payer: requester, payee, amount, sequence }
}

/** Puts a contract in force that both have signed, in the place of the version before. */
function enforce(
  state: State,
  trade: Trade,
  version: ContractVersion,
  charge: Charge | null,
): Effect[] {
  const { trading } = state
  const { terms, contract, sequence } = version
  const isFirst = trade.versions.length === 0
  trade.versions.push(version)
  trade.proposal = null
  trade.status = 'agreed'
  trade.endsAt = windowEnd(terms)
  trading.inForce.add(trade.trade)
  trading.recorded.push(contract)
  if (charge !== null) bookCharge(state, terms, charge)
  const effects: Effect[] = [
    { kind: 'trade_changed', trade: trade.trade, what: isFirst ? 'agreed' : 'modified' },
  ]
  if (isCancellation(terms)) {
    effects.push(cutShort(trade, state.clearedThrough + 1, 'cancelled', 'modification'))
    releaseBeyondEnd(state, trade)
  }
  effects.push(...paymentsMoved(state, trade.trade, sequence), ...fillOffers(state, trade))
  return effects
}
