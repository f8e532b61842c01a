import { Fault } from '@busbar/core/errors'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, textToBytes } from '../hash/index.ts'

/** Begins each API key, so that it is found where it should not be. */
export const apiKeyMark = 'bb_'

const apiKeyPattern = /^bb_([0-9a-f]{32})_[0-9a-f]{64}$/

/**
 * The API key of a grant: its id, and 32 random bytes that nobody is told but who reads by it.
 *
 * @param id of the grant, `0x` and 32 lower-case hex
 * @throws Fault HEX_MALFORMED for another id, KEY_MALFORMED for another length of the secret
 */
export function apiKeyOf(id: string, secret: Uint8Array): string {
  if (!/^0x[0-9a-f]{32}$/.test(id)) throw new Fault('HEX_MALFORMED', { field: 'id' })
  if (secret.length !== 32) throw new Fault('KEY_MALFORMED', { kind: 'API key' })
  return `${apiKeyMark}${id.slice(2)}_${bytesToHex(secret).slice(2)}`
}

/** The id of the grant that a key says it is of; undefined for what is no API key. */
export function grantOfApiKey(key: string): string | undefined {
  const id = apiKeyPattern.exec(key)?.[1]
  return id === undefined ? undefined : `0x${id}`
}

/**
 * What an account signs of an API key, and all that an exchange keeps: SHA-256 of its text. Of 256
 * random bits no slower hash is needed.
 */
export const apiKeySubject = (key: string): string => bytesToHex(sha256(textToBytes(key, 'key')))
