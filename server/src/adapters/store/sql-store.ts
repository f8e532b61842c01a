/** The store over an engine: what is checked before SQL, and the order in which things happen. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { journalStart, verifyChain } from '../../app/journal-chain.ts'
import type { BatchesAsked, JournalEnd, JournalEntry, Snapshot } from '../../app/ports/journal.ts'
import type { OutboxChanges, OutboxDraft, OutboxItem } from '../../app/ports/outbox.ts'
import type { Batch, Store } from '../../app/ports/store.ts'
import {
  checkChanges,
  checkDrafts,
  checkEntries,
  checkNotices,
  checkPage,
  checkSnapshot,
  checkTallies,
} from './checks.ts'
import type { Engine, Row, Statement } from './engine.ts'
import { keptSnapshots } from './kept-snapshots.ts'
import { limits } from './limits.ts'
import { integer, journalEnd, journalEntry, outboxItem, text } from './rows.ts'
import { migrate, schemaOf } from './schema.ts'
import { SqlDevices } from './sql-devices.ts'
import { SqlGrants } from './sql-grants.ts'
import { insertedNotices, SqlNotices, type StoreAccess } from './sql-notices.ts'
import { insertedTallies, SqlTallies } from './sql-tallies.ts'
import { splitBySize, splitText } from './split.ts'
import { type Statements, statementsFor } from './statements.ts'

export class SqlStore implements Store {
  readonly notices: SqlNotices
  readonly grants: SqlGrants
  readonly devices: SqlDevices
  readonly tallies: SqlTallies
  readonly #engine: Engine
  readonly #statements: Statements
  #end: JournalEnd
  #lastPosition: number
  #failed = false
  #closing: Promise<void> | undefined
  /** Commits run one after the other: each checks the chain against the end of the one before. */
  #queue: Promise<unknown> = Promise.resolve()
  /** One snapshot after the other. */
  #saving: Promise<unknown> = Promise.resolve()
  #bytesSinceMaintenance = 0

  private constructor(
    engine: Engine,
    statements: Statements,
    end: JournalEnd,
    lastPosition: number,
  ) {
    this.#engine = engine
    this.#statements = statements
    this.#end = end
    this.#lastPosition = lastPosition
    const access = (operation: string): StoreAccess => ({
      query: async (statement) => {
        this.#mustBeOpen()
        return this.#query(operation, statement)
      },
      write: async (changes) => {
        this.#mustBeOpen()
        await this.#inTurn(() => this.#write(operation, changes))
      },
    })
    this.notices = new SqlNotices(access('notices'), statements)
    this.grants = new SqlGrants(access('grants'), statements)
    this.devices = new SqlDevices(access('devices'), statements)
    this.tallies = new SqlTallies(access('tallies'), statements)
  }

  /** Takes over `engine`: closes it with the store, and when opening fails. */
  static async open(engine: Engine, market: string): Promise<SqlStore> {
    try {
      const schema = schemaOf(market)
      await migrate(engine, schema)
      const statements = statementsFor(schema)
      const [last] = await engine.query(statements.lastEntry())
      const [position] = await engine.query(statements.lastPosition())
      const end = last === undefined ? journalStart : journalEnd(last)
      return new SqlStore(engine, statements, end, position ? integer(position, 'number') : 0)
    } catch (error) {
      await engine.close()
      throw error instanceof Fault ? error : storeFailed('open', error)
    }
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    return this.commit({ entries, outbox: [] })
  }

  enqueue(items: readonly OutboxDraft[]): Promise<void> {
    return this.commit({ entries: [], outbox: items })
  }

  async commit({ entries, outbox, notices = [], tallies = [] }: Batch): Promise<void> {
    this.#mustBeOpen()
    await this.#inTurn(async () => {
      checkEntries(entries)
      const chain = verifyChain(entries, this.#end)
      if (chain.kind === 'broken') {
        throw new Fault('JOURNAL_BROKEN', { sequence: chain.sequence, reason: chain.reason })
      }
      checkDrafts(outbox, chain.last.sequence)
      checkNotices(notices, chain.last.sequence)
      checkTallies(tallies, chain.last.sequence)
      const items = await this.#newItems(outbox)
      await this.#write('commit', [
        ...splitBySize(entries, (entry) => entry.body.length).map(this.#statements.insertEntries),
        ...this.#insertItems(items),
        ...insertedNotices(this.#statements, notices),
        ...insertedTallies(this.#statements, tallies),
      ])
      this.#end = chain.last
      this.#lastPosition += items.length
      await this.#maintainAfter(entries)
    })
  }

  async read(afterSequence: number, limit: number): Promise<readonly JournalEntry[]> {
    checkPage(afterSequence, limit)
    this.#mustBeOpen()
    const { readEntries } = this.#statements
    const rows = await this.#query('read', readEntries(afterSequence, limit, limits.pageBytesMax))
    return rows.map(journalEntry)
  }

  async readBatches(
    asked: BatchesAsked,
  ): Promise<readonly Pick<JournalEntry, 'sequence' | 'body'>[]> {
    checkPage(asked.afterSequence, asked.limit)
    this.#mustBeOpen()
    const rows = await this.#query('read batches', this.#statements.readBatches(asked))
    return rows.map((row) => ({ sequence: integer(row, 'sequence'), body: text(row, 'body') }))
  }

  async last(): Promise<JournalEnd> {
    this.#mustBeOpen()
    return this.#inTurn(async () => this.#end)
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    this.#mustBeOpen()
    const saved = this.#saving.then(() => this.#save(snapshot))
    this.#saving = saved.catch(() => undefined)
    await saved
  }

  /** A turn for each part, and one for the event loop between: no commit waits for the whole. */
  async #save({ sequence, stateHash, body }: Snapshot): Promise<void> {
    const statements = this.#statements
    const operation = 'save snapshot'
    const exists = await this.#inTurn(async () => {
      checkSnapshot({ sequence, stateHash, body }, this.#end.sequence)
      const [known] = await this.#query(operation, statements.snapshotHash(sequence))
      if (known !== undefined && text(known, 'state_hash') === stateHash) return true
      await this.#write(operation, [
        statements.deleteSnapshot(sequence),
        statements.deleteUnfinishedParts(),
      ])
      return false
    })
    if (exists) return
    const parts = splitText(body, limits.snapshotPartBytesMax)
    for (const [index, part] of parts.entries()) {
      const insert = statements.insertSnapshotPart(sequence, index, part)
      await this.#inTurn(() => this.#write(operation, [insert]))
      await eventLoopTurn()
    }
    await this.#inTurn(async () => {
      const rows = await this.#query(operation, statements.snapshotSequences())
      const all = [...rows.map((row) => integer(row, 'sequence')), sequence].sort((a, b) => a - b)
      await this.#write(operation, [
        statements.insertSnapshot(sequence, stateHash, parts.length),
        statements.deleteOtherSnapshots(keptSnapshots(all, this.#end.sequence)),
        statements.deleteUnfinishedParts(),
      ])
      await this.#maintain(statements.snapshotTable)
    })
  }

  async latestSnapshot(): Promise<Snapshot | undefined> {
    this.#mustBeOpen()
    return this.#inTurn(() => this.#snapshot(this.#statements.latestSnapshot()))
  }

  /** No turn of its own: commits go on between its parts. */
  async snapshotBefore(atMs: number): Promise<Snapshot | undefined> {
    checkPage(atMs, 1)
    this.#mustBeOpen()
    return this.#snapshot(this.#statements.snapshotBefore(atMs))
  }

  async #snapshot(select: Statement): Promise<Snapshot | undefined> {
    const operation = 'read snapshot'
    const [row] = await this.#query(operation, select)
    if (row === undefined) return undefined
    const sequence = integer(row, 'sequence')
    const parts: string[] = []
    for (let part = 0; part < integer(row, 'parts'); part += 1) {
      const [found] = await this.#query(operation, this.#statements.snapshotPart(sequence, part))
      if (found === undefined) throw new Fault('STORE_FAILED', { missingPart: part, sequence })
      parts.push(text(found, 'body'))
      await eventLoopTurn()
    }
    return { sequence, stateHash: text(row, 'state_hash'), body: parts.join('') }
  }

  async unfinished(limit: number): Promise<readonly OutboxItem[]> {
    checkPage(0, limit)
    this.#mustBeOpen()
    const { itemsThat } = this.#statements
    return (await this.#query('outbox', itemsThat('unfinished', limit))).map(outboxItem)
  }

  async failed(limit: number): Promise<readonly OutboxItem[]> {
    checkPage(0, limit)
    this.#mustBeOpen()
    const { itemsThat } = this.#statements
    return (await this.#query('outbox', itemsThat('failed', limit))).map(outboxItem)
  }

  async update(id: string, changes: OutboxChanges): Promise<void> {
    checkChanges(id, changes)
    this.#mustBeOpen()
    const updated = await this.#query('update outbox', this.#statements.updateItem(id, changes))
    if (updated.length === 0) throw new Fault('OUTBOX_ITEM_UNKNOWN', { id })
  }

  async find(id: string): Promise<OutboxItem | undefined> {
    this.#mustBeOpen()
    return (await this.#query('outbox', this.#statements.findItem(id))).map(outboxItem)[0]
  }

  async ofJournalSequence(sequence: number): Promise<readonly OutboxItem[]> {
    checkPage(sequence, 1)
    this.#mustBeOpen()
    const { itemsOfJournalSequence } = this.#statements
    return (await this.#query('outbox', itemsOfJournalSequence(sequence))).map(outboxItem)
  }

  async list(afterPosition: number, limit: number): Promise<readonly OutboxItem[]> {
    checkPage(afterPosition, limit)
    this.#mustBeOpen()
    const { listItems } = this.#statements
    return (await this.#query('outbox', listItems(afterPosition, limit))).map(outboxItem)
  }

  async lastJournalSequence(): Promise<number> {
    this.#mustBeOpen()
    const [row] = await this.#query('outbox', this.#statements.lastJournalSequence())
    return row === undefined ? 0 : integer(row, 'number')
  }

  close(): Promise<void> {
    this.#closing ??= this.#saving.then(() => this.#queue).then(() => this.#engine.close())
    return this.#closing
  }

  /** The drafts that are not in the outbox yet, each id once. */
  async #newItems(drafts: readonly OutboxDraft[]): Promise<readonly OutboxDraft[]> {
    if (drafts.length === 0) return []
    const rows = await this.#query(
      'outbox',
      this.#statements.contentOf(drafts.map((draft) => draft.id)),
    )
    const known = new Map(rows.map((row) => [text(row, 'id'), storedContent(row)]))
    return drafts.filter((draft) => {
      const before = known.get(draft.id)
      const content = contentOf(draft)
      if (before === undefined) known.set(draft.id, content)
      else if (before !== content) throw new Fault('OUTBOX_ITEM_DIFFERS', { id: draft.id })
      return before === undefined
    })
  }

  #insertItems(items: readonly OutboxDraft[]): readonly Statement[] {
    let position = this.#lastPosition + 1
    return splitBySize(items, (item) => item.calldata.length).map((part) => {
      const statement = this.#statements.insertItems(part, position)
      position += part.length
      return statement
    })
  }

  /** After a failed write nobody knows what is on disk, so nothing more is written. */
  async #write(operation: string, statements: readonly Statement[]): Promise<void> {
    const [first, second] = statements
    if (first === undefined) return
    try {
      if (second === undefined) await this.#engine.query(first)
      else await this.#engine.transaction(statements)
    } catch (error) {
      this.#failed = true
      throw storeFailed(operation, error)
    }
  }

  async #query(operation: string, statement: Statement): Promise<readonly Row[]> {
    this.#mustWork()
    try {
      return await this.#engine.query(statement)
    } catch (error) {
      throw storeFailed(operation, error)
    }
  }

  async #maintainAfter(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) this.#bytesSinceMaintenance += entry.body.length + rowBytes
    if (this.#bytesSinceMaintenance < limits.maintenanceBytes) return
    this.#bytesSinceMaintenance = 0
    await this.#maintain()
  }

  async #maintain(table?: string): Promise<void> {
    try {
      await this.#engine.maintain(table)
    } catch (error) {
      this.#failed = true
      throw storeFailed('maintain', error)
    }
  }

  /** Work given before `close` is still done. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(() => {
      this.#mustWork()
      return work()
    })
    this.#queue = result.catch(() => undefined)
    return result
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new Fault('STORE_CLOSED', {})
    this.#mustWork()
  }

  #mustWork(): void {
    if (this.#failed) throw new Fault('STORE_FAILED', { operation: 'an earlier write' })
  }
}

/** Hashes, row header and index entry. */
const rowBytes = 250

const contentOf = (draft: OutboxDraft): string =>
  JSON.stringify([draft.journalSequence, draft.toAddress, draft.calldata])

const storedContent = (row: Row): string =>
  JSON.stringify([integer(row, 'journal_sequence'), text(row, 'to_address'), text(row, 'calldata')])

function storeFailed(operation: string, cause: unknown): Fault {
  return new Fault('STORE_FAILED', { operation, reason: reasonOf(cause) }, { cause })
}

/** The driver's message without the row it complains about, which may hold somebody's data. */
const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message.split('\n', 1)[0]?.slice(0, 200) ?? '' : 'unknown'
