/**
 * Goal: signatures have the one form that every verifier of ours accepts.
 * Method: recorded signatures that other libraries gave for the same key and digest, properties
 * over any key, and keys that are none. Replay one failure with `SEED=…`.
 */
import { equal, notEqual, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { bytesToHex, hexToBytes } from '../hash/index.ts'
import {
  addressOf,
  isSignedBy,
  publicKeyOf,
  publicKeyOfP256,
  recoverAddress,
  signDigest,
  signDigestP256,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const key = hexToBytes(`0x${'01'.repeat(32)}`)
const digest = hexToBytes('0x1ea987040a5acbeef589a1de36fad2b94b9b0341da20635ddfcf7e21b2e6e817')

const arbitrarySigning = fc.tuple(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => {
    return secp256k1.utils.isValidSecretKey(bytes) && p256.utils.isValidSecretKey(bytes)
  }),
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
)

describe('a signature is checked against a key', () => {
  const keys = [
    ['secp256k1', publicKeyOf(key), signDigest(key, digest)],
    ['p256', publicKeyOfP256(key), signDigestP256(key, digest)],
  ] as const
  for (const [curve, publicKey, signature] of keys) {
    test(`of ${curve}, and every changed byte of it is refused`, () => {
      ok(isSignedBy(curve, publicKey, digest, signature))
      ok(isSignedBy(curve, publicKey, digest, signature.subarray(0, 64)))
      for (const at of signature.keys()) {
        // The last of 65 says which of two keys to recover, and none is recovered.
        if (at === 64) continue
        const other = signature.with(at, (signature[at] ?? 0) ^ 1)
        ok(!isSignedBy(curve, publicKey, digest, other), `byte ${at}`)
      }
      ok(!isSignedBy(curve, publicKey, digest.with(3, 1), signature))
      const another = curve === 'p256' ? publicKeyOfP256 : publicKeyOf
      ok(!isSignedBy(curve, another(new Uint8Array(32).fill(2)), digest, signature))
    })

    test(`of ${curve}, and nothing of another form passes or throws`, () => {
      const forms = [
        new Uint8Array(), signature.subarray(0, 63), new Uint8Array(64), new Uint8Array(65),
        Uint8Array.from([...signature.subarray(0, 64), 29]), Uint8Array.from([...signature, 27]),
        new Uint8Array(64).fill(255),
      ]
      for (const form of forms) ok(!isSignedBy(curve, publicKey, digest, form))
      ok(!isSignedBy(curve, new Uint8Array(33), digest, signature))
      ok(!isSignedBy(curve, publicKey.subarray(1), digest, signature))
      ok(!isSignedBy(curve, publicKey, digest.subarray(1), signature))
    })
  }

  test('the second signature that anybody can make of one is refused', () => {
    const signature = signDigest(key, digest)
    const s = BigInt(bytesToHex(signature.subarray(32, 64)))
    const high = secp256k1.Point.CURVE().n - s
    const other = Uint8Array.from(signature)
    other.set(hexToBytes(`0x${high.toString(16).padStart(64, '0')}`), 32)
    ok(!isSignedBy('secp256k1', publicKeyOf(key), digest, other))
  })
})

describe('signing', () => {
  test('a wallet with the same key gives the same address and signature', () => {
    equal(
      bytesToHex(publicKeyOf(key)),
      '0x031b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f',
    )
    equal(addressOf(publicKeyOf(key)), '0x1a642f0e3c3af545e7acbd38b07251b3990914f1')
    equal(
      bytesToHex(signDigest(key, digest)),
      '0x42880187620c2db2397bdccfecb7c6132ca0839b5c582d1b8fd0789def1a1244' +
        '54832a9b15070b3b54e8b80f68d3a4262570e46111a11f507b82b839e72dc9f41b',
    )
  })

  test('a gateway with the same key gives the same key and signature', () => {
    equal(
      bytesToHex(publicKeyOfP256(key)),
      '0x026ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16',
    )
    equal(
      bytesToHex(signDigestP256(key, digest)),
      '0x54892a523c04b9d119e633ff7247d0ec47603e839f1af1207e41fd10e74889b5' +
        '4202e270f64f9e699c690ba4ee6bcb51457a47de8e3f270132212d168dbb1df7',
    )
  })

  test('s is in the lower half, v is 27 or 28 and recovers the key', () => {
    fc.assert(
      fc.property(arbitrarySigning, ([privateKey, message]) => {
        const signature = signDigest(privateKey, message)
        equal(signature.length, 65)
        const v = signature[64] as number
        ok(v === 27 || v === 28)
        ok(integer(signature.subarray(32, 64)) <= secp256k1.Point.Fn.ORDER / 2n)
        const recovered = secp256k1.Signature.fromBytes(signature.slice(0, 64), 'compact')
          .addRecoveryBit(v - 27)
          .recoverPublicKey(message)
          .toBytes(true)
        equal(bytesToHex(recovered), bytesToHex(publicKeyOf(privateKey)))
        equal(recoverAddress(message, signature), addressOf(publicKeyOf(privateKey)))

        const gateway = signDigestP256(privateKey, message)
        equal(gateway.length, 64)
        ok(integer(gateway.subarray(32)) <= p256.Point.Fn.ORDER / 2n)
      }),
      { ...replay, numRuns: 30 },
    )
  })

  test('an address is the same from both forms of the key', () => {
    const uncompressed = secp256k1.getPublicKey(key, false)
    equal(addressOf(uncompressed), addressOf(publicKeyOf(key)))
  })

  test('an address is recovered from one spelling of a signature alone', () => {
    const signature = signDigest(key, digest)
    equal(recoverAddress(digest, signature), addressOf(publicKeyOf(key)))
    notEqual(recoverAddress(digest.with(0, 1), signature), addressOf(publicKeyOf(key)))
    const s = integer(signature.subarray(32, 64))
    const high = (secp256k1.Point.Fn.ORDER - s).toString(16).padStart(64, '0')
    // The same signature with the other s: what a contract refuses is refused here too.
    const twin = Uint8Array.from([
      ...signature.subarray(0, 32),
      ...hexToBytes(`0x${high}`),
      55 - (signature[64] as number),
    ])
    for (const other of [
      twin,
      signature.with(64, (signature[64] as number) - 27),
      signature.with(64, 29),
      signature.subarray(0, 64),
      Uint8Array.from([...signature, 0]),
      new Uint8Array(65),
      new Uint8Array(65).fill(0xff).with(64, 27),
    ]) {
      equal(recoverAddress(digest, other), undefined)
    }
  })

  test('what is no key is refused', () => {
    const order = secp256k1.Point.Fn.ORDER.toString(16)
    const privateKeys = [
      new Uint8Array(32),
      new Uint8Array(31).fill(1),
      new Uint8Array(33).fill(1),
      hexToBytes(`0x${order}`),
      new Uint8Array(32).fill(0xff),
    ]
    for (const bad of privateKeys) {
      for (const use of [publicKeyOf, publicKeyOfP256]) {
        if (use === publicKeyOfP256 && bytesToHex(bad) === `0x${order}`) continue
        throws(() => use(bad), { code: 'KEY_MALFORMED' })
      }
      throws(() => signDigest(bad, digest), { code: 'KEY_MALFORMED' })
    }
    throws(() => signDigestP256(new Uint8Array(32), digest), { code: 'KEY_MALFORMED' })
    const good = publicKeyOf(key)
    for (const bad of [good.subarray(1), good.with(0, 5), new Uint8Array(65), good.fill(0xff, 1)]) {
      throws(() => addressOf(bad as Uint8Array), { code: 'KEY_MALFORMED' })
    }
  })
})

const integer = (bytes: Uint8Array): bigint => BigInt(bytesToHex(bytes))
