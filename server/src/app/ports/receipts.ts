/** Signs with the key that the contracts know as the operator's. */
export interface ReceiptSigner {
  /**
   * 65 bytes r ‖ s ‖ v over a 32-byte digest; the same digest always gives the same bytes, so that
   * a receipt asked for again is the receipt that was given.
   */
  sign(digest: Uint8Array): Uint8Array
}
