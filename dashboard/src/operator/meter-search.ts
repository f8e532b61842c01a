import type { MeterItem, MeterQuery } from '@busbar/protocols/api'
import type { Columns } from '../lib/csv.ts'

/** What meters are chosen by, in the order in which it is asked for. */
export const meterFilters = [
  'name', 'zone', 'kind', 'flows', 'standing', 'account', 'retailer', 'utility', 'gateway',
  'gatewayKey', 'form', 'registeredSince', 'silentIntervals', 'estimatedPercent',
] as const satisfies readonly (keyof MeterQuery)[]
export type MeterFilter = (typeof meterFilters)[number]

/** What may be chosen from, where there is a choice of words. */
export const filterChoices = {
  kind: ['physical', 'virtual'],
  flows: ['import', 'export', 'both'],
  standing: ['awaited', 'in_force', 'replaced'],
  form: ['signed-batch/p256', 'signed-batch/secp256k1'],
} as const satisfies Partial<Record<MeterFilter, readonly string[]>>

const patterns: Readonly<Record<MeterFilter, RegExp>> = {
  name: /^[a-z0-9-]{1,32}$/,
  kind: /^(?:physical|virtual)$/,
  flows: /^(?:import|export|both)$/,
  standing: /^(?:awaited|in_force|replaced)$/,
  form: /^signed-batch\/(?:p256|secp256k1)$/,
  gatewayKey: /^0x0[23][0-9a-f]{64}$/,
  zone: /^\d{1,9}$/,
  account: /^\d{1,9}$/,
  retailer: /^\d{1,9}$/,
  utility: /^\d{1,9}$/,
  gateway: /^\d{1,9}$/,
  registeredSince: /^\d{4}-\d{2}-\d{2}$/,
  silentIntervals: /^\d{1,9}$/,
  estimatedPercent: /^(?:[1-9]\d?|100)$/,
}

/** What stands behind the question mark; what makes no sense counts as if it were not there. */
export function filtersOf(search: string): Partial<Readonly<Record<MeterFilter, string>>> {
  const given = new URLSearchParams(search)
  return Object.fromEntries(
    meterFilters.flatMap((filter) => {
      const value = (given.get(filter) ?? '').trim()
      return patterns[filter].test(value) && isDay(filter, value) ? [[filter, value]] : []
    }),
  )
}

const isDay = (filter: MeterFilter, value: string): boolean =>
  filter !== 'registeredSince' || !Number.isNaN(Date.parse(value))

export function searchOfFilters(filters: ReturnType<typeof filtersOf>): string {
  const given = new URLSearchParams(filters)
  return given.size === 0 ? '' : `?${given}`
}

const texts: readonly MeterFilter[] = ['name', 'kind', 'flows', 'standing', 'form', 'gatewayKey']

/** As the interface asks it: days are the first interval that begins in them. */
export function queryOf(filters: ReturnType<typeof filtersOf>, intervalMs: number): MeterQuery {
  return Object.fromEntries(
    Object.entries(filters).map(([filter, value]) => {
      if (texts.includes(filter as MeterFilter)) return [filter, value]
      if (filter !== 'registeredSince') return [filter, Number(value)]
      return [filter, Math.max(0, Math.ceil(Date.parse(value) / intervalMs))]
    }),
  )
}

/** Of what can still be corrected, from 0 to 1; null where nothing is due. */
export function estimatedShareOf({ window }: Pick<MeterItem, 'window'>): number | null {
  if (window === null || window.intervals === 0) return null
  return (window.interpolated + window.repeated + window.absent) / window.intervals
}

/** Everything that is known of each, for other programs. */
export const savedMeters = (meters: readonly MeterItem[]): Columns => ({
  meter: meters.map(({ meter }) => meter),
  name: meters.map(({ name }) => name),
  kind: meters.map(({ kind }) => kind),
  flows: meters.map(({ flows }) => flows),
  account: meters.map(({ account }) => account),
  owner: meters.map(({ owner }) => owner),
  retailer: meters.map(({ retailer }) => retailer),
  zone: meters.map(({ zone }) => zone),
  utility: meters.map(({ utility }) => utility),
  gateway: meters.map(({ gateway }) => gateway?.gateway ?? null),
  gateway_key: meters.map(({ gateway }) => gateway?.publicKey ?? null),
  form: meters.map(({ gateway }) => gateway?.form ?? null),
  import_watts_max: meters.map(({ importWattsMax }) => importWattsMax),
  export_watts_max: meters.map(({ exportWattsMax }) => exportWattsMax),
  digits: meters.map(({ digits }) => digits),
  standing: meters.map(({ standing }) => standing),
  from_interval: meters.map(({ fromInterval }) => fromInterval),
  device_from: meters.map(({ deviceFrom }) => deviceFrom),
  last_boundary: meters.map(({ lastReading }) => lastReading?.boundary ?? null),
  last_version: meters.map(({ lastReading }) => lastReading?.version ?? null),
  age_intervals: meters.map(({ lastReading }) => lastReading?.ageIntervals ?? null),
  window_intervals: meters.map(({ window }) => window?.intervals ?? null),
  interpolated: meters.map(({ window }) => window?.interpolated ?? null),
  repeated: meters.map(({ window }) => window?.repeated ?? null),
  absent: meters.map(({ window }) => window?.absent ?? null),
})
