import {
  gateOf,
  intervalEnd,
  type IntervalRecord,
  intervalStart,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import { clearingRoots, rulebookHash, runRoots } from '../commitments.ts'
import type { IntervalView, RunView } from '../ports/exchange-views.ts'
import type { Outbox } from '../ports/outbox.ts'
import { commitmentOf, runTransactions } from './transactions.ts'

/** An interval as anybody may see it. Orders are counted, never shown. */
export async function intervalView(
  state: State,
  record: IntervalRecord,
  outbox: Outbox,
): Promise<IntervalView> {
  const { zone, interval, status, price, energy } = record
  const cleared = status !== 'open'
  let orderCount = 0
  for (const orders of record.orders.values()) orderCount += orders.length
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
    orderCount,
    rulebookHash: rulebookHash(rulebookFor(state, interval)),
    ...(cleared ? clearingRoots(record) : { ordersRoot: null, clearingRoot: null }),
    commitment: await commitmentOf(outbox, record),
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
