import { firstParticipantAccount, type Participant, type Role, roles, type Tariff } from '../registry/index.ts'
import { emptyReadings } from '../metering/index.ts'
import { type EffectiveRulebook, parseRulebook } from '../rulebook/index.ts'
import { Fault } from '../errors/index.ts'
import { Interval, MicrosPerKwh } from '../units/index.ts'
import type { InstructionCommand, MarketCommand, NewMeter, NewParticipant } from './command.ts'
import { actorWith, currentInterval, isRejected, participantOf, rulebookFor, tariffAt } from './lookups.ts'
import { fundAccounts } from './money.ts'
import { dropOpenOrders } from './orders.ts'
import type { Applied, Effect, Result } from './outcome.ts'
import { registerReplacement } from './readings.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

type Handled = Applied | Rejected

const authorityRoles: readonly Role[] = ['operator', 'authority']
const meteringRoles: readonly Role[] = ['operator', 'authority', 'distribution-utility', 'retailer']

const accepted = (sequence: number, result: Result, effects: readonly Effect[] = []): Applied => ({
  outcome: { kind: 'accepted', sequence, repeated: false, result },
  effects,
})

/** Opens the market: its rulebook from the next interval on, and its operator as account 3. */
export function openMarket(state: State, at: number, sequence: number, command: MarketCommand): Handled {
  if (state.market !== null) return reject('market_exists')
  if (!namePattern.test(command.market)) return reject('field_invalid', 'market', nameLimit)
  const rulebook = rulebookOrRejection(command.rulebook)
  if (isRejected(rulebook)) return rulebook
  const invalid = participantRejection(state, command.operator)
  if (invalid !== undefined) return invalid
  if (!command.operator.roles.includes('operator')) {
    return reject('role_missing', 'operator.roles', 'needs operator')
  }
  state.market = command.market
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
      return setStatus(state, sequence, command.account, command.content.participant, 'suspended')
    case 'reinstate_participant':
      return setStatus(state, sequence, command.account, command.content.participant, 'active')
    case 'replace_key':
      return replaceKey(state, sequence, command.account, command.content)
    case 'register_zone':
      return registerZone(state, sequence, command.account, command.content)
    case 'register_gateway':
      return registerGateway(state, sequence, command.account, command.content)
    case 'register_meter':
      return registerMeter(state, at, sequence, command.account, command.content)
    case 'replace_meter': {
      const actor = actorWith(state, command.account, meteringRoles)
      if (isRejected(actor)) return actor
      const invalid = registerReplacement(state, command.content)
      if (invalid !== undefined) return invalid
      return accepted(sequence, { kind: 'meter_replaced', meter: command.content.meter })
    }
    case 'set_tariff':
      return setTariff(state, at, sequence, command.account, command.content)
    case 'fund_accounts':
      return fundAccounts(state, sequence, command)
    case 'schedule_rulebook':
      return scheduleRulebook(state, at, sequence, command.account, command.content)
  }
}

const namePattern = /^[a-z0-9-]{1,32}$/
const nameLimit = '1 to 32 of a-z, 0-9 and -'
const addressPattern = /^0x[0-9a-f]{40}$/
const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/
const wattsMax = 10_000_000_000

function participantRejection(state: State, wanted: NewParticipant): Rejected | undefined {
  if (!namePattern.test(wanted.name)) return reject('field_invalid', 'name', nameLimit)
  if (wanted.roles.length === 0 || !wanted.roles.every((role) => roles.includes(role))) {
    return reject('field_invalid', 'roles', `one or more of ${roles.join(', ')}`)
  }
  const badKey = keyRejection(state, wanted)
  if (badKey !== undefined) return badKey
  if (state.taken.has(`participant:${wanted.name}`)) return reject('name_exists', 'name')
  if (wanted.retailer === null) return undefined
  const retailer = participantOf(state, wanted.retailer)
  if (retailer === undefined) return reject('account_unknown', 'retailer')
  if (!retailer.roles.includes('retailer')) return reject('role_missing', 'retailer')
  return undefined
}

