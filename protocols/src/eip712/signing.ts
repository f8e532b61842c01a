import { Fault } from '@busbar/core/errors'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesToHex, type Hex, keccak256 } from '../hash/index.ts'

/** Signs a 32-byte digest. A port: programs that sign much bring a native one. */
export type DigestSigner = (privateKey: Uint8Array, digest: Uint8Array) => Uint8Array

/**
 * secp256k1 over `digest` itself: r ‖ s ‖ v, 65 bytes, s in the lower half of the order, v 27 or
 * 28. The nonce is RFC 6979's: same key, same digest, same signature.
 *
 * @throws Fault KEY_MALFORMED
 */
export const signDigest: DigestSigner = (privateKey, digest) => {
  requireKey(secp256k1.utils.isValidSecretKey(privateKey), 'secp256k1 private key')
  const options = { prehash: false, lowS: true, format: 'recovered' } as const
  const recovered = secp256k1.sign(digest, privateKey, options)
  const signature = new Uint8Array(65)
  signature.set(recovered.subarray(1), 0)
  signature[64] = 27 + (recovered[0] as number)
  return signature
}

/**
 * The address whose key made `signature` (as `signDigest` writes it) over `digest`; undefined where
 * no key did, and for any other spelling of one.
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array): Hex | undefined {
  const v = signature[64]
  if (signature.length !== 65 || (v !== 27 && v !== 28)) return undefined
  const recovered = new Uint8Array(65)
  recovered[0] = v - 27
  recovered.set(signature.subarray(0, 64), 1)
  try {
    const parsed = secp256k1.Signature.fromBytes(recovered, 'recovered')
    // A second signature of the same digest, made from the first by anybody.
    if (parsed.hasHighS()) return undefined
    return addressOf(parsed.recoverPublicKey(digest).toBytes(true))
  } catch (error) {
    // The library throws plain errors for numbers that are none of the curve's.
    if (error instanceof Error && !(error instanceof Fault)) return undefined
    throw error
  }
}

/** The compressed public key, 33 bytes: what participants and gateways register. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  requireKey(secp256k1.utils.isValidSecretKey(privateKey), 'secp256k1 private key')
  return secp256k1.getPublicKey(privateKey, true)
}

/** The Ethereum address of a public key (33 or 65 bytes), in lower case. */
export function addressOf(publicKey: Uint8Array): Hex {
  const compressed = publicKey.length === 33
  const valid = secp256k1.utils.isValidPublicKey(publicKey, compressed)
  requireKey(valid, 'secp256k1 public key')
  const uncompressed = secp256k1.Point.fromBytes(publicKey).toBytes(false)
  return bytesToHex(keccak256(uncompressed.subarray(1)).subarray(12))
}

/**
 * P-256, for gateways: r ‖ s, 64 bytes, s in the lower half of the order, over SHA-256 of `digest`,
 * so that Node's crypto and the chain's precompile can both check it.
 *
 * @throws Fault KEY_MALFORMED
 */
export const signDigestP256: DigestSigner = (privateKey, digest) => {
  requireKey(p256.utils.isValidSecretKey(privateKey), 'P-256 private key')
  return p256.sign(digest, privateKey, { prehash: true, lowS: true, format: 'compact' })
}

/** The compressed P-256 public key, 33 bytes. */
export function publicKeyOfP256(privateKey: Uint8Array): Uint8Array {
  requireKey(p256.utils.isValidSecretKey(privateKey), 'P-256 private key')
  return p256.getPublicKey(privateKey, true)
}

const curves = {
  secp256k1: { curve: secp256k1, prehash: false },
  p256: { curve: p256, prehash: true },
} as const

/**
 * Whether `signature` over the 32-byte `digest` is by the compressed `publicKey`: r ‖ s, for
 * secp256k1 also with v behind, s in the lower half of the order. Whatever has another form is not.
 * In JavaScript alone: for pages, and for who checks little.
 */
export function isSignedBy(
  curve: keyof typeof curves,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hasParity = curve === 'secp256k1' && signature.length === 65
  if (hasParity && signature[64] !== 27 && signature[64] !== 28) return false
  if (publicKey.length !== 33 || digest.length !== 32) return false
  if (signature.length !== 64 && !hasParity) return false
  const { curve: library, prehash } = curves[curve]
  if (!library.utils.isValidPublicKey(publicKey, true)) return false
  const options = { prehash, lowS: true, format: 'compact' } as const
  try {
    return library.verify(signature.subarray(0, 64), digest, publicKey, options)
  } catch (error) {
    // The library throws plain errors for numbers that are none of the curve's.
    if (error instanceof Error) return false
    throw error
  }
}

function requireKey(valid: boolean, kind: string): void {
  if (!valid) throw new Fault('KEY_MALFORMED', { kind })
}
