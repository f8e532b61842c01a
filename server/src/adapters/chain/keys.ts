/** The operator's key, and the deployer's, which follows from it. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { concat, type Hex, hexToBytes, keccak256, stringToBytes } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { readFileIfThere, writeFileAtomically } from './files.ts'

/**
 * The key that was given, or the one in the directory, made there once, for its owner's eyes only.
 *
 * It is the most valuable secret of the server: it settles, and in the embedded default it also
 * admits participants and mints money.
 * Faults: CHAIN_KEY_INVALID.
 */
export function operatorKey(directory: string, given: string | undefined): Hex {
  if (given !== undefined) return requireKey(given, 'CHAIN_OPERATOR_KEY')
  const path = join(directory, 'operator.key')
  const known = readFileIfThere(path)
  if (known !== undefined) return requireKey(known.toString('utf8').trim(), 'operator.key')
  const made = requireKey(`0x${randomBytes(32).toString('hex')}`, 'operator.key')
  writeFileAtomically(path, `${made}\n`)
  return made
}

/**
 * Deploys the contracts of one market and nothing else, so that its nonces, and with them the
 * addresses, are known before anything is sent.
 */
export function deployerOf(key: Hex, market: string): PrivateKeyAccount {
  const purpose = stringToBytes('busbar deployer')
  return privateKeyToAccount(keccak256(concat([purpose, hexToBytes(key), stringToBytes(market)])))
}

function requireKey(text: string, source: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw new Fault('CHAIN_KEY_INVALID', { source })
  try {
    privateKeyToAccount(text as Hex)
    return text as Hex
  } catch {
    // Zero, or not below the order of the curve. The reason is not passed on: it may name the key.
    throw new Fault('CHAIN_KEY_INVALID', { source })
  }
}
