/**
 * Goal: the chain pays by just those passkeys, and just those bytes, that the exchange takes: what
 * is booked is not refused there, and nothing is paid that was not booked. It pays the owner, once,
 * and never again after the passkey's end, over a chain that is made again too.
 * Method: a real anvil with its precompile. Every signature is judged by the exchange, with both of
 * its verifiers, and by the contract: all kinds of forms, each byte of what device and browser say
 * changed and signed again, every flag, and texts by chance. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { emptyState } from '@busbar/core/exchange'
import type { Passkey } from '@busbar/core/registry'
import { Micros } from '@busbar/core/units'
import {
  addressOf,
  createDomain,
  publicKeyOf,
  signDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { passkeyCases, TestDevice } from '@busbar/protocols/passkeys/testing'
import fc from 'fast-check'
import {
  decodeFunctionData,
  encodeFunctionData,
  type Hex,
  keccak256,
  sha256,
  stringToBytes,
} from 'viem'
import { isWordOf } from '../../app/account-word.ts'
import type { ChainDeployment, ChainEffect } from '../../app/ports/chain.ts'
import { nativeVerifier, pureVerifier } from '../signatures/index.ts'
import { accountKeysAbi, clearingHouseAbi } from './contracts.ts'
import { encodeEffect } from './encode.ts'
import { market, until, World } from './test-world.ts'

const replay = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }
const key = new Uint8Array(32).fill(21)
const owner = addressOf(publicKeyOf(key))
const digest = Uint8Array.from({ length: 32 }, (_, i) => (7 * i * i + 3) & 0xff)
const [phone, atHome, stranger] = [new TestDevice(1), new TestDevice(2), new TestDevice(3)]
const hosts = new Map([[phone, 'busbar.example'], [atHome, 'localhost']])
const account = 3

/** What the exchange knows, which is all that it judges a signature by. */
const state = emptyState()
state.participants.push({
  ...{ account, name: 'alice', roles: ['prosumer'], address: owner, retailer: null },
  ...{ publicKey: bytesToHex(publicKeyOf(key)), status: 'active' },
})
for (const [device, host] of hosts) {
  const publicKey = bytesToHex(device.publicKey)
  state.passkeys.set(publicKey, { publicKey, host, account } as Passkey)
}

const verifiers = [pureVerifier(), nativeVerifier()]

/** What the exchange says of a signature over `digest` that asks for money. */
function takes(signature: Hex): boolean {
  const form = 'verifyRecoverable' as const
  const [one, other] = verifiers.map((verifier) =>
    isWordOf(state, account, digest, signature, verifier, { form }))
  equal(one, other, 'both verifiers')
  return one as boolean
}

const admitting = (device: TestDevice) => ({
  ...{ kind: 'admit_passkey', account, publicKey: bytesToHex(device.publicKey) } as const,
  host: hosts.get(device) ?? 'busbar.example',
})

describe('what the chain is told of a passkey', () => {
  const at = (digit: string): Hex => `0x${digit.repeat(40)}`
  const deployment: ChainDeployment = {
    ...{ chainId: 1, clearingHouse: at('1'), participantRegistry: at('2'), intervalLog: at('3') },
    ...{ fiatToken: at('4'), clearingProofs: at('5'), tradeHolds: at('6'), accountKeys: at('7') },
    ...{ clearingVerifier: at('0'), fromBlock: 0 },
  }
  const encode = (effect: ChainEffect) => encodeEffect(effect, deployment, at('e'))
  const publicKey = bytesToHex(phone.publicKey)
  const decode = (data: string) =>
    decodeFunctionData({ abi: [...accountKeysAbi, ...clearingHouseAbi], data: data as Hex })

  test('is its point and its host, and its end by its hash', () => {
    const [call] = encode(admitting(phone))
    equal(call?.id, `admit_passkey/${account}/${publicKey}`)
    equal(call.toAddress, deployment.accountKeys)
    const { functionName, args = [] } = decode(call.calldata)
    equal(functionName, 'admitPasskey')
    const [of, x, y, host] = args
    const hostHash = sha256(stringToBytes('busbar.example'))
    deepEqual([of, x, host], [account, `0x${publicKey.slice(4)}`, hostHash])
    equal(BigInt(y as Hex) % 2n, BigInt(publicKey.slice(3, 4)) % 2n)
    const [end] = encode({ kind: 'revoke_passkey', account, publicKey })
    equal(end?.id, `revoke_passkey/${account}/${publicKey}`)
    deepEqual(decode(end.calldata).args, [account, keccak256(publicKey)])
  })

  test('is nothing where it is no key', () => {
    const none = `0x02${'ff'.repeat(32)}`
    throws(() => encode({ ...admitting(phone), publicKey: none }), { code: 'KEY_MALFORMED' })
    for (const kind of ['admit_passkey', 'revoke_passkey'] as const) {
      throws(() => encode({ ...admitting(phone), kind, publicKey: '0x02' }), {
        code: 'CHAIN_EFFECT_INVALID',
      })
    }
  })

  test('is all the bytes that it signed', () => {
    const signature = bytesToHex(phone.sign(digest))
    const [id, amount] = [`0x${'ab'.repeat(16)}`, Micros.from(7n)]
    const [call] = encode({ kind: 'withdraw', id, account, amount, to: at('9'), signature })
    deepEqual(decode(call?.calldata ?? '').args, [id, account, 7n, at('9'), signature])
  })
})

