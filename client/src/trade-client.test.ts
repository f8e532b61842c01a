/**
 * Goal: what is sent of contracts goes to its own route, and each has its answer in its place.
 * Method: a fetch that keeps what it is asked and answers by script.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  batchLimits,
  type ProblemCode,
  problemOf,
  type SignedAcceptance,
} from '@busbar/protocols/api'
import { BusbarClient } from './busbar-client.ts'
import { Signer, withPrivateKey } from './signer.ts'
import { domain } from './testing/sealed-world.ts'

function clientOver(answers: readonly Response[]) {
  const sent: { readonly path: string; readonly body: Record<string, readonly unknown[]> }[] = []
  const left = [...answers]
  const client = new BusbarClient({
    baseUrl: 'http://a',
    concurrency: 1,
    fetch: (input, init) => {
      sent.push({
        path: String(input).replace('http://a', ''),
        body: JSON.parse(String(init?.body)) as Record<string, readonly unknown[]>,
      })
      return Promise.resolve(left.shift() ?? Response.json({}))
    },
  })
  return { client, sent }
}

const refusal = (code: ProblemCode, field: string): Response => {
  const problem = problemOf(code, { field })
  return new Response(JSON.stringify(problem), { status: problem.status })
}

const signer = new Signer({ domain, account: 4, sign: withPrivateKey(new Uint8Array(32).fill(9)) })
const proposal = await signer.proposal({
  ...{ seller: 4, buyer: 5, sellerMeter: 1, buyerMeter: 2, sellerRetailer: 6, buyerRetailer: 7 },
  ...{ fromInterval: 5_900_000, intervals: 1, rail: 'clearing-house' },
  profile: { kind: 'per-interval', energyWh: 500 },
  ...{ priceMicrosPerKwh: 5, toleranceBasisPoints: 0, penaltyBasisPoints: 0 },
  ...{ buyerShort: 'actual', exitFeeMicros: null, platform: null, platformFeeMicrosPerKwh: 0 },
  expiresAt: 1_900_000_000_000,
})
const acceptance = await signer.acceptance(proposal.terms)

const accepted = (id: string) => ({ kind: 'accepted', id, sequence: 7, trade: 3 })

describe('contracts', () => {
  test('alone go to their route, or throw what was refused', async () => {
    const { client, sent } = clientOver([
      Response.json({ results: [accepted(proposal.id)] }),
      Response.json({ results: [accepted(acceptance.id)] }),
      refusal('key_too_new', 'account'),
      refusal('funds_insufficient', 'buyer'),
    ])
    deepEqual(await client.trades.propose(proposal), accepted(proposal.id))
    deepEqual(await client.trades.accept(acceptance), accepted(acceptance.id))
    deepEqual(sent, [
      { path: '/v1/contracts', body: { contracts: [proposal] } },
      { path: '/v1/acceptances', body: { acceptances: [acceptance] } },
    ])
    const { trades } = client
    await rejects(trades.propose(proposal), { code: 'key_too_new', transient: true })
    await rejects(trades.accept(acceptance), { code: 'funds_insufficient', field: 'buyer' })
  })

  test('in large numbers go in as many requests as the limits ask', async () => {
    const one = (k: number): SignedAcceptance => ({
      ...acceptance, id: `0x${String(k).padStart(32, '0')}`,
    })
    const all = Array.from({ length: batchLimits.acceptances + 1 }, (_, k) => one(k))
    const { client, sent } = clientOver([
      Response.json({ results: all.slice(0, -1).map(({ id }) => accepted(id)) }),
      refusal('proposal_expired', 'contract'),
    ])
    const results = await client.trades.submitAcceptances(all)
    deepEqual(sent.map(({ body }) => body.acceptances?.length), [batchLimits.acceptances, 1])
    equal(results[7]?.kind, 'accepted')
    deepEqual(results.at(-1), {
      ...{ kind: 'rejected', id: all.at(-1)?.id, code: 'proposal_expired', field: 'contract' },
      transient: false,
    })
  })

  test('proposed together have each its answer', async () => {
    const { client } = clientOver([
      Response.json({ results: [accepted(proposal.id), accepted(proposal.id)] }),
    ])
    const results = await client.trades.submitProposals([proposal, proposal])
    deepEqual(results.map(({ kind }) => kind), ['accepted', 'accepted'])
  })
})
