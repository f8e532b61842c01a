/**
 * Goal: the ledger follows what owners do on the chain without the exchange: booked in the order of
 * the chain, once, over restarts too; and a debt booked too late for the chain shows in the health.
 * Method: the real lane and scheduler over a chain in memory whose time and events the test makes.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { availableOf, balanceOf } from '@busbar/core/ledger'
import { Micros } from '@busbar/core/units'
import { accountOf, SmallMarket, smallRulebook } from '../testing/small-market.ts'
import { fastEngine } from './engines.ts'
import type { ChainMovement } from './ports/chain.ts'
import { recover } from './recover.ts'

const account = accountOf('alice')
const intervalMs = smallRulebook.intervalSeconds * 1_000
const claimableAtMs = 12 * intervalMs
const of = (reference: string, amount: bigint) =>
  ({ reference, account, amount: Micros.from(amount) })
const request = (reference: string, amount: bigint): ChainMovement =>
  ({ kind: 'request', claimableAtMs, held: Micros.zero, ...of(reference, amount) })
const payment = (reference: string, amount: bigint): ChainMovement =>
  ({ kind: 'payment', ...of(reference, amount) })

const claims = (market: SmallMarket) =>
  market.chain.effects.filter(({ kind }) => kind === 'claim')
const stageOf = (market: SmallMarket) => market.state.ledger.claims.get(account)?.stage

async function mustAgree(market: SmallMarket): Promise<void> {
  const { ledger, participants } = market.state
  const balances = await market.chain.balances(3 + participants.length)
  for (const [one, balance] of balances.entries()) {
    equal(balanceOf(ledger, one), balance, `account ${one}`)
  }
}

test('a request is heard of, comes near, is paid for its owner, and is booked', async () => {
  const market = await SmallMarket.traded()
  market.chain.happen(request('a:0', 20_000_000n))
  const before = availableOf(market.state.ledger, account)
  await market.scheduler.recordMovements()
  equal(availableOf(market.state.ledger, account), before - 20_000_000n)
  equal(stageOf(market), 'requested')
  market.chain.now = claimableAtMs - intervalMs
  await market.scheduler.recordMovements()
  equal(stageOf(market), 'near')
  equal(claims(market).length, 0)
  market.chain.now = claimableAtMs
  for (let again = 0; again < 3; again += 1) await market.scheduler.recordMovements()
  deepEqual(claims(market), [{ kind: 'claim', account, reference: 'a:0' }])
  market.chain.happen(payment('b:0', 20_000_000n))
  for (let again = 0; again < 3; again += 1) await market.scheduler.recordMovements()
  equal(stageOf(market), undefined)
  await mustAgree(market)
})

test('all comes in the order of the chain, and the journal alone gives the state', async () => {
  const market = await SmallMarket.open()
  market.chain.happen(request('a:0', 10n))
  market.chain.happen({ kind: 'deposit', ...of('c:0', 5n) })
  market.chain.happen(payment('b:0', 10n))
  market.chain.happen(request('a:1', 7n))
  await market.scheduler.recordMovements()
  const kinds = market.store.entries.slice(-4).map(({ kind }) => kind)
  deepEqual(kinds, [
    'record_withdrawal_request', 'record_deposit', 'record_chain_withdrawal',
    'record_withdrawal_request',
  ])
  const { state, end } = await recover(market.store, fastEngine)
  const again = new SmallMarket({ store: market.store, chain: market.chain, state, end })
  const { length } = market.store.entries
  // It reads the chain from the first block, and knows all of it.
  await again.scheduler.recordMovements()
  equal(market.store.entries.length, length)
  equal(again.state.ledger.claims.get(account)?.reference, 'a:1')
  again.chain.now = claimableAtMs
  await again.scheduler.recordMovements()
  equal(claims(again).length, 1)
  await mustAgree(again)
})

test('an owner that leaves with all it has is booked', async () => {
  const market = await SmallMarket.traded()
  const all = (await market.chain.balances(account + 1))[account] ?? 0n
  market.chain.happen(payment('e:0', all))
  await market.scheduler.recordMovements()
  equal(balanceOf(market.state.ledger, account), 0n)
  await mustAgree(market)
})

test('what the chain paid and the ledger lacks is tried again, and lets others in', async () => {
  const market = await SmallMarket.open()
  market.chain.happen(payment('e:0', 50_000_003n))
  market.chain.happen(request('a:0', 9n))
  market.chain.happen({ kind: 'deposit', ...of('c:0', 2n) })
  await market.scheduler.recordMovements()
  equal(market.scheduler.unbookable, 2)
  equal(balanceOf(market.state.ledger, account), 50_000_002n)
  market.chain.happen({ kind: 'deposit', ...of('c:1', 1n) })
  await market.scheduler.recordMovements()
  await market.scheduler.recordMovements()
  equal(market.scheduler.unbookable, 0)
  equal(stageOf(market), 'requested')
  equal(balanceOf(market.state.ledger, account), 0n)
  await mustAgree(market)
})
