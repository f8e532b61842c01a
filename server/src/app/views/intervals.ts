import {
  gateOf,
  intervalEnd,
  type IntervalRecord,
  intervalStart,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import { rulebookHash } from '@busbar/protocols/commitments'
import { openClearingRoot, ordersRoot, runRoots } from '../commitments.ts'
import type { IntervalView, RunView } from '../ports/exchange-views.ts'
import type { Outbox } from '../ports/outbox.ts'
import type { SealedClearings } from '../sealed-clearings.ts'
import { commitmentOf, proofTransaction, runTransactions } from './transactions.ts'

/** An interval as anybody may see it. Orders are counted, never shown. */
export async function intervalView(
  state: State,
  record: IntervalRecord,
  outbox: Outbox,
  clearings: SealedClearings,
): Promise<IntervalView> {
  const { zone, interval, status, price, energy, openedSequence } = record
  const rulebook = rulebookFor(state, interval)
  const isSealed = rulebook.orderBook !== 'open'
  const isCleared = openedSequence >= 0
  const sealed = isSealed && isCleared ? await clearings.of(state, record) : undefined
  const runs = await Promise.all(record.runs.map((run) => runView(state, record, run, outbox)))
  return {
    zone,
    interval,
    gateMs: gateOf(state, interval),
    startMs: intervalStart(state, interval),
    endMs: intervalEnd(state, interval),
    status,
    price,
    energy,
    // A snapshot of before there were any has none.
    curves: record.curves ?? null,
    orderBook: rulebook.orderBook,
    orderCount: record.orderCount,
    voidCount: record.voids.size,
    rulebookHash: rulebookHash(rulebook),
    ordersRoot: status === 'open' ? null : ordersRoot(state, record),
    clearingRoot: isCleared ? (sealed?.clearingRoot ?? openClearingRoot(record)) : null,
    fillsRoot: sealed?.statement.fillsRoot ?? null,
    commitment: await commitmentOf(outbox, record),
    proof: {
      state: record.proof,
      reference: record.proofReference,
      transaction: await proofTransaction(outbox, record),
    },
    runs,
  }
}

async function runView(
  state: State,
  record: IntervalRecord,
  run: Run,
  outbox: Outbox,
): Promise<RunView> {
  return {
    run: run.run,
    kind: run.kind,
    atMs: run.at,
    energy: run.energy,
    accountCount: run.net.length,
    estimatedMeterCount: run.estimated.length,
    ...runRoots(state, record, run),
    transactions: await runTransactions(outbox, record, run),
  }
}

/** The intervals of a page: from `from` on, or the newest that were cleared. Ascending. */
export function intervalNumbers(
  state: State,
  zone: number,
  { from, limit }: { readonly from: number | undefined; readonly limit: number },
): readonly number[] {
  const numbers = [...(state.intervals.get(zone)?.keys() ?? [])].sort((a, b) => a - b)
  return from === undefined
    ? numbers.filter((number) => number <= state.clearedThrough).slice(-limit)
    : numbers.filter((number) => number >= from).slice(0, limit)
}
