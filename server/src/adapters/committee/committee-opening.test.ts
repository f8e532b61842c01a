/**
 * Goal: an interval's orders open as soon as enough members signed; who is absent or wrong is named
 * and delays nothing; too few open nothing and may be asked again. Method: members as small HTTP
 * servers with one fault each, in tables; the orders are sealed by the product and compared
 * plaintext by plaintext. Nothing here waits for a time to be short.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import {
  labelOf,
  plaintextBytes,
  seal,
  sealingKey,
  signShare,
  timelockReady,
  verificationKeyOf,
  verifySignature,
} from '@busbar/protocols/timelock'
import type { OpeningRequest } from '../../app/ports/opening.ts'
import { createCommitteeOpening } from './index.ts'

await timelockReady()

const label = labelOf({
  chainId: 31_337,
  intervalLog: `0x${'ab'.repeat(20)}`,
  zone: 0,
  interval: 77,
})
const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`

/** 3 of 5: the polynomial 11 + 22 x + 33 x². */
const secret = 11n
const shareOf = (index: number): string =>
  hex(secret + 22n * BigInt(index) + 33n * BigInt(index) ** 2n)
const members = [1, 2, 3, 4, 5].map((index) => ({
  index,
  name: `member-${index}`,
  verificationKey: verificationKeyOf(shareOf(index)),
}))
const committee = { publicKey: verificationKeyOf(hex(secret)), threshold: 3, members }

/** `count` orders of participants with `each` orders, and what is in them. */
function sealedOrders(count: number, each: number) {
  const keys = Array.from({ length: Math.ceil(count / each) }, (_, i) => {
    const random = Uint8Array.from({ length: 48 }, (_, k) => (i * 31 + k * 7 + 1) % 256)
    return sealingKey({ label, publicKey: committee.publicKey, random })
  })
  const plaintexts = Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length: plaintextBytes }, (_, k) => (i * 13 + k) % 256),
  )
  const orders = plaintexts.map((plaintext, i) => {
    const commitment = hex(BigInt(1_000 + i))
    const reuse = keys[Math.floor(i / each)]!
    const random = new Uint8Array(0)
    const { publicKey } = committee
    const sealed = seal({ label, publicKey, commitment, plaintext, random, reuse })
    return { commitment, ciphertext: sealed }
  })
  return { orders, plaintexts }
}

type Behaviour = 'honest' | 'dead' | 'hangs' | 'lies' | 'babbles' | 'refuses' | 'gate_open_twice'

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

