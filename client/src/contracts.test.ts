/**
 * Goal: who signs an answer knows that it is under the terms it has read, by whom they name; and
 * whose contract is said to be on the chain knows that it is.
 * Method: one contract that both sides sign, shown as it is and with each part exchanged; sets of
 * every size up to nine, each contract shown, and each byte of what is shown changed once.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressOf, createDomain, publicKeyOf } from '@busbar/protocols/eip712'
import { bilateralZone } from '@busbar/core/exchange'
import type { ContractProof } from '@busbar/protocols/api'
import { orderLeaf } from '@busbar/protocols/commitments'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'
import { leafHash, MerkleTree } from '@busbar/protocols/merkle'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import {
  checkContract,
  type FixedContracts,
  type PasskeysOfSides,
  Signer,
  verifyContractProof,
  withPrivateKey,
} from './index.ts'
import { domain } from './testing/sealed-world.ts'

const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const signerOf = (account: number): Signer =>
  new Signer({ domain, account, sign: withPrivateKey(keyOf(account)) })
const addressFor = (account: number): string => addressOf(publicKeyOf(keyOf(account)))
const addresses = { seller: addressFor(4), buyer: addressFor(5) }

const { terms, signature: sellerSignature } = await signerOf(4).proposal({
  ...{ seller: 4, buyer: 5, sellerMeter: 1, buyerMeter: 2, sellerRetailer: 6, buyerRetailer: 7 },
  ...{ fromInterval: 5_900_000, intervals: 4, rail: 'prepaid' },
  profile: { kind: 'total', energyWh: 5_000, weights: [1, 2, 2, 1] },
  ...{ priceMicrosPerKwh: -5, toleranceBasisPoints: 1_000, penaltyBasisPoints: 500 },
  ...{ buyerShort: 'contracted', exitFeeMicros: 7, platform: 8, platformFeeMicrosPerKwh: 9 },
  expiresAt: 1_900_000_000_000,
})
const { contract, signature: buyerSignature } = await signerOf(5).acceptance(terms)
const shown = { contract, terms, sellerSignature, buyerSignature }

describe('checkContract', () => {
  test('finds both signatures, or that one is still missing', () => {
    deepEqual(checkContract(domain, shown, addresses), { seller: 'signed', buyer: 'signed' })
    const proposed = { ...shown, buyerSignature: null }
    deepEqual(checkContract(domain, proposed, addresses), { seller: 'signed', buyer: 'missing' })
    const matched = { ...proposed, sellerSignature: null }
    deepEqual(checkContract(domain, matched, addresses), { seller: 'missing', buyer: 'missing' })
  })

  test('finds a passkey that a side has now, on the pages of its host alone', () => {
    const device = new TestDevice(1)
    const signature = bytesToHex(device.sign(hexToBytes(contract)))
    const byPasskey = { ...shown, sellerSignature: signature }
    const seller = [{ publicKey: bytesToHex(device.publicKey), host: 'busbar.example' }]
    const found = (passkeys: PasskeysOfSides) =>
      checkContract(domain, byPasskey, addresses, passkeys).seller
    equal(found({ seller, buyer: [] }), 'signed')
    equal(found({ seller: [], buyer: seller }), 'other_key')
    const elsewhere = seller.map((one) => ({ ...one, host: 'evil.example' }))
    equal(found({ seller: elsewhere, buyer: [] }), 'other_key')
    const other = signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    const forged = { ...shown, sellerSignature: other }
    throws(() => checkContract(domain, forged, addresses), { code: 'proof_invalid' })
  })

  test('tells a signature by another key than the registered one', () => {
    const replaced = { ...addresses, buyer: addressOf(publicKeyOf(keyOf(6))) }
    deepEqual(checkContract(domain, shown, replaced), { seller: 'signed', buyer: 'other_key' })
    const exchanged = { ...shown, sellerSignature: buyerSignature }
    deepEqual(checkContract(domain, exchanged, addresses), { seller: 'other_key', buyer: 'signed' })
  })

  const other = { ...terms, priceMicrosPerKwh: -4 }
  const weights = { ...terms, profile: { ...terms.profile, weights: [1, 2, 1, 2] } }
  const elsewhere = createDomain({ ...domain, market: 'elsewhere' })
  const lies: readonly (readonly [what: string, lie: () => unknown])[] = [
    ['another price', () => checkContract(domain, { ...shown, terms: other }, addresses)],
    ['another profile', () => checkContract(domain, { ...shown, terms: weights }, addresses)],
    ['another market', () => checkContract(elsewhere, shown, addresses)],
    [
      'a signature of zeros',
      () => checkContract(domain, { ...shown, sellerSignature: `0x${'00'.repeat(65)}` }, addresses),
    ],
    [
      'a signature that is no hex',
      () => checkContract(domain, { ...shown, buyerSignature: 'yes' }, addresses),
    ],
  ]
  for (const [what, lie] of lies) {
    test(`refuses ${what}`, () => throws(lie, { code: 'proof_invalid', transient: false }))
  }
})

describe('verifyContractProof', () => {
  const fixedWith = 5_900_000
  const place = { zone: bilateralZone, interval: fixedWith }
  const digests = Array.from({ length: 9 }, (_, i) =>
    bytesToHex(keccak256(new Uint8Array(32).fill(i + 1))),
  ).sort()

  /** What an honest exchange shows of a contract, and what the chain has. */
  function shownOf(count: number, index: number) {
    const leaves = digests.slice(0, count).map((digest) => orderLeaf(place, digest))
    const tree = new MerkleTree(leaves)
    const data = leaves[index] ?? new Uint8Array()
    const fixed = { root: bytesToHex(tree.root), count }
    const contract = digests[index] ?? ''
    const path = tree.proof(index).map((node) => bytesToHex(node))
    const leaf = { leaf: bytesToHex(leafHash(data)), data: bytesToHex(data) }
    const proof = { root: fixed.root, ...leaf, index, count, path, committedIn: null }
    return { shown: { contract, fixedWith, proof }, chain: new Map([[fixedWith, fixed]]) }
  }
  const refused = (one: ContractProof, chain: ReadonlyMap<number, FixedContracts>, what: string) =>
    throws(() => verifyContractProof(one, chain), { code: 'proof_invalid' }, what)

  const flipped = (hex: string, at: number): string => {
    const bytes = hexToBytes(hex)
    return bytesToHex(bytes.with(at, (bytes[at] ?? 0) ^ 1))
  }

  test('finds each contract in its place, in sets of every size', () => {
    for (let count = 1; count <= digests.length; count += 1) {
      for (let index = 0; index < count; index += 1) {
        const { shown, chain } = shownOf(count, index)
        equal(verifyContractProof(shown, chain), index)
      }
    }
  })

  test('refuses whatever differs in one byte, and a path of another place', () => {
    const { shown, chain } = shownOf(7, 5)
    const { proof } = shown
    for (let at = 0; at < 32; at += 1) {
      refused({ ...shown, contract: flipped(shown.contract, at) }, chain, `contract ${at}`)
      for (const [i, node] of proof.path.entries()) {
        const path = [...proof.path.slice(0, i), flipped(node, at), ...proof.path.slice(i + 1)]
        refused({ ...shown, proof: { ...proof, path } }, chain, `path ${i} ${at}`)
      }
      const fixed = { root: flipped(proof.root, at), count: 7 }
      refused(shown, new Map([[fixedWith, fixed]]), `root ${at}`)
    }
    for (const index of [0, 4, 6, 7, -1, 5.5]) {
      refused({ ...shown, proof: { ...proof, index } }, chain, `index ${index}`)
    }
  })

  test('refuses what the chain has nothing of, or another set', () => {
    const { shown, chain } = shownOf(7, 5)
    const { proof } = shown
    refused(shown, new Map(), 'no gate')
    refused({ ...shown, fixedWith: fixedWith + 1 }, chain, 'another gate')
    const other = new Map([[fixedWith + 1, { root: proof.root, count: 7 }]])
    refused({ ...shown, fixedWith: fixedWith + 1 }, other, 'the root of another gate')
    refused({ ...shown, proof: { ...proof, count: 8 } }, chain, 'another count')
    refused({ ...shown, proof: { ...proof, path: proof.path.slice(1) } }, chain, 'a short path')
    refused({ ...shown, proof: { ...proof, path: ['0x', ...proof.path] } }, chain, 'no hash')
    refused({ ...shown, fixedWith: null }, chain, 'no gate yet')
    refused({ ...shown, proof: null }, chain, 'nothing shown')
  })
})
