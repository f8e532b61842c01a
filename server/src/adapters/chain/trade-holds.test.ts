/**
 * Goal: what is held for an account's trades does not leave the chain by its owner's own request,
 * and leaves once it is held no more; lists that come again change nothing.
 * Method: a real anvil whose clock is moved on; the exchange holds, the owner asks.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Micros } from '@busbar/core/units'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, encodeFunctionData, type Hex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { holdsPerList } from '@busbar/core/exchange'
import { clearingHouseAbi } from './contracts.ts'
import { until, World } from './test-world.ts'

const key = keccak256(stringToBytes('an owner with a trade'), 'bytes')
const owner = privateKeyToAccount(bytesToHex(key))
const delaySeconds = 12 * 300

describe('money that is held for trades', () => {
  let world: World
  let nonce = 0
  let claims = 0
  before(async () => {
    world = await World.open()
    const [publicKey, address] = [bytesToHex(publicKeyOf(key)), addressOf(publicKeyOf(key))]
    await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
    world.expected.push(0n)
    await world.admit(holdsPerList)
    await world.fund([[3, 1_000n], [4, 1_000n]])
    await world.embedded.call('anvil_setBalance', [owner.address, '0xffffffffffffffffff'])
    await world.mustAgree()
  })
  after(() => world.close())

  const hold = (list: number, ...holds: readonly (readonly [number, bigint])[]): Promise<unknown> =>
    world.put({
      ...{ kind: 'hold', list },
      holds: holds.map(([account, amount]) => ({ account, amount: Micros.from(amount) })),
    })

  async function claimed(amount: bigint): Promise<bigint | undefined> {
    const { chainId, clearingHouse: to } = world.chain.deployment
    const data = encodeFunctionData({
      ...{ abi: clearingHouseAbi, functionName: 'requestWithdrawal', args: [3, amount] },
    } as never)
    const bid = { nonce: nonce++, gas: 3_000_000n, maxFeePerGas: 10n ** 12n }
    const raw = await owner.signTransaction({ type: 'eip1559', chainId, to, data, ...bid })
    const hash = await world.embedded.call('eth_sendRawTransaction', [raw])
    const receipt = (): Promise<{ status: Hex } | null> =>
      world.embedded.call('eth_getTransactionReceipt', [hash]) as Promise<{ status: Hex } | null>
    await until(async () => (await receipt()) !== null, 'mined')
    equal((await receipt())?.status, '0x1')
    await world.embedded.call('evm_increaseTime', [delaySeconds])
    claims += 1
    await world.put({ kind: 'claim', account: 3, reference: `0x${claims}:0` })
    await world.sender.drained()
    const { movements } = await world.chain.finalMovements(0)
    const paid = movements.filter(({ kind }) => kind === 'payment').at(-1)?.amount
    world.count([[3, -(paid ?? 0n)]])
    return paid
  }

  test('stays where its owner asks for everything, and moves with a batch', async () => {
    await hold(1, [3, 700n], [4, 50n])
    await world.sender.drained()
    deepEqual(await world.chain.holds([3, 4, 5]), [700n, 50n, 0n])
    equal(await claimed(1_000n), 300n)
    await world.settle([[3, -600n], [4, 600n]])
    await world.mustAgree()
  })

  test('leaves once it is held no more', async () => {
    await hold(2, [3, 40n])
    // As after a crash: what was sent is sent again.
    await hold(2, [3, 40n])
    equal(await claimed(1_000n), 60n)
    await hold(3, [3, 0n])
    equal(await claimed(1_000n), 40n)
    await world.mustAgree()
  })

  test('is told of as many accounts at once as a list names', async () => {
    const all = Array.from({ length: holdsPerList }, (_, index) => [4 + index, 1n] as const)
    await hold(4, ...all)
    await world.sender.drained()
    equal((await world.item('hold/4'))?.status, 'final')
    const held = await world.chain.holds(all.map(([account]) => account))
    deepEqual(held, all.map(() => 1n))
  })
})
