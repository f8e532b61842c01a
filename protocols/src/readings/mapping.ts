import { Fault } from '@busbar/core/errors'
import { WattHours } from '@busbar/core/units'
import type { Reading } from './reading.ts'

/** A reading as it stands on the wire and in the journal: integers as JSON numbers. */
export type ReadingJson = {
  readonly meter: number
  readonly boundary: number
  readonly version: number
  readonly importWh: number
  readonly exportWh: number
}

/** What each field may be. Registers end at the core's largest energy, which a number holds. */
const fieldMax = {
  meter: 0xffff_ffff,
  boundary: Number.MAX_SAFE_INTEGER,
  version: 0xff,
  importWh: Number(WattHours.max),
  exportWh: Number(WattHours.max),
} as const satisfies Record<keyof ReadingJson, number>

const fieldNames = Object.keys(fieldMax) as readonly (keyof ReadingJson)[]

/**
 * Reads one reading from parsed JSON. All five fields, integers, nothing else: a field we do not
 * know could change what the sender meant.
 *
 * @param path where it stands, for the error: `readings[3]`
 * @throws Fault READING_MALFORMED with `field` and `limit`
 */
export function readingFromJson(value: unknown, path = 'reading'): Reading {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault('READING_MALFORMED', { field: path, limit: 'an object' })
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fieldMax, name)) {
      const field = `${path}.${name.slice(0, 40)}`
      throw new Fault('READING_MALFORMED', { field, limit: `one of ${fieldNames.join(', ')}` })
    }
  }
  return {
    meter: integer(value, 'meter', path),
    boundary: integer(value, 'boundary', path),
    version: integer(value, 'version', path),
    importWh: BigInt(integer(value, 'importWh', path)),
    exportWh: BigInt(integer(value, 'exportWh', path)),
  }
}

/**
 * Reads the list of a batch.
 *
 * @throws Fault READING_MALFORMED with the index of the first reading that is wrong
 */
export function readingsFromJson(
  value: unknown,
  countMax: number,
  path = 'readings',
): readonly Reading[] {
  if (!Array.isArray(value)) {
    throw new Fault('READING_MALFORMED', { field: path, limit: 'an array' })
  }
  if (value.length === 0 || value.length > countMax) {
    throw new Fault('READING_MALFORMED', {
      field: path,
      limit: `1 to ${countMax} readings`,
      value: value.length,
    })
  }
  return value.map((item: unknown, i) => readingFromJson(item, `${path}[${i}]`))
}

/** @throws Fault READING_MALFORMED where a field is outside what the wire carries */
export function readingToJson(reading: Reading, path = 'reading'): ReadingJson {
  const json = {
    meter: reading.meter,
    boundary: reading.boundary,
    version: reading.version,
    importWh: Number(reading.importWh),
    exportWh: Number(reading.exportWh),
  }
  for (const name of fieldNames) integer(json, name, path)
  return json
}

function integer(value: object, name: keyof ReadingJson, path: string): number {
  const field = `${path}.${name}`
  const found: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  const limit = `an integer from 0 to ${fieldMax[name]}`
  if (found === undefined) throw new Fault('READING_MALFORMED', { field, limit, value: 'missing' })
  if (typeof found !== 'number') {
    throw new Fault('READING_MALFORMED', { field, limit, value: typeof found })
  }
  if (!Number.isSafeInteger(found) || found < 0 || found > fieldMax[name]) {
    throw new Fault('READING_MALFORMED', { field, limit, value: found })
  }
  // Minus zero is zero on the wire; it must not be a second value here.
  return found === 0 ? 0 : found
}
