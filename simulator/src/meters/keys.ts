/// <reference path="./secp256k1.d.ts" />
import { createHash } from 'node:crypto'
import secp256k1 from 'secp256k1'
import {
  addressOf,
  type DigestSigner,
  publicKeyOf,
  publicKeyOfP256,
  signDigest,
  signDigestP256,
} from '@busbar/protocols/eip712'
import { bytesToHex, type Hex, hexToBytes } from '@busbar/protocols/hash'

export type Curve = 'secp256k1' | 'p256'

/**
 * A key of the simulation. It is made from the seed, so that a run can be repeated byte for byte;
 * for the same reason it protects nothing.
 */
export type Key = {
  readonly curve: Curve
  readonly privateKey: Uint8Array
  /** Compressed, `0x` and 66 hex. */
  readonly publicKey: Hex
  /** `0x` and the signature of a 32-byte digest. */
  readonly sign: (digest: Uint8Array) => Hex
}

export function seededKey(seed: number, name: string, curve: Curve): Key {
  // A SHA-256 outside the curve's order has a chance of 2^-32 at most; signing would throw.
  const text = `busbar simulator key/${curve}/${seed}/${name}`
  const privateKey = new Uint8Array(createHash('sha256').update(text).digest())
  const publicKey = curve === 'p256' ? publicKeyOfP256(privateKey) : publicKeyOf(privateKey)
  const sign = curve === 'p256' ? signDigestP256 : signNative
  return {
    curve,
    privateKey,
    publicKey: bytesToHex(publicKey),
    sign: (digest) => bytesToHex(sign(privateKey, digest)),
  }
}

/** The Ethereum address of a participant's key. */
export const addressOfKey = (key: Key): Hex => addressOf(publicKeyOf(key.privateKey))

/**
 * As `signDigest` of the protocols, by the bindings of libsecp256k1 (the package falls back to
 * JavaScript where they do not load). Both use RFC 6979 and low s, so both give the same bytes.
 */
export const signNative: DigestSigner = (privateKey, digest) => {
  const { signature, recid } = secp256k1.ecdsaSign(digest, privateKey)
  const bytes = new Uint8Array(65)
  bytes.set(signature, 0)
  bytes[64] = 27 + recid
  return bytes
}

/** The address whose key signed a digest, 65 bytes r ‖ s ‖ v; null where it is no signature. */
export function recoverNative(digest: Uint8Array, signature: string): Hex | null {
  const bytes = hexToBytes(signature, 65, 'signature')
  const recid = (bytes[64] ?? 0) - 27
  if (recid !== 0 && recid !== 1) return null
  try {
    return addressOf(secp256k1.ecdsaRecover(bytes.subarray(0, 64), recid, digest, true))
  } catch {
    // The library throws where there is no such point: nobody signed this.
    return null
  }
}

export { signDigest as signSlow }

/** A client's 16-byte id that no other run of this seed gives to another thing. */
export function seededId(seed: number, name: string): Hex {
  const digest = createHash('sha256').update(`busbar simulator id/${seed}/${name}`).digest()
  return bytesToHex(new Uint8Array(digest.subarray(0, 16)))
}
