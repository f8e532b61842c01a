/**
 * Goal: an owner takes money out on the chain by itself: after a delay where the operator is there,
 * and at once where it is silent; whoever is not the owner takes nothing.
 * Method: a real anvil whose clock is moved on, and keys of nobody else.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, stringToBytes } from 'viem'
import { World } from '../adapters/chain/test-world.ts'
import { type Leaver, openLeaver } from './leaver.ts'

const key = keccak256(stringToBytes('an owner with a key'), 'bytes')
const delaySeconds = 12 * 300
const silenceSeconds = 288 * 300

let world: World
let owner: Leaver

const leaverWith = async (secret: Uint8Array): Promise<Leaver> => {
  const { clearingHouse } = world.chain.deployment
  const leaver = openLeaver({
    ...{ nodeUrl: world.embedded.url, key: bytesToHex(secret), clearingHouse },
  })
  await world.embedded.call('anvil_setBalance', [leaver.address, '0xffffffffffffffffff'])
  return leaver
}

const warp = async (seconds: number): Promise<void> => {
  await world.embedded.call('evm_increaseTime', [seconds])
  await world.embedded.call('evm_mine', [])
}

before(async () => {
  world = await World.open()
  const publicKey = bytesToHex(publicKeyOf(key))
  const address = addressOf(publicKeyOf(key))
  await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
  world.expected.push(0n)
  await world.fund([[3, 1_000_000n]])
  await world.mustAgree()
  owner = await leaverWith(key)
})
after(() => world.close())

test('money that was asked for is claimed after its delay, and not before', async () => {
  const before = await owner.state(3)
  deepEqual([before.balance, before.heldBack, before.request], [1_000_000n, 0n, null])
  await owner.request(3, 400_000n)
  const asked = await owner.state(3)
  equal(asked.request?.amount, 400_000n)
  ok((asked.request?.claimableAtMs ?? 0) > asked.nowMs)
  await rejects(owner.claim(3), { code: 'CHAIN_REFUSED' })
  await warp(delaySeconds)
  await owner.claim(3)
  const { balance, request } = await owner.state(3)
  deepEqual([balance, request], [600_000n, null])
})

test('nobody else asks for it, and nobody leaves an operator that is there', async () => {
  const other = await leaverWith(keccak256(stringToBytes('somebody else'), 'bytes'))
  await rejects(other.request(3, 1n), { code: 'CHAIN_REFUSED' })
  await rejects(owner.exit(3), { code: 'CHAIN_REFUSED' })
})

test('all of it is taken at once where the operator is silent', async () => {
  await warp(silenceSeconds)
  const { silentFromMs, nowMs } = await owner.state(3)
  ok(nowMs >= silentFromMs)
  await owner.exit(3)
  equal((await owner.state(3)).balance, 0n)
})
