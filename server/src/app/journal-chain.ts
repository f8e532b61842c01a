/**
 * The hash chain of the journal: pure functions.
 *
 * Each entry's hash covers the hash before it, so changing, dropping, adding or reordering entries
 * anywhere changes every hash after that place.
 */
import { hash as digest } from 'node:crypto'
import type { JournalEnd, JournalEntry } from './ports/journal.ts'

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64)

export const journalStart: JournalEnd = { sequence: 0, hash: genesisHash }

/** What the caller knows of an entry before it has its place. */
export type EntryDraft = Pick<JournalEntry, 'at' | 'kind' | 'body'>

/**
 * `sha256(previousHash bytes ‖ u64 sequence ‖ u64 at ‖ utf8(kind) ‖ 0x00 ‖ utf8(body))`, as 64 hex
 * digits; numbers big-endian. The zero byte ends the kind, which cannot contain one.
 */
export function entryHash(
  previousHash: string,
  sequence: number,
  at: number,
  kind: string,
  body: string,
): string {
  const tail = `${kind}\0${body}`
  const bytes = Buffer.allocUnsafe(48 + Buffer.byteLength(tail))
  bytes.write(previousHash, 0, 32, 'hex')
  bytes.writeBigUInt64BE(BigInt(sequence), 32)
  bytes.writeBigUInt64BE(BigInt(at), 40)
  bytes.write(tail, 48)
  return digest('sha256', bytes, 'hex')
}

/** Gives drafts their sequence and hashes, continuing after `last`. */
export function chainEntries(
  last: JournalEnd,
  drafts: readonly EntryDraft[],
): readonly JournalEntry[] {
  let { sequence, hash } = last
  return drafts.map(({ at, kind, body }) => {
    const previousHash = hash
    sequence += 1
    hash = entryHash(previousHash, sequence, at, kind, body)
    return { sequence, at, kind, body, previousHash, hash }
  })
}

export type ChainCheck =
  | { readonly kind: 'intact'; readonly last: JournalEnd }
  | { readonly kind: 'broken'; readonly sequence: number; readonly reason: ChainBreak }

/** In order of precedence. */
export type ChainBreak =
  /** An entry is missing, doubled or out of order: this sequence was expected. */
  | 'sequence'
  /** The entry does not name the hash of the entry before it. */
  | 'previous_hash'
  /** The hash is not that of the entry's contents. */
  | 'hash'

/**
 * Finds the first entry that does not continue the chain after `start`.
 *
 * Checked page by page (`start` = the `last` of the page before) it needs no more memory than one.
 * A chain cut at its end is intact: only someone who kept a later hash can tell.
 */
export function verifyChain(
  entries: readonly JournalEntry[],
  start: JournalEnd = journalStart,
): ChainCheck {
  let last = start
  for (const entry of entries) {
    const sequence = last.sequence + 1
    if (entry.sequence !== sequence) return { kind: 'broken', sequence, reason: 'sequence' }
    if (entry.previousHash !== last.hash) {
      return { kind: 'broken', sequence, reason: 'previous_hash' }
    }
    if (!hasOwnHash(entry)) return { kind: 'broken', sequence, reason: 'hash' }
    last = { sequence, hash: entry.hash }
  }
  return { kind: 'intact', last }
}

/** Text that UTF-8 cannot hold, or a time that is no u64, has no hash, and so not this one. */
function hasOwnHash({ previousHash, sequence, at, kind, body, hash }: JournalEntry): boolean {
  if (!Number.isSafeInteger(at) || at < 0) return false
  if (!isExactText(kind) || !isExactText(body)) return false
  return hash === entryHash(previousHash, sequence, at, kind, body)
}

/** UTF-8 and SQL text return it unchanged: no lone surrogates, no zero character. */
export function isExactText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
