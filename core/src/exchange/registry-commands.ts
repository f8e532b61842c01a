import {
  firstParticipantAccount,
  type Participant,
  type Role,
  roles,
  type Tariff,
} from '../registry/index.ts'
import { type EffectiveRulebook, parseRulebook } from '../rulebook/index.ts'
import { Fault } from '../errors/index.ts'
import { Interval, MicrosPerKwh } from '../units/index.ts'
import type {
  InstructionCommand,
  InstructionContent,
  MarketCommand,
  NewParticipant,
} from './command.ts'
import { committeeRejection } from './committee.ts'
import {
  actorWith,
  authorityRoles,
  currentInterval,
  inRange,
  intervalMax,
  isRejected,
  lastOpenOfAll,
  nameLimit,
  namePattern,
  participantOf,
  rulebookFor,
  wattsMax,
} from './lookups.ts'
import { certifyKey } from './trading/keys.ts'
import { meteringRoles, registerMeter, replaceMeter } from './meter-commands.ts'
import { fundAccounts } from './money.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { changeStatus, takeOverSuspension } from './participant-status.ts'
import { registerPasskey, revokePasskey } from './passkeys.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import { contractedUntil } from './trading/trade-book.ts'
import { instructTrades } from './trading/trade-instructions.ts'

type Handled = Applied | Rejected

/** Opens the market: its rulebook from the next interval on, and its operator as account 3. */
export function openMarket(
  state: State,
  at: number,
  sequence: number,
  command: MarketCommand,
): Handled {
  if (state.market !== null) return reject('market_exists')
  if (command.operator.retailer !== null) return reject('account_unknown', 'operator.retailer')
  if (!command.operator.roles.includes('operator')) {
    return reject('role_missing', 'operator.roles', 'needs operator')
  }
  if (!namePattern.test(command.market)) return reject('field_invalid', 'market', nameLimit)
  const { salt = null } = command
  if (salt !== null && !/^0x[0-9a-f]{64}$/.test(salt)) {
    return reject('field_invalid', 'salt', '0x and 64 lower-case hex')
  }
  const rulebook = rulebookOrRejection(command.rulebook)
  if (isRejected(rulebook)) return rulebook
  const invalid = participantRejection(state, command.operator, 'operator.')
  if (invalid !== undefined) return invalid
  state.market = command.market
  state.salt = salt
  state.rulebooks.push({ from: Interval.from(0), rulebook })
  state.clearedThrough = currentInterval(state, at)
  const { account, effects } = admit(state, command.operator)
  return accepted(sequence, { kind: 'market_opened', account }, effects)
}

export function instruct(
  state: State,
  at: number,
  sequence: number,
  command: InstructionCommand,
): Handled {
  switch (command.kind) {
    case 'admit_participant': {
      const actor = actorWith(state, command.account, authorityRoles)
      if (isRejected(actor)) return actor
      const invalid = participantRejection(state, command.content)
      if (invalid !== undefined) return invalid
      const { account, effects } = admit(state, command.content)
      return accepted(sequence, { kind: 'participant_admitted', account }, effects)
    }
    case 'suspend_participant':
    case 'reinstate_participant': {
      const status = command.kind === 'suspend_participant' ? 'suspended' : 'active'
      return setStatus(state, at, sequence, command.account, command.content.participant, status)
    }
    case 'replace_key':
      return replaceKey(state, at, sequence, command.account, command.content)
    case 'register_passkey':
      return registerPasskey(state, at, sequence, command)
    case 'revoke_passkey':
      return revokePasskey(state, sequence, command.account, command.content)
    case 'register_zone':
      return registerZone(state, sequence, command.account, command.content)
    case 'register_gateway':
      return registerGateway(state, sequence, command.account, command.content)
    case 'register_meter':
      return registerMeter(state, at, sequence, command.account, command.content)
    case 'replace_meter':
      return replaceMeter(state, at, sequence, command.account, command.content)
    case 'set_tariff':
      return setTariff(state, at, sequence, command.account, command.content)
    case 'fund_accounts':
      return fundAccounts(state, sequence, command)
    case 'schedule_rulebook':
      return scheduleRulebook(state, at, sequence, command.account, command.content)
    case 'appoint_committee':
      return appointCommittee(state, at, sequence, command.account, command.content)
    default:
      return instructTrades(state, at, sequence, command)
  }
}

