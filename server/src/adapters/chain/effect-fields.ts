/** The fields of an effect as a call takes them, checked. */
import { Fault } from '@busbar/core/errors'
import type { Micros } from '@busbar/core/units'
import { getAddress, type Hex } from 'viem'

export function inParts<Item>(
  items: readonly Item[],
  size: number,
): readonly (readonly Item[])[] {
  const parts: (readonly Item[])[] = []
  for (let start = 0; start < items.length; start += size) {
    parts.push(items.slice(start, start + size))
  }
  return parts
}

export function addressOf(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw effectInvalid('address', text.slice(0, 44))
  return getAddress(text.toLowerCase())
}

export function bytes(text: string, length: number, field: string): Hex {
  const isHex = /^0x[0-9a-fA-F]*$/.test(text) && text.length === 2 + 2 * length
  if (!isHex) throw effectInvalid(field, text.slice(0, 70))
  return text as Hex
}

/** @throws Fault CHAIN_EFFECT_INVALID unless it is above zero */
export function uint64(amount: Micros, field: string): bigint {
  if (amount <= 0n) throw effectInvalid(field, String(amount))
  return amount
}

export const effectInvalid = (field: string, got: string): Fault =>
  new Fault('CHAIN_EFFECT_INVALID', { field, got })
