/**
 * Goal: what an owner does on the chain without the exchange is reported in the order of the chain,
 * by references that stay; and a claim that met an open batch neither stops the batches after it
 * nor is passed by.
 * Method: a real anvil whose clock is moved on; the owner's own signed transactions.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, encodeFunctionData, type Hex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { clearingHouseAbi } from './contracts.ts'
import { commitmentOf, settlementOf, until, World } from './test-world.ts'

const key = keccak256(stringToBytes('an owner with a key'), 'bytes')
const owner = privateKeyToAccount(bytesToHex(key))
const delaySeconds = 12 * 300
const silenceSeconds = 288 * 300

describe('an owner on the chain', () => {
  let world: World
  let nonce = 0
  let seen = 0

  before(async () => {
    world = await World.open()
    const publicKey = bytesToHex(publicKeyOf(key))
    const address = addressOf(publicKeyOf(key))
    await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
    world.expected.push(0n)
    await world.admit(2_800)
    await world.fund([[3, 1_000_000n], [4, 1_000_000n]])
    await world.mustAgree()
    await world.embedded.call('anvil_setBalance', [owner.address, '0xffffffffffffffffff'])
    await movements()
  })
  after(() => world.close())

  /** Those since the last call. */
  async function movements() {
    const { movements: all } = await world.chain.finalMovements(0)
    const found = all.slice(seen)
    seen = all.length
    return found
  }

  const amounts = async () => (await movements()).map(({ kind, amount }) => [kind, amount])

  async function call(
    functionName: 'requestWithdrawal' | 'claimWithdrawal' | 'exit',
    args: readonly unknown[],
  ): Promise<void> {
    const { chainId, clearingHouse } = world.chain.deployment
    const data = encodeFunctionData({ abi: clearingHouseAbi, functionName, args } as never)
    const bid = { nonce: nonce++, gas: 3_000_000n, maxFeePerGas: 10n ** 12n }
    const to = { type: 'eip1559', chainId, to: clearingHouse, data } as const
    const raw = await owner.signTransaction({ ...to, ...bid })
    const hash = await world.embedded.call('eth_sendRawTransaction', [raw])
    const receipt = () =>
      world.embedded.call('eth_getTransactionReceipt', [hash]) as Promise<{ status: Hex } | null>
    await until(async () => (await receipt()) !== null, 'mined')
    equal((await receipt())?.status, '0x1', functionName)
  }

  const warp = (seconds: number): Promise<unknown> =>
    world.embedded.call('evm_increaseTime', [seconds])

  test('asks for money, waits and takes it: both are reported, with the time', async () => {
    await call('requestWithdrawal', [3, 400_000n])
    const { timestampMs } = await world.chain.health()
    const [asked, ...none] = await movements()
    equal(none.length, 0)
    ok(asked?.kind === 'request')
    deepEqual([asked.account, asked.amount], [3, 400_000n])
    equal(asked.claimableAtMs, timestampMs + delaySeconds * 1_000)
    match(asked.reference, /^0x[0-9a-f]{64}:0$/)
    ok((await world.chain.timeMs()) < asked.claimableAtMs)
    await warp(delaySeconds)
    ok((await world.chain.timeMs()) >= asked.claimableAtMs, 'known before there is a new block')
    await call('claimWithdrawal', [3])
    world.count([[3, -400_000n]])
    await world.mustAgree()
    const [paid] = await movements()
    ok(paid?.kind === 'payment')
    deepEqual([paid.account, paid.amount], [3, 400_000n])
  })

  test('asks for more than anything: paid what there is, by the exchange', async () => {
    await call('requestWithdrawal', [3, 2n ** 63n - 1n])
    const [asked] = await movements()
    equal(asked?.amount, BigInt(Number.MAX_SAFE_INTEGER))
    await warp(delaySeconds)
    await world.put({ kind: 'claim', account: 3, reference: asked?.reference ?? '' })
    world.count([[3, -600_000n]])
    await world.mustAgree()
    deepEqual(await amounts(), [['payment', 600_000n]])
    // The owner was faster: nothing is wrong.
    await world.put({ kind: 'claim', account: 3, reference: '0xab:0' })
    await world.mustAgree()
    equal((await world.item('claim/0xab:0'))?.status, 'failed')
    deepEqual(world.alarms, [])
  })

  test('whose claim met an open batch is paid before the next is staged; both settle', async () => {
    await world.fund([[3, 5_000n]])
    await world.commit()
    await world.mustAgree()
    await movements()
    await call('requestWithdrawal', [3, 5_000n])
    await warp(delaySeconds)
    const receivers = Array.from({ length: 690 }, (_, i) => [8 + 4 * i, 1n] as const)
    const net = [[4, -690n] as const, ...receivers]
    // The first batch stays open: of its transactions only the staging is sent.
    const [first, second] = [900_000, 900_001]
    await world.put(...commitmentOf(first))
    await world.put(...commitmentOf(second))
    const calls = world.chain.encode(settlementOf(first, net))
    const items = calls.map((one) => ({ ...one, journalSequence: 0, queuedAt: 1 }))
    await world.store.enqueue(items.filter(({ id }) => id.includes('/stage/')))
    world.sender.kick()
    await world.sender.drained()
    await call('claimWithdrawal', [3])
    deepEqual(await amounts(), [['request', 5_000n]])
    equal((await world.chain.waitingClaims()).length, 1)
    await world.store.enqueue(items.filter(({ id }) => id.includes('/apply/')))
    await world.put(settlementOf(second, net))
    await world.fund([[4, 1n]])
    world.count(net)
    world.count(net)
    world.count([[3, -5_000n]])
    await world.mustAgree()
    equal((await world.chain.waitingClaims()).length, 0)
    deepEqual(await amounts(), [['payment', 5_000n], ['deposit', 1n]])
    deepEqual(world.alarms, [])
  })

  test('leaves when the operator is silent; all of it survives a crash of the node', async () => {
    await world.fund([[3, 77n]])
    await world.mustAgree()
    await movements()
    await warp(silenceSeconds)
    await call('exit', [3])
    world.count([[3, -77n]])
    await world.mustAgree()
    deepEqual(await amounts(), [['payment', 77n]])
    const { movements: before } = await world.chain.finalMovements(0)
    world.killNode()
    await world.mustAgree()
    deepEqual((await world.chain.finalMovements(0)).movements, before)
  })
})
