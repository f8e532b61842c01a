import { assert } from '../errors/index.ts'
import {
  firstParticipantAccount,
  type Meter,
  type Participant,
  type Role,
  type Tariff,
} from '../registry/index.ts'
import { type Rulebook, rulebookAt } from '../rulebook/index.ts'
import { Instant, Interval } from '../units/index.ts'
import { reject, type Rejected } from './rejection.ts'
import type { IntervalRecord, State } from './state.ts'

export const participantOf = (state: State, account: number): Participant | undefined =>
  state.participants[account - firstParticipantAccount]

/** The participant if it exists, is active and has one of `needed`; else why not. */
export function actorWith(
  state: State,
  account: number,
  needed: readonly Role[],
): Participant | Rejected {
  const participant = participantOf(state, account)
  if (participant === undefined) return reject('account_unknown', 'account')
  if (participant.status === 'suspended') return reject('account_suspended', 'account')
  if (!participant.roles.some((role) => needed.includes(role))) {
    return reject('role_missing', 'account', `needs ${needed.join(' or ')}`)
  }
  return participant
}

export const isRejected = (value: object): value is Rejected =>
  'kind' in value && value.kind === 'rejected'

export const rulebookFor = (state: State, interval: number): Rulebook =>
  rulebookAt(state.rulebooks, Interval.from(interval))

/** Interval length, the same in every rulebook of a market. */
export function intervalMilliseconds(state: State): number {
  const first = state.rulebooks[0]
  assert(first !== undefined, 'an open market has a rulebook')
  return first.rulebook.intervalSeconds * 1_000
}

export const intervalStart = (state: State, interval: number): number =>
  Interval.start(Interval.from(interval), intervalMilliseconds(state))

export const intervalEnd = (state: State, interval: number): number =>
  Interval.end(Interval.from(interval), intervalMilliseconds(state))

export const currentInterval = (state: State, at: number): number =>
  Interval.at(Instant.from(at), intervalMilliseconds(state))

/** The moment at which `interval` stops taking orders. */
export const gateOf = (state: State, interval: number): number =>
  intervalStart(state, interval) - rulebookFor(state, interval).gateLeadSeconds * 1_000

export function tariffAt(state: State, retailer: number | null, interval: number): Tariff | null {
  if (retailer === null) return null
  let found: Tariff | null = null
  for (const entry of state.tariffs.get(retailer) ?? []) {
    if (entry.from <= interval) found = entry.tariff
  }
  return found
}

export const retailerOf = (state: State, meter: Meter): number | null =>
  participantOf(state, meter.account)?.retailer ?? null

export const recordOf = (
  state: State,
  zone: number,
  interval: number,
): IntervalRecord | undefined => state.intervals.get(zone)?.get(interval)

export function recordFor(state: State, zone: number, interval: number): IntervalRecord {
  let zoneIntervals = state.intervals.get(zone)
  if (zoneIntervals === undefined) state.intervals.set(zone, (zoneIntervals = new Map()))
  let record = zoneIntervals.get(interval)
  if (record === undefined) {
    record = {
      zone,
      interval,
      status: 'open',
      clearedSequence: -1,
      orders: new Map(),
      price: null,
      energy: 0n as IntervalRecord['energy'],
      fills: new Map(),
      contracts: new Map(),
      runs: [],
      posted: new Map(),
    }
    zoneIntervals.set(interval, record)
  }
  return record
}

/** Names one interval of one zone, or the boundary at its start. */
export const zoneKey = (zone: number, interval: number): string => `${zone}:${interval}`

export const orderHoldKey = (account: number, zone: number, interval: number): string =>
  `order:${account}:${zone}:${interval}`

export const estimateHoldKey = (account: number, zone: number, interval: number): string =>
  `estimate:${account}:${zone}:${interval}`