const addressPattern = /^0x[0-9a-f]{40}$/
const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/
const publicKeyLimit = 'a compressed key: 0x02 or 0x03 and 64 hex'

/** `within` is where in the command the participant stands, for the names of fields. */
function participantRejection(
  state: State,
  wanted: NewParticipant,
  within = '',
): Rejected | undefined {
  if (wanted.retailer !== null) {
    const retailer = participantOf(state, wanted.retailer)
    if (retailer === undefined) return reject('account_unknown', `${within}retailer`)
    if (!retailer.roles.includes('retailer')) return reject('role_missing', `${within}retailer`)
  }
  if (state.taken.has(`participant:${wanted.name}`)) return reject('name_exists', `${within}name`)
  const badKey = keyRejection(state, wanted, within)
  if (badKey?.reason === 'name_exists') return badKey
  if (!namePattern.test(wanted.name)) return reject('field_invalid', `${within}name`, nameLimit)
  if (wanted.roles.length === 0 || !wanted.roles.every((role) => roles.includes(role))) {
    return reject('field_invalid', `${within}roles`, `one or more of ${roles.join(', ')}`)
  }
  return badKey
}

function keyRejection(
  state: State,
  { address, publicKey }: { address: string; publicKey: string },
  within = '',
): Rejected | undefined {
  if (state.taken.has(`address:${address}`)) return reject('name_exists', `${within}address`)
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', `${within}publicKey`)
  if (!addressPattern.test(address)) {
    return reject('field_invalid', `${within}address`, '0x and 40 lower-case hex')
  }
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', `${within}publicKey`, publicKeyLimit)
  }
  return undefined
}

function admit(state: State, wanted: NewParticipant): { account: number; effects: Effect[] } {
  const account = firstParticipantAccount + state.participants.length
  const { name, address, publicKey, retailer } = wanted
  state.taken.add(`participant:${name}`).add(`address:${address}`).add(`key:${publicKey}`)
  const sorted = roles.filter((role) => wanted.roles.includes(role))
  const status = 'active'
  state.participants.push({ account, name, roles: sorted, address, publicKey, retailer, status })
  return { account, effects: [{ kind: 'participant_admitted', account, address, publicKey }] }
}

function setStatus(
  state: State,
  at: number,
  sequence: number,
  by: number,
  account: number,
  status: Participant['status'],
): Handled {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const participant = participantOf(state, account)
  if (participant === undefined) return reject('account_unknown', 'participant')
  if (participant.roles.includes('operator')) {
    return reject('field_invalid', 'participant', 'not the operator')
  }
  // From here on it is the authority's word that counts, and no ladder lifts it.
  takeOverSuspension(state, account)
  const effects = changeStatus(state, at, account, status)
  return accepted(sequence, { kind: 'participant_changed', account }, effects)
}

function replaceKey(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: InstructionContent['replace_key'],
): Handled {
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
  // A key that was given up stays taken: what it signed must never speak for somebody else.
  state.taken.add(`address:${address}`).add(`key:${publicKey}`)
  state.participants[account - firstParticipantAccount] = { ...participant, address, publicKey }
  return accepted(sequence, { kind: 'participant_changed', account }, [
    { kind: 'key_replaced', account, address, publicKey },
    ...certifyKey(state, at, sequence, { account, publicKey, address, isApproved }),
  ])
}

function registerZone(
  state: State,
  sequence: number,
  by: number,
  content: { name: string; parent: number | null; bridgeWatts: number },
): Handled {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  if (content.parent !== null && state.zones[content.parent] === undefined) {
    return reject('zone_unknown', 'parent')
  }
  if (state.taken.has(`zone:${content.name}`)) return reject('name_exists', 'name')
  if (!namePattern.test(content.name)) return reject('field_invalid', 'name', nameLimit)
  if (!inRange(content.bridgeWatts, 0, wattsMax)) {
    return reject('field_invalid', 'bridgeWatts', `from 0 to ${wattsMax}`)
  }
  const zone = state.zones.length
  state.taken.add(`zone:${content.name}`)
  const { name, parent, bridgeWatts } = content
  state.zones.push({ zone, name, parent, bridgeWatts })
  return accepted(sequence, { kind: 'zone_registered', zone })
}

