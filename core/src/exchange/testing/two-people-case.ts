import type { Command, InstructionContent, InstructionKind, Outcome } from '../index.ts'
import { accountOf, digestOf, type Market, newcomer, openMarket, testRulebook } from './market.ts'

/** A market whose authorities decide by two: the operator, another one, and an authority. */
export const deadlineSeconds = 3_600
export const guardedRulebook = { ...testRulebook, fourEyes: { deadlineSeconds } }

/** Accounts of those who may decide. The first one opened the market and admitted the others. */
export const deciders = { operator: 3, second: 10, deputy: 11 } as const
export type Decider = keyof typeof deciders

export function openGuardedMarket(): Market {
  const market = openMarket({ rulebook: guardedRulebook })
  const second = newcomer(80, { name: 'second', roles: ['operator'], retailer: null })
  market.must(market.instruction('admit_participant', 'operator', second))
  const deputy = newcomer(81, { name: 'deputy', roles: ['authority'], retailer: null })
  market.must(market.instruction('admit_participant', 'operator', deputy))
  const proposal = market.state.lastProposal
  market.must(approving(market, 'second', proposal))
  return market
}

/** An instruction of whatever account. */
export function asked<Kind extends InstructionKind>(
  market: Market,
  account: number,
  kind: Kind,
  content: InstructionContent[Kind],
): Command {
  const command = market.instruction(kind, 'operator', content)
  return { ...command, account, digest: digestOf(JSON.stringify([account, command])) } as Command
}

/** What a proposal is of, as its number says; nothing known for a number that nobody has. */
const named = (market: Market, proposal: number) => {
  const digest = market.state.proposals.get(proposal)?.instruction.digest
  return { proposal, digest: digest ?? digestOf('nothing') }
}

export const approving = (market: Market, by: Decider, proposal: number): Command =>
  asked(market, deciders[by], 'approve_proposal', named(market, proposal))

export const refusing = (market: Market, by: Decider, proposal: number): Command =>
  asked(market, deciders[by], 'refuse_proposal', { ...named(market, proposal), reason: 'no' })

export const suspending = (market: Market, by: Decider, participant: number): Command =>
  asked(market, deciders[by], 'suspend_participant', { participant, reason: 'unpaid' })

/** Proposes to suspend Alice, and gives the number. */
export function proposed(market: Market, by: Decider = 'operator'): number {
  market.must(suspending(market, by, accountOf('alice')))
  return market.state.lastProposal
}

export const answerOf = (outcome: Outcome): string =>
  outcome.kind === 'accepted' ? outcome.result.kind : outcome.reason
