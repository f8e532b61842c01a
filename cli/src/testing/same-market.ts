/** Holds a run against its twin without faults, and against itself. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { OutboxItem } from '@busbar/server/app/ports/outbox'
import type { Run } from './market-run.ts'

/** Fails unless both runs ended in the same market, byte for byte, the chain included. */
export function assertSameMarket(run: Run, twin: Run): void {
  // The first entry that differs says more than a hash.
  for (const [index, entry] of twin.remains.entries.entries()) {
    deepEqual(run.remains.entries[index], entry, `journal entry ${index + 1}`)
  }
  equal(run.remains.entries.length, twin.remains.entries.length)
  ok(twin.stateHash.length === 64)
  equal(run.stateHash, twin.stateHash)
  deepEqual(run.remains.balances, twin.remains.balances)
  deepEqual(run.remains.supply, twin.remains.supply)
  deepEqual(run.remains.outbox.map(contentOf), twin.remains.outbox.map(contentOf))
}

function contentOf(item: OutboxItem) {
  const { id, position, journalSequence, toAddress, calldata, queuedAt } = item
  return { id, position, journalSequence, toAddress, calldata, queuedAt }
}

/** Fails unless everything that was acknowledged is there, and everything happened once. */
export function assertNothingLostOrDoubled({ book, remains, report, orphans }: Run): void {
  for (const { id, kind, sequence } of book.byId().values()) {
    if (kind !== 'accepted') continue
    const entry = remains.entries[sequence - 1]
    ok(entry?.body.includes(`"id":"${id}"`) === true, `${id} was acknowledged as ${sequence}`)
  }
  for (const { id, status } of remains.outbox) equal(status, 'final', id)
  const effects = remains.transactions.filter(({ succeeded }) => succeeded).map(callOf).sort()
  deepEqual(effects, remains.outbox.map(callOf).sort(), 'one transaction for each effect')
  deepEqual(report.differences, [])
  deepEqual(orphans, [], 'no process outlives its server')
}

const callOf = (call: { readonly toAddress: string; readonly calldata: string }): string =>
  `${call.toAddress} ${call.calldata}`

/** Fails unless every command got the answer that it gets when nothing goes wrong. */
export function assertSameAnswers(run: Run, twin: Run): void {
  const answers = ({ book }: Run) => [...book.byId().values()].map(({ text }) => text).sort()
  deepEqual(answers(run), answers(twin))
}
