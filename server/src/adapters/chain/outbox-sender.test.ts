/**
 * Goal: whatever a network does to transactions, every item of the outbox has its effect once.
 * Method: a real anvil behind a proxy that loses requests and replies, used as a network by URL.
 * The test mines, drops, reorganises and sends with the operator's key; then counts events.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Micros } from '@busbar/core/units'
import type { OutboxItem } from '../../app/ports/outbox.ts'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Anvil, startAnvil } from './anvil.ts'
import { deployerOf } from './keys.ts'
import { HttpRpc } from './rpc.ts'
import { type Proxy, startProxy } from './test-proxy.ts'
import { commitmentOf, market, until, World } from './test-world.ts'

const operatorKey: Hex = `0x${'4d'.repeat(32)}`
const operator = privateKeyToAccount(operatorKey)
const wealth = `0x${(10n ** 24n).toString(16)}`

describe('the sender on a network', () => {
  let directory: string
  let anvil: Anvil
  let proxy: Proxy
  let world: World
  /** Straight to the node, past the proxy. */
  let node: HttpRpc
  const settings = () => ({ chainUrl: proxy.url, operatorKey })
  const nonce = async () =>
    Number(await node.call<Hex>('eth_getTransactionCount', [operator.address, 'latest']))
  const statusOf = async (id: string) => (await world.item(id))?.status
  const mine = (blocks: number) => node.call('anvil_mine', [`0x${blocks.toString(16)}`])

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'busbar-anvil-'))
    anvil = await startAnvil(directory)
    node = new HttpRpc(() => anvil.url)
    proxy = await startProxy(anvil.url)
    for (const address of [operator.address, deployerOf(operatorKey, market).address]) {
      await node.call('anvil_setBalance', [address, wealth])
    }
    world = await World.open(settings())
    await world.admit(5)
    await world.fund([[3, 1_000_000n], [4, 1_000_000n]])
    await world.mustAgree()
  })
  after(async () => {
    await world.close()
    await proxy.close()
    await anvil.end()
    rmSync(directory, { recursive: true, force: true })
  })

  /** A transaction of the operator's key that the outbox knows nothing of. */
  async function sendFromOutside(at?: number, to?: Hex, data?: Hex): Promise<void> {
    const used = at ?? (await nonce())
    const raw = await operator.signTransaction({
      type: 'eip1559',
      chainId: world.chain.deployment.chainId,
      nonce: used,
      to: to ?? operator.address,
      data: data ?? '0x',
      gas: 500_000n,
      maxFeePerGas: 10n ** 13n,
      maxPriorityFeePerGas: 10n ** 10n,
    })
    await node.call('eth_sendRawTransaction', [raw])
    // The node answers before it mines.
    if (at === undefined) await until(async () => (await nonce()) > used, 'mined')
  }

  const failedSince = (alarms: number): readonly string[] =>
    world.alarms.slice(alarms).map(String).filter((text) => /CHAIN_TRANSACTION_FAILED/.test(text))

  test('replies that are lost do not double anything', async () => {
    let calls = 0
    proxy.treat = (method) =>
      method === 'eth_sendRawTransaction' && calls++ % 2 === 0 ? 'lose_reply' : 'pass'
    const batches = await world.events('BatchSettled')
    for (let i = 0; i < 5; i += 1) await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    equal(await world.events('BatchSettled'), batches + 5)
    ok(calls > 1)
    proxy.treat = () => 'pass'
  })

  test('a node that is away for a while is one alarm and no harm', async () => {
    const alarms = world.alarms.length
    proxy.treat = () => 'lose_request'
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await until(() => world.alarms.length > alarms, 'the alarm')
    equal(await statusOf(`settle/0/${interval}/0`), 'queued')
    proxy.treat = () => 'pass'
    await world.mustAgree()
    equal(world.alarms[alarms]?.code, 'CHAIN_UNREACHABLE')
  })

  test('transactions that the node dropped are sent again', async () => {
    await node.call('evm_setAutomine', [false])
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await until(async () => (await statusOf(`settle/0/${interval}/0`)) === 'sent', 'sent')
    const raw = (await world.item(`settle/0/${interval}/0`))?.raw
    await node.call('anvil_dropAllTransactions', [])
    await node.call('evm_setAutomine', [true])
    await world.mustAgree()
    equal((await world.item(`settle/0/${interval}/0`))?.raw, raw)
  })

  test('a nonce used by another program costs a new signature, not an effect', async () => {
    await sendFromOutside()
    await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    await sendFromOutside()
    await sendFromOutside()
    await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
  })

  test('of several signed items the first loses its nonce: they run in their order', async () => {
    proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await until(async () => (await statusOf(`settle/0/${interval}/0`)) === 'signed', 'signed')
    await sendFromOutside()
    proxy.treat = () => 'pass'
    await world.mustAgree()
  })

  test('an item that ran before the one it needs is tried again', async () => {
    await node.call('evm_setAutomine', [false])
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await until(async () => (await statusOf(`settle/0/${interval}/0`)) === 'sent', 'sent')
    const first = await world.item(`commit/0/${interval}`)
    ok(first?.nonce !== null && first?.nonce !== undefined)
    // From here on the node has the settlement and not the commitment, whose nonce is lost.
    proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
    await node.call('anvil_dropTransaction', [first.txHash])
    await sendFromOutside(first.nonce)
    await mine(1)
    await node.call('evm_setAutomine', [true])
    await node.call('eth_sendRawTransaction', [
      (await world.item(`settle/0/${interval}/0`))?.raw,
    ]).catch(() => undefined)
    proxy.treat = () => 'pass'
    await world.mustAgree()
    const second = await world.item(`commit/0/${interval}`)
    ok((second?.nonce ?? 0) > first.nonce + 1)
    equal(await statusOf(`settle/0/${interval}/0`), 'final')
  })

  test('killed when of those that were signed together only the later were kept', async () => {
    proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await until(async () => (await statusOf(`settle/0/${interval}/0`)) === 'signed', 'signed')
    const alarms = world.alarms.length
    await world.stop()
    const unsigned = { nonce: null, raw: null, txHash: null, gas: null } as const
    await world.store.update(`fix/0/${interval}`, { status: 'queued', ...unsigned })
    await world.start(settings())
    proxy.treat = () => 'pass'
    await world.mustAgree()
    deepEqual(failedSince(alarms), [])
  })

  test('killed with more waiting than is signed at once, all keep the bytes they had', async () => {
    proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
    const begun = await world.commit()
    for (let count = 0; count < 120; count += 1) await world.commit()
    await until(async () => (await statusOf(`fix/0/${begun + 20}`)) === 'signed', 'signed')
    const alarms = world.alarms.length
    await world.stop()
    const signed = (await world.store.unfinished(300)).filter(isSigned)
    ok(signed.length >= 41, `${signed.length} are signed`)
    await world.start(settings())
    proxy.treat = () => 'pass'
    await world.mustAgree()
    const after = await Promise.all(signed.map(({ id }) => world.item(id)))
    deepEqual(
      after.map((item) => [item?.status, item?.raw]), signed.map(({ raw }) => ['final', raw]))
    deepEqual(failedSince(alarms), [])
  })

  test('the same call in other bytes is the item itself, not a stranger', async () => {
    proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
    const deposits = await world.events('Deposited')
    await world.fund([[5, 10n]])
    await until(async () => (await world.store.unfinished(9)).length === 3, 'three items')
    await until(async () => (await world.store.unfinished(9)).every(isSigned), 'signed')
    const items = await world.store.unfinished(9)
    for (const { nonce: used, toAddress, calldata } of items) {
      await sendFromOutside(used ?? 0, toAddress as Hex, calldata as Hex)
    }
    proxy.treat = () => 'pass'
    await world.mustAgree()
    equal(await world.events('Deposited'), deposits + 1)
    for (const { id, raw, txHash } of items) {
      const item = await world.item(id)
      ok(item?.status === 'final' && item.raw === raw && item.txHash !== txHash, id)
    }
  })

  test('a bid below the base fee is raised, and the nonce stays', async () => {
    const { baseFeePerGas } = await node.call<{ baseFeePerGas: Hex }>('eth_getBlockByNumber', [
      'latest',
      false,
    ])
    const dear = `0x${(BigInt(baseFeePerGas) * 30n + 10n ** 9n).toString(16)}`
    await node.call('anvil_setNextBlockBaseFeePerGas', [dear])
    const expectedNonce = await nonce()
    const interval = await world.commit()
    await world.mustAgree()
    equal((await world.item(`fix/0/${interval}`))?.nonce, expectedNonce)
  })

  test('a nonce that vanished with its transaction is filled', async () => {
    const snapshot = await node.call('evm_snapshot', [])
    await sendFromOutside()
    const interval = await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    // The chain goes back, the outside transaction is gone and nobody sends it again.
    await node.call('evm_revert', [snapshot])
    const gap = await nonce()
    ok((await world.item(`fix/0/${interval}`))?.nonce === gap + 1)
    await until(async () => (await nonce()) > gap, 'the gap to be filled')
    await world.mustAgree()
    equal(await statusOf(`settle/0/${interval}/0`), 'final')
  })

  test('a refused transaction fails with its reason, and the ones behind it go on', async () => {
    const alarms = world.alarms.length
    const to = `0x${'99'.repeat(20)}`
    const [id] = await world.put({
      ...{ kind: 'withdraw', id: `0x${'01'.repeat(16)}`, account: 3, to },
      ...{ amount: Micros.from(1n), signature: `0x${'22'.repeat(64)}1b` },
    })
    await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    const item = await world.item(id ?? '')
    equal(item?.status, 'failed')
    match(item?.error ?? '', /^ClearingHouseInvalidSignature\(3, 0x/)
    deepEqual(world.alarms.slice(alarms).map(({ code }) => code), ['CHAIN_TRANSACTION_FAILED'])
  })

  describe('with five confirmations', () => {
    before(() => world.restart({ ...settings(), confirmations: 5 }))

    for (const depth of [1, 2, 3, 4, 5]) {
      test(`what a reorganisation ${depth} deep takes back comes again`, async () => {
        const interval = await world.settle([[3, -1n], [4, 1n]])
        const id = `settle/0/${interval}/0`
        await until(async () => (await statusOf(id)) === 'mined', 'mined')
        await mine(depth - 1)
        const before = await world.item(id)
        await node.call('anvil_reorg', [depth, []])
        await until(async () => isElsewhere(before, await world.item(id)), 'vanished')
        await until(async () => (await statusOf(id)) === 'mined', 'mined again')
        await mine(5)
        await world.mustAgree()
        const item = await world.item(id)
        equal(item?.status, 'final')
        equal(item?.raw, before?.raw)
      })
    }

    test('a nonce lost to another program is given up only when that is final', async () => {
      proxy.treat = (method) => (method === 'eth_sendRawTransaction' ? 'lose_request' : 'pass')
      const [fixing] = commitmentOf(9_001)
      const [id = ''] = await world.put(fixing)
      await until(async () => (await statusOf(id)) === 'signed', 'signed')
      const raw = (await world.item(id))?.raw
      await sendFromOutside()
      let looks = 0
      proxy.treat = (method) => {
        if (method === 'eth_getBlockByNumber') looks += 1
        return 'pass'
      }
      await mine(3)
      await until(() => looks > 5, 'the sender to look for who used the nonce')
      equal((await world.item(id))?.raw, raw)
      proxy.treat = () => 'pass'
      await mine(2)
      await until(async () => (await world.item(id))?.raw !== raw, 'signed again')
      await until(async () => (await statusOf(id)) === 'mined', 'mined')
      await mine(5)
      await world.mustAgree()
    })

    test('every commitment and every settlement is on the chain once', async () => {
      const items = await world.store.list(0, 1_000)
      const final = items.filter(({ status }) => status === 'final').map(({ id }) => id)
      const count = (start: string): number => final.filter((id) => id.startsWith(start)).length
      equal(await world.events('ClearingCommitted'), count('commit/'))
      equal(await world.events('BatchSettled'), count('settle/'))
      equal(await world.events('Deposited'), 3)
    })
  })
})

const isElsewhere = (before: OutboxItem | undefined, now: OutboxItem | undefined): boolean =>
  before?.blockHash !== now?.blockHash

const isSigned = (item: OutboxItem): boolean => item.status === 'signed'
