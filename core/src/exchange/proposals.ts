import { assert } from '../errors/index.ts'
import { passkeyIn } from '../registry/index.ts'
import type { Command, ProposalNamed } from './command.ts'
import { fourEyesOf, type GuardedCommand } from './guarded.ts'
import { judge } from './authority-commands.ts'
import { actorWith, authorityRoles, isRejected } from './lookups.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { passkeyRejection } from './passkeys.ts'
import { reject, type Rejected } from './rejection.ts'
import type { Proposal, State } from './state.ts'

/** So many proposals of one authority may wait at a time. */
export const proposalsMax = 20

/** So many that wait no longer stay in the state. The journal has all. */
const decidedKept = 100

type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>

/** Keeps what was judged to be right for a second person. `command` changes nothing else. */
export function propose(
  state: State,
  at: number,
  sequence: number,
  command: GuardedCommand,
): Applied | Rejected {
  const waiting = [...state.proposals.values()].filter(({ status, expiresAt, instruction }) =>
    status === 'open' && at < expiresAt && instruction.account === command.account)
  if (waiting.length >= proposalsMax) {
    return reject('proposals_exceeded', 'account', `at most ${proposalsMax}`)
  }
  const fourEyes = fourEyesOf(state)
  assert(fourEyes !== undefined, 'only where two people decide something is proposed')
  state.lastProposal += 1
  const { lastProposal: proposal } = state
  const expiresAt = at + fourEyes.deadlineSeconds * 1_000
  const { kind, id, account, content, digest, signature } = command
  // By name: in the journal the fields stand in another order than in what came.
  const instruction = { kind, id, account, content, digest, signature } as GuardedCommand
  const open = { status: 'open', decided: null, reason: '' } as const
  state.proposals.set(proposal, { proposal, instruction, sequence, at, expiresAt, ...open })
  return accepted(sequence, { kind: 'proposal_made', proposal, expiresAt }, [
    { kind: 'proposal_changed', proposal, status: 'open' },
  ])
}

/**
 * A second person's word: what was proposed takes effect now, as if its proposer asked for it at
 * this moment. If it may not any more, the reason names the field after `instruction.`, and the
 * proposal goes on waiting.
 */
export function approveProposal(
  state: State,
  at: number,
  sequence: number,
  command: CommandOf<'approve_proposal'>,
): Applied | Rejected {
  const { account, content } = command
  const found = openProposal(state, at, account, content, true)
  if (isRejected(found)) return found
  const { proposal, instruction } = found
  const judged = wordLostSince(state, at, found) ?? judge(state, at, sequence, instruction)
  if (typeof judged !== 'function') {
    const { reason, field, limit } = judged
    return reject(reason, `instruction.${field ?? 'kind'}`, limit)
  }
  decide(found, 'approved', { account, sequence, at })
  const effects = [...changed(found), ...judged().effects]
  forgetDecided(state)
  return accepted(sequence, { kind: 'proposal_decided', proposal, status: 'approved' }, effects)
}

/** An authority's word against it: it never takes effect. Who proposed it takes it back so. */
export function refuseProposal(
  state: State,
  at: number,
  sequence: number,
  command: CommandOf<'refuse_proposal'>,
): Applied | Rejected {
  const { account, content } = command
  const found = openProposal(state, at, account, content, false)
  if (isRejected(found)) return found
  const { reason } = content
  if (reason.length < 1 || reason.length > 200) {
    return reject('field_invalid', 'reason', '1 to 200 characters')
  }
  const { proposal } = found
  decide(found, 'refused', { account, sequence, at })
  found.reason = reason
  const effects = changed(found)
  forgetDecided(state)
  return accepted(sequence, { kind: 'proposal_decided', proposal, status: 'refused' }, effects)
}

/** With each gate: says of proposals whose time has passed that they have lapsed. */
export function lapseProposals(state: State, at: number): Effect[] {
  const lapsed = [...state.proposals.values()]
    .filter(({ status, expiresAt }) => status === 'open' && at >= expiresAt)
  for (const one of lapsed) one.status = 'expired'
  if (lapsed.length > 0) forgetDecided(state)
  return lapsed.flatMap(changed)
}

const changed = ({ proposal, status }: Proposal): Effect[] => [
  { kind: 'proposal_changed', proposal, status },
]

/** Found by number and content, and open for a word of `by`. */
function openProposal(
  state: State,
  at: number,
  by: number,
  { proposal, digest }: ProposalNamed,
  isApproval: boolean,
): Proposal | Rejected {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const found = state.proposals.get(proposal)
  if (found === undefined) return reject('proposal_unknown', 'proposal')
  // By account: another key of the same person is not another person.
  if (isApproval && found.instruction.account === by) return reject('proposal_own', 'account')
  if (found.instruction.digest !== digest) {
    return reject('proposal_differs', 'digest', found.instruction.digest)
  }
  const status = found.status === 'open' && at >= found.expiresAt ? 'expired' : found.status
  if (status !== 'open') return reject('proposal_not_open', 'proposal', status)
  return found
}

/**
 * What was signed by a key that is gone nobody asks for any more: a stolen phone or key proposes
 * nothing that outlives it. Nor does what an old key approved.
 */
function wordLostSince(
  state: State,
  at: number,
  { instruction, sequence }: Proposal,
): Rejected | undefined {
  const isReplaced = (account: number): boolean =>
    (state.trading.keys.get(account)?.at(-1)?.sequence ?? 0) > sequence
  if (passkeyIn(instruction.signature) !== undefined) {
    const lost = passkeyRejection(state, at, instruction)
    if (lost !== undefined) return lost
  } else if (isReplaced(instruction.account)) {
    return reject('registered_key_needed', 'signature', 'the key that is registered now')
  }
  const { kind, content } = instruction
  if (kind !== 'replace_key' || content.approval === undefined) return undefined
  if (!isReplaced(content.participant)) return undefined
  return reject('field_invalid', 'approval', 'by the key that is registered now')
}

function decide(
  found: Proposal,
  status: 'approved' | 'refused',
  decided: NonNullable<Proposal['decided']>,
): void {
  found.status = status
  found.decided = decided
}

/** Of those that wait no longer, only those stay that were last decided, or lapsed last. */
function forgetDecided(state: State): void {
  const over = [...state.proposals.values()]
    .filter(({ status }) => status !== 'open')
    .sort((a, b) => endOf(a) - endOf(b) || sequenceOf(a) - sequenceOf(b))
  for (const { proposal } of over.slice(0, -decidedKept)) state.proposals.delete(proposal)
}

const endOf = ({ decided, expiresAt }: Proposal): number => decided?.at ?? expiresAt

const sequenceOf = ({ decided, sequence }: Proposal): number => decided?.sequence ?? sequence
