import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import { Fault } from '@busbar/core/errors'
import { BoundedCache } from './bounded-cache.ts'
import {
  isP256Form,
  isP256Signature,
  secp256k1Scalars,
  type SignatureVerifier,
} from './verifier.ts'

/** The part of npm's secp256k1 that is used: libsecp256k1, compiled. */
type Secp256k1 = {
  /** @throws where a signature or a key cannot be parsed */
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
  ecdsaRecover(
    signature: Uint8Array,
    recoveryId: number,
    digest: Uint8Array,
    compressed: boolean,
  ): Uint8Array
  /** @throws where the key is not a point of the curve */
  publicKeyConvert(publicKey: Uint8Array, compressed: boolean): Uint8Array
}

/** The registered keys of a large market; about 300 bytes each. */
const keysMax = 131_072

/** The DER of a P-256 public key, up to the point: RFC 5480, by the length of the point. */
const p256Prefixes = {
  33: Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
  65: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'),
} as const

/**
 * By libsecp256k1 and OpenSSL.
 *
 * Parsed keys are kept: decompressing a point is a square root, a tenth of the whole check.
 *
 * @throws Fault NATIVE_SIGNATURES_UNAVAILABLE where the compiled library does not load
 */
export function nativeVerifier(): SignatureVerifier {
  const secp256k1 = loadSecp256k1()
  const points = new BoundedCache<Uint8Array>(keysMax)
  const keys = new BoundedCache<KeyObject>(keysMax)

  const pointOf = (publicKey: Uint8Array): Uint8Array | undefined =>
    remembered(points, publicKey, () => secp256k1.publicKeyConvert(publicKey, false))
  const keyOf = (publicKey: Uint8Array): KeyObject | undefined =>
    remembered(keys, publicKey, () => p256Key(publicKey))

  return {
    verifySecp256k1(publicKey, digest, signature) {
      const scalars = secp256k1Scalars(publicKey, digest, signature)
      if (scalars === undefined) return false
      const point = pointOf(publicKey)
      return point !== undefined && secp256k1.ecdsaVerify(scalars, digest, point)
    },

    verifyRecoverable(publicKey, digest, signature) {
      const scalars = secp256k1Scalars(publicKey, digest, signature)
      if (scalars === undefined || signature.length !== 65) return false
      const recoveryId = (signature[64] as number) - 27
      const recovered = orUndefined(() => {
        return secp256k1.ecdsaRecover(scalars, recoveryId, digest, true)
      })
      return recovered !== undefined && Buffer.compare(recovered, publicKey) === 0
    },

    verifyP256(publicKey, digest, signature) {
      if (!isP256Form(publicKey, digest, signature)) return false
      const key = keyOf(publicKey)
      if (key === undefined) return false
      return verify('sha256', digest, { key, dsaEncoding: 'ieee-p1363' }, signature)
    },

    verifyP256Message(publicKey, message, signature) {
      if (!isP256Signature(publicKey, signature)) return false
      const key = keyOf(publicKey)
      if (key === undefined) return false
      return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
    },
  }
}

function loadSecp256k1(): Secp256k1 {
  try {
    // Not the package's main file: that one hides a failure to load behind a slow substitute.
    const loaded: unknown = createRequire(import.meta.url)('secp256k1/bindings.js')
    return loaded as Secp256k1
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown'
    throw new Fault('NATIVE_SIGNATURES_UNAVAILABLE', { reason }, { cause })
  }
}

/** What `make` makes of a key, made once. Undefined where the bytes are no point of the curve. */
function remembered<Value>(
  cache: BoundedCache<Value>,
  publicKey: Uint8Array,
  make: () => Value,
): Value | undefined {
  const { buffer, byteOffset, byteLength } = publicKey
  const name = Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
  const known = cache.get(name)
  if (known !== undefined) return known
  const made = orUndefined(make)
  // What is no key is not kept: only the registry can fill the cache.
  if (made !== undefined) cache.set(name, made)
  return made
}

/** The libraries throw for bytes that are no point; to a verifier those are just not valid. */
function orUndefined<Value>(make: () => Value): Value | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

function p256Key(publicKey: Uint8Array): KeyObject {
  const prefix = p256Prefixes[publicKey.length === 33 ? 33 : 65]
  const key = Buffer.concat([prefix, publicKey])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}
