import {
  type BoundaryReading,
  digitsAt,
  emptyReadings,
  type MeterReadings,
  plausibleBeside,
  replaceDevice,
} from '../metering/index.ts'
import type { Meter, Participant, Role } from '../registry/index.ts'
import type { InstructionContent, NewMeter } from './command.ts'
import {
  actorWith,
  currentInterval,
  inRange,
  isRejected,
  nameLimit,
  namePattern,
  participantOf,
  rulebookFor,
  tariffAt,
  wattsMax,
  zoneKey,
} from './lookups.ts'
import type { Judged } from './guarded.ts'
import { accepted } from './outcome.ts'
import { countRead, markAround } from './readings.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

export const meteringRoles: readonly Role[] = [
  'operator',
  'authority',
  'distribution-utility',
  'retailer',
]

const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/
const publicKeyLimit = 'a compressed key: 0x02 or 0x03 and 64 hex'

/** A gateway's key signs what its meters show. */
export function registerGateway(
  state: State,
  sequence: number,
  by: number,
  content: InstructionContent['register_gateway'],
): Judged {
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
  return () => {
    const gateway = state.gateways.length
    state.taken.add(`gateway:${name}`).add(`key:${publicKey}`)
    state.gateways.push({ gateway, name, curve, publicKey, owner })
    return accepted(sequence, { kind: 'gateway_registered', gateway })
  }
}

/** A meter counts from the first interval whose gate is still to close. */
export function registerMeter(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: NewMeter,
): Judged {
  const actor = actorWith(state, by, meteringRoles)
  if (isRejected(actor)) return actor
  const from = Math.max(currentInterval(state, at), state.clearedThrough) + 1
  const invalid = meterRejection(state, actor, from, content)
  if (invalid !== undefined) return invalid
  return () => accepted(sequence, { kind: 'meter_registered', meter: add(state, from, content) })
}

function add(state: State, from: number, content: NewMeter): number {
  const meter = state.meters.length
  state.taken.add(`meter:${content.name}`)
  const { name, kind, account, zone, gateway, importWattsMax, exportWattsMax, digits } = content
  const rating = { importWattsMax, exportWattsMax, digits }
  // Field by field: the state's text must not depend on the order in which a client wrote them.
  state.meters.push({ meter, name, kind, account, zone, gateway, ...rating })
  state.meterFrom.push(from)
  state.connected.add(zoneKey(content.zone, content.account))
  if (content.kind === 'physical') {
    const count = (state.physicalMeters.get(content.zone)?.count ?? 0) + 1
    state.physicalMeters.set(content.zone, { count, newestFrom: from })
  }
  state.readings.set(meter, emptyReadings(content.digits))
  return meter
}

/** A meter counts from the first interval whose gate is still to close: `from`. */
function meterRejection(
  state: State,
  actor: Participant,
  from: number,
  wanted: NewMeter,
): Rejected | undefined {
  const owner = participantOf(state, wanted.account)
  if (owner === undefined) return reject('account_unknown', 'account')
  const gatewayKnown = wanted.gateway !== null && state.gateways[wanted.gateway] !== undefined
  if (wanted.kind === 'physical' && !gatewayKnown) return reject('gateway_unknown', 'gateway')
  if (state.zones[wanted.zone] === undefined) return reject('zone_unknown', 'zone')
  const foreign = foreignRejection(actor, owner)
  if (foreign !== undefined) return foreign
  if (state.taken.has(`meter:${wanted.name}`)) return reject('name_exists', 'name')
  if (!namePattern.test(wanted.name)) return reject('field_invalid', 'name', nameLimit)
  for (const field of ['importWattsMax', 'exportWattsMax'] as const) {
    if (!inRange(wanted[field], 0, wattsMax)) {
      return reject('field_invalid', field, `from 0 to ${wattsMax}`)
    }
  }
  if (!inRange(wanted.digits, 5, 15)) return reject('field_invalid', 'digits', 'from 5 to 15')
  if (wanted.kind === 'virtual') {
    if (wanted.gateway === null) return undefined
    return reject('field_invalid', 'gateway', 'null if virtual')
  }
  if (wanted.kind !== 'physical') return reject('field_invalid', 'kind', 'physical or virtual')
  if (tariffAt(state, owner.retailer, from) === null) {
    return reject('tariff_missing', 'account', `its retailer needs a tariff for ${from}`)
  }
  return undefined
}

