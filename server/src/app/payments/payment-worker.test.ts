/**
 * Goal: each payment is asked of its rail until there is an answer, as often as it must be and no
 * more, and a rail that is down holds back its own payments alone.
 * Method: a small market with contracts, whose rails say what the test wants; the time outside is a
 * number.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import type { OutsideRail, Payment } from '@busbar/core/payments'
import { interRetailer, type Rulebook } from '@busbar/core/rulebook'
import { type ContractTerms, noContract } from '@busbar/core/trades'
import { contractDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { contractMessage } from '@busbar/protocols/trades'
import {
  accountOf,
  first,
  meters,
  signedBy,
  SmallMarket,
  smallRulebook,
  startMs,
} from '../../testing/small-market.ts'
import type { PaymentRail, RailAnswer, RailRequest } from '../ports/rails.ts'
import type { Rails } from './payment-worker.ts'

const { trades } = interRetailer
if (trades === undefined) throw new Error('the rulebook is of trades')
const rulebook: Rulebook = {
  ...smallRulebook,
  reconciliation: interRetailer.reconciliation,
  trades: { ...trades, keyDelaySeconds: 0 },
}

type Said = Partial<RailAnswer> | Fault | Promise<never>

/** Says what it is told to, in turn, and then that all is done. */
class ToldRail implements PaymentRail {
  readonly asked: string[] = []
  readonly requests: RailRequest[] = []
  readonly says: Said[] = []

  async #answer(action: string, request: RailRequest, state: RailAnswer['state']) {
    this.asked.push(action)
    this.requests.push(request)
    const said = await (this.says.shift() ?? {})
    if (said instanceof Fault) throw said
    const { amountMicros, expiresAt } = request
    return { state, reference: 'hold:h', amountMicros, expiresAt, reason: '', ...said }
  }

  reserve = (request: RailRequest) => this.#answer('reserve', request, 'reserved')
  renew = (request: RailRequest) => this.#answer('renew', request, 'reserved')
  capture = (request: RailRequest) => this.#answer('capture', request, 'captured')
  release = (request: RailRequest) => this.#answer('release', request, 'released')
  collect = (request: RailRequest) => this.#answer('collect', request, 'captured')
  refund = (request: RailRequest) => this.#answer('refund', request, 'captured')
  look = (request: RailRequest) => this.#answer('look', request, 'reserved')
}

const down = (): Fault => new Fault('RAIL_UNAVAILABLE', { rail: 'r', step: 's', why: 'down' })

async function openMarket(rails: Rails): Promise<SmallMarket> {
  const market = await SmallMarket.open(rulebook, { rails, isReal: true })
  const textHash = `0x${'11'.repeat(32)}`
  for (const name of ['alice', 'bob']) {
    await market.instruct(name, 'consent_to_enforcement', { textHash })
  }
  await market.instruct('operator', 'assign_utility', { zone: 0, utility: accountOf('grid') })
  return market
}

let contracts = 0

async function agree(market: SmallMarket, rail: OutsideRail, ahead = 4): Promise<void> {
  contracts += 1
  const retailer = accountOf('retailer')
  const terms: ContractTerms = {
    id: `0x${contracts.toString(16).padStart(32, '0')}`,
    ...{ seller: accountOf('alice'), buyer: accountOf('bob') },
    ...{ sellerMeter: meters.alice, buyerMeter: meters.bob },
    ...{ sellerRetailer: retailer, buyerRetailer: retailer },
    ...{ fromInterval: first + ahead, intervals: 1 },
    profile: { kind: 'per-interval', energyWh: 400 },
    ...{ priceMicrosPerKwh: 200_000, toleranceBasisPoints: 1_000, penaltyBasisPoints: 1_000 },
    ...{ buyerShort: 'actual', exitFeeMicros: null, rail, platform: null },
    ...{ platformFeeMicrosPerKwh: 0, expiresAt: startMs, replaces: noContract },
  }
  const digest = contractDigest(market.domain, contractMessage(terms))
  const signed = (name: string) => ({
    ...{ id: market.id(), account: accountOf(name), signature: signedBy(name, digest) },
  })
  const [proposed] = await market.intake.contracts([{ ...signed('alice'), terms }])
  equal(proposed?.kind, 'accepted', JSON.stringify(proposed))
  const acceptance = { ...signed('bob'), contract: bytesToHex(digest) }
  const [accepted] = await market.intake.acceptances([acceptance])
  equal(accepted?.kind, 'accepted', JSON.stringify(accepted))
}

