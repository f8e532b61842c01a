/**
 * Checks signatures against registered public keys. Nothing is recovered from a signature: who acts
 * is said by the message, and the registry says whose key that is.
 *
 * Every implementation gives the same answer for every input, and answers false rather than throw:
 * what comes from outside is a signature or it is not. There is one form of each signature that
 * passes, so that nobody can turn a signature into another one: `s` in the lower half of the order,
 * `r` and `s` neither zero nor beyond the order, keys in SEC 1 form without the hybrid ones.
 */
export type SignatureVerifier = {
  /**
   * Whether `signature` (r ‖ s, or r ‖ s ‖ v with v 27 or 28) over the 32-byte `digest` is by the
   * compressed key `publicKey` (33 bytes).
   *
   * v must be one of the two but need not be the right one: it says which of two keys to recover,
   * and none is recovered here. Where the chain will recover, ask `verifyRecoverable`.
   */
  verifySecp256k1(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean

  /**
   * As `verifySecp256k1` for 65 bytes, and v is the one with which the chain's `ecrecover` finds
   * this key. For withdrawals: one with the wrong v would pass here and be refused by the contract.
   */
  verifyRecoverable(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean

  /**
   * Whether `signature` (r ‖ s) over SHA-256 of the 32-byte `digest` is by the P-256 key
   * `publicKey` (33 bytes compressed, or 65).
   */
  verifyP256(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean

  /** As `verifyP256`, over SHA-256 of a message of any length: what a passkey signs. */
  verifyP256Message(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}

const secp256k1Order = integer('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')
const secp256k1Half = integer('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')
const p256Order = integer('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
const p256Half = integer('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8')

/**
 * The r ‖ s of a secp256k1 signature if key, digest and signature have the form that may pass, else
 * undefined. Both implementations ask this first, so the form is decided in one place.
 */
export function secp256k1Scalars(
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): Uint8Array | undefined {
  if (!isCompressedKey(publicKey) || !isBytes(digest, 32)) return undefined
  const recoverable = isBytes(signature, 65)
  if (!recoverable && !isBytes(signature, 64)) return undefined
  if (recoverable && signature[64] !== 27 && signature[64] !== 28) return undefined
  if (!scalarsAreCanonical(signature, secp256k1Order, secp256k1Half)) return undefined
  return recoverable ? signature.subarray(0, 64) : signature
}

/** Whether key, digest and signature have the form that may pass as P-256. */
export const isP256Form = (
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean => isBytes(digest, 32) && isP256Signature(publicKey, signature)

/** Whether key and signature have the form that may pass as P-256. */
export function isP256Signature(publicKey: Uint8Array, signature: Uint8Array): boolean {
  const uncompressed = isBytes(publicKey, 65) && publicKey[0] === 0x04
  if (!uncompressed && !isCompressedKey(publicKey)) return false
  if (!isBytes(signature, 64)) return false
  return scalarsAreCanonical(signature, p256Order, p256Half)
}

const isCompressedKey = (key: Uint8Array): boolean =>
  isBytes(key, 33) && (key[0] === 0x02 || key[0] === 0x03)

const isBytes = (bytes: unknown, length: number): bytes is Uint8Array =>
  bytes instanceof Uint8Array && bytes.length === length

/** 0 < r < order and 0 < s ≤ half the order. */
function scalarsAreCanonical(signature: Uint8Array, order: Uint8Array, half: Uint8Array): boolean {
  return (
    !isZero(signature, 0) &&
    !isZero(signature, 32) &&
    compare(signature, 0, order) < 0 &&
    compare(signature, 32, half) <= 0
  )
}

function isZero(bytes: Uint8Array, offset: number): boolean {
  for (let i = offset; i < offset + 32; i += 1) {
    if (bytes[i] !== 0) return false
  }
  return true
}

/** The 32-byte integer at `offset` against `bound`: negative, zero or positive. */
function compare(bytes: Uint8Array, offset: number, bound: Uint8Array): number {
  for (let i = 0; i < 32; i += 1) {
    const difference = (bytes[offset + i] as number) - (bound[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}

function integer(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
