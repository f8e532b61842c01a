/**
 * Goal: what protocols say of sealed orders is what the contracts compute, and a trader with a
 * receipt can hold the operator to its set, on a real chain.
 * Method: sets, paths and receipts made by protocols, brought to the contracts on anvil; the status
 * and the demands are read back through the port.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createDomain, receiptDigest } from '@busbar/protocols/eip712'
import {
  contextOf,
  fieldToHex,
  groupsOf,
  packHeader,
  partSize,
  SetTree,
} from '@busbar/protocols/sealed-orders'
import {
  type Abi,
  bytesToHex,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  keccak256,
  toHex,
} from 'viem'
import { clearingProofsAbi } from './contracts.ts'
import { RpcError } from './rpc.ts'
import { market, root, World } from './test-world.ts'

const abi: Abi = clearingProofsAbi
const terms = { sealedBook: true, proofRequired: true, proofDeadlineSeconds: 3_600 }
const rulebookHash = keccak256('0x5ea1')
const clearing = {
  ...{ price: -1_250n, energy: 77n, voidCount: 1 },
  ...{ fillsRoot: fieldToHex(12n), clearingRoot: root(13) },
}

/** Ascending, with room between them. */
const commitmentsOf = (count: number): readonly Hex[] =>
  Array.from({ length: count }, (_, index) => fieldToHex(10n ** 60n + BigInt(index) * 10n ** 50n))