/** Where members that behave so are reached. */
async function membersThat(
  behaviours: readonly Behaviour[],
): Promise<{ readonly urls: Record<string, string>; readonly asked: () => number }> {
  const urls: Record<string, string> = {}
  let asked = 0
  for (const [i, behaviour] of behaviours.entries()) {
    let requests = 0
    const share = shareOf(behaviour === 'lies' ? 99 : i + 1)
    const server = createServer((_request, response) => {
      requests += 1
      asked += 1
      if (behaviour === 'hangs') return
      if (behaviour === 'refuses' || (behaviour === 'gate_open_twice' && requests <= 2)) {
        response.writeHead(409).end('{"code":"gate_open"}')
      } else if (behaviour === 'babbles') response.end('{"partial":7}')
      else response.end(JSON.stringify({ partial: signShare(share, label) }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    urls[`member-${i + 1}`] = `http://127.0.0.1:${port}`
    if (behaviour === 'dead') {
      server.close()
      await once(server, 'close')
    } else servers.push(server)
  }
  return { urls, asked: () => asked }
}

const patience = { requestTimeoutMs: 150, retryMs: [5, 20], graceMs: 1_500 } as const

async function openWith(
  behaviours: readonly Behaviour[],
  change: Partial<OpeningRequest> = {},
  deadlineMs = 20_000,
) {
  const { urls } = await membersThat(behaviours)
  const opening = createCommitteeOpening({ urls, patience: { ...patience, deadlineMs } })
  try {
    const request = { zone: 0, interval: 77, label, committee, orders: small.orders, ...change }
    return await opening.open(request)
  } finally {
    await opening.close()
  }
}

const small = sealedOrders(6, 2)

describe('a committee of which some fail', () => {
  const cases: readonly (readonly [
    behaviours: readonly Behaviour[],
    absent: readonly string[],
    wrong: readonly string[],
  ])[] = [
    [['honest', 'honest', 'honest', 'honest', 'honest'], [], []],
    [['honest', 'dead', 'honest', 'lies', 'honest'], ['member-2'], ['member-4']],
    [['hangs', 'honest', 'babbles', 'honest', 'honest'], ['member-1'], ['member-3']],
    [['lies', 'lies', 'honest', 'honest', 'honest'], [], ['member-1', 'member-2']],
    [['refuses', 'dead', 'honest', 'honest', 'honest'], ['member-1', 'member-2'], []],
    [['gate_open_twice', 'dead', 'dead', 'honest', 'honest'], ['member-2', 'member-3'], []],
    [['hangs', 'dead', 'honest', 'honest', 'honest'], ['member-1', 'member-2'], []],
  ]
  for (const [behaviours, absent, wrong] of cases) {
    test(`opens all and names them: ${behaviours.join(', ')}`, async () => {
      const opened = await openWith(behaviours)
      deepEqual(opened.openings, small.plaintexts)
      equal(verifySignature(committee.publicKey, label, opened.signature), true)
      deepEqual(opened.absent, absent)
      deepEqual(opened.wrong, wrong)
    })
  }

  // A request may take an hour and the whole opening two: nothing but the grace may be waited for,
  // or the test runs into its own limit.
  const hour = 3_600_000
  test('of which one is dead and one hangs opens what opens', { timeout: 120_000 }, async () => {
    const { urls } = await membersThat(['dead', 'hangs', 'honest', 'honest', 'honest'])
    const opening = createCommitteeOpening({
      urls,
      patience: { ...patience, requestTimeoutMs: hour, graceMs: 10, deadlineMs: 2 * hour },
    })
    const { orders, plaintexts } = sealedOrders(30, 3)
    const isSpoiled = (i: number): boolean => i % 3 === 1
    const given = orders.map((order, i) =>
      isSpoiled(i) ? { ...order, ciphertext: '0x00' } : order,
    )
    const request = { zone: 0, interval: 77, label, committee, orders: given }
    const { openings, absent, wrong } = await opening.open(request)
    deepEqual(
      openings,
      plaintexts.map((plaintext, i) => (isSpoiled(i) ? null : plaintext)),
    )
    deepEqual([absent, wrong], [['member-1', 'member-2'], []])
    await opening.close()
  })

  test('too few open nothing, and say who is in the way', async () => {
    await rejects(openWith(['honest', 'dead', 'lies', 'honest', 'refuses'], {}, 400), (error) => {
      if (!(error instanceof Fault)) return false
      equal(error.code, 'COMMITTEE_BELOW_THRESHOLD')
      deepEqual(error.details, {
        valid: 2,
        threshold: 3,
        absent: 'member-2, member-5',
        wrong: 'member-3',
      })
      return true
    })
  })

  test('does not wait for the deadline when all have lied', async () => {
    const lies = ['lies', 'lies', 'lies', 'lies', 'lies'] as const
    await rejects(openWith(lies, {}, 3_600_000), /COMMITTEE_BELOW_THRESHOLD/)
  })

  test('keys of another committee are a fault of the appointment', async () => {
    const foreign = { ...committee, publicKey: verificationKeyOf(hex(12n)) }
    const all = ['honest', 'honest', 'honest', 'honest', 'honest'] as const
    await rejects(openWith(all, { committee: foreign }), /COMMITTEE_CONFIG_INVALID/)
  })
})

describe('opening', () => {
  test('gives each order in its place, and null for what does not open', async () => {
    const { orders, plaintexts } = sealedOrders(300, 1)
    const spoiled = orders.map((order, i) => {
      if (i % 3 === 1) return { ...order, ciphertext: orders[0]!.ciphertext }
      return i % 3 === 2 ? { ...order, ciphertext: '0x00' } : order
    })
    const { openings } = await openWith(['honest', 'honest', 'honest', 'dead', 'dead'], {
      orders: spoiled,
    })
    deepEqual(
      openings,
      plaintexts.map((plaintext, i) => (i % 3 === 0 ? plaintext : null)),
    )
  })

  test('of two committees at once mixes nothing up', async () => {
    const { urls } = await membersThat(['honest', 'honest', 'honest'])
    const opening = createCommitteeOpening({ urls, threads: 1, patience })
    const many = sealedOrders(150, 1)
    const sole = { ...committee, threshold: 1, members: members.slice(0, 1) }
    const other = { ...sole, publicKey: members[0]!.verificationKey }
    const [all, none] = await Promise.all([
      opening.open({ zone: 0, interval: 77, label, committee, orders: many.orders }),
      opening.open({ zone: 0, interval: 77, label, committee: other, orders: many.orders }),
    ])
    deepEqual(all.openings, many.plaintexts)
    deepEqual(
      none.openings,
      many.orders.map(() => null),
    )
    await opening.close()
  })

  test('of no orders asks nobody', async () => {
    const { urls, asked } = await membersThat(['honest'])
    const opening = createCommitteeOpening({ urls })
    const request = { zone: 0, interval: 77, label, committee, orders: [] }
    const nothing = { openings: [], signature: '', absent: [], wrong: [] }
    deepEqual(await opening.open(request), nothing)
    equal(asked(), 0)
    await opening.close()
  })

  test('that is stopped rejects, and so does whatever comes after', async () => {
    const { urls } = await membersThat(['hangs', 'hangs', 'hangs'])
    const opening = createCommitteeOpening({ urls, patience })
    const request = { zone: 0, interval: 77, label, committee, orders: small.orders }
    const under = rejects(opening.open(request), /stopped/)
    await opening.close()
    await under
    await rejects(opening.open(request), /stopped/)
  })
})
