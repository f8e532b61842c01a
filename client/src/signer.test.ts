/**
 * Goal: what the signers make is what the server verifies: the digest of exactly these fields.
 * Method: each message verified by the curve library against the digest computed from its fields,
 * and against one changed field.
 */
import { deepEqual, equal, match, notEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import { noContract } from '@busbar/core/trades'
import {
  accessDigest,
  cancellationDigest,
  contractDigest,
  createDomain,
  instructionDigest,
  keyApprovalDigest,
  orderDigest,
  publicKeyOf,
  publicKeyOfP256,
  signDigestP256,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { batchToSign } from '@busbar/protocols/readings'
import { contractMessage } from '@busbar/protocols/trades'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { newId } from './ids.ts'
import { credentialOf, GatewaySigner, type ProposedTerms, Signer, withPrivateKey } from './signer.ts'

const domain = createDomain({
  market: 'm',
  chainId: 31_337,
  verifyingContract: `0x${'c1'.repeat(20)}`,
})
const key = new Uint8Array(32).fill(9)
const signer = new Signer({ domain, account: 4, sign: withPrivateKey(bytesToHex(key)) })

function verifies(signature: string, digest: Uint8Array): boolean {
  const bytes = hexToBytes(signature)
  equal(bytes.length, 65)
  return secp256k1.verify(bytes.subarray(0, 64), digest, publicKeyOf(key), { prehash: false })
}

describe('a signer', () => {
  const fields = {
    meter: 2,
    interval: 5_900_000,
    side: 'buy',
    energyWh: 1_500,
    limitMicrosPerKwh: -7,
  } as const

  test('signs an order as it stands', async () => {
    const order = await signer.order(fields)
    equal(order.account, 4)
    equal(verifies(order.signature, orderDigest(domain, order)), true)
    equal(verifies(order.signature, orderDigest(domain, { ...order, energyWh: 1_501 })), false)
  })

  test('gives each command its own id, and keeps one that it was given', async () => {
    const [first, second] = [await signer.order(fields), await signer.order(fields)]
    match(first.id, /^0x[0-9a-f]{32}$/)
    notEqual(first.id, second.id)
    const id = newId((bytes) => bytes.fill(7))
    equal(id, `0x${'07'.repeat(16)}`)
    deepEqual(await signer.order({ ...fields, id }), await signer.order({ ...fields, id }))
  })

  test('signs the other commands', async () => {
    const cancellation = await signer.cancellation({ order: newId() })
    equal(verifies(cancellation.signature, cancellationDigest(domain, cancellation)), true)
    const to = `0x${'12'.repeat(20)}`
    const withdrawal = await signer.withdrawal({ amountMicros: 5, to })
    equal(verifies(withdrawal.signature, withdrawalDigest(domain, withdrawal)), true)
    const content = { retailMicrosPerKwh: 3, fromInterval: 1, feedInMicrosPerKwh: 2 }
    const { id, account, kind, signature } = await signer.instruction('set_tariff', content)
    const text = canonicalJson(content)
    equal(text, '{"feedInMicrosPerKwh":2,"fromInterval":1,"retailMicrosPerKwh":3}')
    const digest = instructionDigest(domain, { id, account, kind, content: text })
    equal(verifies(signature, digest), true)
  })

  test('signs the same bytes of a contract on both sides', async () => {
    const terms: ProposedTerms = {
      ...{ seller: 4, buyer: 5, sellerMeter: 1, buyerMeter: 2, sellerRetailer: 6 },
      ...{ buyerRetailer: 7, fromInterval: 5_900_000, intervals: 2, rail: 'prepaid' },
      profile: { kind: 'total', energyWh: 5_000, weights: [1, 3] },
      ...{ priceMicrosPerKwh: -7, toleranceBasisPoints: 1_000, penaltyBasisPoints: 500 },
      ...{ buyerShort: 'contracted', exitFeeMicros: 9, platform: null, platformFeeMicrosPerKwh: 0 },
      expiresAt: 1_900_000_000_000,
    }
    const proposal = await signer.proposal(terms)
    equal(proposal.account, 4)
    equal(proposal.terms.replaces, noContract)
    match(proposal.terms.id, /^0x[0-9a-f]{32}$/)
    notEqual(proposal.terms.id, (await signer.proposal(terms)).terms.id)
    const digest = contractDigest(domain, contractMessage(proposal.terms))
    equal(verifies(proposal.signature, digest), true)
    const other = new Signer({ domain, account: 5, sign: withPrivateKey(bytesToHex(key)) })
    const acceptance = await other.acceptance(proposal.terms)
    equal(acceptance.contract, bytesToHex(digest))
    equal(verifies(acceptance.signature, digest), true)
    const changed = { ...terms, id: proposal.terms.id, replaces: acceptance.contract }
    equal((await signer.proposal(changed)).terms.replaces, acceptance.contract)
  })

  test('approves the key that takes its place', async () => {
    const publicKey = `0x02${'ab'.repeat(32)}`
    const approval = await signer.keyApproval(publicKey)
    equal(verifies(approval, keyApprovalDigest(domain, { account: 4, publicKey })), true)
  })

  test('waits for a signer that is somewhere else', async () => {
    const remote = new Signer({
      domain,
      account: 4,
      sign: async (digest) => withPrivateKey(key)(digest),
    })
    const id = newId()
    deepEqual(await remote.order({ ...fields, id }), await signer.order({ ...fields, id }))
  })

  test('refuses a key that is none', () => {
    throws(() => withPrivateKey('0x12'), { code: 'HEX_MALFORMED' })
    throws(() => withPrivateKey(new Uint8Array(32))(new Uint8Array(32)), { code: 'KEY_MALFORMED' })
  })
})

describe('a gateway', () => {
  const readings = [0, 1, 2].map((meter) => {
    return { meter, boundary: 9, version: 0, importWh: 5, exportWh: 6 }
  })

  test('signs a batch on either curve', async () => {
    const k1 = new GatewaySigner({ domain, gateway: 3, sign: withPrivateKey(key) })
    const batch = await k1.readings(readings)
    equal(verifies(batch.signature, batchToSign(domain, batch).digest), true)
    const sign = withPrivateKey(key, signDigestP256)
    const r1 = new GatewaySigner({ domain, gateway: 3, sign })
    const other = await r1.readings(readings)
    const bytes = hexToBytes(other.signature, 64)
    const { digest } = batchToSign(domain, other)
    equal(p256.verify(bytes, digest, publicKeyOfP256(key), { prehash: true }), true)
  })
})

describe('a credential', () => {
  test('is made once and again before it ends', async () => {
    let now = 1_000_000
    let signed = 0
    const counting = new Signer({
      domain,
      account: 4,
      sign: (digest) => {
        signed += 1
        return withPrivateKey(key)(digest)
      },
    })
    const credential = credentialOf(counting, { lifetimeMs: 1_000, now: () => now })
    const first = await credential()
    const [, account, until, signature = ''] =
      /^Busbar (\d+)\.(\d+)\.(0x[0-9a-f]+)$/.exec(first) ?? []
    deepEqual([account, until], ['4', '1001000'])
    equal(verifies(signature, accessDigest(domain, { account: 4, until: 1_001_000 })), true)
    now += 499
    equal(await credential(), first)
    equal(signed, 1)
    now += 2
    notEqual(await credential(), first)
    equal(signed, 2)
  })

  test('that could not be signed is asked for again', async () => {
    let fails = true
    const shaky = new Signer({
      domain,
      account: 4,
      sign: (digest) => {
        if (fails) throw new Error('the wallet is locked')
        return withPrivateKey(key)(digest)
      },
    })
    const credential = credentialOf(shaky)
    await credential().then(
      () => {
        throw new Error('it was signed')
      },
      ({ message }: Error) => equal(message, 'the wallet is locked'),
    )
    fails = false
    match(await credential(), /^Busbar 4\./)
  })
})
