/**
 * Goal: the native and the pure verifier give the same answer for every input, and it is the right
 * one; nobody's signature can be turned into another that passes.
 * Method: hostile vectors with their answers, on both curves and both verifiers, and twice on one
 * that remembers; properties over
 * honest signatures with one bit changed, and over any bytes. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import {
  publicKeyOf,
  publicKeyOfP256,
  signDigest,
  signDigestP256,
} from '@busbar/protocols/eip712'
import fc from 'fast-check'
import { BoundedCache } from './bounded-cache.ts'
import { curves, hostileVectors, type Inputs, joined } from './hostile-vectors.ts'
import {
  chooseVerifier,
  nativeVerifier,
  pureVerifier,
  rememberingVerifier,
  type SignatureVerifier,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const native = nativeVerifier()
const pure = pureVerifier()
/** All of this file's signatures go through it: what it keeps of one must not speak for another. */
const remembering = rememberingVerifier(native, 1_000)
const digests = {
  'a digest': Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1),
  'a digest of zeros': new Uint8Array(32),
  'a digest beyond the order': new Uint8Array(32).fill(0xff),
}

/** What a verifier says of any three inputs: both curves, both kinds of secp256k1. */
const answers = (
  verifier: SignatureVerifier,
  ...[publicKey, digest, signature]: Parameters<SignatureVerifier['verifyP256']>
) => ({
  secp256k1: verifier.verifySecp256k1(publicKey, digest, signature),
  recoverable: verifier.verifyRecoverable(publicKey, digest, signature),
  p256: verifyBoth(verifier, publicKey, digest, signature),
})

/** Over a digest; over a message the answer must be the same, but for its length. */
function verifyBoth(
  verifier: SignatureVerifier,
  ...inputs: Parameters<SignatureVerifier['verifyP256']>
): boolean {
  const valid = verifier.verifyP256(...inputs)
  if (inputs[1].length === 32) equal(verifier.verifyP256Message(...inputs), valid)
  return valid
}

for (const [curveName, curve] of Object.entries(curves)) {
  describe(`hostile vectors of ${curveName}`, () => {
    for (const [digestName, digest] of Object.entries(digests)) {
      for (const vector of hostileVectors(curve, digest)) {
        const { name, valid, publicKey, digest: signed, signature } = vector
        test(`${digestName}: ${name} is ${valid ? 'valid' : 'refused'}`, () => {
          for (const verifier of [native, pure, remembering, remembering]) {
            const said = answers(verifier, publicKey, signed, signature)
            deepEqual(said, {
              secp256k1: curveName === 'secp256k1' && valid,
              recoverable: false,
              p256: curveName === 'p256' && valid,
            })
          }
          deepEqual(
            answers(native, publicKey, signed, joined(signature, [27])),
            answers(pure, publicKey, signed, joined(signature, [27])),
          )
        })
      }
    }
  })
}

describe('the 65th byte', () => {
  const key = new Uint8Array(32).fill(1)
  const publicKey = publicKeyOf(key)
  const digest = digests['a digest']
  const signature = signDigest(key, digest)
  const right = signature[64] as number

  test('is 27 or 28 for a registered key, and the right one to be recoverable', () => {
    for (let v = 0; v < 256; v += 1) {
      for (const verifier of [native, pure]) {
        deepEqual(answers(verifier, publicKey, digest, signature.with(64, v)), {
          secp256k1: v === 27 || v === 28,
          recoverable: v === right,
          p256: false,
        })
      }
    }
  })

  test('cannot say that R lies beyond the order', () => {
    const vector = hostileVectors(curves.secp256k1, digest).find((some) => {
      return some.name === 'R beyond the order'
    })
    ok(vector)
    for (const v of [27, 28]) {
      for (const verifier of [native, pure]) {
        const said = answers(verifier, vector.publicKey, digest, joined(vector.signature, [v]))
        deepEqual(said, { secp256k1: true, recoverable: false, p256: false })
      }
    }
  })

  test('may be left out', () => {
    for (const verifier of [native, pure]) {
      equal(verifier.verifySecp256k1(publicKey, digest, signature.subarray(0, 64)), true)
    }
  })
})

