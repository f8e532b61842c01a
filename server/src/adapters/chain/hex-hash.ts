import { assert } from '@busbar/core/errors'
import { bytesToHex, keccak256 } from '@busbar/protocols/hash'
import type { Hex } from 'viem'

/**
 * Keccak-256 of the bytes that `hex` spells. viem's is in plain JavaScript, and the code of all
 * contracts is hashed twice at every start.
 */
export function hexHash(hex: Hex): Hex {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  assert(2 * bytes.length + 2 === hex.length, 'what is hashed is whole bytes in hex')
  return bytesToHex(keccak256(bytes))
}
