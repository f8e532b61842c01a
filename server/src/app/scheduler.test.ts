/**
 * Goal: what falls due is done once, in order, also after the market stood still; and never early.
 * Method: a market on doubles whose clock the test moves; the journal says what was done and when.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { Micros } from '@busbar/core/units'
import { accountOf, first, SmallMarket, smallRulebook } from '../testing/small-market.ts'

/** The kinds of entries after `from`, with the interval they are about, counted from the first. */
const done = (market: SmallMarket, from: number): readonly (readonly [string, number])[] =>
  market.store.entries.slice(from).map(({ kind, body }) => {
    const { interval } = JSON.parse(body) as { readonly interval?: number }
    return [kind, (interval ?? first) - first] as const
  })

const deposits = (market: SmallMarket): number =>
  market.store.entries.filter(({ kind }) => kind === 'record_deposit').length

test('a gate closes when its time has come and not before', async () => {
  const market = await SmallMarket.open()
  const from = market.store.entries.length
  await market.to(-1, 239)
  deepEqual(done(market, from), [])
  await market.to(-1, 240)
  deepEqual(done(market, from), [['close_gate', 0]])
})

test('after hours of standing still all gates close in order', async () => {
  const market = await SmallMarket.open()
  const from = market.store.entries.length
  await market.to(5)
  const gates = done(market, from).filter(([kind]) => kind === 'close_gate')
  deepEqual(gates.map(([, interval]) => interval), [0, 1, 2, 3, 4, 5])
})

test('a run comes when all meters have spoken, a correction with its reading', async () => {
  const market = await SmallMarket.traded()
  const runs = () => market.state.intervals.get(0)?.get(first)?.runs.map(({ kind }) => kind)
  deepEqual(runs(), ['provisional'])
  equal(market.scheduler.unsettled > 0, true)
  await market.read(1, { alice: [0, 600] }, 1)
  deepEqual(runs(), ['provisional'])
  await market.scheduler.run()
  deepEqual(runs(), ['provisional', 'provisional'])
  await market.to(smallRulebook.finalAfterIntervals + 1)
  await market.read(1, { alice: [0, 500] }, 2)
  await market.scheduler.run()
  deepEqual(runs(), ['provisional', 'provisional', 'final', 'resettled'])
})

test('without readings a run waits for the deadline', async () => {
  const market = await SmallMarket.open()
  await market.intake.orders([market.order('alice'), market.order('bob', { side: 'buy' })])
  const runs = () => market.state.intervals.get(0)?.get(first)?.runs.length
  await market.to(1, smallRulebook.readingDeadlineSeconds - 1)
  equal(runs(), 0)
  await market.to(1, smallRulebook.readingDeadlineSeconds)
  equal(runs(), 1)
})

test('the final run comes when its time has come, and then nothing waits', async () => {
  const market = await SmallMarket.traded()
  const status = () => market.state.intervals.get(0)?.get(first)?.status
  await market.to(smallRulebook.finalAfterIntervals, 299)
  equal(status(), 'provisional')
  await market.to(smallRulebook.finalAfterIntervals + 1)
  equal(status(), 'final')
})

test('what still waits for a run is found again from the state', async () => {
  const market = await SmallMarket.traded()
  const { state, end } = { state: market.state, end: market.lane.end }
  const again = new SmallMarket({ ...market, state, end })
  equal(again.scheduler.unsettled, market.scheduler.unsettled)
  await again.to(smallRulebook.finalAfterIntervals + 1)
  equal(state.intervals.get(0)?.get(first)?.status, 'final')
})

test('a deposit is booked once, however often the chain shows it', async () => {
  const market = await SmallMarket.open()
  equal(deposits(market), 4)
  const reference = `0x${'ab'.repeat(32)}:0`
  const [account, amount] = [accountOf('bob'), Micros.from(5n)]
  market.chain.movements.push({ kind: 'deposit', reference, account, amount })
  for (let count = 0; count < 3; count += 1) await market.scheduler.recordMovements()
  equal(deposits(market), 5)
  equal(market.state.ledger.balances.get(accountOf('bob')), 50_000_005n)
})

test('a deposit for nobody is not booked, and does not keep others out', async () => {
  const market = await SmallMarket.open()
  const amount = Micros.from(7n)
  market.chain.movements.push({ kind: 'deposit', reference: 'x:0', account: 999, amount })
  const account = accountOf('alice')
  market.chain.movements.push({ kind: 'deposit', reference: 'x:1', account, amount })
  await market.scheduler.recordMovements()
  equal(deposits(market), 5)
})

test('calls at the same time are joined', async () => {
  const market = await SmallMarket.open()
  const from = market.store.entries.length
  market.now += 600_000
  await Promise.all([market.scheduler.run(), market.scheduler.run(), market.scheduler.run()])
  const gates = done(market, from).filter(([kind]) => kind === 'close_gate')
  equal(new Set(gates.map(([, interval]) => interval)).size, gates.length)
})