/** What a meter shows moves its owner's money, so a retailer speaks for its own customers only. */
function foreignRejection(
  actor: Participant,
  owner: Participant | undefined,
): Rejected | undefined {
  const forAll = actor.roles.some((role) => role !== 'retailer' && meteringRoles.includes(role))
  const own = owner?.account === actor.account || owner?.retailer === actor.account
  if (forAll || own) return undefined
  return reject('meter_foreign', 'meter', 'a retailer speaks for its own customers')
}

/**
 * Records a replaced device, after the fact. Its last registers are judged as a reading is: nobody
 * may put more on a meter by replacing it than its connection lets through.
 */
export function replaceMeter(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: InstructionContent['replace_meter'],
): Judged {
  const actor = actorWith(state, by, meteringRoles)
  if (isRejected(actor)) return actor
  const meter = state.meters[content.meter]
  const readings = state.readings.get(content.meter)
  if (meter === undefined || readings === undefined || meter.kind === 'virtual') {
    return reject('meter_unknown', 'meter')
  }
  const foreign = foreignRejection(actor, participantOf(state, meter.account))
  if (foreign !== undefined) return foreign
  const invalid = replacementRejection(state, at, meter, readings, content)
  if (invalid !== undefined) return invalid

  const { boundary, digits } = content
  const { version, closing, opening } = replacementAt(readings, content)
  return () => {
    if (!readings.boundaries.has(boundary)) countRead(state, meter.zone, boundary)
    const previousLatest = readings.latest
    replaceDevice(readings, boundary, version, closing, opening, digits)
    markAround(state, meter, boundary, Math.max(previousLatest, boundary))
    return accepted(sequence, { kind: 'meter_replaced', meter: content.meter })
  }
}

type Replacement = InstructionContent['replace_meter']

const replacementAt = (readings: MeterReadings, content: Replacement): BoundaryReading => ({
  version: (readings.boundaries.get(content.boundary)?.version ?? -1) + 1,
  closing: {
    importWh: BigInt(content.finalImportWh),
    exportWh: BigInt(content.finalExportWh),
  },
  opening: {
    importWh: BigInt(content.initialImportWh),
    exportWh: BigInt(content.initialExportWh),
  },
})

function replacementRejection(
  state: State,
  at: number,
  meter: Meter,
  readings: MeterReadings,
  content: Replacement,
): Rejected | undefined {
  const { boundary, digits } = content
  if (!inRange(digits, 5, 15)) return reject('field_invalid', 'digits', 'from 5 to 15')
  const now = currentInterval(state, at)
  const { correctionIntervals, intervalSeconds } = rulebookFor(state, now)
  const from = state.meterFrom[meter.meter] ?? 0
  const earliest = Math.max(from + 1, readings.latest, now - correctionIntervals)
  if (!inRange(boundary, earliest, now)) {
    return reject('field_invalid', 'boundary', `from ${earliest} to ${now}`)
  }
  if (readings.digits.some((change) => change.from === boundary)) {
    return reject('field_invalid', 'boundary', 'the device was replaced there before')
  }
  const registers = [
    ['finalImportWh', digitsAt(readings, boundary - 1)],
    ['finalExportWh', digitsAt(readings, boundary - 1)],
    ['initialImportWh', digits],
    ['initialExportWh', digits],
  ] as const
  for (const [field, shown] of registers) {
    if (!inRange(content[field], 0, 10 ** shown - 1)) {
      return reject('field_invalid', field, `0 to ${10 ** shown - 1}`)
    }
  }
  // One register at a time: the other one may count what it likes.
  const unlimited = Number.MAX_SAFE_INTEGER
  const candidate = { boundary, reading: replacementAt(readings, content) }
  for (const [field, alone] of [
    ['finalImportWh', { ...meter, exportWattsMax: unlimited }],
    ['finalExportWh', { ...meter, importWattsMax: unlimited }],
  ] as const) {
    if (plausibleBeside(alone, readings, candidate, intervalSeconds)) continue
    return reject('field_invalid', field, 'what the connection lets through since the last reading')
  }
  return undefined
}
