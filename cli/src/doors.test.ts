/**
 * Goal: through a real server, its database and its chain, a market day ends in exact money and in
 * proofs that hold; and bad input at every door gets its coded answer and changes nothing.
 * Method: one server for the file. First the happy path, whose proofs are checked with nothing but
 * the public interval and the owner's own figures; then a table of refusals, with the journal, the
 * conservation report and all accounts compared before and after each.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openChain } from '@busbar/server/adapters/chain/index'
import type { AccountInterval, InclusionProof } from '@busbar/protocols/api'
import { energyLeaf, orderLeaf, postingLeaf } from '@busbar/protocols/commitments'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { verifyInclusion } from '@busbar/protocols/merkle'
import { serverFigures } from './day/day-report.ts'
import { instructionRows, moneyRows, readRows } from './testing/door-authority-cases.ts'
import { batchRows, orderRows, requestRows, type Row, signatureRows } from './testing/door-cases.ts'
import { addressOf, DoorMarket, doorRulebook, first, type Home } from './testing/door-market.ts'

let market: DoorMarket
let standingId = ''
let aliceOrder = ''

before(async () => {
  market = await DoorMarket.start()
})

after(() => market.remove())

/** What anybody can check of a proof: the leaf under the root that the public interval shows. */
function holds(proof: InclusionProof, root: string | null | undefined): Uint8Array {
  equal(proof.root, root)
  const { index, count, path } = proof
  const data = hexToBytes(proof.data)
  const siblings = path.map((node) => hexToBytes(node))
  ok(verifyInclusion(hexToBytes(proof.root), data, index, count, siblings))
  const forged = data.with(data.length - 1, (data.at(-1) ?? 0) ^ 1)
  ok(!verifyInclusion(hexToBytes(proof.root), forged, index, count, siblings))
  return data
}

/** The leaf of what the owner was told it was posted, with the blind that came with the proof. */
function postingOf(told: AccountInterval, data: Uint8Array): Uint8Array {
  const run = told.zones[0]?.runs[0]
  ok(run !== undefined)
  const lines = run.items.map((item) => ({
    meter: item.meter ?? -1,
    trade: item.trade,
    reason: item.reason,
    energy: BigInt(item.energyWh),
    price: BigInt(item.priceMicrosPerKwh),
    amount: BigInt(item.amountMicros),
  }))
  const amount = lines.reduce((sum, line) => sum + line.amount, 0n)
  equal(amount, BigInt(run.netMicros))
  const posting = { run: 0, account: told.account, amount, lines }
  return postingLeaf({ zone: 0, interval: first }, blindOf(data), posting)
}

const blindOf = (data: Uint8Array): Uint8Array => data.subarray(12, 28)

