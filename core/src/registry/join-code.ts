/** A key that counts once: whoever has it registers one passkey for the account. */
export type JoinCode = {
  /** Compressed secp256k1 key, `0x` and 66 hex: its name in the market. */
  readonly publicKey: string
  readonly account: number
  /** The host of the pages on which the passkey is made. */
  readonly host: string
  /** Counts until then, UTC milliseconds. */
  readonly until: number
  /** The account itself, or its retailer. */
  readonly issuedBy: number
  /** The account's passkey that issued it; null for any other key. */
  readonly askedBy: string | null
  /** Whether the account itself issued it, by a key that lets money leave: see `Passkey`. */
  readonly ownWord: boolean
  /** What it registers speaks from this moment on at the earliest, UTC milliseconds. */
  readonly signsFrom: number
  /** The journal entry that issued it, and its time. */
  readonly sequence: number
  readonly at: number
}
