/** Where the books stood at every run, in memory: the promise of the port in the plainest way. */
import { bilateralZone } from '@busbar/core/exchange'
import { energyInto, energyOutOf, tallyState } from '../app/ports/tally-rules.ts'
import type { JournalEntry } from '../app/ports/journal.ts'
import type { OutboxItem } from '../app/ports/outbox.ts'
import type {
  AnchoredTally, HeadSpan, JournalHead, OutboxSummary, Tally, TallyAnchor, TallyBook, TallyPoint,
} from '../app/ports/tallies.ts'

/** What there is beside, to be looked at. */
type Beside = { readonly entries: readonly JournalEntry[]; readonly items: readonly OutboxItem[] }

const isCheckpoint = ({ id }: OutboxItem): boolean => /^(fix|commit|settle)\//.test(id)

export class MemoryTallies implements TallyBook {
  kept: Tally[] = []
  readonly anchors = new Map<number, TallyAnchor>()
  missing = 0
  readonly #beside: Beside

  constructor(beside: Beside) {
    this.#beside = beside
  }

  append(tallies: readonly Tally[]): void {
    this.kept.push(...tallies)
  }

  async list(afterSequence: number, limit: number): Promise<readonly AnchoredTally[]> {
    return this.#all().filter((one) => one.tally.journalSequence > afterSequence).slice(0, limit)
  }

  async ofInterval(interval: number): Promise<readonly AnchoredTally[]> {
    return this.#all().filter(({ tally }) => tally.interval === interval)
  }

  async points(from: number, points: number, step: number): Promise<readonly TallyPoint[]> {
    const found: TallyPoint[] = []
    for (let first = from; first < from + points * step; first += step) {
      const within = this.#all().filter(
        ({ tally: { interval } }) => interval >= first && interval < first + step,
      )
      if (within.length > 0) found.push(pointOf(first, within))
    }
    return found
  }

  async newestInterval(): Promise<number | undefined> {
    return this.kept.reduce<number | undefined>(
      (newest, { interval }) => Math.max(newest ?? interval, interval),
      undefined,
    )
  }

  async firstUnanchored(afterSequence: number): Promise<number> {
    const first = this.kept.find(({ journalSequence }) =>
      journalSequence > afterSequence && !this.anchors.has(journalSequence))
    return first?.journalSequence ?? (this.kept.at(-1)?.journalSequence ?? 0) + 1
  }

  async unanchored(afterSequence: number, limit: number): Promise<readonly Tally[]> {
    const isFinal = ({ journalSequence }: Tally): boolean => {
      const own = this.#beside.items.filter((item) => item.journalSequence === journalSequence)
      return own.length > 0 && own.every(({ status }) => status === 'final')
    }
    return this.kept
      .filter((one) => one.journalSequence > afterSequence)
      .filter((one) => !this.anchors.has(one.journalSequence) && isFinal(one))
      .slice(0, limit)
  }

  async anchor(anchors: readonly TallyAnchor[]): Promise<void> {
    for (const one of anchors) {
      if (!this.anchors.has(one.journalSequence)) this.anchors.set(one.journalSequence, one)
    }
  }

  async missingThrough(): Promise<number> {
    return this.missing
  }

  async fill(tallies: readonly Tally[]): Promise<void> {
    this.kept = [...tallies, ...this.kept].sort((a, b) => a.journalSequence - b.journalSequence)
    this.missing = 0
  }

  async checkpoints({ from, before }: HeadSpan, limit: number): Promise<readonly JournalHead[]> {
    const told = new Set(this.#beside.items.filter(isCheckpoint).map((one) => one.journalSequence))
    const all = this.#beside.entries.filter(({ sequence }) => told.has(sequence))
    const end = before ?? Number.POSITIVE_INFINITY
    if (from === undefined) return all.filter(({ sequence }) => sequence < end).slice(-limit)
    return all.filter(({ sequence }) => sequence >= from).slice(0, limit)
  }

  async transactionsOf(sequences: readonly number[]): Promise<readonly OutboxSummary[]> {
    return this.#beside.items.filter((item) =>
      sequences.includes(item.journalSequence) && (isCheckpoint(item) || /^prove/.test(item.id)))
  }

  #all(): AnchoredTally[] {
    return this.kept.map((tally) => ({
      tally,
      anchor: this.anchors.get(tally.journalSequence) ?? null,
      isFailed: this.#beside.items.some(
        (item) => item.journalSequence === tally.journalSequence && item.status === 'failed',
      ),
    }))
  }
}

function pointOf(interval: number, all: readonly AnchoredTally[]): TallyPoint {
  const newest = new Map(all.map(({ tally }) => [`${tally.interval}/${tally.zone}`, tally]))
  const grid = [...newest.values()].filter(({ zone }) => zone !== bilateralZone)
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n)
  const count = (state: string): number => all.filter((one) => tallyState(one) === state).length
  return {
    interval,
    intervalCount: new Set(all.map(({ tally }) => tally.interval)).size,
    runCount: all.length,
    wrongCount: count('wrong'),
    waitingCount: count('waiting'),
    energyIn: sum(grid.map(({ energy }) => energyInto(energy))),
    energyOut: sum(grid.map(({ energy }) => energyOutOf(energy))),
    moved: sum(all.map(({ tally }) => tally.money.moved)),
    balances: all.at(-1)?.tally.money.balances ?? 0n,
    custody: all.findLast(({ anchor }) => anchor !== null)?.anchor?.custody ?? null,
  }
}
