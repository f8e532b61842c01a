/**
 * Goal: a signature that names its key is that key's word over just one digest; nothing else is.
 * Method: keys by chance; every byte changed; a second judge by Node's own curve. Replay: `SEED=…`.
 */
import { equal } from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { namedKeyIn } from '@busbar/core/registry'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { publicKeyOf, signDigest } from '../eip712/index.ts'
import { bytesToHex } from '../hash/index.ts'
import { isChainKey, namedWord, signNamed } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const key = new Uint8Array(32).fill(7)
const digest = Uint8Array.from({ length: 32 }, (_, i) => 5 * i + 2)
const name = bytesToHex(publicKeyOf(key))

/** That a key made r ‖ s over SHA-256 of a text, by OpenSSL. */
function verifiedByNode(publicKey: Uint8Array, text: Uint8Array, scalars: Uint8Array): boolean {
  const point = secp256k1.Point.fromBytes(publicKey).toBytes(false)
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    Buffer.from(part).toString('base64url'))
  const jwk = { kty: 'EC', crv: 'secp256k1', x: x ?? '', y: y ?? '' }
  const opened = createPublicKey({ key: jwk, format: 'jwk' })
  return verify('sha256', text, { key: opened, dsaEncoding: 'ieee-p1363' }, scalars)
}

describe('a signature that names its key', () => {
  test('is that key’s, as OpenSSL finds too', async () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (seed, text) => {
        const secret = seed.with(0, 1)
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(text)))
        const signed = signNamed('join', secret, hash)
        const publicKey = bytesToHex(publicKeyOf(secret))
        equal(namedWord('join', hash, signed), publicKey)
        equal(namedKeyIn('join', bytesToHex(signed)), publicKey)
        equal(verifiedByNode(publicKeyOf(secret), text, signed.subarray(34, 98)), true)
      }),
      { ...replay, numRuns: 20 },
    )
  })

  test('is none with a byte changed, over another digest, or cut', () => {
    const signed = signNamed('join', key, digest)
    for (let i = 0; i < signed.length; i += 1) {
      // The other of 27 and 28 is the same r and s: the same signature, as of a registered key.
      const changed = signed.with(i, (signed[i] as number) ^ (i === 98 ? 0x40 : 1))
      equal(namedWord('join', digest, changed) === name, false, `byte ${i}`)
    }
    equal(namedWord('join', digest.with(0, 99), signed), undefined)
    equal(namedWord('join', digest, signed.subarray(0, -1)), undefined)
    equal(namedWord('join', digest, signDigest(key, digest)), undefined)
    equal(namedKeyIn('join', bytesToHex(signDigest(key, digest))), undefined)
  })

  test('has the lower s', () => {
    const signed = signNamed('join', key, digest)
    const { Fn } = secp256k1.Point
    const s = BigInt(bytesToHex(signed.subarray(66, 98)))
    const twin = Uint8Array.from([...signed.subarray(0, 66), ...Fn.toBytes(Fn.ORDER - s), 27])
    equal(namedWord('join', digest, twin), undefined)
  })
})

test('keys of the curve are told from other bytes', () => {
  equal(isChainKey(name), true)
  for (const bad of [`0x02${'ff'.repeat(32)}`, name.slice(0, 66), `${name}00`, '']) {
    equal(isChainKey(bad), false)
  }
})
