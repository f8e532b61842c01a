/**
 * Goal: after an owner took money from the chain by itself, the ledger says what the chain holds.
 * Method: the real lane, scheduler, store and sender over a real anvil; nobody signs instructions
 * here, the owner signs its own transactions.
 */
import { equal } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Command, emptyState } from '@busbar/core/exchange'
import { balanceOf } from '@busbar/core/ledger'
import { openDerToCash } from '@busbar/core/rulebook'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, encodeFunctionData, type Hex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { fastEngine } from '../../app/engines.ts'
import { journalStart } from '../../app/journal-chain.ts'
import { Lane } from '../../app/lane.ts'
import { Scheduler } from '../../app/scheduler.ts'
import { clearingHouseAbi } from './contracts.ts'
import { market, root, until, World } from './test-world.ts'

const key = keccak256(stringToBytes('an owner with books'), 'bytes')
const owner = privateKeyToAccount(bytesToHex(key))
const account = 4

describe('the ledger of an owner on the chain', () => {
  let world: World
  let lane: Lane
  let scheduler: Scheduler
  let nonce = 0
  let ids = 0

  before(async () => {
    world = await World.open()
    const clock = { now: () => Date.now() }
    lane = new Lane({
      ...{ state: emptyState(), end: journalStart, store: world.store, chain: world.chain },
      ...{ clock, engine: fastEngine, tell: () => world.sender.kick() },
    })
    const person = { name: 'operator', retailer: null, address: `0x${'11'.repeat(20)}` }
    const operator = { ...person, roles: ['operator', 'bank'], publicKey: `0x02${'11'.repeat(32)}` }
    await must({ kind: 'open_market', market, rulebook: openDerToCash, operator } as Command)
    const keys = { publicKey: bytesToHex(publicKeyOf(key)), address: addressOf(publicKeyOf(key)) }
    const own = { name: 'owner', roles: ['trader'], retailer: null, ...keys }
    await instruct('admit_participant', own)
    await instruct('fund_accounts', { deposits: [{ account, amountMicros: 1_000_000 }] })
    scheduler = new Scheduler(lane, clock, world.chain)
    await world.sender.drained()
    await world.embedded.call('anvil_setBalance', [owner.address, '0xffffffffffffffffff'])
    await agreed(1_000_000n)
  })
  after(() => world.close())

  async function must(command: Command): Promise<void> {
    const outcome = await lane.submit(command)
    equal(outcome.kind, 'accepted', JSON.stringify(outcome))
  }

  async function instruct(kind: string, content: object): Promise<void> {
    ids += 1
    const [id, digest] = [`0x${String(ids).padStart(32, '0')}`, root(ids)]
    await must({ kind, id, account: 3, digest, signature: '0x', content } as unknown as Command)
  }

  /** The ledger is as the chain, and the owner has this there. */
  async function agreed(amount: bigint): Promise<void> {
    await scheduler.recordMovements()
    await world.sender.drained()
    await scheduler.recordMovements()
    for (const [one, balance] of (await world.chain.balances(account + 1)).entries()) {
      equal(balanceOf(lane.state.ledger, one), balance, `account ${one}`)
    }
    equal(balanceOf(lane.state.ledger, account), amount)
    const { totals, ledger } = lane.state
    equal((await world.chain.supply()).held, totals.deposited - totals.withdrawn)
    equal(scheduler.unbookable, 0)
    equal(ledger.claims.size, 0)
  }

  async function call(
    name: 'requestWithdrawal' | 'claimWithdrawal' | 'exit',
    args: readonly unknown[],
  ): Promise<void> {
    const { chainId, clearingHouse: to } = world.chain.deployment
    const data = encodeFunctionData({ abi: clearingHouseAbi, functionName: name, args } as never)
    const bid = { nonce: nonce++, gas: 3_000_000n, maxFeePerGas: 10n ** 12n }
    const raw = await owner.signTransaction({ type: 'eip1559', chainId, to, data, ...bid })
    const hash = await world.embedded.call('eth_sendRawTransaction', [raw])
    const receipt = () =>
      world.embedded.call('eth_getTransactionReceipt', [hash]) as Promise<{ status: Hex } | null>
    await until(async () => (await receipt()) !== null, 'mined')
    equal((await receipt())?.status, '0x1', name)
  }

  const warp = (seconds: number): Promise<unknown> =>
    world.embedded.call('evm_increaseTime', [seconds])
  const stage = (): string | undefined => lane.state.ledger.claims.get(account)?.stage

  test('is the chain after the owner took its request by itself', async () => {
    await call('requestWithdrawal', [account, 300_000n])
    await scheduler.recordMovements()
    equal(stage(), 'requested')
    await warp(11 * 300)
    await scheduler.recordMovements()
    equal(stage(), 'near')
    await warp(300)
    await call('claimWithdrawal', [account])
    await agreed(700_000n)
  })

  test('is the chain after the exchange had a request paid', async () => {
    await call('requestWithdrawal', [account, 200_000n])
    await scheduler.recordMovements()
    await warp(12 * 300)
    await agreed(500_000n)
  })

  test('is the chain after the owner left a silent operator', async () => {
    await call('requestWithdrawal', [account, 9n])
    await warp(288 * 300)
    await call('exit', [account])
    await agreed(0n)
  })
})
