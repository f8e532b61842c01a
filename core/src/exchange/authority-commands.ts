import { firstParticipantAccount } from '../registry/index.ts'
import type { EffectiveRulebook } from '../rulebook/index.ts'
import { Interval } from '../units/index.ts'
import { admit, keyRejection, participantRejection } from './admission.ts'
import { committeeRejection } from './committee.ts'
import { firstChangeable, fromRejection, rulebookOrRejection } from './first-change.ts'
import type { GuardedCommand, GuardedKind, Judged } from './guarded.ts'
import { actorWith, authorityRoles, isRejected, participantOf, rulebookFor } from './lookups.ts'
import { registerGateway, registerMeter, replaceMeter } from './meter-commands.ts'
import { accepted } from './outcome.ts'
import { changeStatus, takeOverSuspension } from './participant-status.ts'
import { decideAppeal } from './payments/appeals.ts'
import { reject } from './rejection.ts'
import type { State } from './state.ts'
import { recordAgreement } from './trading/agreements.ts'
import { endWordsOfKey } from './key-instructions.ts'
import { certifyKey } from './trading/keys.ts'
import { contractedUntil } from './trading/trade-book.ts'
import { assignUtility } from './trading/utilities.ts'

type CommandOf<Kind extends GuardedKind> = Extract<GuardedCommand, { readonly kind: Kind }>

type StatusCommand = CommandOf<'suspend_participant' | 'reinstate_participant'>

/** Judges what moves money or rules, and changes nothing before it is told to. */
export function judge(
  state: State,
  at: number,
  sequence: number,
  command: GuardedCommand,
): Judged {
  switch (command.kind) {
    case 'admit_participant':
      return admission(state, sequence, command)
    case 'suspend_participant':
    case 'reinstate_participant':
      return setStatus(state, at, sequence, command)
    case 'replace_key':
      return replaceKey(state, at, sequence, command)
    case 'schedule_rulebook':
      return scheduleRulebook(state, at, sequence, command)
    case 'appoint_committee':
      return appointCommittee(state, at, sequence, command)
    case 'assign_utility':
      return assignUtility(state, sequence, command.account, command.content)
    case 'record_agreement':
      return recordAgreement(state, sequence, command.account, command.content)
    case 'decide_appeal':
      return decideAppeal(state, at, sequence, command.account, command.content)
    case 'register_gateway':
      return registerGateway(state, sequence, command.account, command.content)
    case 'register_meter':
      return registerMeter(state, at, sequence, command.account, command.content)
    case 'replace_meter':
      return replaceMeter(state, at, sequence, command.account, command.content)
  }
}

function admission(
  state: State,
  sequence: number,
  { account: by, content }: CommandOf<'admit_participant'>,
): Judged {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const invalid = participantRejection(state, content)
  if (invalid !== undefined) return invalid
  return () => {
    const { account, effects } = admit(state, content)
    return accepted(sequence, { kind: 'participant_admitted', account }, effects)
  }
}

function setStatus(
  state: State,
  at: number,
  sequence: number,
  { kind, account: by, content }: StatusCommand,
): Judged {
  const { participant: account, reason } = content
  const status = kind === 'suspend_participant' ? 'suspended' : 'active'
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const participant = participantOf(state, account)
  if (participant === undefined) return reject('account_unknown', 'participant')
  if (participant.roles.includes('operator')) {
    return reject('field_invalid', 'participant', 'not the operator')
  }
  if (!isReason(reason)) return reject('field_invalid', 'reason', '1 to 200 characters')
  return () => {
    // From here on it is the authority's word that counts, and no ladder lifts it.
    takeOverSuspension(state, account)
    const effects = changeStatus(state, at, account, status)
    return accepted(sequence, { kind: 'participant_changed', account }, effects)
  }
}

const isReason = (reason: string | undefined): boolean =>
  reason === undefined || (reason.length >= 1 && reason.length <= 200)

