/**
 * Goal: what the chain had of a run is kept once, when all of it was final there; a chain that
 * differs, or does not cover what the ledger owes, is kept as wrong, and neither a chain that does
 * not answer nor a payment on its way into the ledger is.
 * Method: a small market on a chain in memory that a test makes lie, pay, or fall silent.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { Micros } from '@busbar/core/units'
import { accountOf, first, SmallMarket } from '../../testing/small-market.ts'
import { compareAnchors } from '../audit/tally-audit.ts'
import { Findings } from '../audit/findings.ts'
import { tallyState } from '../ports/tally-rules.ts'
import { BookWatch } from './book-watch.ts'

async function setUp() {
  const market = await SmallMarket.traded()
  const watch = { ms: 0 }
  const { lane, store, chain } = market
  const clock = { now: () => market.now }
  const books = new BookWatch({ lane, store, chain, clock, nowMs: () => watch.ms })
  const states = async () => (await store.tallies.ofInterval(first)).map(tallyState)
  return { market, store, chain, watch, books, states }
}

const minutes = (count: number): number => count * 60_000

describe('a sound market', () => {
  test('has every run on the chain, seen once', async () => {
    const { market, store, books, states } = await setUp()
    deepEqual(await states(), ['waiting'])
    await books.look()
    deepEqual(await states(), ['holds'])
    const before = [...store.tallies.anchors.values()]
    const sums = before.map(({ custody, ledger }) => [custody, ledger])
    deepEqual(sums, [[200_000_000n, 200_000_000n]])
    market.now += minutes(1)
    await books.look()
    deepEqual([...store.tallies.anchors.values()], before)
  })

  test('is looked at again where something became final', async () => {
    const { books } = await setUp()
    equal(books.isDue, true)
    await books.look()
    equal(books.isDue, false)
    books.hearFinal()
    equal(books.isDue, true)
    await books.look()
    equal(books.isDue, false)
  })

  test('is looked through to its end, however many runs wait', async () => {
    const { market, store, books } = await setUp()
    for (let interval = 2; interval < 30; interval += 1) await market.to(interval)
    await books.look()
    ok(store.tallies.kept.length > 32)
    equal(store.tallies.anchors.size, store.tallies.kept.length)
  })

  test('waits for transactions that are not final, and goes on behind them', async () => {
    const { market, store, books, states } = await setUp()
    const [tally] = store.tallies.kept
    const item = store.items.findIndex((one) => one.journalSequence === tally?.journalSequence)
    const known = store.items[item]
    if (known === undefined) throw new Error('the run has a transaction')
    store.items[item] = { ...known, status: 'mined' }
    await market.to(2)
    await books.look()
    deepEqual(await states(), ['waiting'])
    equal(store.tallies.anchors.size, store.tallies.kept.length - 1)
    store.items[item] = known
    await books.look()
    deepEqual(await states(), ['holds'])
  })
})

describe('a difference', () => {
  test('in a root is kept as wrong when it stays, and the audit tells of it', async () => {
    const { store, chain, watch, books, states } = await setUp()
    const [run] = (await chain.interval(0, first))?.runs ?? []
    if (run === undefined) throw new Error('the chain has the run')
    chain.forge(0, first, { runs: [{ ...run, postingsRoot: `0x${'9'.repeat(64)}` }] })
    await books.look()
    deepEqual([await states(), books.isDue], [['waiting'], true])
    watch.ms += minutes(2)
    await books.look()
    deepEqual([await states(), books.isDue], [['wrong'], false])
    const findings = new Findings()
    await compareAnchors(findings, store.tallies, chain, () => undefined)
    equal(findings.report().differences[0]?.what, 'the chain had other roots when it was looked at')
    // Put right afterwards, it is still known that it was wrong, and that it is right now.
    chain.forge(0, first, { runs: [run] })
    const again = new Findings()
    await compareAnchors(again, store.tallies, chain, () => undefined)
    equal(again.report().differences[0]?.what, 'is there, and was kept as if it were not')
  })

  test('in what covers the ledger is kept as wrong when it stays', async () => {
    const { chain, watch, books, states, store } = await setUp()
    chain.accounts.set(accountOf('bob'), (chain.accounts.get(accountOf('bob')) ?? 0n) - 1n)
    await books.look()
    deepEqual(await states(), ['waiting'])
    watch.ms += minutes(2)
    await books.look()
    deepEqual(await states(), ['wrong'])
    const [anchor] = store.tallies.anchors.values()
    const { hasRoots, custody, ledger } = anchor ?? {}
    deepEqual([hasRoots, custody, ledger], [true, 199_999_999n, 200_000_000n])
    const findings = new Findings()
    await compareAnchors(findings, store.tallies, chain, () => undefined)
    const what = '199999999 micros were in custody for balances of 200000000'
    equal(findings.report().differences[0]?.what, what)
  })

  test('that passes is none: a payment that is booked a moment later', async () => {
    const { market, chain, watch, books, states } = await setUp()
    const account = accountOf('bob')
    const amount = Micros.from(1_000n)
    chain.happen({ kind: 'payment', reference: `0x${'7'.repeat(64)}:0`, account, amount })
    await books.look()
    deepEqual(await states(), ['waiting'])
    await market.scheduler.recordMovements()
    watch.ms += minutes(3)
    await books.look()
    deepEqual(await states(), ['holds'])
  })

  test('of a run whose transaction was given up is wrong without looking', async () => {
    const { store, books, states } = await setUp()
    const { journalSequence } = store.tallies.kept[0] ?? {}
    const item = store.items.findIndex((one) => one.journalSequence === journalSequence)
    const known = store.items[item]
    if (known !== undefined) store.items[item] = { ...known, status: 'failed' }
    await books.look()
    deepEqual(await states(), ['wrong'])
    equal(store.tallies.anchors.size, 0)
  })
})

describe('a chain that does not answer', () => {
  test('is asked later, and nothing is claimed about it', async () => {
    const { chain, books, states } = await setUp()
    const { interval } = chain
    chain.interval = () => Promise.reject(new Fault('CHAIN_UNREACHABLE', {}))
    await books.look()
    deepEqual(await states(), ['waiting'])
    equal(books.isDue, true)
    chain.interval = interval
    await books.look()
    deepEqual(await states(), ['holds'])
  })
})
