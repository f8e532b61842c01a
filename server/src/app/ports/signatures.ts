/**
 * Checks signatures against registered keys. Every implementation gives the same answer to the same
 * bytes: malleable (high-s), malformed and foreign signatures are false, never an exception.
 */
export interface SignatureVerifier {
  /** Key: 33 bytes, compressed. Signature: 65 bytes r ‖ s ‖ v. */
  verifySecp256k1(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean
  /** As `verifySecp256k1`, and v must be what the chain recovers the key's address with. */
  verifyRecoverable(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean
  /** Over SHA-256 of the digest. Key: 33 bytes, compressed. Signature: 64 bytes r ‖ s. */
  verifyP256(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean
  /** As `verifyP256`, over SHA-256 of a message of any length. */
  verifyP256Message(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}