describe('uncompressed keys', () => {
  const key = new Uint8Array(32).fill(1)
  const digest = digests['a digest']

  test('are taken for P-256 and not for secp256k1', () => {
    const gatewayKey = p256.getPublicKey(key, false)
    const participantKey = secp256k1.getPublicKey(key, false)
    for (const verifier of [native, pure]) {
      equal(verifier.verifyP256(gatewayKey, digest, signDigestP256(key, digest)), true)
      equal(verifier.verifySecp256k1(participantKey, digest, signDigest(key, digest)), false)
      equal(verifier.verifyRecoverable(participantKey, digest, signDigest(key, digest)), false)
    }
  })

  test('are refused in the hybrid form and off the curve', () => {
    const publicKey = p256.getPublicKey(key, false)
    const signature = signDigestP256(key, digest)
    const parity = (publicKey[64] as number) % 2
    const bad = [
      publicKey.with(0, 6 + parity),
      publicKey.with(0, 7 - parity),
      publicKey.with(0, 5),
      publicKey.with(64, (publicKey[64] as number) ^ 1),
      publicKey.with(1, (publicKey[1] as number) ^ 1),
      publicKey.slice().fill(0, 1),
    ]
    for (const verifier of [native, pure]) {
      for (const some of bad) equal(verifier.verifyP256(some, digest, signature), false)
    }
  })
})

describe('both verifiers', () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const signing = fc.record({
    key: bytes32.filter((key) => {
      return secp256k1.utils.isValidSecretKey(key) && p256.utils.isValidSecretKey(key)
    }),
    digest: bytes32,
  })

  test('take what our signers make, for any key and digest', () => {
    fc.assert(
      fc.property(signing, ({ key, digest }) => {
        for (const verifier of [native, pure]) {
          deepEqual(answers(verifier, publicKeyOf(key), digest, signDigest(key, digest)), {
            secp256k1: true,
            recoverable: true,
            p256: false,
          })
          const gateway = signDigestP256(key, digest)
          equal(verifier.verifyP256(publicKeyOfP256(key), digest, gateway), true)
        }
      }),
      { ...replay, numRuns: 25 },
    )
  })

  test('refuse any honest signature with one bit changed anywhere', () => {
    const flip = fc.record({
      part: fc.constantFrom('publicKey' as const, 'digest' as const, 'signature' as const),
      bit: fc.nat({ max: 8 * 64 - 1 }),
    })
    fc.assert(
      fc.property(signing, flip, fc.boolean(), ({ key, digest }, { part, bit }, gateway) => {
        const inputs: Inputs = gateway
          ? { publicKey: publicKeyOfP256(key), digest, signature: signDigestP256(key, digest) }
          : { publicKey: publicKeyOf(key), digest, signature: signDigest(key, digest) }
        const bytes = inputs[part]
        const at = (bit >> 3) % Math.min(64, bytes.length)
        const changed = bytes.with(at, (bytes[at] as number) ^ (1 << (bit & 7)))
        const bent: Inputs = { ...inputs, [part]: changed }
        const { publicKey, digest: over, signature } = bent
        for (const verifier of [native, pure]) {
          deepEqual(answers(verifier, publicKey, over, signature), {
            secp256k1: false,
            recoverable: false,
            p256: false,
          })
        }
      }),
      { ...replay, numRuns: 100 },
    )
  })

  test('agree on any bytes of about the right length', () => {
    const around = (...lengths: readonly number[]) =>
      fc.constantFrom(...lengths).chain((length) => {
        return fc.uint8Array({ minLength: length, maxLength: length })
      })
    // A quarter begins as a key does: others are refused by their first byte alone.
    const keys = fc
      .tuple(fc.constantFrom(2, 3, 4, undefined), around(0, 32, 33, 33, 33, 65, 65))
      .map(([head, bytes]) => (head === undefined ? bytes : bytes.fill(head, 0, 1)))
    const signatures = fc
      .tuple(fc.constantFrom(27, 28, undefined), around(0, 64, 64, 65, 65, 71))
      .map(([v, bytes]) => (v === undefined ? bytes : bytes.fill(v, 64)))
    fc.assert(
      fc.property(keys, around(0, 32, 32, 32, 33), signatures, (key, digest, signature) => {
        deepEqual(answers(native, key, digest, signature), answers(pure, key, digest, signature))
      }),
      { ...replay, numRuns: 300 },
    )
  })

  test('take what a device signs, of any length, and nothing else', () => {
    fc.assert(
      fc.property(signing, fc.uint8Array({ maxLength: 300 }), ({ key }, message) => {
        const publicKey = publicKeyOfP256(key)
        const options = { prehash: true, lowS: true, format: 'compact' } as const
        const signature = p256.sign(message, key, options)
        const another = signature.with(3, (signature[3] ?? 0) ^ 1)
        for (const verifier of [native, pure]) {
          equal(verifier.verifyP256Message(publicKey, message, signature), true)
          equal(verifier.verifyP256Message(publicKey, joined(message, [0]), signature), false)
          equal(verifier.verifyP256Message(publicKey, message, another), false)
        }
      }),
      { ...replay, numRuns: 25 },
    )
  })

  test('read views into larger buffers', () => {
    const key = new Uint8Array(32).fill(3)
    const digest = digests['a digest']
    const inside = (bytes: Uint8Array) => joined(joined([9, 9, 9], bytes), [9]).subarray(3, -1)
    for (const verifier of [native, pure]) {
      const signature = inside(signDigest(key, digest))
      equal(verifier.verifySecp256k1(inside(publicKeyOf(key)), inside(digest), signature), true)
      equal(verifier.verifyRecoverable(inside(publicKeyOf(key)), inside(digest), signature), true)
      const gateway = inside(signDigestP256(key, digest))
      equal(verifier.verifyP256(inside(publicKeyOfP256(key)), inside(digest), gateway), true)
    }
  })

  test('refuse what is not bytes at all', () => {
    const digest = digests['a digest']
    const key = new Uint8Array(32).fill(3)
    for (const verifier of [native, pure]) {
      for (const bad of [undefined, null, 'x'.repeat(64), Array(64).fill(1), { length: 64 }]) {
        for (const inputs of [
          [bad, digest, signDigest(key, digest)],
          [publicKeyOf(key), bad, signDigest(key, digest)],
          [publicKeyOf(key), digest, bad],
        ]) {
          equal(Reflect.apply(verifier.verifySecp256k1, undefined, inputs), false)
          equal(Reflect.apply(verifier.verifyRecoverable, undefined, inputs), false)
          equal(Reflect.apply(verifier.verifyP256, undefined, inputs), false)
        }
      }
    }
  })

  test('give the same answers the second time, from what they kept', () => {
    const digest = digests['a digest']
    for (const curve of Object.values(curves)) {
      for (const { publicKey, digest: over, signature } of hostileVectors(curve, digest)) {
        deepEqual(
          answers(native, publicKey, over, signature),
          answers(nativeVerifier(), publicKey, over, signature),
        )
      }
    }
  })
})

