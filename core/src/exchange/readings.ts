import {
  judgeReading,
  nearest,
  type ReadingOutcome,
  takeReading,
} from '../metering/index.ts'
import type { Meter } from '../registry/index.ts'
import type { ReadingItem, SubmitReadings } from './command.ts'
import {
  bilateralZone,
  currentInterval,
  participantOf,
  recordOf,
  rulebookFor,
  zoneKey,
} from './lookups.ts'
import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import { tradingMeters } from './trading/traded-energy.ts'

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
  const isRead = meter?.kind === 'physical' && readings !== undefined
  if (!isRead) return 'meter_unknown'
  if (meter.gateway !== gateway) return 'gateway_foreign'
  // No reading may stop a batch half taken, so nothing below may throw.
  const { boundary, version, importWh, exportWh } = item
  if (![boundary, version, importWh, exportWh].every(Number.isSafeInteger) || boundary < 0) {
    return 'out_of_range'
  }
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

function markSettled(state: State, zone: number, interval: number): void {
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.runs.length === 0) return
  state.dirty.add(zoneKey(zone, interval))
}

/** A meter's energy is shared among trades, and what they get is no longer their other meters'. */
function markTrades(state: State, meter: number, interval: number): void {
  const record = recordOf(state, bilateralZone, interval)
  if (record === undefined) return
  const meters = tradingMeters(state, record)
  if (!meters.has(meter)) return
  markSettled(state, bilateralZone, interval)
  const zones = new Set([...meters].map((one) => state.meters[one]?.zone))
  for (const zone of zones) if (zone !== undefined) markSettled(state, zone, interval)
}

/** Counts a boundary of a meter that is read for the first time. */
export function countRead(state: State, zone: number, boundary: number): void {
  const key = zoneKey(zone, boundary)
  state.readCounts.set(key, (state.readCounts.get(key) ?? 0) + 1)
}

/**
 * Marks the settled intervals whose energy a reading at `boundary` changes: from the reading before
 * it to the one after. The last interval metered is what all behind the last reading repeat, so
 * where its energy changes, all of those do.
 */
export function markAround(
  state: State,
  meter: Meter,
  boundary: number,
  previousLatest: number,
): void {
  const readings = state.readings.get(meter.meter)
  if (readings === undefined) return
  const before = nearest(readings, boundary - 1, -1) ?? state.meterFrom[meter.meter] ?? boundary
  const after = nearest(readings, boundary + 1, 1) ?? boundary
  const repeats = boundary >= readings.latest - 1
  const last = repeats ? Math.max(previousLatest, state.clearedThrough + 1) : after
  for (let interval = before; interval < last; interval += 1) {
    markSettled(state, meter.zone, interval)
    markTrades(state, meter.meter, interval)
  }
}