function keyRejection(
  state: State,
  wanted: { address: string; publicKey: string },
): Rejected | undefined {
  if (!addressPattern.test(wanted.address)) {
    return reject('field_invalid', 'address', '0x and 40 lower-case hex')
  }
  if (!publicKeyPattern.test(wanted.publicKey)) {
    return reject('field_invalid', 'publicKey', 'a compressed key: 0x02 or 0x03 and 64 hex')
  }
  if (state.taken.has(`address:${wanted.address}`)) return reject('name_exists', 'address')
  if (state.taken.has(`key:${wanted.publicKey}`)) return reject('name_exists', 'publicKey')
  return undefined
}

function admit(state: State, wanted: NewParticipant): { account: number; effects: Effect[] } {
  const account = firstParticipantAccount + state.participants.length
  const { name, address, publicKey, retailer } = wanted
  state.taken.add(`participant:${name}`).add(`address:${address}`).add(`key:${publicKey}`)
  const sorted = roles.filter((role) => wanted.roles.includes(role))
  state.participants.push({ account, name, roles: sorted, address, publicKey, retailer, status: 'active' })
  return { account, effects: [{ kind: 'participant_admitted', account, address, publicKey }] }
}

function setStatus(
  state: State,
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
  state.participants[account - firstParticipantAccount] = { ...participant, status }
  if (status === 'suspended') dropOpenOrders(state, account)
  const kind = status === 'suspended' ? 'participant_suspended' : 'participant_reinstated'
  return accepted(sequence, { kind: 'participant_changed', account }, [{ kind, account }])
}

