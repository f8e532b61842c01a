import {
  bilateralZone,
  type Command,
  type IntervalRecord,
  type Outcome,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import { outsideAccount } from '@busbar/core/ledger'
import type { Run } from '@busbar/core/settlement'
import { runRoots } from '../commitments.ts'
import { anchorHolds, tallyText } from '../ports/tally-rules.ts'
import type { SettlementChain } from '../ports/chain.ts'
import type { AnchoredTally, Tally, TallyBook } from '../ports/tallies.ts'
import type { Findings } from './findings.ts'

const pageSize = 1_000
const check = 'conservation'

/**
 * Works out each tally again, from nothing but what moved money and from the meters, and compares
 * it with what was kept when it was so. To be told of every command of a replay, in order.
 */
export class TallyAudit {
  readonly #findings: Findings
  readonly #book: TallyBook
  /** By account: the sum of all that was ever posted to it. */
  readonly #balances = new Map<number, bigint>()
  #deposited = 0n
  #withdrawn = 0n
  /** Entries up to it were written before tallies were kept. */
  readonly #missingThrough: number
  #page: readonly AnchoredTally[] = []
  #after = 0
  #compared = 0

  private constructor(findings: Findings, book: TallyBook, missingThrough: number) {
    this.#findings = findings
    this.#book = book
    this.#missingThrough = missingThrough
  }

  static async of(findings: Findings, book: TallyBook): Promise<TallyAudit> {
    return new TallyAudit(findings, book, await book.missingThrough())
  }

  /** @param state the one after the command */
  async hear(state: State, command: Command, outcome: Outcome): Promise<void> {
    if (outcome.kind !== 'accepted' || outcome.repeated) return
    const { result } = outcome
    if (result.kind === 'deposit_recorded') this.#deposited += BigInt(result.amountMicros)
    if (result.kind === 'withdrawal_released' || result.kind === 'withdrawal_paid') {
      this.#withdrawn += BigInt(result.amountMicros)
    }
    if (command.kind !== 'settle_interval' || result.kind !== 'interval_settled') return
    const record = recordOf(state, command.zone, command.interval)
    const run = result.run === null ? undefined : record?.runs[result.run]
    if (record === undefined || run === undefined) return
    for (const { account, amount } of run.items) {
      this.#balances.set(account, (this.#balances.get(account) ?? 0n) + amount)
    }
    await this.#compare(this.#tallyOf(state, record, run))
  }

  /** After the last command: nothing else was kept. */
  async finish(): Promise<void> {
    const left = await this.#next()
    if (left !== undefined) {
      this.#differ(left.tally, 'was kept of a run that the journal does not have')
    }
    if (this.#missingThrough > 0) {
      const why = `not kept up to entry ${this.#missingThrough}: start the exchange once`
      this.#findings.notRun(check, why)
    }
    this.#findings.agree(check, `${this.#compared} runs: the books stood as was written then`)
  }

  #tallyOf(state: State, record: IntervalRecord, run: Run): Tally {
    let [posted, moved, settled] = [0n, 0n, 0n]
    const net = new Map<number, bigint>()
    for (const { account, amount } of run.items) {
      posted += amount
      net.set(account, (net.get(account) ?? 0n) + amount)
    }
    for (const amount of net.values()) moved += amount > 0n ? amount : 0n
    for (const [account, amount] of this.#balances) {
      if (account !== outsideAccount) settled += amount
    }
    return {
      ...{ journalSequence: run.sequence, at: run.at, kind: run.kind },
      ...{ zone: record.zone, interval: record.interval, run: run.run },
      money: {
        ...{ deposited: this.#deposited, withdrawn: this.#withdrawn, posted, moved },
        balances: settled + this.#deposited - this.#withdrawn,
        outside: this.#withdrawn - this.#deposited,
      },
      ...energyOf(record, run),
      ...runRoots(state, record, run),
    }
  }

  async #compare(expected: Tally): Promise<void> {
    if (expected.journalSequence <= this.#missingThrough) return
    const kept = (await this.#peek())?.tally
    if (kept?.journalSequence !== expected.journalSequence) {
      this.#differ(expected, 'is missing')
      return
    }
    await this.#next()
    this.#compared += 1
    if (tallyText(kept) !== tallyText(expected)) {
      this.#differ(expected, `is kept as ${changesOf(kept, expected)}`)
    }
  }

  async #peek(): Promise<AnchoredTally | undefined> {
    if (this.#page.length === 0) this.#page = await this.#book.list(this.#after, pageSize)
    return this.#page[0]
  }

  async #next(): Promise<AnchoredTally | undefined> {
    const first = await this.#peek()
    this.#page = this.#page.slice(1)
    if (first !== undefined) this.#after = first.tally.journalSequence
    return first
  }

  #differ({ journalSequence, zone, interval, run }: Tally, what: string): void {
    const where = `entry ${journalSequence}, zone ${zone}, interval ${interval}, run ${run}`
    this.#findings.differ(check, where, what)
  }
}

