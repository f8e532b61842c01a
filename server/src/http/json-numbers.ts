import { Fault } from '@busbar/core/errors'

/**
 * A whole quantity as a JSON number. Beyond 2^53 − 1 a reader would round it in silence, so it is
 * refused here.
 *
 * @throws Fault UNIT_OUT_OF_RANGE naming the field
 */
export function jsonInteger(value: bigint, field: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) {
    throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'safe JSON integer', field, value })
  }
  return number
}
