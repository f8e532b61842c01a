/**
 * Goal: what the port promises is true of the contracts: money arrives, settles, leaves, once.
 * Method: a real anvil and the embedded store; after every step the chain's balances are compared
 * with books kept by the test.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Micros } from '@busbar/core/units'
import {
  addressOf,
  createDomain,
  publicKeyOf,
  signDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { transactionGasMax } from './deltas.ts'
import {
  clearingAt,
  commitmentOf,
  market,
  ordersAt,
  root,
  settlementOf,
  World,
} from './test-world.ts'

const key = keccak256(stringToBytes('a participant with a key'), 'bytes')
const publicKey = bytesToHex(publicKeyOf(key))
const address = addressOf(publicKeyOf(key))

describe('a market on the embedded chain', () => {
  let world: World
  const gasUsed = new Map<string, number>()
  before(async () => {
    world = await World.open()
    world.sender.onFinal((id, _, gas) => gasUsed.set(id, gas))
    await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
    world.expected.push(0n)
    await world.admit(2_800)
    await world.sender.drained()
  })
  after(() => world.close())

  test('money that is funded arrives at the accounts and is reported once', async () => {
    const deposits = Array.from({ length: 400 }, (_, i) => [3 + i, 1_000_000n + BigInt(i)] as const)
    await world.fund(deposits)
    await world.mustAgree()
    const total = world.expected.reduce((sum, balance) => sum + balance, 0n)
    deepEqual(await world.chain.supply(), { total, held: total })

    const { throughBlock, movements: found } = await world.chain.finalMovements(0)
    equal(found.length, deposits.length)
    equal(new Set(found.map(({ reference }) => reference)).size, deposits.length)
    deepEqual(
      found.map(({ account, amount }) => [account, amount]),
      deposits,
    )
    match(found[0]?.reference ?? '', /^0x[0-9a-f]{64}:0$/)
    deepEqual(await world.chain.finalMovements(throughBlock), { throughBlock, movements: [] })
  })

  test('a commitment and its runs can be read back', async () => {
    const interval = await world.settle([[3, -5n], [4, 5n]])
    await world.put({ ...settlementOf(interval, []), run: 1 } as never)
    await world.mustAgree()
    deepEqual(await world.chain.interval(0, interval), {
      ...ordersAt(interval),
      status: 'cleared',
      clearing: clearingAt(interval),
      clearingRoot: root(interval + 1),
      ...{ proofDueMs: null, judgedIn: null },
      runs: [
        { readingsRoot: root(interval + 2), postingsRoot: root(interval + 3) },
        { readingsRoot: root(interval + 2), postingsRoot: root(interval + 3) },
      ],
    })
    equal(await world.chain.interval(0, 999_999), undefined)
    equal(await world.chain.interval(1, interval), undefined)
  })

  test('a batch too large for one transaction is staged and takes effect as one', async () => {
    // Receivers that are alone in words which hold nothing yet: the dearest there is.
    const receivers = Array.from({ length: 690 }, (_, i) => [4 + 4 * i, 1n] as const)
    const net = [[3, -690n] as const, ...receivers]
    const ids = world.chain.encode(settlementOf(1, net)).map(({ id }) => id)
    const group = 'settle/0/1/0'
    const steps = ['stage/0', 'stage/1', 'apply/0', 'apply/1']
    deepEqual(ids, steps.map((step) => `${group}/${step}`))
    const interval = await world.settle(net)
    await world.mustAgree()
    equal((await world.item(`settle/0/${interval}/0/apply/1`))?.status, 'final')
    for (const [id, gas] of gasUsed) ok(gas < transactionGasMax, id)
  })

  test('the same item again, or its effect in another transaction, changes nothing', async () => {
    const interval = await world.settle([[3, -7n], [5, 7n]])
    await world.mustAgree()
    await world.put(...commitmentOf(interval))
    await world.put(settlementOf(interval, [[3, -7n], [5, 7n]]))
    await world.mustAgree()
    const batches = await world.events('BatchSettled')
    const [again] = world.chain.encode(settlementOf(interval, [[3, -7n], [5, 7n]]))
    ok(again)
    const another = { ...again, id: 'the same batch by another name' }
    await world.store.enqueue([{ ...another, journalSequence: 0, queuedAt: 1 }])
    await world.mustAgree()
    equal((await world.item(another.id))?.status, 'final')
    equal(await world.events('BatchSettled'), batches)
  })

  test('a participant takes money out with a signature', async () => {
    const { chainId, clearingHouse } = world.chain.deployment
    const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
    const id = `0x${'5a'.repeat(16)}`
    const message = { id, account: 3, amountMicros: 250n, to: address }
    const signature = bytesToHex(signDigest(key, withdrawalDigest(domain, message)))
    const amount = Micros.from(250n)
    const { held } = await world.chain.supply()
    await world.put({ kind: 'withdraw', id, account: 3, amount, to: address, signature })
    world.expected[3] = (world.expected[3] ?? 0n) - 250n
    await world.mustAgree()
    equal((await world.chain.supply()).held, held - 250n)
    equal(privateKeyToAccount(bytesToHex(key)).address.toLowerCase(), address)
  })

  test('a suspended participant, a reinstated one and a new key', async () => {
    await world.put({ kind: 'suspend', account: 9 })
    await world.put({ kind: 'reinstate', account: 9 })
    const stranger = { address: `0x${'77'.repeat(20)}`, publicKey: `0x03${'88'.repeat(32)}` }
    await world.put({ kind: 'replace_key', account: 9, ...stranger })
    await world.mustAgree()
    deepEqual(world.alarms, [])
  })

  test('gas limits leave room above what the calls use', async () => {
    for (const item of await world.store.list(0, 1_000)) {
      ok(item.gas !== null && item.gasUsed !== null && item.gasUsed <= item.gas * 0.9, item.id)
    }
  })

  test('a restart in order finds everything in place and sends nothing', async () => {
    const before = (await world.chain.health()).block
    await world.restart()
    await world.mustAgree()
    equal((await world.chain.health()).block, before)
  })
})
