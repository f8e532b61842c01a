/**
 * Goal: a set of more than 4,096 orders is taken, opened, cleared, settled and proven by a server,
 * a prover and a chain: each part in a transaction of its own, and then what joins them.
 * Method: a real server on anvil, a committee, and the native prover with the circuits of that
 * size. It takes minutes, so it is run where BUSBAR_LARGE_ORDERS says how many orders.
 */
import { equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Signer, sealingTerms, withPrivateKey } from '@busbar/client'
import { Prover, type ProverEvent, runProver } from '@busbar/proofs'
import { batchLimits } from '@busbar/protocols/api'
import { accountOf, first, liveKeyOf, liveRulebook } from '@busbar/server/testing/live-market'
import { type DisputedMarket, startDisputedMarket } from '../testing/disputed-market.ts'
import { serverSource } from './server-source.ts'

const orderCount = Number(process.env['BUSBAR_LARGE_ORDERS'] ?? 0)
const skip = orderCount > 0 ? false : 'it takes minutes: BUSBAR_LARGE_ORDERS=4100'
const half = Math.floor(orderCount / 2)

describe('a batch of very many orders', { skip }, () => {
  let disputed: DisputedMarket
  before(async () => {
    const rulebook = { ...liveRulebook, ordersPerAccountMax: 10_000 }
    disputed = await startDisputedMarket({ rulebook })
  })
  after(() => disputed.stop())

  /** Prices apart, and energies too, so that the margin has some of them. */
  async function place(name: 'alice' | 'bob', meter: number, count: number): Promise<void> {
    const { client } = disputed
    const sign = withPrivateKey(liveKeyOf(name))
    const signer = new Signer({ domain: await client.domain(), account: accountOf(name), sign })
    const terms = sealingTerms(await client.market(), { zone: 0, interval: first })
    const side = name === 'alice' ? 'sell' : 'buy'
    for (let from = 0; from < count; from += batchLimits.orders) {
      const orders = []
      for (let n = from; n < Math.min(count, from + batchLimits.orders); n += 1) {
        const limitMicrosPerKwh = 100_000 + 10 * (side === 'sell' ? n : half - n)
        const order = { meter, side, energyWh: 1 + (n % 5), limitMicrosPerKwh } as const
        const sealed = await signer.sealedOrder(terms, { ...order, collateralMicros: 3_000 })
        orders.push(sealed.order)
      }
      const results = await client.submitSealedOrders(orders)
      for (const { kind } of results) equal(kind, 'accepted')
    }
  }

  test('is cleared and settled', async () => {
    const { client, market } = disputed
    for (const name of ['alice', 'bob'] as const) {
      await market.instruct('grid', 'register_meter', {
        ...{ name: `${name}-virtual`, kind: 'virtual', account: accountOf(name), zone: 0 },
        ...{ gateway: null, importWattsMax: 10_000_000, exportWattsMax: 10_000_000, digits: 9 },
      })
    }
    await place('alice', 2, orderCount - half)
    await place('bob', 3, half)
    await market.to(1)
    const view = await client.interval(0, first)
    equal(view.orderCount, orderCount)
    equal(view.voidCount, 0)
    ok(view.energyWh > 0)
    equal(view.proof.state, 'awaited')
  })

  test('is proven on the chain, part by part', async () => {
    const { market, client } = disputed
    const prover = new Prover({ srs: 'development' })
    const kinds: ProverEvent['kind'][] = []
    const stop = new AbortController()
    const report = await runProver({
      source: serverSource(await market.as('prover'), { sizeMax: 4_096 }),
      prove: (batch) => prover.prove(batch),
      signal: stop.signal,
      onEvent({ kind }) {
        kinds.push(kind)
        if (kind !== 'claimed') stop.abort()
      },
      // The market's clock stands still.
      nowMs: () => 0,
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: () => 0.5,
    })
    equal(report.taken, 1, kinds.join())
    for (let turn = 0; turn < 400; turn += 1) {
      await client.setClock((await client.market()).clock.nowMs)
      if ((await client.interval(0, first)).proof.state === 'proven') break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const { proof } = await client.interval(0, first)
    equal(proof.state, 'proven')
    match(proof.transaction?.description ?? '', /prove/)
    ok((proof.transaction?.gasUsed ?? 0) < 1_300_000, `${proof.transaction?.gasUsed}`)
  })
})