describe('a signature that asks for money', () => {
  let world: World
  let taken = 0
  before(async () => {
    world = await World.open()
    const publicKey = bytesToHex(publicKeyOf(key))
    await world.put({ kind: 'admit', participants: [{ account, address: owner, publicKey }] })
    await world.put(...[phone, atHome].map(admitting))
    await world.sender.drained()
  })
  after(() => world.close())

  async function pays(signature: Hex): Promise<boolean> {
    const data = encodeFunctionData({
      ...{ abi: accountKeysAbi, functionName: 'mayRelease' },
      args: [account, owner as Hex, bytesToHex(digest), signature],
    })
    const to = world.chain.deployment.accountKeys
    const answer = await world.chain.node.rpc.call<Hex>('eth_call', [{ to, data }, 'latest'])
    return BigInt(answer) === 1n
  }

  /** Both judges say the same of it. */
  async function agree(name: string, bytes: Uint8Array): Promise<boolean> {
    const signature = bytesToHex(bytes)
    const isTaken = takes(signature)
    equal(await pays(signature), isTaken, `${name}: the exchange says ${isTaken}; ${signature}`)
    if (isTaken) taken += 1
    return isTaken
  }

  test('is judged alike in all forms, right and wrong', async () => {
    const cases = passkeyCases(digest, phone, atHome)
    for (const { name, signature, host } of cases) {
      equal(await agree(name, signature), host !== null, name)
    }
    ok(cases.length > 100)
    equal(await agree('by a passkey that nobody registered', stranger.sign(digest)), false)
    const elsewhere = { host: 'localhost', origin: 'https://localhost' }
    equal(await agree('by a passkey of other pages', phone.sign(digest, elsewhere)), false)
  })

  test('by the registered key is judged alike too', async () => {
    const signature = signDigest(key, digest)
    equal(await agree('as it is', signature), true)
    for (let v = 0; v < 256; v += 1) await agree(`with v ${v}`, signature.with(64, v))
    for (let i = 0; i < 64; i += 1) {
      equal(await agree(`with byte ${i}`, signature.with(i, (signature[i] ?? 0) ^ 1)), false)
    }
    for (const length of [0, 1, 32, 64]) {
      equal(await agree(`of ${length} bytes`, signature.subarray(0, length)), false)
    }
    const longer = Uint8Array.from([...signature, 0])
    equal(await agree('of 66 bytes', longer), false)
    equal(await agree('marked as a passkey’s', signature.with(0, 0x50)), false)
  })

  test('is judged alike whatever byte a device or a browser says otherwise', async () => {
    const { authenticatorData, clientDataJSON } = phone.answer(digest)
    const before = taken
    for (const [i, byte] of clientDataJSON.entries()) {
      for (const other of new Set([byte ^ 1, 0x22, 0x80])) {
        const said = clientDataJSON.with(i, other)
        await agree(`client byte ${i} as ${other}`, phone.signParts(authenticatorData, said))
      }
      const [start, end] = [clientDataJSON.subarray(0, i), clientDataJSON.subarray(i + 1)]
      const without = Uint8Array.from([...start, ...end])
      await agree(`without client byte ${i}`, phone.signParts(authenticatorData, without))
    }
    for (let i = 0; i < 37; i += 1) {
      const said = authenticatorData.with(i, (authenticatorData[i] ?? 0) ^ 1)
      await agree(`device byte ${i}`, phone.signParts(said, clientDataJSON))
    }
    for (let flags = 0; flags < 256; flags += 1) {
      const said = authenticatorData.with(32, flags)
      await agree(`flags ${flags}`, phone.signParts(said, clientDataJSON))
      const longer = Uint8Array.from([...said, 0xa0])
      await agree(`flags ${flags} and more`, phone.signParts(longer, clientDataJSON))
    }
    // As it is, with another counter, with a port of digits alone, and rightly flagged.
    ok(taken - before > 4, `${taken - before} were taken`)
  })

  test('is judged alike of origins and ends by chance', async () => {
    const before = taken
    const piece = fc.constantFrom(
      'https://', 'http://', 'https:', 'busbar.example', 'localhost', 'example', 'evil', '.', '-',
      ':', ':443', ':0', ':99999', ':100000', '/', '@', '"', '\\', ' ', 'B', '_', '\u007f',
    )
    const origin = fc.oneof(
      fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
      fc.tuple(
        fc.constantFrom('https://busbar.example', 'http://localhost', 'https://localhost'),
        fc.constantFrom('', '', ':1', ':443', ':65535', ':08', '.', ':', ':443/'),
      ).map((parts) => parts.join('')),
    )
    const ending = fc.constantFrom(
      '"', ',', ':', '}', ' ', 'crossOrigin', 'false', 'true', ',"crossOrigin":false', '\n', 'x',
    )
    const behind = fc.oneof(
      fc.constantFrom('}', ',"crossOrigin":false}', ',"crossOrigin":false,"a":1}'),
      fc.array(ending, { maxLength: 5 }).map((parts) => `${parts.join('')}}`),
    )
    const asked = fc.record({
      device: fc.constantFrom(phone, atHome), origin, behind,
      other: fc.constantFrom(undefined, undefined, 'localhost', 'evil'),
    })
    await fc.assert(
      fc.asyncProperty(asked, async ({ device, origin, behind, other }) => {
        const host = other ?? hosts.get(device) ?? ''
        await agree(`${origin} ${behind}`, device.sign(digest, { host, origin, behind }))
      }),
      { ...replay, numRuns: 400 },
    )
    ok(taken - before > 2, `${taken - before} were taken`)
  })

  test('is judged alike of bytes by chance', async () => {
    const right = phone.sign(digest)
    const change = fc.record({
      at: fc.nat(right.length), cut: fc.nat(40),
      put: fc.uint8Array({ maxLength: 40 }),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, cut, put }) => {
        const [start, end] = [right.subarray(0, at), right.subarray(at + cut)]
        await agree('by chance', Uint8Array.from([...start, ...put, ...end]))
      }),
      { ...replay, numRuns: 150 },
    )
  })

  test('over another digest is nobody’s there', async () => {
    const other = digest.toReversed()
    equal(await agree('of a key', signDigest(key, other)), false)
    equal(await agree('of a passkey', phone.sign(other)), false)
  })
})

