/**
 * Goal: what an interval credited under a rulebook that requires a proof does not leave the chain
 * by its owner's own request, nor by the exchange's hand, before it is proven or its time is over.
 * Method: a real anvil whose clock is moved on; the owner asks, the exchange has it paid.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addressOf, createDomain, publicKeyOf, withdrawalDigest } from '@busbar/protocols/eip712'
import { bytesToHex, encodeFunctionData, type Hex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { Micros } from '@busbar/core/units'
import { clearingHouseAbi } from './contracts.ts'
import {
  clearingAt, market, ordersAt, settlementOf, until, World,
} from './test-world.ts'

const key = keccak256(stringToBytes('an owner with a forged credit'), 'bytes')
const owner = privateKeyToAccount(bytesToHex(key))
const terms = { sealedBook: true, proofRequired: true, proofDeadlineSeconds: 3_600 }
const delaySeconds = 12 * 300
const silenceSeconds = 288 * 300

describe('money of an interval that is not proven', () => {
  let world: World
  let nonce = 0
  before(async () => {
    world = await World.open()
    const [publicKey, address] = [bytesToHex(publicKeyOf(key)), addressOf(publicKeyOf(key))]
    await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
    world.expected.push(0n)
    await world.admit(2)
    await world.fund([[3, 1_000n], [4, 1_000n]])
    await world.embedded.call('anvil_setBalance', [owner.address, '0xffffffffffffffffff'])
    const effect = { ...settlementOf(500, [[3, 700n], [4, -700n]]), isProofRequired: true }
    await world.put(
      { kind: 'fix_orders', zone: 0, interval: 500, ...ordersAt(500), terms },
      { kind: 'commit_clearing', zone: 0, interval: 500, ...clearingAt(500) },
      effect,
    )
    world.count([[3, 700n], [4, -700n]])
    await world.mustAgree()
  })
  after(() => world.close())

  async function ask(amount: bigint): Promise<void> {
    const { chainId, clearingHouse: to } = world.chain.deployment
    const data = encodeFunctionData({
      ...{ abi: clearingHouseAbi, functionName: 'requestWithdrawal', args: [3, amount] },
    } as never)
    const bid = { nonce: nonce++, gas: 3_000_000n, maxFeePerGas: 10n ** 12n }
    const raw = await owner.signTransaction({ type: 'eip1559', chainId, to, data, ...bid })
    const hash = await world.embedded.call('eth_sendRawTransaction', [raw])
    const receipt = () =>
      world.embedded.call('eth_getTransactionReceipt', [hash]) as Promise<{ status: Hex } | null>
    await until(async () => (await receipt()) !== null, 'mined')
    equal((await receipt())?.status, '0x1')
  }

  const warp = (seconds: number): Promise<unknown> =>
    world.embedded.call('evm_increaseTime', [seconds])

  async function paid(reference: string): Promise<bigint | undefined> {
    await world.put({ kind: 'claim', account: 3, reference })
    await world.sender.drained()
    const { movements } = await world.chain.finalMovements(0)
    const last = movements.filter(({ kind }) => kind === 'payment').at(-1)
    return last?.amount
  }

  async function withdraw(number: number, amount: bigint): Promise<string | undefined> {
    const { chainId, clearingHouse } = world.chain.deployment
    const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
    const id = `0x${number.toString(16).padStart(32, '0')}`
    const to = owner.address.toLowerCase()
    const message = { id, account: 3, amountMicros: Number(amount), to }
    const signature = await owner.sign({ hash: bytesToHex(withdrawalDigest(domain, message)) })
    const content = { account: 3, amount: Micros.from(amount), to, signature }
    await world.put({ kind: 'withdraw', id, ...content })
    await world.sender.drained()
    return (await world.item(`withdraw/3/${id}`))?.status
  }

  test('does not leave by a request, nor is it paid by the exchange', async () => {
    equal(await withdraw(1, 1_001n), 'failed')
    equal(await withdraw(2, 100n), 'final')
    world.count([[3, -100n]])
    await ask(1_600n)
    await warp(delaySeconds)
    equal(await paid('0xa:0'), 900n)
    world.count([[3, -900n]])
    await world.mustAgree()
    deepEqual((await world.chain.balances(5)).slice(3), [700n, 300n])
  })

  test('leaves when its time is over', async () => {
    await ask(700n)
    await warp(silenceSeconds + delaySeconds)
    equal(await paid('0xb:0'), 700n)
    world.count([[3, -700n]])
    await world.mustAgree()
  })
})
