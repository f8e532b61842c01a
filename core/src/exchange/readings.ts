import {
  digitsAt,
  judgeReading,
  nearest,
  type ReadingOutcome,
  replaceDevice,
  takeReading,
} from '../metering/index.ts'
import type { Meter } from '../registry/index.ts'
import type { InstructionContent, ReadingItem, SubmitReadings } from './command.ts'
import { currentInterval, participantOf, recordOf, rulebookFor, zoneKey } from './lookups.ts'
import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** Gateways may send what they have: a batch of one meter's month, or of a street's last minute. */
const readingsPerBatchMax = 10_000

/**
 * Takes a gateway's batch. Each reading is judged alone: one bad reading does not keep the others
 * out. What was settled on other energy is marked, and the next run posts the difference.
 */
export function submitReadings(
  state: State,
  at: number,
  sequence: number,
  command: SubmitReadings,
): Applied | Rejected {
  const gateway = state.gateways[command.gateway]
  if (gateway === undefined) return reject('gateway_unknown', 'gateway')
  if (participantOf(state, gateway.owner)?.status !== 'active') {
    return reject('account_suspended', 'gateway')
  }
  const count = command.readings.length
  if (count === 0 || count > readingsPerBatchMax) {
    return reject('readings_empty', 'readings', `1 to ${readingsPerBatchMax}`)
  }
  const outcomes = command.readings.map((reading) => takeOne(state, at, command.gateway, reading))
  const counted = outcomes.filter((outcome) => outcome === 'counted').length
  return {
    outcome: {
      kind: 'accepted',
      sequence,
      repeated: false,
      result: { kind: 'readings_taken', outcomes },
    },
    effects: [{ kind: 'readings_counted', gateway: command.gateway, count: counted }],
  }
}

function takeOne(state: State, at: number, gateway: number, item: ReadingItem): ReadingOutcome {
  const meter = state.meters[item.meter]
  const readings = state.readings.get(item.meter)
  if (meter === undefined || readings === undefined || meter.kind === 'virtual') return 'meter_unknown'
  if (meter.gateway !== gateway) return 'gateway_foreign'
  const now = currentInterval(state, at)
  if (item.boundary > now) return 'too_early'
  const { correctionIntervals, intervalSeconds } = rulebookFor(state, item.boundary)
  if (item.boundary + correctionIntervals < now) return 'too_late'
  const reading = {
    boundary: item.boundary,
    version: item.version,
    importWh: BigInt(item.importWh),
    exportWh: BigInt(item.exportWh),
  }
  const outcome = judgeReading(meter, readings, reading, intervalSeconds)
  if (outcome !== 'counted') return outcome
  const previousLatest = readings.latest
  if (!readings.boundaries.has(item.boundary)) countRead(state, meter.zone, item.boundary)
  takeReading(readings, reading)
  markAround(state, meter, item.boundary, Math.max(previousLatest, item.boundary))
  return outcome
}

function countRead(state: State, zone: number, boundary: number): void {
  const key = zoneKey(zone, boundary)
  state.readCounts.set(key, (state.readCounts.get(key) ?? 0) + 1)
}

/**
 * Marks the settled intervals whose energy this boundary changes: from the reading before it to the
 * one after, and behind the last reading all that were settled by repeating it.
 */
function markAround(state: State, meter: Meter, boundary: number, latest: number): void {
  const readings = state.readings.get(meter.meter)
  if (readings === undefined) return
  const before = nearest(readings, boundary - 1, -1) ?? state.meterFrom[meter.meter] ?? boundary
  const after = nearest(readings, boundary + 1, 1)
  // Behind the last reading the energy of the interval before it is repeated, up to the present.
  const end = after ?? state.clearedThrough + 1
  const last = Math.max(end, after === undefined ? latest : end)
  for (let interval = before; interval < last; interval += 1) {
    const record = recordOf(state, meter.zone, interval)
    if (record === undefined || record.runs.length === 0) continue
    state.dirty.add(zoneKey(meter.zone, interval))
  }
}

/** Records a replaced device; undefined when done. */
export function registerReplacement(
  state: State,
  content: InstructionContent['replace_meter'],
): Rejected | undefined {
  const meter = state.meters[content.meter]
  const readings = state.readings.get(content.meter)
  if (meter === undefined || readings === undefined || meter.kind === 'virtual') {
    return reject('meter_unknown', 'meter')
  }
  if (!Number.isSafeInteger(content.digits) || content.digits < 5 || content.digits > 15) {
    return reject('field_invalid', 'digits', 'from 5 to 15')
  }
  for (const field of ['finalImportWh', 'finalExportWh', 'initialImportWh', 'initialExportWh'] as const) {
    const digits = field.startsWith('final') ? digitsAt(readings, content.boundary - 1) : content.digits
    if (!Number.isSafeInteger(content[field]) || content[field] < 0 || content[field] >= 10 ** digits) {
      return reject('field_invalid', field, `0 to ${10 ** digits - 1}`)
    }
  }
  if (content.boundary <= (state.meterFrom[content.meter] ?? 0)) {
    return reject('field_invalid', 'boundary', `above ${state.meterFrom[content.meter] ?? 0}`)
  }
  if (readings.latest > content.boundary) {
    return reject('field_invalid', 'boundary', `not before the last reading, ${readings.latest}`)
  }
  if (readings.digits.some((change) => change.from === content.boundary)) {
    return reject('field_invalid', 'boundary', 'the device was replaced there before')
  }
  const final = { importWh: BigInt(content.finalImportWh), exportWh: BigInt(content.finalExportWh) }
  const initial = { importWh: BigInt(content.initialImportWh), exportWh: BigInt(content.initialExportWh) }
  const version = (readings.boundaries.get(content.boundary)?.version ?? -1) + 1
  if (!readings.boundaries.has(content.boundary)) countRead(state, meter.zone, content.boundary)
  replaceDevice(readings, content.boundary, version, final, initial, content.digits)
  markAround(state, meter, content.boundary, readings.latest)
  return undefined
}
