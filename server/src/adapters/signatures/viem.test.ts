/**
 * Goal: what a wallet signs is what we verify.
 * Method: viem, which wallets and apps use, hashes and signs the JSON we give it, for any message
 * in any domain; our digest and signature must be the same bytes. Replay a failure with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  addressOf,
  createDomain,
  type Domain,
  messageDigest,
  type Messages,
  publicKeyOf,
  signDigest,
  type StructName,
  typedData,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import fc from 'fast-check'
import {
  domainSeparator,
  hashTypedData,
  recoverTypedDataAddress,
  type TypedDataDefinition,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { nativeVerifier, pureVerifier } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

describe('viem', () => {
  test('hashes any message of ours to the same digest', () => {
    fc.assert(
      fc.property(domains, messages, (domain, [name, message]) => {
        equal(hashTypedData(asWallet(domain, name, message)), digestHex(domain, name, message))
      }),
      { ...replay, numRuns: 1_000 },
    )
  })

  test('has the same domain separator', () => {
    fc.assert(
      fc.property(domains, (domain) => {
        const { name, version, chainId, verifyingContract } = domain
        const place = { name, version, chainId, verifyingContract }
        equal(domainSeparator({ domain: place }), bytesToHex(domain.separator))
      }),
      replay,
    )
  })

  test('signs it to the same bytes, and finds the same address', async () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((key) => key[0] !== 255)
    await fc.assert(
      fc.asyncProperty(keys, domains, messages, async (key, domain, [name, message]) => {
        if (key.every((byte) => byte === 0)) return
        const account = privateKeyToAccount(bytesToHex(key))
        const data = asWallet(domain, name, message)
        const signature = await account.signTypedData(data)
        const digest = messageDigest(domain, name, message)
        equal(signature, bytesToHex(signDigest(key, digest)))

        const publicKey = publicKeyOf(key)
        equal(account.address.toLowerCase(), addressOf(publicKey))
        equal(await recoverTypedDataAddress({ ...data, signature }), account.address)
        for (const verifier of [nativeVerifier(), pureVerifier()]) {
          const bytes = hexToBytes(signature)
          deepEqual(
            [
              verifier.verifySecp256k1(publicKey, digest, bytes),
              verifier.verifyRecoverable(publicKey, digest, bytes),
            ],
            [true, true],
          )
        }
      }),
      { ...replay, numRuns: 30 },
    )
  })
})

/** As it reaches a wallet: through JSON. */
function asWallet<Name extends StructName>(
  domain: Domain,
  name: Name,
  message: Messages[Name],
): TypedDataDefinition {
  return JSON.parse(JSON.stringify(typedData(domain, name, message))) as TypedDataDefinition
}

const digestHex = <Name extends StructName>(
  domain: Domain,
  name: Name,
  message: Messages[Name],
): string => bytesToHex(messageDigest(domain, name, message))

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const id = hexOf(16)
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const uint64 = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const int64 = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const text = fc.string({ unit: 'binary' })
const side = fc.constantFrom('buy' as const, 'sell' as const)

const domains = fc
  .record({
    market: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    verifyingContract: hexOf(20),
  })
  .map(createDomain)

type Named = { [Name in StructName]: readonly [Name, Messages[Name]] }[StructName]

const messages: fc.Arbitrary<Named> = fc.oneof(
  fc
    .record({
      id,
      account: uint32,
      meter: uint32,
      interval: uint64,
      side,
      energyWh: uint64,
      limitMicrosPerKwh: int64,
    })
    .map((message) => ['Order', message] as const),
  fc
    .record({ id, account: uint32, order: id })
    .map((message) => ['Cancellation', message] as const),
  fc
    .record({
      id,
      account: uint32,
      zone: uint32,
      interval: uint64,
      commitment: hexOf(32),
      collateralMicros: uint64,
      ciphertextHash: hexOf(32),
    })
    .map((message) => ['SealedOrder', message] as const),
  fc
    .record({ commitment: hexOf(32), zone: uint32, interval: uint64, sequence: uint64 })
    .map((message) => ['Receipt', message] as const),
  fc
    .record({ id, account: uint32, amountMicros: uint64, to: hexOf(20) })
    .map((message) => ['Withdrawal', message] as const),
  fc
    .record({ id, account: uint32, kind: text, content: text })
    .map((message) => ['Instruction', message] as const),
  fc
    .record({ id, gateway: uint32, root: hexOf(32), count: uint32 })
    .map((message) => ['ReadingBatch', message] as const),
  fc
    .record({
      ...{ id, seller: uint32, buyer: uint32, sellerMeter: uint32, buyerMeter: uint32 },
      ...{ sellerRetailer: uint32, buyerRetailer: uint32, fromInterval: uint64 },
      ...{ intervals: uint32, profile: text, priceMicrosPerKwh: int64 },
      ...{ toleranceBasisPoints: uint32, penaltyBasisPoints: uint32, buyerShort: text },
      ...{ exitFee: text, rail: text, platform: uint32, platformFeeMicrosPerKwh: uint64 },
      ...{ expiresAt: uint64, replaces: hexOf(32) },
    })
    .map((message) => ['Contract', message] as const),
  fc
    .record({ account: uint32, publicKey: text })
    .map((message) => ['KeyApproval', message] as const),
  fc.record({ account: uint32, until: uint64 }).map((message) => ['Access', message] as const),
  fc
    .record({
      meter: uint32,
      fromInterval: uint64,
      count: uint32,
      secretHash: hexOf(32),
      answer: hexOf(32),
      sequence: uint64,
    })
    .map((message) => ['TradedEnergyAnswer', message] as const),
  fc
    .record({ id, account: uint32, url: text, after: uint64, issuedAt: uint64 })
    .map((message) => ['Webhook', message] as const),
  fc
    .record({ account: uint32, sentAt: uint64, bodyHash: hexOf(32) })
    .map((message) => ['Notice', message] as const),
)