describe('the choice', () => {
  test('is native here, and says so', () => {
    const { kind, reason } = chooseVerifier()
    equal(kind, 'native')
    equal(reason, undefined)
  })

  test('is pure on request, and says why', () => {
    const { kind, reason } = chooseVerifier('pure')
    equal(kind, 'pure')
    equal(reason, 'configured')
  })
})

describe('what is kept', () => {
  test('is what was good, and is not worked out again', () => {
    let asked = 0
    const counting: SignatureVerifier = {
      ...pure,
      verifySecp256k1: (...inputs) => {
        asked += 1
        return pure.verifySecp256k1(...inputs)
      },
    }
    const verifier = rememberingVerifier(counting, 10)
    const secret = new Uint8Array(32).fill(5)
    const digest = digests['a digest']
    const [key, signature] = [publicKeyOf(secret), signDigest(secret, digest)]
    const says = (over: Uint8Array) => verifier.verifySecp256k1(key, over, signature)
    deepEqual([says(digest), says(digest), asked], [true, true, 1])
    const other = digests['a digest of zeros']
    deepEqual([says(other), says(other), asked], [false, false, 3])
  })

  test('is nothing that is long, so that its readers are not many megabytes', () => {
    let asked = 0
    const counting: SignatureVerifier = {
      ...pure,
      verifyP256Message: (...inputs) => {
        asked += 1
        return pure.verifyP256Message(...inputs)
      },
    }
    const verifier = rememberingVerifier(counting, 10)
    const secret = new Uint8Array(32).fill(5)
    const key = publicKeyOfP256(secret)
    for (const [length, times] of [[300, 1], [2_000, 2]] as const) {
      asked = 0
      const message = new Uint8Array(length).fill(7)
      const signature = p256.sign(message, secret, { lowS: true })
      const says = () => verifier.verifyP256Message(key, message, signature)
      deepEqual([says(), says(), asked], [true, true, times])
    }
  })

  test('has a bound, and the oldest goes first', () => {
    const cache = new BoundedCache<number>(2)
    cache.set('a', 1)
    cache.set('b', 2)
    cache.set('a', 3)
    cache.set('c', 4)
    equal(cache.size, 2)
    deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], [undefined, 2, 4])
  })
})
