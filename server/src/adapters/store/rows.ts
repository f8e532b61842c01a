/** Rows of our tables to the types of the ports. The drivers give bigint as text or number. */
import { assert } from '@busbar/core/errors'
import { genesisHash } from '../../app/journal-chain.ts'
import type { JournalEnd, JournalEntry } from '../../app/ports/journal.ts'
import type { StoredNotice, StoredWebhook } from '../../app/ports/notices.ts'
import { type OutboxItem, type OutboxStatus, outboxStatuses } from '../../app/ports/outbox.ts'
import type { JournalHead, OutboxSummary } from '../../app/ports/tallies.ts'
import type { Row } from './engine.ts'

export function journalEntry(row: Row): JournalEntry {
  return {
    sequence: integer(row, 'sequence'),
    at: integer(row, 'at'),
    kind: text(row, 'kind'),
    body: text(row, 'body'),
    previousHash: textOrNull(row, 'previous_hash') ?? genesisHash,
    hash: text(row, 'hash'),
  }
}

export function journalEnd(row: Row): JournalEnd {
  return { sequence: integer(row, 'sequence'), hash: text(row, 'hash') }
}

export function outboxItem(row: Row): OutboxItem {
  return {
    id: text(row, 'id'),
    position: integer(row, 'position'),
    journalSequence: integer(row, 'journal_sequence'),
    description: text(row, 'description'),
    toAddress: text(row, 'to_address'),
    calldata: text(row, 'calldata'),
    gas: integerOrNull(row, 'gas'),
    nonce: integerOrNull(row, 'nonce'),
    raw: textOrNull(row, 'raw'),
    txHash: textOrNull(row, 'tx_hash'),
    status: status(row),
    blockNumber: integerOrNull(row, 'block_number'),
    blockHash: textOrNull(row, 'block_hash'),
    gasUsed: integerOrNull(row, 'gas_used'),
    queuedAt: integer(row, 'queued_at'),
    finalAt: integerOrNull(row, 'final_at'),
    error: textOrNull(row, 'error'),
  }
}

export function journalEntryHead(row: Row): JournalHead {
  return {
    sequence: integer(row, 'sequence'),
    at: integer(row, 'at'),
    kind: text(row, 'kind'),
    previousHash: textOrNull(row, 'previous_hash') ?? genesisHash,
    hash: text(row, 'hash'),
  }
}

export function outboxSummary(row: Row): OutboxSummary {
  return {
    id: text(row, 'id'),
    journalSequence: integer(row, 'journal_sequence'),
    description: text(row, 'description'),
    status: status(row),
    txHash: textOrNull(row, 'tx_hash'),
    blockNumber: integerOrNull(row, 'block_number'),
    gasUsed: integerOrNull(row, 'gas_used'),
  }
}

export function storedNotice(row: Row): StoredNotice {
  return {
    account: integer(row, 'account'),
    sequence: integer(row, 'sequence'),
    journalSequence: integer(row, 'journal_sequence'),
    at: integer(row, 'at'),
    subject: text(row, 'subject'),
    kind: text(row, 'kind'),
    body: text(row, 'body'),
    attempts: integer(row, 'attempts'),
  }
}

export function storedWebhook(row: Row): StoredWebhook {
  return {
    account: integer(row, 'account'),
    url: text(row, 'url'),
    after: integer(row, 'after'),
    issuedAt: integer(row, 'issued_at'),
    digest: text(row, 'digest'),
  }
}

export function text(row: Row, column: string): string {
  const value = row[column]
  assert(typeof value === 'string', `column ${column} is text`)
  return value
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  const exact = ['number', 'bigint', 'string'].includes(typeof value) && value !== ''
  assert(exact && Number.isSafeInteger(Number(value)), `column ${column} is a safe integer`)
  return Number(value)
}

export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : text(row, column)

export const integerOrNull = (row: Row, column: string): number | null =>
  row[column] === null ? null : integer(row, column)

export function booleanOrNull(row: Row, column: string): boolean | null {
  const value = row[column] ?? null
  assert(value === null || typeof value === 'boolean', `column ${column} is a boolean or null`)
  return value
}

const status = (row: Row): OutboxStatus => oneOf(text(row, 'status'), outboxStatuses, 'status')

export function oneOf<Word extends string>(
  value: string,
  words: readonly Word[],
  column: string,
): Word {
  const known = words.find((each) => each === value)
  assert(known !== undefined, `column ${column} is one of the words that are written there`)
  return known
}