describe('a market day over HTTP', () => {
  test('orders meet, meters speak, and money is settled exactly', async () => {
    const sale = await market.order('alice', { interval: first, energyWh: 800 })
    const purchase = await market.order('bob', {
      ...{ interval: first, side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 },
    })
    aliceOrder = (await market.client.placeOrder(sale)).digest
    await market.client.placeOrder(purchase)
    await market.to(0)
    await market.read(0, allAt({}))
    const next = { interval: first + 1, energyWh: 500 }
    await market.client.placeOrder(await market.order('dave', next))
    await market.client.placeOrder(await market.order('bob', { ...next, side: 'buy' }))
    await market.to(1)
    await market.read(1, allAt({ alice: [0, 700], bob: [650, 0] }))
    await market.settle()
    const settled = await market.client.interval(0, first)
    equal(settled.status, 'provisional')
    equal(settled.priceMicrosPerKwh, 100_000)
    equal(settled.energyWh, 600)
    const { conservation } = await serverFigures(market.client)
    equal(conservation.money.unexplainedMicros, 0)
    equal(conservation.energy.unexplainedWh, 0)
    equal(conservation.chain?.equal, true)
  })

  test('every figure of an account sums up to its balance', async () => {
    for (const name of ['alice', 'bob']) {
      const reader = market.as(name)
      const account = market.account(name)
      const told = await reader.accountInterval(account, first)
      const { lines } = await reader.statement(account)
      equal(lines.find(({ kind }) => kind === 'run')?.amountMicros, told.netMicros)
      const { balanceMicros } = await reader.account(account)
      equal(lines.at(-1)?.balanceMicros, balanceMicros)
      equal(lines.reduce((sum, line) => sum + line.amountMicros, 0), balanceMicros)
    }
  })

  test('order, posting and reading are proven against the public roots', async () => {
    const reader = market.as('alice')
    const [account, meter] = [market.account('alice'), market.meter('alice')]
    const shown = await market.client.interval(0, first)
    const run = shown.runs[0]
    const told = await reader.accountInterval(account, first)
    const place = { zone: 0, interval: first }

    const order = await reader.orderProof({ ...place, digest: aliceOrder })
    equal(bytesToHex(holds(order, shown.ordersRoot)), bytesToHex(orderLeaf(place, aliceOrder)))
    equal(order.committedIn, shown.commitment?.txHash)

    const posting = await reader.postingProof({ ...place, account }, { run: 0 })
    const posted = holds(posting, run?.postingsRoot)
    equal(bytesToHex(posted), bytesToHex(postingOf(told, posted)))
    equal(posting.committedIn, run?.transactions[0]?.txHash)

    const reading = await reader.readingProof({ ...place, meter }, { run: 0 })
    const metered = holds(reading, run?.readingsRoot)
    const energy = { meter, imported: 0n, exported: 700n, assurance: 'metered' } as const
    equal(bytesToHex(metered), bytesToHex(energyLeaf(place, blindOf(metered), energy)))
    ok(!bytesToHex(blindOf(metered)).endsWith('00000000'), 'a household’s energy is blinded')
  })

  test('who is suspended may not trade, but what it owes and is owed is settled', async () => {
    const dave = market.account('dave')
    await market.instruct('operator', 'suspend_participant', { participant: dave })
    await market.to(2)
    await market.read(2, allAt({ alice: [0, 900], bob: [1_150, 0], dave: [0, 500] }))
    await market.settle()
    const told = await market.as('dave').accountInterval(dave, first + 1)
    const items = told.zones[0]?.runs[0]?.items ?? []
    deepEqual(items.map(({ reason, amountMicros }) => [reason, amountMicros]), [
      ['auction_sell', 50_000],
      ['exchange_fee', -250],
    ])
  })

  test('a withdrawal leaves the ledger and the chain alike, once', async () => {
    const before = await market.client.conservation()
    const fields = { amountMicros: 1_000_000, to: addressOf('alice') }
    const withdrawal = await market.signer('alice').withdrawal(fields)
    equal((await market.client.withdraw(withdrawal)).repeated, false)
    equal((await market.client.withdraw(withdrawal)).repeated, true)
    const { conservation } = await serverFigures(market.client)
    equal(conservation.money.withdrawnMicros, 1_000_000)
    equal(conservation.chain?.equal, true)
    equal(before.money.balancesMicros - conservation.money.balancesMicros, 1_000_000)
    equal((before.chain?.custodyMicros ?? 0) - (conservation.chain?.custodyMicros ?? 0), 1_000_000)
  })
})

/** All meters at a boundary; those that are not named stand at nothing. */
const allAt = (moved: Partial<Record<Home, readonly [number, number]>>) => {
  const nothing = [0, 0] as const
  return { alice: nothing, bob: nothing, carol: nothing, dave: nothing, erin: nothing, ...moved }
}

