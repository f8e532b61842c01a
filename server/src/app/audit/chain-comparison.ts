import { bilateralZone, type IntervalRecord, rulebookFor, type State } from '@busbar/core/exchange'
import { balanceOf } from '@busbar/core/ledger'
import { firstParticipantAccount } from '@busbar/core/registry'
import type { Rulebook, TradeRules } from '@busbar/core/rulebook'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'
import { rulebookHash } from '@busbar/protocols/commitments'
import {
  isSealedBook,
  noFillsRoot,
  openClearingRoot,
  ordersRoot,
  runRoots,
} from '../commitments.ts'
import type { ChainClearing, ChainInterval, SettlementChain } from '../ports/chain.ts'
import type { Outbox } from '../ports/outbox.ts'
import type { SealedClearings } from '../sealed-clearings.ts'
import type { Findings } from './findings.ts'

/** Compares what the chain holds with what the journal, replayed, says it must hold. */
export async function compareWithChain(
  findings: Findings,
  state: State,
  chain: SettlementChain,
  outbox: Outbox,
  clearings: SealedClearings,
  progress: (step: string, done: number) => void,
): Promise<void> {
  const unfinished = await outbox.unfinished(1)
  if (unfinished.length > 0) {
    findings.notRun('chain', 'transactions are still on their way: start the exchange to send them')
    return
  }
  await compareBalances(findings, state, chain)
  await compareHolds(findings, state, chain)
  await comparePasskeys(findings, state, chain)
  let roots = 0
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      if (record.status === 'open') continue
      roots += await compareInterval(findings, state, record, chain, clearings)
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

/** What the chain was told to hold for trades is what the journal says it was told. */
async function compareHolds(
  findings: Findings,
  state: State,
  chain: SettlementChain,
): Promise<void> {
  const count = firstParticipantAccount + state.participants.length
  const accounts = Array.from({ length: count }, (_, account) => account)
  const { told } = state.trading.chainHolds
  const held = await chain.holds(state.trading.lastTrade === 0 ? [] : accounts)
  for (const [account, got] of held.entries()) {
    const expected = told.get(account)?.amount ?? 0n
    if (expected === got) continue
    const what = `${got} micros held for trades on the chain, ${expected} in the journal`
    findings.differ('chain', `account ${account}`, what)
  }
}

/** The chain pays by the passkeys that the journal says it was told of, and by no others. */
async function comparePasskeys(
  findings: Findings,
  state: State,
  chain: SettlementChain,
): Promise<void> {
  const told = new Map([...state.passkeysOnChain].map((publicKey) => {
    const account = state.passkeys.get(publicKey)?.account
    return [`${account}:${bytesToHex(keccak256(hexToBytes(publicKey)))}`, { account, publicKey }]
  }))
  for (const { account, keyHash } of await chain.admittedPasskeys()) {
    if (told.delete(`${account}:${keyHash}`)) continue
    findings.differ('chain', `account ${account}`, `pays by a passkey of hash ${keyHash}`)
  }
  for (const { account, publicKey } of told.values()) {
    findings.differ('chain', `account ${account}`, `does not pay by passkey ${publicKey}`)
  }
}

/** How many roots of the interval were compared. */
async function compareInterval(
  findings: Findings,
  state: State,
  record: IntervalRecord,
  chain: SettlementChain,
  clearings: SealedClearings,
): Promise<number> {
  const { zone, interval, runs } = record
  const where = `zone ${zone}, interval ${interval}`
  const differ = (what: string): void => findings.differ('chain roots', where, what)
  const found = await chain.interval(zone, interval)
  if (found === undefined) {
    differ('was never committed')
    return 0
  }
  const expected = {
    ordersRoot: ordersRoot(state, record),
    orderCount: record.orderCount,
    rulebookHash: rulebookHash(rulesOf(state, record)),
  }
  for (const name of ['ordersRoot', 'orderCount', 'rulebookHash'] as const) {
    if (found[name] !== expected[name]) differ(`${name} is another`)
  }
  if (record.status === 'fixed') {
    if (found.clearing !== null) differ('is cleared on the chain and not in the journal')
    return 2
  }
  const own = await clearingOf(state, record, clearings)
  compareClearing(differ, found, own)
  compareProof(differ, found, record)
  if (found.runs.length !== runs.length) {
    differ(`${found.runs.length} runs on the chain, ${runs.length} in the journal`)
  }
  for (const [index, run] of runs.entries()) {
    const posted = runRoots(state, record, run)
    const theirs = found.runs[index]
    for (const name of ['readingsRoot', 'postingsRoot'] as const) {
      if (theirs !== undefined && theirs[name] !== posted[name]) {
        findings.differ('chain roots', `${where}, run ${index}`, `${name} is another`)
      }
    }
  }
  return 3 + (own.fillsRoot === noFillsRoot ? 0 : 1) + 2 * runs.length
}

/** What an interval is bound to: the whole rulebook, or for trades what it says of these. */
function rulesOf(
  state: State,
  { zone, interval }: IntervalRecord,
): Rulebook | TradeRules | undefined {
  const rulebook = rulebookFor(state, interval)
  return zone === bilateralZone ? rulebook.trades : rulebook
}

/** What the chain must say of a clearing; of a sealed book from the opened orders, once more. */
async function clearingOf(
  state: State,
  record: IntervalRecord,
  clearings: SealedClearings,
): Promise<ChainClearing> {
  const { price, energy, voids, interval } = record
  const sealed = isSealedBook(state, record) ? await clearings.of(state, record) : undefined
  return {
    ...{ price, energy, voidCount: voids.size },
    fillsRoot: sealed?.statement.fillsRoot ?? noFillsRoot,
    clearingRoot: sealed?.clearingRoot ?? openClearingRoot(record),
  }
}

function compareClearing(
  differ: (what: string) => void,
  { clearing }: ChainInterval,
  expected: ChainClearing,
): void {
  if (clearing === null) {
    differ('is cleared in the journal and not on the chain')
    return
  }
  for (const name of ['clearingRoot', 'fillsRoot', 'price', 'energy', 'voidCount'] as const) {
    if (clearing[name] !== expected[name]) differ(`${name} is another`)
  }
}

/** The chain may know of a proof that the journal has not been told of yet, never the reverse. */
function compareProof(
  differ: (what: string) => void,
  { status }: ChainInterval,
  { proof }: IntervalRecord,
): void {
  const isProven = status === 'proven' || status === 'reexecuted'
  if (proof === 'proven' && !isProven) differ(`proven in the journal, ${status} on the chain`)
  if (status === 'faulty' && proof !== 'faulty') differ('was shown to be faulty on the chain')
}
