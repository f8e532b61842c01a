import { Fault } from '@busbar/core/errors'

/**
 * Big-endian integers into a buffer, each within the exact range of its type. Both of JavaScript's
 * integers are taken: numbers come from JSON and must be safe, bigints come from the core.
 *
 * All throw Fault UNIT_OUT_OF_RANGE and name the field.
 */
export type Integer = number | bigint

const uint64Max = 2n ** 64n - 1n
const int64Max = 2n ** 63n - 1n
const int64Min = -(2n ** 63n)
const lowWord = 2 ** 32

export function writeUint8(view: DataView, offset: number, value: number, field: string): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw outside(field, 'uint8', value)
  view.setUint8(offset, value)
}

export function writeUint32(view: DataView, offset: number, value: number, field: string): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw outside(field, 'uint32', value)
  }
  view.setUint32(offset, value)
}

export function writeUint64(view: DataView, offset: number, value: Integer, field: string): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw outside(field, 'uint64', value)
    view.setUint32(offset, Math.floor(value / lowWord))
    view.setUint32(offset + 4, value % lowWord)
    return
  }
  if (typeof value !== 'bigint' || value < 0n || value > uint64Max) {
    throw outside(field, 'uint64', value)
  }
  view.setBigUint64(offset, value)
}

/** Two's complement. Says whether the value is negative, for those who extend its sign. */
export function writeInt64(
  view: DataView,
  offset: number,
  value: Integer,
  field: string,
): boolean {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw outside(field, 'int64', value)
    // Floor, not truncate: -1 is high word -1 (all ones) and low word 2^32 - 1.
    const high = Math.floor(value / lowWord)
    view.setInt32(offset, high)
    view.setUint32(offset + 4, value - high * lowWord)
    return value < 0
  }
  if (typeof value !== 'bigint' || value < int64Min || value > int64Max) {
    throw outside(field, 'int64', value)
  }
  view.setBigInt64(offset, value)
  return value < 0n
}

function outside(field: string, unit: string, value: unknown): Fault {
  return new Fault('UNIT_OUT_OF_RANGE', { field, unit, value: shown(value) })
}

const shown = (value: unknown): number | bigint | string =>
  typeof value === 'number' || typeof value === 'bigint' ? value : typeof value