describe('bad input gets its coded answer and changes nothing', () => {
  before(async () => {
    await market.to(10)
    const dave = [0, 500] as const
    await market.read(10, allAt({ alice: [0, 900], bob: [1_150, 0], dave }))
    await market.settle()
    const standing = await market.order('bob', {
      ...{ interval: first + 12, side: 'buy', energyWh: 200, limitMicrosPerKwh: 150_000 },
    })
    await market.client.placeOrder(standing)
    standingId = standing.id
    for (let count = 0; count < doorRulebook.ordersPerAccountMax; count += 1) {
      const order = await market.order('erin', { interval: first + 11, energyWh: 1 })
      await market.client.placeOrder(order)
    }
    await serverFigures(market.client)
  })

  refuses('requests', requestRows)
  refuses('signatures', signatureRows)
  refuses('orders', orderRows)
  refuses('money', moneyRows)
  refuses('instructions', instructionRows)
  refuses('readings', batchRows)
  refuses('private reads', readRows)

  test('the same order again is answered as before, and counts once', async () => {
    const order = await market.order('alice', { interval: first + 13 })
    const once = await market.client.placeOrder(order)
    const standing = await market.standing()
    const again = await market.client.placeOrder(order)
    deepEqual(again, { ...once, repeated: true })
    deepEqual(await market.standing(), standing)
  })

  test('of a batch with bad orders in it the good ones are taken', async () => {
    const good = await market.order('alice', { interval: first + 14 })
    const unpaid = await market.order('carol', { interval: first + 14, side: 'buy' })
    const forged = { ...(await market.order('alice')), energyWh: 99 }
    const results = await market.client.submitOrders([unpaid, good, forged])
    deepEqual(results.map((result) => (result.kind === 'accepted' ? 'accepted' : result.code)), [
      'funds_insufficient',
      'accepted',
      'signature_invalid',
    ])
  })
})

function refuses(door: string, rows: readonly Row[]): void {
  describe(door, () => {
    for (const [title, status, code, send, field, limit] of rows) {
      test(`${title}: ${code}`, async () => {
        const standing = await market.standing()
        const answer = await send({ market, standingId })
        deepEqual({ status: answer.status, code: answer.code }, { status, code })
        if (field !== undefined) equal(answer.field, field)
        if (typeof limit === 'string') equal(answer.limit, limit)
        if (limit instanceof RegExp) match(answer.limit ?? '', limit)
        deepEqual(await market.standing(), standing)
      })
    }
  })
}

describe('readings that do not count are noted, and move nothing', () => {
  const { correctionIntervals } = doorRulebook
  const rows: readonly (readonly [
    outcome: string,
    gateway: string,
    change: Partial<Record<'meter' | 'boundary' | 'version' | 'importWh' | 'exportWh', number>>,
  ])[] = [
    ['duplicate', 'gateway-1', {}],
    ['conflicting', 'gateway-1', { exportWh: 901 }],
    ['implausible', 'gateway-1', { version: 1, exportWh: 100_000 }],
    ['implausible', 'gateway-1', { version: 1, exportWh: 0 }],
    ['out_of_range', 'gateway-1', { version: 1, exportWh: 10 ** 9 }],
    ['too_early', 'gateway-1', { boundary: first + 11 }],
    ['too_late', 'gateway-1', { boundary: first + 9 - correctionIntervals }],
    ['meter_unknown', 'gateway-1', { meter: 99 }],
    ['gateway_foreign', 'gateway-2', {}],
  ]
  for (const [outcome, gateway, change] of rows) {
    test(`${outcome}: ${JSON.stringify(change)} by ${gateway}`, async () => {
      const { sequence, ...standing } = await market.standing()
      const shown = { meter: market.meter('alice'), boundary: first + 10, version: 0 }
      const readings = [{ ...shown, importWh: 0, exportWh: 900, ...change }]
      const batch = await market.gatewaySigner(gateway).readings(readings)
      const answer = await market.client.sendReadings(batch)
      deepEqual(answer.outcomes, [outcome])
      deepEqual(await market.client.sendReadings(batch), { ...answer, repeated: true })
      await market.settle()
      const { sequence: noted, ...now } = await market.standing()
      equal(noted, sequence + 1)
      const { conservation } = standing
      deepEqual(now, { ...standing, conservation: { ...conservation, sequence: noted } })
    })
  }
})

test('what was withdrawn lies at its owner’s address', async () => {
  const { contracts } = await market.client.market()
  await market.stop()
  const { intervalSeconds } = doorRulebook
  const { node, close } = await chainOf(market.dataDir, intervalSeconds)
  const calldata = `0x70a08231${addressOf('alice').slice(2).padStart(64, '0')}`
  const call = [{ to: contracts?.fiatToken, data: calldata }, 'latest'] as const
  equal(BigInt(await node.rpc.call<string>('eth_call', call)), 1_000_000n)
  await close()
})

async function chainOf(dataDir: string, intervalSeconds: number) {
  const chain = await openChain({ dataDir, market: 'doors', intervalSeconds })
  return { node: chain.node, close: () => chain.close() }
}