const paymentsOf = (market: SmallMarket): Payment[] => [...market.state.trading.payments.values()]
const statesOf = (market: SmallMarket): string[] => paymentsOf(market).map(({ state }) => state)

describe('a payment', () => {
  test('is set aside once', async () => {
    const rail = new ToldRail()
    const market = await openMarket({ 'money-block': rail })
    await agree(market, 'money-block')
    await market.payments.run()
    await market.payments.run()
    deepEqual([statesOf(market), rail.asked], [['reserved'], ['reserve']])
    equal(market.payments.lines[0]?.waiting, 0)
  })

  test('is asked again with the same key, later each time, while the rail is down', async () => {
    const rail = new ToldRail()
    rail.says.push(down(), down(), down())
    const market = await openMarket({ 'money-block': rail })
    await agree(market, 'money-block')
    const counts: number[] = []
    for (const [ms] of [[0], [499], [500], [1_499], [1_500], [3_499]] as const) {
      market.wallNow = ms
      await market.payments.run()
      counts.push(rail.asked.length)
    }
    deepEqual(counts, [1, 1, 2, 2, 3, 3])
    const [line] = market.payments.lines
    equal(line?.troubled, 1)
    match(line?.lastError ?? '', /RAIL_UNAVAILABLE/)
    market.wallNow = 3_500
    await market.payments.run()
    deepEqual([statesOf(market), line?.troubled, line?.lastError], [['reserved'], 0, ''])
    equal(new Set(rail.requests.map(({ key }) => key)).size, 1)
    equal(market.reported.length, 3)
  })

  test('is looked at where the payer has not decided', async () => {
    const rail = new ToldRail()
    rail.says.push({ state: 'pending' }, { state: 'pending' })
    const market = await openMarket({ 'money-block': rail })
    await agree(market, 'money-block')
    for (const ms of [0, 29_999, 30_000, 60_000]) {
      market.wallNow = ms
      await market.payments.run()
    }
    deepEqual([statesOf(market), rail.asked], [['reserved'], ['reserve', 'look', 'look']])
  })

  test('that its rail has lost is noticed when the rail says so', async () => {
    const rail = new ToldRail()
    const market = await openMarket({ 'money-block': rail })
    await agree(market, 'money-block')
    await market.payments.run()
    ok(await market.payments.wake(1))
    deepEqual(statesOf(market), ['reserved'])
    rail.says.push({ state: 'expired', expiresAt: null })
    ok(await market.payments.wake(1))
    deepEqual([statesOf(market), rail.asked], [['expired'], ['reserve', 'look', 'look']])
    ok(market.state.trading.defaults.size > 0)
  })

  test('whose renewal is declined is let go at the rail, and fails before delivery', async () => {
    const rail = new ToldRail()
    const market = await openMarket({ 'money-block': rail })
    rail.says.push({ expiresAt: startMs + 60_000 })
    await agree(market, 'money-block')
    await market.payments.run()
    rail.says.push({ state: 'failed', reason: 'renewal_declined' })
    market.now = startMs + 30_000
    await market.scheduler.run()
    await market.payments.run()
    deepEqual([statesOf(market), rail.asked], [['expired'], ['reserve', 'renew', 'release']])
    ok(market.state.trading.defaults.size > 0)
  })
})

test('a rail that does not answer holds back no other', async () => {
  const [slow, quick] = [new ToldRail(), new ToldRail()]
  slow.says.push(new Promise<never>(() => undefined))
  const market = await openMarket({ 'money-block': slow, 'bill-seller': quick })
  await agree(market, 'bill-seller', 1)
  await agree(market, 'money-block', 5)
  void market.payments.run()
  await new Promise((resolve) => setTimeout(resolve, 20))
  deepEqual([slow.asked, quick.asked], [['reserve'], []])
  for (let boundary = 1; boundary <= 2; boundary += 1) {
    await market.to(boundary)
    await market.read(boundary, { alice: [0, boundary * 400], bob: [boundary * 400, 0] })
  }
  market.now = startMs + 3 * 3_600_000
  await market.scheduler.run()
  void market.payments.run()
  await new Promise((resolve) => setTimeout(resolve, 50))
  deepEqual(quick.asked, ['collect'])
})
