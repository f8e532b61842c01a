import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, textToBytes } from '../hash/index.ts'

/** An entry of the journal as it is stored: see `GET /v1/audit/journal`. */
export type SpanEntry = {
  readonly sequence: number
  readonly atMs: number
  readonly kind: string
  readonly body: string
  /** 64 hex digits, of the entry before. */
  readonly previousHash: string
  readonly hash: string
}

/**
 * `sha256(previousHash ‖ u64 sequence ‖ u64 atMs ‖ utf8(kind) ‖ 0x00 ‖ utf8(body))` as 64 hex
 * digits, numbers big-endian: the second way to what the exchange chains its journal with.
 *
 * @throws Fault of `hexToBytes` where `previousHash` is no hash
 */
export function entryHash(entry: Omit<SpanEntry, 'hash'>): string {
  const { previousHash, sequence, atMs, kind, body } = entry
  const tail = textToBytes(`${kind}\0${body}`)
  const bytes = new Uint8Array(48 + tail.length)
  bytes.set(hexToBytes(`0x${previousHash}`, 32, 'previousHash'), 0)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(32, BigInt(sequence))
  view.setBigUint64(40, BigInt(atMs))
  bytes.set(tail, 48)
  return bytesToHex(sha256(bytes)).slice(2)
}

/** Why an entry does not follow the one before it; undefined where it does. */
export type SpanFault = 'sequence' | 'previous_hash' | 'hash'

/** @param before undefined of the first entry of a span, whose place nobody knows */
export function spanFault(before: SpanEntry | undefined, entry: SpanEntry): SpanFault | undefined {
  if (before !== undefined && entry.sequence !== before.sequence + 1) return 'sequence'
  if (before !== undefined && entry.previousHash !== before.hash) return 'previous_hash'
  return entryHash(entry) === entry.hash ? undefined : 'hash'
}