/** Over the meters one by one: what each put out and took in, and what it did by contract. */
function energyOf(
  { zone }: IntervalRecord,
  { metered, traded, energy }: Run,
): Pick<Tally, 'energy' | 'metered' | 'traded'> {
  const sum = { exported: 0n, imported: 0n, sold: 0n, bought: 0n, lacking: 0n }
  for (const meter of metered) {
    sum.exported += meter.exported
    sum.imported += meter.imported
  }
  for (const { meter, sold, bought } of traded) {
    const own = metered.find((one) => one.meter === meter)
    const [exported, imported] = [own?.exported ?? 0n, own?.imported ?? 0n]
    sum.sold += sold
    sum.bought += bought
    if (sold > exported) sum.lacking += sold - exported
    if (bought > imported) sum.lacking += bought - imported
  }
  const { exported, imported, ...rest } = sum
  const shown = zone === bilateralZone
    ? energy
    : { ...energy, injected: exported, consumed: imported }
  const { unexplained: _, ...sides } = shown
  const left =
    sides.injected + sides.imported + sides.imbalanceBought + sides.tradeBought -
    (sides.consumed + sides.exported + sides.imbalanceSold + sides.tradeSold)
  return {
    energy: { ...sides, unexplained: left },
    metered: { exported, imported, count: metered.length },
    traded: rest,
  }
}

/** The fields that differ, with what is kept. */
function changesOf(kept: Tally, expected: Tally): string {
  const [own, theirs] = [tallyText(kept), tallyText(expected)].map(
    (text) => JSON.parse(text) as Readonly<Record<string, unknown>>,
  )
  const names = Object.keys({ ...own, ...theirs })
  const different = names.filter(
    (name) => JSON.stringify(own?.[name]) !== JSON.stringify(theirs?.[name]),
  )
  return different.map((name) => `${name} ${JSON.stringify(own?.[name])}`).join(', ')
}

/**
 * Compares what was kept of the chain with the chain: also of intervals that the state has long
 * forgotten.
 */
export async function compareAnchors(
  findings: Findings,
  book: TallyBook,
  chain: SettlementChain,
  progress: (step: string, done: number) => void,
): Promise<void> {
  let [after, compared, waiting] = [0, 0, 0]
  for (;;) {
    const page = await book.list(after, pageSize)
    if (page.length === 0) break
    for (const { tally, anchor } of page) {
      const { zone, interval, run } = tally
      const where = `zone ${zone}, interval ${interval}, run ${run}`
      if (anchor === null) waiting += 1
      else {
        const found = (await chain.interval(zone, interval))?.runs[run]
        const hasRoots =
          found?.readingsRoot === tally.readingsRoot && found.postingsRoot === tally.postingsRoot
        if (hasRoots !== anchor.hasRoots) findings.differ('chain over time', where, said(hasRoots))
        else if (!anchorHolds(anchor)) findings.differ('chain over time', where, wrongIn(anchor))
        compared += 1
      }
      after = tally.journalSequence
    }
    progress('comparing what was seen of the chain', compared)
  }
  const open = waiting === 0 ? '' : `, ${waiting} were not seen there yet`
  findings.agree('chain over time', `${compared} runs are there as they were seen${open}`)
}

const said = (hasRoots: boolean): string =>
  hasRoots ? 'is there, and was kept as if it were not' : 'is not there, and was kept as if it were'

const wrongIn = ({ hasRoots, custody, ledger }: NonNullable<AnchoredTally['anchor']>): string =>
  hasRoots
    ? `${custody} micros were in custody for balances of ${ledger}`
    : 'the chain had other roots when it was looked at'