describe('sealed orders on the embedded chain', () => {
  let world: World
  let interval = 100
  before(async () => {
    world = await World.open()
    await world.admit(4)
    await world.sender.drained()
  })
  after(() => world.close())

  const proofs = () => world.chain.deployment.clearingProofs

  async function call(functionName: string, args: readonly unknown[], from?: Hex) {
    const data = encodeFunctionData({ abi, functionName, args })
    const request = { to: proofs(), data, ...(from === undefined ? {} : { from }) }
    try {
      const result = await world.embedded.call<Hex>('eth_call', [request, 'latest'])
      return decodeFunctionResult({ abi, functionName, data: result })
    } catch (error) {
      if (!(error instanceof RpcError) || error.data === undefined) throw error
      throw new Error(decodeErrorResult({ abi, data: error.data as Hex }).errorName)
    }
  }

  /** The node answers before it has mined. */
  async function mined(hash: unknown): Promise<{ status: Hex } | null> {
    for (let tries = 0; ; tries += 1) {
      const receipt = await world.embedded.call<{ status: Hex } | null>(
        'eth_getTransactionReceipt',
        [hash],
      )
      if (receipt !== null || tries === 500) return receipt
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** Brought by nobody in particular: anvil sends for an address without its key. */
  async function bring(functionName: string, args: readonly unknown[]): Promise<void> {
    const from = `0x${'77'.repeat(20)}`
    await world.embedded.call('anvil_setBalance', [from, toHex(10n ** 20n)])
    await world.embedded.call('anvil_impersonateAccount', [from])
    const data = encodeFunctionData({ abi, functionName, args })
    const gas = toHex(8_000_000)
    const hash = await world.embedded.call('eth_sendTransaction', [
      { from, to: proofs(), data, gas },
    ])
    const receipt = await mined(hash)
    equal(receipt?.status, '0x1', functionName)
  }

  /** Fixes the next interval's set. */
  async function fixed(commitments: readonly Hex[]) {
    interval += 1
    const tree = new SetTree(commitments)
    const orders = { ordersRoot: tree.root, orderCount: commitments.length, rulebookHash }
    await world.put({ kind: 'fix_orders', zone: 0, interval, ...orders, terms })
    await world.sender.drained()
    const shown = { root: orders.ordersRoot, count: orders.orderCount, rulebookHash }
    const place = (position: number) => {
      const path = tree.path(position)
      const groups = groupsOf(commitments[position] ?? fieldToHex(0n), path)
      ok(groups)
      return { position, path: groups.flat(), groups, partRoots: path.partRoots }
    }
    return { orders, shown, place }
  }

  async function receiptFor(commitment: Hex) {
    const { chainId, clearingHouse } = world.chain.deployment
    const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
    const message = { commitment, zone: 0, interval, sequence: 9 }
    const hash = bytesToHex(receiptDigest(domain, message))
    const signature = await world.chain.node.operator.sign({ hash })
    return { commitment, sequence: 9n, signature }
  }

  test('context and header are those of protocols', async () => {
    const { chainId, intervalLog } = world.chain.deployment
    for (const [zone, at] of [
      [0, 5],
      [2 ** 32 - 1, Number.MAX_SAFE_INTEGER],
    ] as const) {
      equal(
        await call('contextOf', [zone, BigInt(at), rulebookHash]),
        contextOf({ chainId, intervalLog, zone, interval: at, rulebookHash }),
      )
    }
    for (const price of [null, 0, -(10 ** 12), 10 ** 12]) {
      const content = {
        ...{ hasPrice: price !== null, priceMicrosPerKwh: BigInt(price ?? 0), energyWh: 77n },
        ...{ voidCount: 2, fillsRoot: root(1), clearingRoot: root(2) },
      }
      equal(
        await call('headerOf', [5, content]),
        packHeader({ orderCount: 5, voidCount: 2, priceMicrosPerKwh: price, energyWh: 77 }),
      )
    }
  })

  test('an interval is fixed, cleared, overdue: the port says so', async () => {
    const { orders } = await fixed(commitmentsOf(3))
    const fixedOnly = await world.chain.interval(0, interval)
    deepEqual(fixedOnly, {
      ...{ ...orders, status: 'fixed', clearing: null, clearingRoot: null },
      ...{ proofDueMs: null, judgedIn: null, runs: [] },
    })
    await world.put({ kind: 'commit_clearing', zone: 0, interval, ...clearing })
    await world.sender.drained()
    const cleared = await world.chain.interval(0, interval)
    const { timestampMs } = await world.chain.health()
    equal(cleared?.status, 'cleared')
    deepEqual(cleared.clearing, clearing)
    equal(cleared.proofDueMs, timestampMs + 3_600_000)
    await world.embedded.call('evm_increaseTime', [3_601])
    await world.embedded.call('anvil_mine', ['0x1'])
    equal((await world.chain.interval(0, interval))?.status, 'overdue')
  })

  test('an order that was dropped makes the interval faulty', async () => {
    const all = commitmentsOf(40)
    const dropped = all[17] ?? '0x'
    const { shown, place } = await fixed(all.filter((commitment) => commitment !== dropped))
    const receipt = await receiptFor(dropped)
    const between = [place(16), place(17)]
    await bring('challengeOmission', [0, BigInt(interval), shown, receipt, between, []])
    const found = await world.chain.interval(0, interval)
    equal(found?.status, 'faulty')
    ok(found.judgedIn)
  })

  test('an order that is there cannot be said to be missing', async () => {
    const all = commitmentsOf(40)
    const { shown, place } = await fixed(all)
    const receipt = await receiptFor(all[17] ?? '0x')
    for (const at of [15, 16, 17, 18]) {
      const between = [place(at), place(at + 1)]
      const args = [0, BigInt(interval), shown, receipt, between, []]
      await rejects(call('challengeOmission', args), /ClearingProofsNotShown/)
    }
  })

  for (const count of [40, partSize + 2]) {
    test(`of ${count} orders, the place of one that is demanded is shown`, async () => {
      const all = commitmentsOf(count)
      const { orders, shown, place } = await fixed(all)
      const position = count - 2
      const commitment = all[position] ?? '0x'
      await bring('demandOrder', [0, BigInt(interval), shown, await receiptFor(commitment)])
      const { timestampMs } = await world.chain.health()
      const [demand, ...others] = await world.chain.openDemands()
      const answerByMs = timestampMs + 12 * 300_000
      deepEqual(others, [])
      deepEqual(demand, { zone: 0, interval, commitment, answerByMs })
      const { groups, partRoots } = place(position)
      await world.put({
        ...{ kind: 'show_order', zone: 0, interval, ...orders },
        ...{ commitment, position, groups, partRoots },
      })
      await world.sender.drained()
      const [item] = (await world.store.list(0, 1_000)).filter(({ id }) => id.startsWith('show/'))
      equal(item?.id.split('/').length, 4)
      equal((await world.item(`show/0/${interval}/${commitment}`))?.status, 'final')
      deepEqual(await world.chain.openDemands(), [])
    })
  }
})
