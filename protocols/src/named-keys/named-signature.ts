import { namedKeyMarks, type NamedKeyKind, namedSignatureLength } from '@busbar/core/registry'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concatBytes } from '@noble/hashes/utils.js'
import {
  addressOf,
  type DigestSigner,
  publicKeyOf,
  recoverAddress,
  signDigest,
} from '../eip712/index.ts'
import { bytesToHex, hexToBytes, isHex } from '../hash/index.ts'

/**
 * Signs by a key that is not the registered one, and says which: 99 bytes,
 * `mark ‖ key ‖ r ‖ s ‖ v`. See `namedKeyMarks` for what such keys are for.
 *
 * @param sign of secp256k1; a program that signs much brings a native one
 * @throws Fault KEY_MALFORMED
 */
export function signNamed(
  kind: NamedKeyKind,
  privateKey: Uint8Array,
  digest: Uint8Array,
  sign: DigestSigner = signDigest,
): Uint8Array {
  const mark = Number.parseInt(namedKeyMarks[kind], 16)
  return concatBytes(Uint8Array.of(mark), publicKeyOf(privateKey), sign(privateKey, digest))
}

/** The key that a signature of this kind names and the 65 bytes that are to be by it. */
export function namedParts(
  kind: NamedKeyKind,
  bytes: Uint8Array,
): { readonly publicKey: Uint8Array; readonly signature: Uint8Array } | undefined {
  const mark = Number.parseInt(namedKeyMarks[kind], 16)
  if (bytes.length !== namedSignatureLength || bytes[0] !== mark) return undefined
  return { publicKey: bytes.subarray(1, 34), signature: bytes.subarray(34) }
}

/** The key whose word this signature over `digest` is, `0x` and 66 hex; undefined if nobody's. */
export function namedWord(
  kind: NamedKeyKind,
  digest: Uint8Array,
  bytes: Uint8Array,
): string | undefined {
  const parts = namedParts(kind, bytes)
  if (parts === undefined) return undefined
  const publicKey = bytesToHex(parts.publicKey)
  if (!isChainKey(publicKey)) return undefined
  const address = addressOf(parts.publicKey)
  // By its r and s alone, as the exchange takes a registered key's.
  const isBy = [27, 28].some((v) => recoverAddress(digest, parts.signature.with(64, v)) === address)
  return isBy && [27, 28].includes(parts.signature[64] ?? 0) ? publicKey : undefined
}

/** Whether this is a compressed key of the chain's curve, `0x` and 66 hex. */
export const isChainKey = (publicKey: string): boolean =>
  isHex(publicKey, 33) && secp256k1.utils.isValidPublicKey(hexToBytes(publicKey), true)
