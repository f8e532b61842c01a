import type { Participant, Role } from '../registry/index.ts'
import type { InstructionCommand } from './command.ts'
import { authorityRoles, participantOf, rulebookFor } from './lookups.ts'
import type { Applied } from './outcome.ts'
import type { Rejected } from './rejection.ts'
import type { State } from './state.ts'

/**
 * Instructions of authorities that move money or rules. Where the rulebook has `fourEyes` they take
 * two people. What is not here, and why: docs/concepts/two-people.md.
 */
export const guardedKinds = [
  'admit_participant', 'suspend_participant', 'reinstate_participant', 'replace_key',
  'schedule_rulebook', 'appoint_committee', 'assign_utility', 'record_agreement', 'decide_appeal',
  'register_gateway', 'register_meter', 'replace_meter',
] as const satisfies readonly InstructionCommand['kind'][]

export type GuardedKind = (typeof guardedKinds)[number]

export type GuardedCommand = Extract<InstructionCommand, { readonly kind: GuardedKind }>

/** Why not; or what it does, done when it is called, once, on the state that it was judged by. */
export type Judged = Rejected | (() => Applied)

export const isGuarded = (command: InstructionCommand): command is GuardedCommand =>
  (guardedKinds as readonly string[]).includes(command.kind)

/** Who has one of these alone decides about nobody but itself, and sees nobody else's. */
export const ownRoles: readonly Role[] = ['prosumer', 'trader', 'aggregator']

const meterKinds: ReadonlySet<GuardedKind> =
  new Set(['register_gateway', 'register_meter', 'replace_meter'])

/** Whether this very instruction moves money or rules: not each of its kind does. */
function movesMoneyOrRules(state: State, command: GuardedCommand): boolean {
  // A key that its owner changes is nobody else's business.
  if (command.kind === 'replace_key') return command.account !== command.content.participant
  // What a meter is said to show is money: to whoever has its gateway's key, or said what the old
  // device showed. A utility or a retailer says so of its own.
  if (meterKinds.has(command.kind)) return decides(participantOf(state, command.account))
  // Who admits a second authority, a bank or a retailer of its own would be two people alone.
  if (command.kind !== 'admit_participant') return true
  return !command.content.roles.every((role) => ownRoles.includes(role))
}

/** Whether somebody else must approve it before it takes effect. */
export function needsApproval(state: State, command: GuardedCommand): boolean {
  return fourEyesOf(state) !== undefined && movesMoneyOrRules(state, command) && hasSecond(state)
}

const decides = (one: Participant | undefined): boolean =>
  one?.roles.some((role) => authorityRoles.includes(role)) === true

/** Of the rulebook whose gate closes next. */
export const fourEyesOf = (state: State) => rulebookFor(state, state.clearedThrough + 1).fourEyes

/**
 * Whether there are two people to ask. Before that the only one sets the market up alone, and
 * admits the second one. Who is suspended counts: suspending somebody gives nobody its say.
 */
function hasSecond({ participants }: State): boolean {
  let count = 0
  for (const one of participants) {
    if (!decides(one)) continue
    count += 1
    if (count === 2) return true
  }
  return false
}
