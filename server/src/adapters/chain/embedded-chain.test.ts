/**
 * Goal: no money is lost or doubled when the embedded chain, the server or both are killed at any
 * moment, whatever of the chain's state was on disk.
 * Method: `kill -9`, old state files, no state file; the chain must end with the balances of the
 * books, every commitment once, and the same references for the same deposits.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { Micros } from '@busbar/core/units'
import {
  addressOf,
  createDomain,
  publicKeyOf,
  signDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, encodeFunctionData, type Hex, keccak256, stringToBytes } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { openEmbeddedStore } from '../store/open-store.ts'
import { clearingHouseAbi, fiatTokenAbi } from './contracts.ts'
import { openChain } from './open-chain.ts'
import { market, root, settlementOf, until, World } from './test-world.ts'

const key = keccak256(stringToBytes('a participant with a key'), 'bytes')
const participant = privateKeyToAccount(bytesToHex(key))

describe('the embedded chain', () => {
  let world: World
  const stateFile = () => join(world.dataDir, 'chain', 'state.gz')
  const deposits = async () => (await world.chain.finalMovements(0)).movements

  before(async () => {
    world = await World.open()
    const address = addressOf(publicKeyOf(key))
    const publicKey = bytesToHex(publicKeyOf(key))
    await world.put({ kind: 'admit', participants: [{ account: 3, address, publicKey }] })
    world.expected.push(0n)
    await world.admit(2_800)
    await world.fund([[3, 1_000_000n], [4, 1_000_000n]])
    await world.mustAgree()
  })
  after(() => world.close())

  test('its secrets are for its owner only', () => {
    for (const name of ['operator.key', 'deployment.json']) {
      equal(statSync(join(world.dataDir, 'chain', name)).mode & 0o077, 0, name)
    }
  })

  test('killed with nothing on disk, it is made again from the outbox', async () => {
    rmSync(stateFile(), { force: true })
    const known = await deposits()
    const { deployment } = world.chain
    world.killNode()
    await world.mustAgree()
    deepEqual(await deposits(), known)
    deepEqual(world.chain.deployment, deployment)
  })

  test('killed in the middle of work, again and again, it ends as if never', async () => {
    for (let round = 0; round < 3; round += 1) {
      const large = Array.from({ length: 690 }, (_, i) => [4 + 4 * i, 1n] as const)
      for (let i = 0; i < 6; i += 1) await world.settle([[3, -1n], [4, 1n]])
      if (round === 1) await world.settle([[3, -690n], ...large])
      for (let i = 0; i < 6; i += 1) await world.settle([[3, -1n], [4, 1n]])
      const target = world.finals + 3 + 5 * round
      await until(() => world.finals >= target, 'some of it')
      world.killNode()
      if (round === 2) await world.embedded.save().catch(() => undefined)
    }
    await world.mustAgree()
    equal(await world.events('ClearingCommitted'), 37)
    equal(await world.events('BatchSettled'), 37)
  })

  test('killed with an old state on disk, it catches up', async () => {
    await world.embedded.save()
    for (let i = 0; i < 3; i += 1) await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    world.killNode()
    await world.mustAgree()
    equal(await world.events('BatchSettled'), 40)
  })

  test('a reorganisation of what was final is noticed and repaired', async () => {
    for (let i = 0; i < 2; i += 1) await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    await world.embedded.call('anvil_reorg', [3, []])
    await world.mustAgree()
    equal(await world.events('BatchSettled'), 42)
  })

  test('a chunk that is refused drops its batch and nothing else', async () => {
    const receivers = Array.from({ length: 690 }, (_, i) => [5 + 4 * i, 1n] as const)
    const poison = [[3, -690n] as const, ...receivers, [2_799, -1n] as const, [2_800, 1n] as const]
    const bad = settlementOf(await world.commit(), poison.toSorted(([a], [b]) => a - b))
    const ids = await world.put(bad)
    equal(ids.length, 4)
    await world.settle([[3, -1n], [4, 1n]])
    await world.mustAgree()
    const items = await Promise.all(ids.map((id) => world.item(id)))
    deepEqual(items.map((item) => item?.status), ['final', 'failed', 'failed', 'failed'])
    ok(items[1]?.error?.startsWith('ClearingHouseInsufficientBalance(2799, 0, -1)'))
    equal(items[2]?.error, `${ids[1]} failed`)
    equal(await world.chain.openBatch(), undefined)
    // Made again from nothing, it comes to the same.
    rmSync(stateFile(), { force: true })
    world.killNode()
    await world.mustAgree()
    equal((await world.item(ids[1] ?? ''))?.status, 'failed')
  })

  test('what a participant paid in by itself survives once it is reported', async () => {
    const { chainId, clearingHouse, fiatToken } = world.chain.deployment
    const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
    const id = `0x${'5b'.repeat(16)}`
    const to = participant.address.toLowerCase()
    const digest = withdrawalDigest(domain, { id, account: 3, amountMicros: 600n, to })
    const signature = bytesToHex(signDigest(key, digest))
    await world.put({ kind: 'withdraw', id, account: 3, amount: Micros.from(600n), to, signature })
    await world.sender.drained()
    await world.embedded.call('anvil_setBalance', [to, '0xffffffffffffffff'])
    const approval = { abi: fiatTokenAbi, functionName: 'approve' } as const
    const deposit = { abi: clearingHouseAbi, functionName: 'deposit' } as const
    const calls: readonly (readonly [Hex, Hex])[] = [
      [fiatToken, encodeFunctionData({ ...approval, args: [clearingHouse, 600n] })],
      [clearingHouse, encodeFunctionData({ ...deposit, args: [3, 600n] })],
    ]
    for (const [nonce, [contract, data]] of calls.entries()) {
      const call = { type: 'eip1559', chainId, nonce, to: contract, data, gas: 300_000n } as const
      const raw = await participant.signTransaction({ ...call, maxFeePerGas: 10n ** 10n })
      const hash = await world.embedded.call('eth_sendRawTransaction', [raw])
      const receipt = () => world.embedded.call('eth_getTransactionReceipt', [hash])
      await until(async () => (await receipt()) !== null, 'mined')
    }
    const found = (await deposits()).filter(({ amount }) => amount === 600n)
    equal(found.length, 1)
    world.killNode()
    await world.mustAgree()
    deepEqual((await deposits()).filter(({ amount }) => amount === 600n), found)
  })

  test('contracts of another version or for another market are not used', async () => {
    const { dataDir } = world
    const differs = { code: 'CHAIN_DEPLOYMENT_DIFFERS' }
    await world.sender.drained()
    await world.stop()
    await rejects(openChain({ dataDir, market, intervalSeconds: 60 }), differs)
    await rejects(openChain({ dataDir, market: 'another', intervalSeconds: 300 }), differs)
    const path = join(dataDir, 'chain', 'deployment.json')
    const text = readFileSync(path, 'utf8')
    const tampered = text.replace(/("initCodeHash": "0x)../, '$100')
    writeFileSync(path, tampered)
    await rejects(openChain({ dataDir, market, intervalSeconds: 300 }), differs)
    writeFileSync(path, text)
    await world.start()
    await world.mustAgree()
  })

  test('a state that cannot be loaded is a fault, not an empty chain', async () => {
    await world.stop()
    cpSync(stateFile(), `${stateFile()}.kept`)
    writeFileSync(stateFile(), 'not a state')
    const { dataDir } = world
    await rejects(openChain({ dataDir, market, intervalSeconds: 300 }), {
      code: 'CHAIN_STATE_INVALID',
    })
    cpSync(`${stateFile()}.kept`, stateFile())
    await world.start()
    await world.mustAgree()
  })

  test('settings that cannot be meant are refused by name', async () => {
    const base = { dataDir: world.dataDir, market, intervalSeconds: 300 }
    for (const [wrong, option] of [
      [{ market: 'Der To Cash' }, 'market'],
      [{ intervalSeconds: 0 }, 'intervalSeconds'],
      [{ confirmations: -1 }, 'confirmations'],
      [{ chainUrl: 'somewhere' }, 'chainUrl'],
      [{ chainId: 1 }, 'chainId'],
    ] as const) {
      const fault = { code: 'CHAIN_OPTION_INVALID', details: { option } }
      await rejects(openChain({ ...base, ...wrong }), fault)
    }
    const key = { ...base, operatorKey: root(0) }
    await rejects(openChain(key), { code: 'CHAIN_KEY_INVALID' })
  })

  test('the server killed in the middle of work: its anvil ends, and nothing is lost', async () => {
    const { dataDir } = world
    await world.stop()
    await world.store.close()
    let acknowledged = 5_000
    for (let round = 0; round < 2; round += 1) {
      const server = startServer(dataDir, acknowledged)
      await until(() => server.acknowledged >= acknowledged + 8, 'some intervals', 60_000)
      server.process.kill('SIGKILL')
      await server.ended
      acknowledged = server.acknowledged + 1
      await until(() => !isAlive(server.anvilPid), 'its anvil to end')
    }
    const store = await openEmbeddedStore(market, dataDir)
    const last = await World.over(dataDir, store, world.expected)
    for (let interval = 5_000; interval < acknowledged; interval += 1) {
      last.count([[3, -1n], [4, 1n]])
    }
    const extra = await last.store.find(`settle/0/${acknowledged}/0`)
    // In the outbox, but the line that says so was not printed any more.
    if (extra !== undefined) last.count([[3, -1n], [4, 1n]])
    await last.mustAgree()
    world = last
  })
})

function startServer(dataDir: string, first: number) {
  const program = join(import.meta.dirname, 'test-server.ts')
  const child: ChildProcess = spawn(process.execPath, [program, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const server = {
    process: child,
    anvilPid: 0,
    acknowledged: first - 1,
    ended: new Promise<void>((resolve) => child.once('close', () => resolve())),
  }
  if (child.stdout === null) throw new Error('the server has no output')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('anvil ')) server.anvilPid = Number(line.slice(6))
    else server.acknowledged = Number(line)
  })
  return server
}

function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z')
  } catch {
    return false
  }
}