function replaceKey(
  state: State,
  at: number,
  sequence: number,
  { account: by, content }: CommandOf<'replace_key'>,
): Judged {
  const actor = participantOf(state, by)
  if (actor === undefined) return reject('account_unknown', 'account')
  if (actor.status === 'suspended') return reject('account_suspended', 'account')
  const isAuthority = actor.roles.some((role) => authorityRoles.includes(role))
  if (by !== content.participant && !isAuthority) {
    return reject('role_missing', 'account', `needs ${authorityRoles.join(' or ')}`)
  }
  const participant = participantOf(state, content.participant)
  if (participant === undefined) return reject('account_unknown', 'participant')
  const invalid = keyRejection(state, content)
  if (invalid !== undefined) return invalid
  const { participant: account, address, publicKey } = content
  // Who asks itself has signed with the key before it.
  const isApproved = by === account || content.approval !== undefined
  return () => {
    // A key that was given up stays taken: what it signed must never speak for somebody else.
    state.taken.add(`address:${address}`).add(`key:${publicKey}`)
    state.participants[account - firstParticipantAccount] = { ...participant, address, publicKey }
    return accepted(sequence, { kind: 'participant_changed', account }, [
      { kind: 'key_replaced', account, address, publicKey },
      ...certifyKey(state, at, sequence, { account, publicKey, address, isApproved }),
      ...endWordsOfKey(state, at, account, by),
    ])
  }
}

function scheduleRulebook(
  state: State,
  at: number,
  sequence: number,
  { account: by, content }: CommandOf<'schedule_rulebook'>,
): Judged {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const badInterval = fromRejection(content)
  if (badInterval !== undefined) return badInterval
  const rulebook = rulebookOrRejection(content.rulebook)
  if (isRejected(rulebook)) return rulebook
  const present = rulebookFor(state, content.fromInterval)
  if (rulebook.intervalSeconds !== present.intervalSeconds) {
    const limit = `${present.intervalSeconds}, for the life of a market`
    return reject('field_invalid', 'intervalSeconds', limit)
  }
  if (rulebook.version <= present.version) {
    return reject('field_invalid', 'version', `above ${present.version}`)
  }
  const earliest = firstChangeable(state, at)
  if (content.fromInterval < earliest) {
    return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  }
  const until = contractedUntil(state)
  if (rulebook.trades === undefined && content.fromInterval < until) {
    return reject('effective_in_past', 'fromInterval', `at least ${until}, while contracts last`)
  }
  return () => {
    const kept = state.rulebooks.filter((entry) => entry.from < content.fromInterval)
    const added: EffectiveRulebook = { from: Interval.from(content.fromInterval), rulebook }
    state.rulebooks.splice(0, state.rulebooks.length, ...kept, added)
    const { fromInterval } = content
    return accepted(sequence, { kind: 'rulebook_scheduled', fromInterval }, [
      { kind: 'rulebook_scheduled', fromInterval },
    ])
  }
}

function appointCommittee(
  state: State,
  at: number,
  sequence: number,
  { account: by, content }: CommandOf<'appoint_committee'>,
): Judged {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const invalid = fromRejection(content) ?? committeeRejection(content)
  if (invalid !== undefined) return invalid
  // Without a committee nobody has sealed an order to one: the first may begin at any interval.
  const earliest = state.committees.length === 0 ? 0 : firstChangeable(state, at)
  const { fromInterval: from, publicKey, threshold } = content
  if (from < earliest) return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  return () => {
    const members = content.members.map(({ index, name, verificationKey }) => ({
      index, name, verificationKey,
    }))
    const kept = state.committees.filter((committee) => committee.from < from)
    const added = { from, publicKey, threshold, members }
    state.committees.splice(0, state.committees.length, ...kept, added)
    return accepted(sequence, { kind: 'committee_appointed', fromInterval: from }, [
      { kind: 'committee_appointed', fromInterval: from },
    ])
  }
}
