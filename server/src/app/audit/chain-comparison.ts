import { type IntervalRecord, rulebookFor, type State } from '@busbar/core/exchange'
import { balanceOf } from '@busbar/core/ledger'
import { firstParticipantAccount } from '@busbar/core/registry'
import { clearingRoots, rulebookHash, runRoots } from '../commitments.ts'
import type { SettlementChain } from '../ports/chain.ts'
import type { Outbox } from '../ports/outbox.ts'
import type { Findings } from './findings.ts'

/** Compares what the chain holds with what the journal, replayed, says it must hold. */
export async function compareWithChain(
  findings: Findings,
  state: State,
  chain: SettlementChain,
  outbox: Outbox,
  progress: (step: string, done: number) => void,
): Promise<void> {
  const unfinished = await outbox.unfinished(1)
  if (unfinished.length > 0) {
    findings.notRun('chain', 'transactions are still on their way: start the exchange to send them')
    return
  }
  await compareBalances(findings, state, chain)
  let roots = 0
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      if (record.status === 'open') continue
      roots += await compareInterval(findings, state, record, chain)
      progress('comparing roots', roots)
    }
  }
  findings.agree('chain roots', `${roots} roots recomputed and found on the chain`)
}

async function compareBalances(
  findings: Findings,
  state: State,
  chain: SettlementChain,
): Promise<void> {
  const count = firstParticipantAccount + state.participants.length
  const [balances, supply] = await Promise.all([chain.balances(count), chain.supply()])
  let sum = 0n
  for (let account = 0; account < count; account += 1) {
    const expected = balanceOf(state.ledger, account)
    const got = balances[account] ?? 0n
    sum += expected
    if (expected === got) continue
    const what = `${got} micros on the chain, ${expected} in the journal`
    findings.differ('chain', `account ${account}`, what)
  }
  // More than the accounts hold may lie there: tokens that somebody sent without depositing them.
  if (supply.held < sum) {
    findings.differ('chain', 'custody', `holds ${supply.held} micros for balances of ${sum}`)
  }
  findings.agree('chain', `${count} balances equal, ${supply.held} micros in custody`)
}

/** How many roots of the interval were compared. */
async function compareInterval(
  findings: Findings,
  state: State,
  record: IntervalRecord,
  chain: SettlementChain,
): Promise<number> {
  const { zone, interval, runs } = record
  const where = `zone ${zone}, interval ${interval}`
  const found = await chain.interval(zone, interval)
  if (found === undefined) {
    findings.differ('chain roots', where, 'was never committed')
    return 0
  }
  const expected = {
    ...clearingRoots(record),
    rulebookHash: rulebookHash(rulebookFor(state, interval)),
  }
  for (const name of ['ordersRoot', 'clearingRoot', 'rulebookHash'] as const) {
    if (found[name] !== expected[name]) findings.differ('chain roots', where, `${name} is another`)
  }
  if (found.runs.length !== runs.length) {
    const what = `${found.runs.length} runs on the chain, ${runs.length} in the journal`
    findings.differ('chain roots', where, what)
  }
  for (const [index, run] of runs.entries()) {
    const own = runRoots(state, record, run)
    const theirs = found.runs[index]
    for (const name of ['readingsRoot', 'postingsRoot'] as const) {
      if (theirs !== undefined && theirs[name] !== own[name]) {
        findings.differ('chain roots', `${where}, run ${index}`, `${name} is another`)
      }
    }
  }
  return 3 + 2 * runs.length
}
