/** Goal: the quick hash is viem's. Method: nothing, a byte, contracts, and what is no hex. */
import { equal, throws } from 'node:assert/strict'
import { test } from 'node:test'
import { clearingHouseBytecode } from '@busbar/contracts/abi'
import { type Hex, keccak256 } from 'viem'
import { hexHash } from './hex-hash.ts'

test('hashes what hex spells, in either case', () => {
  const upper: Hex = `0x${clearingHouseBytecode.slice(2).toUpperCase()}`
  for (const hex of ['0x', '0x00', clearingHouseBytecode, upper] as const) {
    equal(hexHash(hex), keccak256(hex))
  }
})

test('hashes no part of what is no hex', () => {
  for (const hex of ['0x0', '0x00gg', '0x0g00'] as const) throws(() => hexHash(hex))
})