function replaceKey(
  state: State,
  sequence: number,
  by: number,
  content: { participant: number; address: string; publicKey: string },
): Handled {
  const actor = participantOf(state, by)
  if (actor === undefined) return reject('account_unknown', 'account')
  const mayReplace = by === content.participant || actor.roles.some((role) => authorityRoles.includes(role))
  if (!mayReplace) return reject('role_missing', 'account', `needs ${authorityRoles.join(' or ')}`)
  if (actor.status === 'suspended') return reject('account_suspended', 'account')
  const participant = participantOf(state, content.participant)
  if (participant === undefined) return reject('account_unknown', 'participant')
  const invalid = keyRejection(state, content)
  if (invalid !== undefined) return invalid
  const { participant: account, address, publicKey } = content
  // A key that was given up stays taken: what it signed must never speak for somebody else.
  state.taken.add(`address:${address}`).add(`key:${publicKey}`)
  state.participants[account - firstParticipantAccount] = { ...participant, address, publicKey }
  return accepted(sequence, { kind: 'participant_changed', account }, [
    { kind: 'key_replaced', account, address, publicKey },
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
  if (!namePattern.test(content.name)) return reject('field_invalid', 'name', nameLimit)
  if (!inRange(content.bridgeWatts, 0, wattsMax)) {
    return reject('field_invalid', 'bridgeWatts', `from 0 to ${wattsMax}`)
  }
  if (content.parent !== null && state.zones[content.parent] === undefined) {
    return reject('zone_unknown', 'parent')
  }
  if (state.taken.has(`zone:${content.name}`)) return reject('name_exists', 'name')
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
  if (!namePattern.test(name)) return reject('field_invalid', 'name', nameLimit)
  if (curve !== 'secp256k1' && curve !== 'p256') {
    return reject('field_invalid', 'curve', 'secp256k1 or p256')
  }
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', 'publicKey', 'a compressed key: 0x02 or 0x03 and 64 hex')
  }
  if (participantOf(state, owner) === undefined) return reject('account_unknown', 'owner')
  if (state.taken.has(`gateway:${name}`)) return reject('name_exists', 'name')
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', 'publicKey')
  const gateway = state.gateways.length
  state.taken.add(`gateway:${name}`).add(`key:${publicKey}`)
  state.gateways.push({ gateway, name, curve, publicKey, owner })
  return accepted(sequence, { kind: 'gateway_registered', gateway })
}

function registerMeter(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: NewMeter,
): Handled {
  const actor = actorWith(state, by, meteringRoles)
  if (isRejected(actor)) return actor
  const invalid = meterRejection(state, at, content)
  if (invalid !== undefined) return invalid
  const meter = state.meters.length
  state.taken.add(`meter:${content.name}`)
  state.meters.push({ ...content, meter })
  const newestFrom = currentInterval(state, at) + 1
  state.meterFrom.push(newestFrom)
  if (content.kind === 'physical') {
    const count = (state.physicalMeters.get(content.zone)?.count ?? 0) + 1
    state.physicalMeters.set(content.zone, { count, newestFrom })
  }
  state.readings.set(meter, emptyReadings(content.digits))
  return accepted(sequence, { kind: 'meter_registered', meter })
}

function meterRejection(state: State, at: number, wanted: NewMeter): Rejected | undefined {
  const owner = participantOf(state, wanted.account)
  if (owner === undefined) return reject('account_unknown', 'account')
  if (state.zones[wanted.zone] === undefined) return reject('zone_unknown', 'zone')
  if (!namePattern.test(wanted.name)) return reject('field_invalid', 'name', nameLimit)
  if (state.taken.has(`meter:${wanted.name}`)) return reject('name_exists', 'name')
  for (const field of ['importWattsMax', 'exportWattsMax'] as const) {
    if (!inRange(wanted[field], 0, wattsMax)) {
      return reject('field_invalid', field, `from 0 to ${wattsMax}`)
    }
  }
  if (!inRange(wanted.digits, 5, 15)) return reject('field_invalid', 'digits', 'from 5 to 15')
  if (wanted.kind === 'virtual') {
    return wanted.gateway === null ? undefined : reject('field_invalid', 'gateway', 'null if virtual')
  }
  if (wanted.kind !== 'physical') return reject('field_invalid', 'kind', 'physical or virtual')
  if (wanted.gateway === null || state.gateways[wanted.gateway] === undefined) {
    return reject('gateway_unknown', 'gateway')
  }
  if (tariffAt(state, owner.retailer, currentInterval(state, at) + 1) === null) {
    return reject('tariff_missing', 'account', 'its retailer needs a tariff from the next interval')
  }
  return undefined
}

/** Rules change only for intervals that take no orders yet: what was promised was worked out by the old. */
const firstChangeable = (state: State, at: number): number => {
  const next = currentInterval(state, at) + 1
  return next + rulebookFor(state, next).horizonIntervals + 1
}

function setTariff(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: { fromInterval: number; retailMicrosPerKwh: number; feedInMicrosPerKwh: number },
): Handled {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  const present = state.tariffs.get(by) ?? []
  const earliest = present.length === 0 ? 0 : firstChangeable(state, at)
  if (!inRange(content.fromInterval, earliest, Number.MAX_SAFE_INTEGER)) {
    return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  }
  for (const field of ['retailMicrosPerKwh', 'feedInMicrosPerKwh'] as const) {
    const max = Number(MicrosPerKwh.max)
    if (!inRange(content[field], -max, max)) {
      return reject('field_invalid', field, `from ${-max} to ${max}`)
    }
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
  const rulebook = rulebookOrRejection(content.rulebook)
  if (isRejected(rulebook)) return rulebook
  const present = rulebookFor(state, content.fromInterval)
  if (rulebook.intervalSeconds !== present.intervalSeconds) {
    return reject('field_invalid', 'intervalSeconds', `${present.intervalSeconds}, for the life of a market`)
  }
  if (rulebook.version <= present.version) {
    return reject('field_invalid', 'version', `above ${present.version}`)
  }
  const earliest = firstChangeable(state, at)
  if (!inRange(content.fromInterval, earliest, Number.MAX_SAFE_INTEGER)) {
    return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  }
  const kept = state.rulebooks.filter((entry) => entry.from < content.fromInterval)
  const added: EffectiveRulebook = { from: Interval.from(content.fromInterval), rulebook }
  state.rulebooks.splice(0, state.rulebooks.length, ...kept, added)
  const { fromInterval } = content
  return accepted(sequence, { kind: 'rulebook_scheduled', fromInterval }, [
    { kind: 'rulebook_scheduled', fromInterval },
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

const inRange = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max