describe('a passkey on the chain', () => {
  let world: World
  let gas = 0
  before(async () => {
    world = await World.open()
    const publicKey = bytesToHex(publicKeyOf(key))
    await world.put({ kind: 'admit', participants: [{ account, address: owner, publicKey }] })
    world.expected.push(0n)
    await world.fund([[account, 10_000n]])
    await world.commit()
    await world.mustAgree()
    world.sender.onFinal((id, _hash, used) => {
      if (id.startsWith('withdraw/')) gas = used
    })
  })
  after(() => world.close())

  /** A withdrawal that `device` signs on the pages of its host. */
  function withdrawal(number: number, device = phone, to = owner) {
    const { chainId, clearingHouse } = world.chain.deployment
    const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
    const id = `0x${number.toString(16).padStart(32, '0')}`
    const message = { id, account, amountMicros: 1_000n, to }
    const signed = device.sign(withdrawalDigest(domain, message))
    const amount = Micros.from(1_000n)
    const signature = bytesToHex(signed)
    return { kind: 'withdraw', id, account, amount, to, signature } as const
  }

  const statusOf = async (id: string) => (await world.item(id))?.status
  const paid = async (number: number, device = phone, to = owner): Promise<string> => {
    const effect = withdrawal(number, device, to)
    const [id = ''] = await world.put(effect)
    await world.sender.drained()
    const status = await statusOf(id)
    if (status === 'final') world.count([[account, -effect.amount]])
    return status ?? 'none'
  }

  const held = async () =>
    (await world.chain.admittedPasskeys()).map(({ account: of, keyHash }) => [of, keyHash])
  const hashOf = (device: TestDevice) => keccak256(bytesToHex(device.publicKey))

  test('pays its owner as soon as it is admitted, by the precompile', async () => {
    equal(await paid(1), 'failed')
    await world.put(admitting(phone))
    equal(await paid(2), 'final')
    ok(gas > 0 && gas < 200_000, `${gas} gas: Solidity alone would take more`)
    deepEqual(await held(), [[account, hashOf(phone)]])
    await world.mustAgree()
  })

  test('pays nobody else, whatever the operator brings', async () => {
    equal(await paid(3, phone, `0x${'77'.repeat(20)}`), 'failed')
    equal(await paid(4, stranger), 'failed')
    await world.mustAgree()
  })

  test('is there and pays once, when the chain is made again from the outbox', async () => {
    const finals = world.finals
    world.killNode()
    await until(async () => {
      try {
        return (await world.chain.health()).block > 0
      } catch {
        // Not back yet.
        return false
      }
    }, 'anvil again')
    equal(await paid(5), 'final')
    ok(world.finals > finals)
    deepEqual(await held(), [[account, hashOf(phone)]])
    await world.mustAgree()
  })

  test('pays never again after its end', async () => {
    const publicKey = bytesToHex(phone.publicKey)
    await world.put({ kind: 'revoke_passkey', account, publicKey })
    equal(await paid(6), 'failed')
    deepEqual(await held(), [])
    await world.put(admitting(atHome))
    deepEqual(await held(), [])
    await world.sender.drained()
    deepEqual(await held(), [[account, hashOf(atHome)]])
    await world.mustAgree()
  })
})
