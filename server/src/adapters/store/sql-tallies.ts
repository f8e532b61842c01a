/** Where the books stood at every run, over an engine. */
import { setImmediate as eventLoopTurn } from 'node:timers/promises'
import { tallyFrom } from '../../app/ports/tally-rules.ts'
import type {
  AnchoredTally,
  HeadSpan,
  JournalHead,
  OutboxSummary,
  Tally,
  TallyAnchor,
  TallyBook,
  TallyPoint,
} from '../../app/ports/tallies.ts'
import { checkAnchors, checkPage, checkTallies } from './checks.ts'
import type { Row } from './engine.ts'
import {
  integer, integerOrNull, journalEntryHead, outboxSummary, text, textOrNull,
} from './rows.ts'
import { splitBySize } from './split.ts'
import type { StoreAccess } from './sql-notices.ts'
import type { Statements } from './statements.ts'

/** What one look reads, so that commands get their turn between two. */
const intervalsAtOnce = 576
/** Much more than a tally's text. */
const tallyBytes = 2_000

export class SqlTallies implements TallyBook {
  readonly #access: StoreAccess
  readonly #statements: Statements

  constructor(access: StoreAccess, statements: Statements) {
    this.#access = access
    this.#statements = statements
  }

  async list(afterSequence: number, limit: number): Promise<readonly AnchoredTally[]> {
    checkPage(afterSequence, limit)
    const rows = await this.#access.query(this.#statements.listTallies(afterSequence, limit))
    return rows.map(anchoredTally)
  }

  async ofInterval(interval: number): Promise<readonly AnchoredTally[]> {
    checkPage(interval, 1)
    const rows = await this.#access.query(this.#statements.talliesOfInterval(interval))
    return rows.map(anchoredTally)
  }

  async points(from: number, points: number, step: number): Promise<readonly TallyPoint[]> {
    checkPage(from, points)
    checkPage(from, step)
    const found: TallyPoint[] = []
    const slice = Math.max(1, Math.floor(intervalsAtOnce / step)) * step
    const end = from + points * step
    for (let first = from; first < end; first += slice) {
      const to = Math.min(end, first + slice)
      const rows = await this.#access.query(this.#statements.tallyPoints(first, to, step))
      found.push(...rows.map((row) => tallyPoint(row, first, step)))
      await eventLoopTurn()
    }
    return found
  }

  async newestInterval(): Promise<number | undefined> {
    const [row] = await this.#access.query(this.#statements.newestTally())
    return row === undefined ? undefined : integer(row, 'interval')
  }

  async firstUnanchored(afterSequence: number): Promise<number> {
    checkPage(afterSequence, 1)
    const [row] = await this.#access.query(this.#statements.firstUnanchored(afterSequence))
    return row === undefined ? 1 : integer(row, 'number')
  }

  async unanchored(afterSequence: number, limit: number): Promise<readonly Tally[]> {
    checkPage(afterSequence, limit)
    const rows = await this.#access.query(this.#statements.unanchoredTallies(afterSequence, limit))
    return rows.map((row) => tallyFrom(text(row, 'body')))
  }

  async anchor(anchors: readonly TallyAnchor[]): Promise<void> {
    if (anchors.length === 0) return
    checkAnchors(anchors)
    await this.#access.write([this.#statements.insertAnchors(anchors)])
  }

  async missingThrough(): Promise<number> {
    const [row] = await this.#access.query(this.#statements.talliesMissing())
    return row === undefined ? 0 : integer(row, 'through')
  }

  async fill(tallies: readonly Tally[]): Promise<void> {
    checkTallies(tallies, Number.MAX_SAFE_INTEGER)
    await this.#access.write([
      ...insertedTallies(this.#statements, tallies),
      this.#statements.talliesComplete(),
    ])
  }

  async checkpoints(span: HeadSpan, limit: number): Promise<readonly JournalHead[]> {
    checkPage(span.from ?? span.before ?? 0, limit)
    const rows = await this.#access.query(this.#statements.checkpoints(span, limit))
    return rows.map(journalEntryHead)
  }

  async transactionsOf(sequences: readonly number[]): Promise<readonly OutboxSummary[]> {
    if (sequences.length === 0) return []
    const { intervalTransactions } = this.#statements
    return (await this.#access.query(intervalTransactions(sequences))).map(outboxSummary)
  }
}

/** Parts that one statement can carry each, for the transaction of a commit. */
export const insertedTallies = (
  { insertTallies }: Statements,
  tallies: readonly Tally[],
) => splitBySize(tallies, () => tallyBytes).map(insertTallies)

function anchoredTally(row: Row): AnchoredTally {
  const journalSequence = integer(row, 'journal_sequence')
  const anchor: TallyAnchor | null = integerOrNull(row, 'anchored') === null
    ? null
    : {
        journalSequence,
        at: integer(row, 'anchored_at'),
        hasRoots: row['has_roots'] === true,
        custody: BigInt(text(row, 'custody')),
        ledger: BigInt(text(row, 'ledger')),
      }
  return { tally: tallyFrom(text(row, 'body')), anchor, isFailed: row['failed'] === true }
}

function tallyPoint(row: Row, first: number, step: number): TallyPoint {
  const custody = textOrNull(row, 'custody')
  return {
    interval: first + integer(row, 'point') * step,
    intervalCount: integer(row, 'intervals'),
    runCount: integer(row, 'runs'),
    wrongCount: integer(row, 'wrong'),
    waitingCount: integer(row, 'waiting'),
    energyIn: BigInt(text(row, 'energy_in')),
    energyOut: BigInt(text(row, 'energy_out')),
    moved: BigInt(text(row, 'moved')),
    balances: BigInt(text(row, 'balances')),
    custody: custody === null ? null : BigInt(custody),
  }
}
