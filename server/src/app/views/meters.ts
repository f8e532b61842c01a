import {
  currentInterval, intervalEnd, participantOf, rulebookFor, type State,
} from '@busbar/core/exchange'
import type { MeterReadings } from '@busbar/core/metering'
import type { Meter } from '@busbar/core/registry'
import type {
  MeterFlow, MeterItem, MeterList, MeterQuery, MeterStanding,
} from '@busbar/protocols/api'
import type { Reader } from '../ports/exchange-service.ts'
import type { MeterViews } from '../ports/meters.ts'
import { isOwnCustomer, seesAll } from './trading/relation.ts'

/** How many meters one page looks at where each has to be looked at interval by interval. */
const windowsPerPageMax = 500

type Now = {
  readonly state: State
  readonly at: number
  readonly interval: number
  /** Of what is due and can be corrected. */
  readonly window: { readonly from: number; readonly until: number }
}

/** What is shown of meters, from the state as it is when it is asked for. */
export const meterViews = (stateOf: () => State, now: () => number): MeterViews => ({
  list: (reader, asked) => meterList(stateOf(), now(), reader, asked),
})

/**
 * The meters that `reader` may see: all for operators and auditors, its customers' for a retailer,
 * those on its wires for a utility, and one's own.
 *
 * @param at the market's time, UTC milliseconds
 */
export function meterList(
  state: State,
  at: number,
  reader: Reader,
  { from = 0, limit = 1, ...asked }: MeterQuery,
): MeterList {
  if (state.market === null) return { meters: [], nextFrom: null }
  const now = nowOf(state, at)
  const found: MeterItem[] = []
  let windows = 0
  for (let number = from; number < state.meters.length; number += 1) {
    const meter = state.meters[number]
    if (meter === undefined || !isShownTo(state, reader, meter)) continue
    if (!meets(now, meter, asked)) continue
    if (found.length === limit || windows === windowsPerPageMax) {
      return { meters: found, nextFrom: number }
    }
    if (asked.estimatedPercent !== undefined) {
      windows += 1
      if (!isEstimated(now, meter, asked.estimatedPercent)) continue
    }
    found.push(itemOf(now, meter))
  }
  return { meters: found, nextFrom: null }
}

function nowOf(state: State, at: number): Now {
  const interval = currentInterval(state, at)
  const { correctionIntervals, readingDeadlineSeconds } = rulebookFor(state, interval)
  let until = interval
  while (until > 0 && intervalEnd(state, until - 1) + readingDeadlineSeconds * 1_000 > at) {
    until -= 1
  }
  const from = Math.max(0, interval - correctionIntervals)
  return { state, at, interval, window: { from, until } }
}

function isShownTo(state: State, reader: Reader, meter: Meter): boolean {
  const { account, roles } = reader
  if (roles.some((role) => seesAll.includes(role))) return true
  if (meter.account === account || isOwnCustomer(state, reader, meter.account)) return true
  if (!roles.includes('distribution-utility')) return false
  return state.trading.utilities.get(meter.zone) === account
}

/** What can be told of a meter at a glance. */
function meets({ state, interval }: Now, meter: Meter, asked: MeterQuery): boolean {
  const gateway = meter.gateway === null ? undefined : state.gateways[meter.gateway]
  const is = <Value>(wanted: Value | undefined, value: Value): boolean =>
    wanted === undefined || wanted === value
  return (
    (asked.name === undefined || meter.name.includes(asked.name)) &&
    is(asked.account, meter.account) &&
    is<number | null>(asked.retailer, retailerOf(state, meter)) &&
    is(asked.utility, state.trading.utilities.get(meter.zone)) &&
    is(asked.zone, meter.zone) &&
    is(asked.kind, meter.kind) &&
    is<MeterFlow | null>(asked.flows, flowsOf(meter)) &&
    is<number | null>(asked.gateway, meter.gateway) &&
    is(asked.gatewayKey, gateway?.publicKey) &&
    is(asked.form, gateway === undefined ? undefined : formOf(gateway)) &&
    is(asked.standing, standingOf(state, interval, meter)) &&
    fromOf(state, meter) >= (asked.registeredSince ?? 0) &&
    isSilent(state, interval, meter, asked.silentIntervals)
  )
}

const formOf = ({ curve }: State['gateways'][number]) => `signed-batch/${curve}` as const

const fromOf = (state: State, { meter }: Meter): number => state.meterFrom[meter] ?? 0

