import { Fault } from '@busbar/core/errors'
import type { Hex } from '../hash/index.ts'

/** The order of BN254's scalar field, in which the circuits compute. */
export const fieldOrder =
  21888242871839275222246405745257275088548364400416034343698204186575808495617n

/**
 * A field element as it travels: `0x` and 64 lower-case hex digits, below the order.
 *
 * @throws Fault FIELD_MALFORMED for a number that is none
 */
export function fieldToHex(value: bigint): Hex {
  const isElement = value >= 0n && value < fieldOrder
  if (!isElement) throw new Fault('FIELD_MALFORMED', { field: 'value', limit })
  return `0x${value.toString(16).padStart(64, '0')}`
}

/**
 * The element that `hex` names. One spelling for each element: it is compared as text.
 *
 * @throws Fault FIELD_MALFORMED
 */
export function fieldFromHex(hex: string, field = 'field'): bigint {
  if (!isField(hex)) throw new Fault('FIELD_MALFORMED', { field, limit })
  return BigInt(hex)
}

/** Whether `hex` names a field element in the one spelling that counts. */
export const isField = (hex: string): hex is Hex =>
  typeof hex === 'string' && /^0x[0-9a-f]{64}$/.test(hex) && BigInt(hex) < fieldOrder

const limit = '0x and 64 lower-case hex digits, below the order of the scalar field of BN254'
