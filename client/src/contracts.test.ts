/**
 * Goal: who signs an answer knows that it is under the terms it has read, by whom they name.
 * Method: one contract that both sides sign, shown as it is and with each part exchanged.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressOf, createDomain, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { checkContract, type PasskeysOfSides, Signer, withPrivateKey } from './index.ts'
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
