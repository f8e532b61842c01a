/** The part of secp256k1 5.x that is used here; the package has no types of its own. */
declare module 'secp256k1' {
  const secp256k1: {
    /** Signs a 32-byte digest: r ‖ s with low s, RFC 6979. @throws on a key outside the order. */
    ecdsaSign(
      digest: Uint8Array,
      privateKey: Uint8Array,
    ): { readonly signature: Uint8Array; readonly recid: number }
    /** The public key that signed. @throws where the signature has none */
    ecdsaRecover(
      signature: Uint8Array,
      recid: number,
      digest: Uint8Array,
      compressed: boolean,
    ): Uint8Array
    ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean
  }
  export default secp256k1
}
