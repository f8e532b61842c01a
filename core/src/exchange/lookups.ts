import { assert } from '../errors/index.ts'
import {
  firstParticipantAccount,
  type Meter,
  type Participant,
  type Passkey,
  type Role,
  type Tariff,
} from '../registry/index.ts'
import { type Rulebook, rulebookAt } from '../rulebook/index.ts'
import { Instant, Interval } from '../units/index.ts'
import { reject, type Rejected } from './rejection.ts'
import type { Committee, IntervalRecord, State } from './state.ts'

export const participantOf = (state: State, account: number): Participant | undefined =>
  state.participants[account - firstParticipantAccount]

/** The passkeys of an account, in the order in which they were registered. */
export const passkeysOf = (state: State, account: number): readonly Passkey[] =>
  (state.passkeysOf.get(account) ?? []).flatMap((name) => state.passkeys.get(name) ?? [])

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

/** Who opens the sealed orders of `interval`. */
export const committeeFor = (state: State, interval: number): Committee | undefined =>
  state.committees.findLast(({ from }) => from <= interval)

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

/** The interval whose gate closes next after `at`, by the gate lead of `rulebook`. */
export const nextGate = (state: State, at: number, rulebook: Rulebook): number =>
  currentInterval(state, at + rulebook.gateLeadSeconds * 1_000) + 1

/** The last interval that takes orders at `at`, were `rulebook` the one it follows. */
export const lastOpen = (state: State, at: number, rulebook: Rulebook): number =>
  nextGate(state, at, rulebook) + rulebook.horizonIntervals

/** The last interval that takes orders at `at` by any rulebook, past ones too. */
export const lastOpenOfAll = (state: State, at: number): number =>
  Math.max(...state.rulebooks.map(({ rulebook }) => lastOpen(state, at, rulebook)))

/** Who decides about others. */
export const authorityRoles: readonly Role[] = ['operator', 'authority']

/** Who may trade. */
export const tradingRoles: readonly Role[] = ['prosumer', 'trader', 'retailer', 'aggregator']

/** Why `interval` takes no orders at `at`, if it does not. */
export function gateRejection(
  state: State,
  at: number,
  rulebook: Rulebook,
  interval: number,
): Rejected | undefined {
  const last = lastOpen(state, at, rulebook)
  if (interval > last) return reject('interval_beyond_horizon', 'interval', `at most ${last}`)
  if (interval <= state.clearedThrough || at >= gateOf(state, interval)) {
    return reject('gate_closed', 'interval')
  }
  return undefined
}

/** Names of participants, meters, zones, gateways and markets. */
export const namePattern = /^[a-z0-9-]{1,32}$/
export const nameLimit = '1 to 32 of a-z, 0-9 and -'

/** Ten gigawatts: more than any one connection or bridge carries. */
export const wattsMax = 10_000_000_000

export const inRange = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max

/** The last number of an interval that a command may name: the year 9999 in any market. */
export const intervalMax = 4_223_371_679

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
      orderCount: 0,
      fixedSequence: -1,
      openedSequence: -1,
      orders: new Map(),
      sealed: new Map(),
      sealedOf: new Map(),
      voids: new Map(),
      bondsLost: new Map(),
      proof: 'none',
      proofReference: null,
      price: null,
      energy: 0n as IntervalRecord['energy'],
      curves: null,
      fills: new Map(),
      contracts: new Map(),
      obligations: new Map(),
      deliveries: new Map(),
      contractsRecorded: [],
      charges: [],
      runs: [],
      posted: new Map(),
    }
    zoneIntervals.set(interval, record)
  }
  return record
}

/**
 * Not a zone of the grid: where the trades of all zones are settled together, one record for each
 * interval, as a trade may join two zones. The registry has room for far fewer zones.
 */
export const bilateralZone = 0xffff_fffe

/** Names one interval of one zone, the boundary at its start, or an account in the zone. */
export const zoneKey = (zone: number, interval: number): string => `${zone}:${interval}`

export const orderHoldKey = (account: number, zone: number, interval: number): string =>
  `order:${account}:${zone}:${interval}`

/** What an interval has credited while its clearing is not proven. */
export const unprovenHoldKey = (account: number, zone: number, interval: number): string =>
  `unproven:${account}:${zone}:${interval}`

export const estimateHoldKey = (account: number, zone: number, interval: number): string =>
  `estimate:${account}:${zone}:${interval}`
