/** What the tests of every engine share: places, inputs and questions. */
import { equal, ok, rejects } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Fault, type FaultCode } from '@busbar/core/errors'
import { chainEntries, journalStart } from '../../app/journal-chain.ts'
import type { Journal, JournalEnd, JournalEntry, Snapshot } from '../../app/ports/journal.ts'
import type { OutboxDraft } from '../../app/ports/outbox.ts'
import type { Store } from '../../app/ports/store.ts'
import type { Engine } from './engine.ts'
import { limits } from './limits.ts'

export type Work = (store: Store, market: string) => Promise<void>

export type Harness = {
  readonly open: (market: string) => Promise<Engine>
  readonly openStore: (market: string) => Promise<Store>
  /** A fresh market, closed again at the end. */
  readonly withStore: (work: Work) => Promise<void>
  /** What a new process sees. */
  readonly reopened: (market: string, work: Work) => Promise<void>
}

/** `SEED=n` repeats a run. */
export const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }

/** Of this run, so that a database may be used for many. */
export const marketPrefix = `test-${randomBytes(4).toString('hex')}`
let markets = 0

export function freshMarket(): string {
  markets += 1
  return `${marketPrefix}-${markets}`
}

export async function readAll(journal: Journal): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (;;) {
    const page = await journal.read(entries.at(-1)?.sequence ?? 0, limits.pageRowsMax)
    if (page.length === 0) return entries
    entries.push(...page)
  }
}

export const entriesOf = (count: number): readonly JournalEntry[] =>
  chainEntries(
    journalStart,
    Array.from({ length: count }, (_, index) => ({
      at: 1_700_000_000_000 + index,
      kind: 'place-order',
      body: JSON.stringify({ number: index + 1 }),
    })),
  )

/** What the entry of that sequence asks of the chain. */
export const item = (journalSequence: number): OutboxDraft => ({
  id: `tx ${journalSequence}`,
  journalSequence,
  description: `for entry ${journalSequence}`,
  toAddress: `0x${'ab'.repeat(20)}`,
  calldata: '0x01',
  queuedAt: 1_700_000_000_000,
})

export const unsent = {
  status: 'queued',
  gas: null,
  nonce: null,
  raw: null,
  txHash: null,
  blockNumber: null,
  blockHash: null,
  gasUsed: null,
  finalAt: null,
  error: null,
} as const

export const snapshot = (sequence: number): Snapshot => ({
  sequence,
  stateHash: 'a'.repeat(64),
  body: `state after ${sequence}`,
})

export function endOf(entries: readonly JournalEntry[]): JournalEnd {
  const last = entries.at(-1)
  return last === undefined ? journalStart : { sequence: last.sequence, hash: last.hash }
}

export async function faults(
  code: FaultCode,
  work: () => Promise<unknown>,
  what = '',
): Promise<void> {
  await rejects(work, (error) => {
    ok(error instanceof Fault, `${what}: ${String(error)}`)
    equal(error.code, code, what)
    return true
  })
}
