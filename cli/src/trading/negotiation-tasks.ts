import { noContract } from '@busbar/core/trades'
import type { ContractTerms, PartyTrade } from '@busbar/protocols/api'
import { UsageError } from '../cli-error.ts'
import { checked, contractText, named, partyTrade, sideAt } from './contract-text.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { changed, changeExpiry, invitation, ownCard } from './terms.ts'

/** What the other side needs to name one in a contract. */
export const card: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const own = await ownCard(desk, values)
  // A card is given on as it is, so it is JSON for people too.
  return say(values, output, own, JSON.stringify(own))
}

export const propose: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const terms = await invitation(desk, values)
  const sent = { ...terms, replaces: noContract }
  return await send(desk, sent, 'invitation', values, output)
}

export const counter: Task = async (operands, values, output) => {
  const [trade, digits] = exactly(operands, ['TRADE', 'CONTRACT'])
  const desk = await openDesk(values)
  const shown = await partyTrade(desk, number(trade, 'TRADE'))
  const { contract, terms } = named(shown.proposal, digits, shown.trade)
  const { id: _, ...before } = terms
  const after = await changed(desk, values, before)
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  if (isSame) throw new UsageError('a counter-offer changes something; to agree, accept it')
  return await send(desk, { ...after, replaces: contract }, 'counter-offer', values, output)
}

/** The version in force, that a change of it replaces. */
function inForce({ versions, trade, status }: PartyTrade) {
  const version = versions.at(-1)
  if (version === undefined) {
    throw new UsageError(`trade ${trade} is not agreed yet: counter or withdraw what is proposed`)
  }
  if (status === 'agreed') return version
  throw new UsageError(`trade ${trade} is ${status}: nothing of it changes any more`)
}

export const modify: Task = async (operands, values, output) => {
  const [trade] = exactly(operands, ['TRADE'])
  const desk = await openDesk(values)
  const { contract, terms } = inForce(await partyTrade(desk, number(trade, 'TRADE')))
  const { id: _, ...before } = terms
  const after = await changed(desk, values, before)
  const expiresAt = values.text('expires') === undefined
    ? changeExpiry(desk, after)
    : after.expiresAt
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  if (isSame) throw new UsageError('nothing is changed; --energy, --price and others say what')
  const sent = { ...after, expiresAt, replaces: contract }
  return await send(desk, sent, 'change', values, output)
}

/** A cancellation is a change to no energy at all: the other side has to sign it. */
export const cancel: Task = async (operands, values, output) => {
  const [trade] = exactly(operands, ['TRADE'])
  const desk = await openDesk(values)
  const { contract, terms } = inForce(await partyTrade(desk, number(trade, 'TRADE')))
  const { id: _, ...before } = terms
  const profile = { kind: 'per-interval', energyWh: 0 } as const
  const expiresAt = changeExpiry(desk, before)
  const sent = { ...before, profile, expiresAt, replaces: contract }
  return await send(desk, sent, 'cancellation', values, output)
}

type Proposed = Omit<ContractTerms, 'id'>

async function send(
  desk: Desk,
  terms: Proposed,
  what: 'invitation' | 'counter-offer' | 'change' | 'cancellation',
  values: Parameters<Task>[1],
  output: Parameters<Task>[2],
): Promise<number> {
  const proposal = await desk.signer.proposal(terms)
  const { trade, digest, sequence } = await desk.client.trades.propose(proposal)
  const other = desk.me.account === terms.seller ? terms.buyer : terms.seller
  const name = (await desk.people.byNumber(other))?.name ?? String(other)
  const text = `Trade ${trade}: your ${what} is signed and waits for an answer.

${await contractText(desk, { contract: digest, terms: proposal.terms }, true)}

${name} answers it:
  busbar trade show ${trade} --as ${name}
  busbar trade accept ${trade} ${digest.slice(0, 10)} --as ${name}`
  return say(values, output, { trade, contract: digest, sequence, terms: proposal.terms }, text)
}

export const accept: Task = async (operands, values, output) => {
  const [trade, digits] = exactly(operands, ['TRADE', 'CONTRACT'])
  const desk = await openDesk(values)
  const shown = await partyTrade(desk, number(trade, 'TRADE'))
  const proposal = named(shown.proposal, digits, shown.trade)
  const side = sideAt(desk, proposal.terms)
  if (side === undefined) throw new UsageError(`you are no side of trade ${shown.trade}`)
  const found = await checked(desk, proposal)
  if (found[side] !== 'missing') {
    throw new UsageError(`you have signed it: the other side of trade ${shown.trade} is asked`)
  }
  const acceptance = await desk.signer.acceptance(proposal.terms)
  const { sequence } = await desk.client.trades.accept(acceptance)
  const { status } = await desk.client.trades.get(shown.trade)
  const other = side === 'seller' ? found.buyer : found.seller
  const told = other === 'missing'
    ? 'You have signed it. It is in force when the other side signs, too.'
    : `It is in force. What it brings: busbar trade deliveries ${shown.trade} --as ${desk.me.name}`
  const text = `Trade ${shown.trade} is ${status}.

${await contractText(desk, proposal, false)}

${told}`
  const { contract } = acceptance
  return say(values, output, { trade: shown.trade, status, contract, sequence }, text)
}

/** Which contract an ending is about, and the instruction that ends it. */
const endings = {
  decline: { kind: 'decline_trade', told: 'You have said no. Nothing is agreed by it.' },
  withdraw: { kind: 'withdraw_trade', told: 'What you had proposed is taken back.' },
  exit: { kind: 'exit_trade', told: 'You have left: it ends with the next gate.' },
} as const

const ending = (name: keyof typeof endings): Task => async (operands, values, output) => {
  const [trade] = exactly(operands, ['TRADE'])
  const desk = await openDesk(values)
  const shown = await partyTrade(desk, number(trade, 'TRADE'))
  const about = name === 'exit' ? inForce(shown) : shown.proposal
  if (about === null) {
    throw new UsageError(`trade ${shown.trade} has nothing proposed; it is ${shown.status}`)
  }
  const { contract } = about
  const { kind, told } = endings[name]
  const result = await desk.instruct(kind, { contract })
  const status = result.kind === 'trade_changed' ? result.status : shown.status
  const text = `Trade ${shown.trade} is ${status}. ${told}`
  return say(values, output, { trade: shown.trade, status, contract }, text)
}

export const decline: Task = ending('decline')
export const exit: Task = ending('exit')

/** A proposal of one's own, or an offer on the board. */
export const withdraw: Task = async (operands, values, output) => {
  const named = values.text('offer')
  if (named === undefined) return await ending('withdraw')(operands, values, output)
  exactly(operands, [])
  const desk = await openDesk(values)
  const offer = number(named, '--offer')
  await desk.instruct('withdraw_offer', { offer })
  const text = `Offer ${offer} is off the board.`
  return say(values, output, { offer, status: 'withdrawn' }, text)
}