const retailerOf = (state: State, { account }: Meter): number | null =>
  participantOf(state, account)?.retailer ?? null

const utilityOf = (state: State, { zone }: Meter): number | null =>
  state.trading.utilities.get(zone) ?? null

function flowsOf({ importWattsMax, exportWattsMax }: Meter): MeterFlow | null {
  if (importWattsMax > 0 && exportWattsMax > 0) return 'both'
  if (importWattsMax > 0) return 'import'
  return exportWattsMax > 0 ? 'export' : null
}

/** The boundary of the newest replacement. */
const deviceFromOf = (state: State, { meter }: Meter): number | null => {
  const devices = state.readings.get(meter)?.digits ?? []
  return devices.length < 2 ? null : (devices.at(-1)?.from ?? null)
}

function standingOf(state: State, interval: number, meter: Meter): MeterStanding {
  if (fromOf(state, meter) > interval) return 'awaited'
  return deviceFromOf(state, meter) === null ? 'in_force' : 'replaced'
}

function isSilent(
  state: State,
  interval: number,
  { meter, kind }: Meter,
  wanted: number | undefined,
): boolean {
  if (wanted === undefined) return true
  if (kind === 'virtual') return false
  const latest = state.readings.get(meter)?.latest ?? -1
  return latest < 0 || interval - latest >= wanted
}

function isEstimated(now: Now, meter: Meter, percent: number): boolean {
  const known = windowOf(now, meter)
  if (known === null || known.intervals === 0) return false
  const estimated = known.interpolated + known.repeated + known.absent
  return estimated * 100 >= percent * known.intervals
}

function itemOf(now: Now, meter: Meter): MeterItem {
  const { state, interval } = now
  const { name, kind, account, zone, importWattsMax, exportWattsMax, digits } = meter
  return {
    ...{ meter: meter.meter, name, kind, flows: flowsOf(meter), account },
    owner: participantOf(state, account)?.name ?? '',
    ...{ retailer: retailerOf(state, meter), zone, utility: utilityOf(state, meter) },
    gateway: gatewayOf(state, meter),
    ...{ importWattsMax, exportWattsMax },
    digits: state.readings.get(meter.meter)?.digits.at(-1)?.digits ?? digits,
    standing: standingOf(state, interval, meter),
    fromInterval: fromOf(state, meter),
    deviceFrom: deviceFromOf(state, meter),
    lastReading: lastReadingOf(now, meter),
    window: windowOf(now, meter),
  }
}

function gatewayOf(state: State, { gateway: number }: Meter): MeterItem['gateway'] {
  const gateway = number === null ? undefined : state.gateways[number]
  if (gateway === undefined) return null
  const { name, publicKey, owner } = gateway
  return { gateway: gateway.gateway, name, form: formOf(gateway), publicKey, owner }
}

function lastReadingOf({ state, interval }: Now, { meter }: Meter): MeterItem['lastReading'] {
  const readings = state.readings.get(meter)
  const last = readings?.boundaries.get(readings.latest)
  if (readings === undefined || last === undefined) return null
  const boundary = readings.latest
  const ageIntervals = Math.max(0, interval - boundary)
  return { boundary, atMs: intervalEnd(state, boundary - 1), version: last.version, ageIntervals }
}

/**
 * How the meter's energy is known, as `meteredEnergy` says it of each interval alone, in one pass.
 * A gap that is longer than that looks back is counted as it looks from its other side.
 */
function windowOf({ state, window }: Now, meter: Meter): MeterItem['window'] {
  const readings = state.readings.get(meter.meter)
  if (meter.kind === 'virtual' || readings === undefined) return null
  const from = Math.max(window.from, fromOf(state, meter))
  const counts = { intervals: 0, interpolated: 0, repeated: 0, absent: 0 }
  const oldest = Math.min(...readings.boundaries.keys())
  for (let interval = from; interval < window.until; interval += 1) {
    counts.intervals += 1
    const known = knownIn(readings, oldest, interval)
    if (known !== 'metered') counts[known] += 1
  }
  return counts
}

function knownIn(
  { boundaries, latest }: MeterReadings,
  oldest: number,
  interval: number,
): 'metered' | 'interpolated' | 'repeated' | 'absent' {
  if (boundaries.has(interval) && boundaries.has(interval + 1)) return 'metered'
  if (interval < oldest) return 'absent'
  return interval >= latest ? 'repeated' : 'interpolated'
}
