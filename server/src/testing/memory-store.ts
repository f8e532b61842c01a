/** A store in memory whose commits a test can hold back and let fail. */
import type { SubmitReadings } from '@busbar/core/exchange'
import { chainEntries, journalStart } from '../app/journal-chain.ts'
import type { BatchesAsked, JournalEnd, JournalEntry, Snapshot } from '../app/ports/journal.ts'
import type { OutboxDraft, OutboxItem } from '../app/ports/outbox.ts'
import type { Batch, Store } from '../app/ports/store.ts'
import { MemoryDevices } from './memory-devices.ts'
import { MemoryGrants } from './memory-grants.ts'
import { MemoryNotices } from './memory-notices.ts'
import { MemoryTallies } from './memory-tallies.ts'

export class MemoryStore implements Store {
  readonly entries: JournalEntry[] = []
  readonly items: OutboxItem[] = []
  readonly batches: Batch[] = []
  readonly notices = new MemoryNotices()
  readonly grants = new MemoryGrants()
  readonly devices = new MemoryDevices()
  readonly tallies = new MemoryTallies(this)
  snapshot: Snapshot | undefined
  /** What the next commit waits for; it fails if this rejects. */
  gate: Promise<void> = Promise.resolve()

  async commit(batch: Batch): Promise<void> {
    await this.gate
    this.batches.push(batch)
    await this.append(batch.entries)
    await this.enqueue(batch.outbox)
    this.notices.append(batch.notices ?? [])
    this.tallies.append(batch.tallies ?? [])
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    this.entries.push(...entries)
    return Promise.resolve()
  }

  read(afterSequence: number, limit: number): Promise<readonly JournalEntry[]> {
    return Promise.resolve(this.entries.slice(afterSequence, afterSequence + limit))
  }

  readBatches({ gateway, boundary, afterSequence, limit }: BatchesAsked) {
    const found = this.entries.slice(afterSequence).filter(({ kind, body }) => {
      if (kind !== 'submit_readings') return false
      const batch = JSON.parse(body) as SubmitReadings
      return batch.gateway === gateway && batch.readings.some((one) => one.boundary === boundary)
    })
    return Promise.resolve(found.slice(0, limit))
  }

  last(): Promise<JournalEnd> {
    const { sequence, hash } = this.entries.at(-1) ?? journalStart
    return Promise.resolve({ sequence, hash })
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    this.snapshot = snapshot
    return Promise.resolve()
  }

  latestSnapshot(): Promise<Snapshot | undefined> {
    return Promise.resolve(this.snapshot)
  }

  snapshotBefore(atMs: number): Promise<Snapshot | undefined> {
    const { snapshot } = this
    const entry = snapshot && this.entries[snapshot.sequence - 1]
    return Promise.resolve(entry !== undefined && entry.at < atMs ? snapshot : undefined)
  }

  /** Everything is final as soon as it is known, unless a test says otherwise. */
  enqueue(drafts: readonly OutboxDraft[]): Promise<void> {
    for (const draft of drafts) {
      this.items.push({
        ...draft,
        ...{ position: this.items.length + 1, status: 'final', gas: 1, nonce: this.items.length },
        ...{ raw: '0x', txHash: `0x${draft.id}`, blockNumber: 1, blockHash: '0x', gasUsed: 1 },
        ...{ finalAt: draft.queuedAt, error: null },
      })
    }
    return Promise.resolve()
  }

  unfinished(limit: number): Promise<readonly OutboxItem[]> {
    const open = this.items.filter(({ status }) => status !== 'final' && status !== 'failed')
    return Promise.resolve(open.slice(0, limit))
  }

  failed(limit: number): Promise<readonly OutboxItem[]> {
    return Promise.resolve(this.items.filter(({ status }) => status === 'failed').slice(0, limit))
  }

  update(): Promise<void> {
    return Promise.reject(new Error('nothing here changes an item'))
  }

  find(id: string): Promise<OutboxItem | undefined> {
    return Promise.resolve(this.items.find((item) => item.id === id))
  }

  ofJournalSequence(sequence: number): Promise<readonly OutboxItem[]> {
    return Promise.resolve(this.items.filter((item) => item.journalSequence === sequence))
  }

  list(afterPosition: number, limit: number): Promise<readonly OutboxItem[]> {
    return Promise.resolve(this.items.slice(afterPosition, afterPosition + limit))
  }

  lastJournalSequence(): Promise<number> {
    return Promise.resolve(Math.max(0, ...this.items.map((item) => item.journalSequence)))
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** The same journal but for one entry, with hashes that fit again: what a forger would write. */
  rewritten(sequence: number, change: (entry: JournalEntry) => Partial<JournalEntry>): MemoryStore {
    const copy = new MemoryStore()
    const drafts = this.entries.map((entry) =>
      entry.sequence === sequence ? { ...entry, ...change(entry) } : entry,
    )
    copy.entries.push(...chainEntries(journalStart, drafts))
    return copy
  }
}