function registerGateway(
  state: State,
  sequence: number,
  by: number,
  content: { name: string; curve: 'secp256k1' | 'p256'; publicKey: string; owner: number },
): Handled {
  const actor = actorWith(state, by, meteringRoles)
  if (isRejected(actor)) return actor
  const { name, curve, publicKey, owner } = content
  if (participantOf(state, owner) === undefined) return reject('account_unknown', 'owner')
  if (state.taken.has(`gateway:${name}`)) return reject('name_exists', 'name')
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', 'publicKey')
  if (!namePattern.test(name)) return reject('field_invalid', 'name', nameLimit)
  if (curve !== 'secp256k1' && curve !== 'p256') {
    return reject('field_invalid', 'curve', 'secp256k1 or p256')
  }
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', 'publicKey', publicKeyLimit)
  }
  const gateway = state.gateways.length
  state.taken.add(`gateway:${name}`).add(`key:${publicKey}`)
  state.gateways.push({ gateway, name, curve, publicKey, owner })
  return accepted(sequence, { kind: 'gateway_registered', gateway })
}

/**
 * Rules change only for intervals that take no orders yet: what was promised was worked out by the
 * old ones. Of all rulebooks, past ones too, the one that takes orders furthest ahead decides.
 */
const firstChangeable = (state: State, at: number): number => lastOpenOfAll(state, at) + 1

function setTariff(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: { fromInterval: number; retailMicrosPerKwh: number; feedInMicrosPerKwh: number },
): Handled {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  const badInterval = fromRejection(content)
  if (badInterval !== undefined) return badInterval
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebookFor(
    state,
    content.fromInterval,
  )
  for (const field of ['retailMicrosPerKwh', 'feedInMicrosPerKwh'] as const) {
    // As orders: what a tariff can make of a connection's energy must stay within money's range.
    if (!inRange(content[field], min, max)) {
      return reject('field_invalid', field, `from ${min} to ${max}`)
    }
  }
  const present = state.tariffs.get(by) ?? []
  // Without a meter nobody has relied on a tariff yet: the first ones may be of any interval.
  const unused = present.length === 0 || state.meters.length === 0
  const earliest = unused ? 0 : firstChangeable(state, at)
  if (content.fromInterval < earliest) {
    return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  }
  const tariff: Tariff = {
    retail: MicrosPerKwh.from(BigInt(content.retailMicrosPerKwh)),
    feedIn: MicrosPerKwh.from(BigInt(content.feedInMicrosPerKwh)),
  }
  const kept = present.filter((entry) => entry.from < content.fromInterval)
  state.tariffs.set(by, [...kept, { from: content.fromInterval, tariff }])
  return accepted(sequence, { kind: 'tariff_set', fromInterval: content.fromInterval })
}

function scheduleRulebook(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: { fromInterval: number; rulebook: unknown },
): Handled {
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
  const kept = state.rulebooks.filter((entry) => entry.from < content.fromInterval)
  const added: EffectiveRulebook = { from: Interval.from(content.fromInterval), rulebook }
  state.rulebooks.splice(0, state.rulebooks.length, ...kept, added)
  const { fromInterval } = content
  return accepted(sequence, { kind: 'rulebook_scheduled', fromInterval }, [
    { kind: 'rulebook_scheduled', fromInterval },
  ])
}

function appointCommittee(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: InstructionContent['appoint_committee'],
): Handled {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const invalid = fromRejection(content) ?? committeeRejection(content)
  if (invalid !== undefined) return invalid
  // Without a committee nobody has sealed an order to one: the first may begin at any interval.
  const earliest = state.committees.length === 0 ? 0 : firstChangeable(state, at)
  const { fromInterval: from, publicKey, threshold } = content
  if (from < earliest) return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
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

function rulebookOrRejection(value: unknown): ReturnType<typeof parseRulebook> | Rejected {
  try {
    return parseRulebook(value)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return reject('field_invalid', String(error.details.field), String(error.details.limit))
  }
}

const fromRejection = ({ fromInterval }: { fromInterval: number }): Rejected | undefined =>
  inRange(fromInterval, 0, intervalMax)
    ? undefined
    : reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)
