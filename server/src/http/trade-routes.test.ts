/**
 * Goal: every route about trades carries what the port gives, in the form that its schema promises,
 * to each reader the part that concerns it.
 * Method: the real app on a socket over an exchange in memory; each answer is checked by the
 * route's own schema. A route that nobody asked fails the last test.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, pagesOf } from '@busbar/client'
import type { OfferContent } from '@busbar/core/trades'
import { type PartyTrade, problemOf, tradeRoutes } from '@busbar/protocols/api'
import { asked, checkedFetch } from './testing/checked-fetch.ts'
import type { people } from './testing/exchange-double.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'
import { terms } from './testing/trading-views.ts'

type Body = Readonly<Record<string, unknown>>

describe('routes of trades', () => {
  let harness: Harness
  let client: BusbarClient

  before(async () => {
    harness = await openServer()
    client = new BusbarClient({ baseUrl: harness.url, fetch: checkedFetch })
  })

  after(async () => {
    await harness.server.stop()
    deepEqual(harness.reported, [], 'nothing failed on the way')
  })

  /** What a reader gets, or nobody in particular. */
  async function read(path: string, name?: keyof typeof people) {
    const credential = name && (await signerOf(name).credential(Date.now() + 3_600_000))
    const headers = credential === undefined ? {} : { authorization: credential }
    const response = await checkedFetch(`${harness.url}${path}`, { headers })
    return { status: response.status, body: (await response.json()) as Body }
  }

  test('contracts are proposed and accepted, and known by their digest', async () => {
    const proposal = await signerOf('alice').proposal(terms)
    const proposed = await client.trades.propose(proposal)
    deepEqual([proposed.id, proposed.trade], [proposal.id, 1])
    equal((await client.trades.submitProposals([proposal, proposal])).length, 2)
    const acceptance = await signerOf('bob').acceptance(proposal.terms)
    const accepted = await client.trades.accept(acceptance)
    deepEqual([accepted.digest, accepted.trade], [acceptance.contract, 1])
    equal((await client.trades.submitAcceptances([acceptance, acceptance])).length, 2)
  })

  test('a contract that breaks the schema is refused by its field', async () => {
    const proposal = await signerOf('alice').proposal(terms)
    const wrong = { ...proposal, terms: { ...proposal.terms, intervals: 0 } }
    const field = 'contracts[0].terms.intervals'
    await rejects(client.trades.propose(wrong), { code: 'field_invalid', field })
    const nothing = { ...proposal.terms, profile: { kind: 'per-interval', energyWh: 0 } } as const
    await client.trades.propose({ ...proposal, terms: nothing })
  })

  test('instructions about trades have their answers', async () => {
    const signer = signerOf('alice')
    const contract = `0x${'c1'.repeat(32)}`
    const hash = `0x${'0d'.repeat(32)}`
    const offer: OfferContent = {
      ...{ meter: 0, side: 'sell', source: 'solar', fromInterval: 120, intervals: 4 },
      ...{ energyWhPerInterval: 400, rails: ['prepaid'], expiresAt: 36_000_000 },
      ladder: [{ with: 'anyone', number: null, source: 'any', priceMicrosPerKwh: -5 }],
      ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 500 },
    }
    const limit = { trade: 1, fromInterval: 120, intervals: 4, energyWh: 0, reason: 'fault' }
    const made = await Promise.all([
      signer.instruction('decline_trade', { contract }),
      signer.instruction('withdraw_trade', { contract }),
      signer.instruction('exit_trade', { contract }),
      signer.instruction('place_offer', offer),
      signer.instruction('withdraw_offer', { offer: 1 }),
      signer.instruction('limit_delivery', limit),
      signer.instruction('set_wheeling', { fromInterval: 400, microsPerKwh: 9 }),
      signer.instruction('assign_utility', { zone: 0, utility: 6 }),
      signer.instruction('consent_to_enforcement', { textHash: hash }),
      signer.instruction('record_agreement', {
        ...{ retailers: [3, 4], basis: 'bilateral', documentHash: hash },
        ...{ fromInterval: 400, untilInterval: null },
      }),
      signer.instruction('appeal_default', { default: 1, grounds: hash }),
      signer.instruction('decide_appeal', { default: 1, upheld: true }),
      signer.instruction('record_enforcement', { default: 1, step: 'fine', evidence: hash }),
      signer.instruction('record_recovery', { default: 1, amountMicros: 9, reference: 'r' }),
      signer.instruction('top_up_prepaid', { account: 4, amountMicros: 9, reference: 'r' }),
      signer.instruction('postpone_payment', { payment: 1 }),
    ])
    const results = await client.submitInstructions(made)
    deepEqual(
      results.map((result) => (result.kind === 'accepted' ? result.result.kind : result.code)),
      [
        'trade_changed', 'trade_changed', 'trade_changed', 'offer_changed', 'offer_changed',
        'delivery_limited', 'wheeling_set', 'utility_assigned', 'consent_given',
        'agreement_recorded', 'default_changed', 'default_changed', 'default_changed',
        'default_changed', 'prepaid_topped_up', 'payment_recorded',
      ],
    )
  })

  test('the board pages and filters, for anybody', async () => {
    const { body } = await read('/v1/offers?limit=1')
    deepEqual([(body.offers as unknown[]).length, body.nextFrom], [1, 2])
    deepEqual((await read('/v1/offers?side=buy')).body, { offers: [], nextFrom: null })
    equal((await read('/v1/offers?source=coal')).body.code, 'field_invalid')
  })

  test('trades are shown to whom they concern, page by page', async () => {
    const { body } = await read('/v1/trades?limit=1', 'alice')
    equal(body.nextFrom, 2)
    const [trade] = body.trades as readonly PartyTrade[]
    equal(trade?.relation, 'party')
    deepEqual(trade.versions[0]?.terms, JSON.parse(JSON.stringify(terms)))
    equal(trade.proposal?.requester, 5)
    deepEqual((await read('/v1/trades', 'prover')).body, { trades: [], nextFrom: null })
    equal((await read('/v1/trades')).status, problemOf('credential_missing').status)
  })

  test('one trade and its deliveries are there, or look as if they were not', async () => {
    for (const path of ['/v1/trades/1', '/v1/trades/1/deliveries?from=121']) {
      equal((await read(path, 'bob')).status, 200)
      equal((await read(path, 'prover')).body.code, 'not_found')
    }
    equal((await read('/v1/trades/2', 'bob')).body.code, 'not_found')
    const { body } = await read('/v1/trades/1/deliveries', 'operator')
    const [first] = body.deliveries as readonly { readonly sellerMicros: number }[]
    equal(first?.sellerMicros, 200_000)
  })

  test('proofs of contracts are shown to all whom the trade concerns', async () => {
    const { body } = await read('/v1/trades/1/proofs', 'alice')
    const shown = (body.contracts as readonly Body[]).map(({ contract, fixedWith, proof }) => [
      contract, fixedWith, (proof as Body | null)?.count,
    ])
    deepEqual(shown, [[`0x${'c0'.repeat(32)}`, 100, 2], [`0x${'c1'.repeat(32)}`, null, undefined]])
    equal((await read('/v1/trades/1/proofs', 'prover')).body.code, 'not_found')
    const { trades } = client.as(() => signerOf('alice').credential(Date.now() + 3_600_000))
    equal((await trades.proofs(1))[0]?.proof?.index, 1)
  })

  test('payments, defaults and what is declared are their account’s', async () => {
    const paths = [
      '/v1/accounts/4/offers',
      '/v1/accounts/4/payments', '/v1/accounts/4/defaults', '/v1/retailers/4/declarations',
      '/v1/retailers/4/meter-data-requests', '/v1/utilities/4/schedule',
      '/v1/retailers/4/metered-energy', '/v1/retailers/4/customers',
      '/v1/retailers/4/customer-energy?from=100&intervals=2',
      '/v1/utilities/4/wheeling',
    ]
    for (const path of paths) {
      equal((await read(path, 'alice')).status, 200, path)
      equal((await read(path, 'bob')).body.code, 'access_denied', path)
    }
    for (const what of ['declarations', 'metered-energy']) {
      const { body } = await read(`/v1/retailers/4/${what}?limit=2`, 'alice')
      equal(body.nextFrom, 102)
      const until = await read(`/v1/retailers/4/${what}?limit=2&until=101`, 'alice')
      equal(until.body.nextFrom, null)
    }
  })

  test('why a cent is what it is, with its contracts and wherever it is paid', async () => {
    const reader = client.as(() => signerOf('alice').credential(Date.now() + 3_600_000))
    const why = await reader.accountInterval(4, 100)
    const [zone] = why.zones
    deepEqual(zone?.runs[0]?.dues.map((line) => [line.trade, line.amountMicros]), [[1, 25_000]])
    deepEqual(zone?.billed.map((line) => [line.reason, line.energyWh]), [['retail_import', 20]])
    const { worthMicros, ledgerMicros, outsideMicros, billedMicros, debtMicros } = why
    deepEqual([ledgerMicros, outsideMicros, billedMicros, debtMicros], [
      48_000, 25_000, -4_000, -48_321,
    ])
    equal(worthMicros, 69_000)
    const [own] = zone?.trades ?? []
    deepEqual([own?.terms.rail, own?.limit?.energyWh], ['bill-platform', 600])
    deepEqual([own?.delivery?.deliveredWh, own?.payments[0]?.amountMicros], [500, 9])
  })

  test('traded energy is answered for a meter that the reader may ask about', async () => {
    const { body } = await read('/v1/meters/0/traded-energy?from=100&count=3', 'alice')
    equal((body.proofs as unknown[]).length, 3)
    const other = await read('/v1/meters/1/traded-energy?from=100&count=3', 'alice')
    equal(other.body.code, 'not_found')
    ok((await read('/v1/meters/0/traded-energy?from=100&count=0', 'alice')).status === 422)
  })

  test('retailers read what binds them, and what they settle by their banks', async () => {
    equal((await read('/v1/agreements')).body.code, 'credential_missing')
    const { body } = await read('/v1/nettings?limit=1', 'alice')
    deepEqual([(body.nettings as unknown[]).length, body.nextFrom], [1, 2])
    const { trades } = client.as(() => signerOf('alice').credential(Date.now() + 3_600_000))
    const { agreements, nextFrom } = await trades.agreements({ limit: 1 })
    deepEqual([agreements[0]?.retailers, agreements[0]?.untilInterval, nextFrom], [[3, 8], 200, 2])
    const { nettings, owed } = await trades.nettings({ from: 2 })
    deepEqual([nettings[0]?.amountMicros, owed[0]?.amountMicros], [120_000, 9])
  })

  test('the client reads each, page by page', async () => {
    const own = 4
    const { trades } = client.as(() => signerOf('alice').credential(Date.now() + 3_600_000))
    const { account: owed, payments, duesMicros } = await trades.payments(own)
    deepEqual([owed, payments[0]?.state, duesMicros], [own, 'capturing', -9])
    equal((await trades.defaults(own)).defaults[0]?.steps[0]?.step, 'warning')
    equal((await trades.declarations(own, { from: 101 })).declarations[0]?.interval, 101)
    deepEqual((await trades.meterDataRequests(own))[0]?.missing, [103, 104])
    const first = await trades.customers(own, { limit: 1 })
    deepEqual([first.customers[0]?.duesMicros, first.nextFrom], [-7, 5])
    const wheeling = await trades.wheeling(own, { limit: 1 })
    deepEqual([wheeling.lines[0]?.amountMicros, wheeling.rates.length], [880, 1])
    equal((await trades.schedule(own, { limit: 2 })).flows[1]?.interval, 121)
    equal((await trades.tradedEnergy(0, { from: 100, count: 3 })).proofs.length, 3)
    equal((await trades.deliveries(1, { from: 121 })).deliveries[0]?.interval, 121)
    equal((await trades.get(1)).relation, 'party')
    const { offers, nextFrom } = await trades.board({ side: 'sell', limit: 1 })
    deepEqual([offers[0]?.offer, offers[0]?.retailer, nextFrom], [1, 3, 2])
    equal((await trades.offers(own, { from: 2 })).offers[0]?.offer, 2)
    const pages = pagesOf((page) => trades.list({ limit: 1, ...page }))
    const numbers: number[] = []
    for await (const page of pages) numbers.push(...page.trades.map(({ trade }) => trade))
    deepEqual(numbers, [1, 2])
  })

  test('every route was asked', () => {
    const missing = Object.keys(tradeRoutes).filter((name) => !asked.has(name))
    deepEqual(missing, [])
  })
})
