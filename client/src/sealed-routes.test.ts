/**
 * Goal: what is sent about sealed orders and proofs goes to its own route, with a credential where
 * the route is private, and every command has its result in its place.
 * Method: a fetch that keeps what it is asked and answers by script.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  batchLimits,
  type ProblemCode,
  problemOf,
  type Reveal,
  routes,
  type SignedSealedOrder,
} from '@busbar/protocols/api'
import { BusbarClient } from './busbar-client.ts'

type Sent = {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly authorization: string | null
}

function clientOver(answers: readonly Response[]): {
  readonly client: BusbarClient
  readonly sent: readonly Sent[]
} {
  const sent: Sent[] = []
  const left = [...answers]
  const client = new BusbarClient({
    baseUrl: 'http://a',
    credential: () => Promise.resolve('Busbar 4.1.0x'),
    concurrency: 1,
    fetch: (input, init) => {
      const { body } = init ?? {}
      sent.push({
        method: init?.method ?? 'GET',
        path: String(input).replace('http://a', ''),
        body: typeof body === 'string' ? (JSON.parse(body) as unknown) : undefined,
        authorization: new Headers(init?.headers).get('authorization'),
      })
      return Promise.resolve(left.shift() ?? Response.json({}))
    },
  })
  return { client, sent }
}

const refusal = (code: ProblemCode): Response => {
  const problem = problemOf(code, { field: 'commitment' })
  return new Response(JSON.stringify(problem), { status: problem.status })
}

const orderOf = (k: number): SignedSealedOrder => ({
  id: `0x${String(k).padStart(32, '0')}`,
  account: 4,
  zone: 1,
  interval: 200,
  commitment: `0x${String(k + 1).padStart(64, '0')}`,
  collateralMicros: 5,
  ciphertext: '0x',
  signature: `0x${'00'.repeat(65)}`,
})

const reveal: Reveal = {
  zone: 1,
  interval: 200,
  commitment: orderOf(1).commitment,
  opening: {
    account: 4,
    meter: 2,
    side: 'buy',
    energyWh: 5,
    limitMicrosPerKwh: 6,
    salt: `0x${'01'.repeat(32)}`,
  },
}

describe('sealed orders', () => {
  test('go in as many requests as the limits ask, each result in its place', async () => {
    const orders = Array.from({ length: batchLimits.orders + 1 }, (_, k) => orderOf(k))
    const accepted = orders.map(({ id }) => ({ kind: 'accepted', id }))
    const { client, sent } = clientOver([
      Response.json({ results: accepted.slice(0, batchLimits.orders) }),
      refusal('commitment_exists'),
    ])
    const results = await client.submitSealedOrders(orders)
    equal(sent.length, 2)
    deepEqual(
      sent.map(({ method, path }) => `${method} ${path}`),
      ['POST /v1/sealed-orders', 'POST /v1/sealed-orders'],
    )
    deepEqual(sent[1]?.body, { orders: orders.slice(-1) })
    equal(sent[0]?.authorization, null)
    equal(results[7]?.kind, 'accepted')
    deepEqual(results.at(-1), {
      kind: 'rejected',
      id: orders.at(-1)?.id,
      code: 'commitment_exists',
      field: 'commitment',
      transient: false,
    })
  })

  test('alone throw what was rejected', async () => {
    const taken = { kind: 'accepted', id: orderOf(1).id, receipt: {} }
    const { client } = clientOver([
      Response.json({ results: [taken] }),
      refusal('committee_missing'),
    ])
    deepEqual(await client.placeSealedOrder(orderOf(1)), taken)
    await rejects(client.placeSealedOrder(orderOf(1)), {
      code: 'committee_missing',
      status: 409,
      transient: true,
    })
  })

  test('are revealed, and known by their commitment', async () => {
    const { client, sent } = clientOver([
      Response.json({ results: [{ kind: 'accepted', commitment: reveal.commitment }] }),
      refusal('reveal_closed'),
      refusal('opening_mismatch'),
    ])
    equal((await client.revealOrder(reveal)).commitment, reveal.commitment)
    deepEqual(sent[0]?.body, { reveals: [reveal] })
    deepEqual(await client.submitReveals([reveal]), [
      {
        kind: 'rejected',
        commitment: reveal.commitment,
        code: 'reveal_closed',
        field: 'commitment',
        transient: false,
      },
    ])
    await rejects(client.revealOrder(reveal), { code: 'opening_mismatch' })
  })
})

describe('private routes of sealed orders and proofs', () => {
  const { commitment } = reveal
  const calls: readonly (readonly [
    name: keyof typeof routes,
    path: string,
    call: (client: BusbarClient) => Promise<unknown>,
  ])[] = [
    [
      'orderPath',
      `/v1/intervals/1/200/orders/${commitment}/path`,
      (client) => client.orderPath({ zone: 1, interval: 200, commitment }),
    ],
    ['auditOpenings', '/v1/audit/openings/1/200', (client) => client.auditOpenings(1, 200)],
    ['claimProving', '/v1/proving/claims', (client) => client.claimProving({ sizeMax: 64 })],
    [
      'handInProof',
      '/v1/proving/proofs',
      (client) => {
        const statement = {
          context: commitment,
          ordersRoot: commitment,
          fillsRoot: commitment,
          header: commitment,
        }
        return client.handInProof({ zone: 1, interval: 200, size: 64, proof: '0x01', statement })
      },
    ],
    ['provingQueue', '/v1/proving/queue', (client) => client.provingQueue()],
  ]
  for (const [name, path, call] of calls) {
    test(`${name} asks ${path} with the credential`, async () => {
      const { client, sent } = clientOver([Response.json({ claim: null })])
      await call(client)
      equal(sent[0]?.path, path)
      equal(sent[0]?.method, routes[name].method)
      equal(sent[0]?.authorization, 'Busbar 4.1.0x')
      ok(routes[name].access !== 'public')
    })
  }

  test('no claim is null', async () => {
    const { client, sent } = clientOver([Response.json({ claim: null })])
    equal(await client.claimProving(), null)
    deepEqual(sent[0]?.body, {})
  })
})
