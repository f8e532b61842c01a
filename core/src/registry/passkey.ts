/** A key that lives in a person's device and signs there, bound to the page that asked for it. */
export type Passkey = {
  /** Compressed P-256 key, `0x` and 66 hex: its name in the market. */
  readonly publicKey: string
  /** What its device calls it, `0x` and 32 to 512 hex. */
  readonly credentialId: string
  readonly account: number
  /** The host of the pages that it signs for, as `busbar.example`. */
  readonly host: string
  /** 1 to 32 of a-z, 0-9 and -: by which its owner knows it. No personal data. */
  readonly label: string
  /** From this moment on its word counts, UTC milliseconds. */
  readonly signsFrom: number
  /**
   * Whether the account itself wanted it, by its registered key or by a passkey that it wanted; or
   * nobody was there who could have. By others it orders, and lets no money leave.
   */
  readonly ownWord: boolean
  /** Who asked for it: the account itself, or who did it for the account. */
  readonly registeredBy: number
  /** The account's passkey that did, by its own word or a join code; null for any other key. */
  readonly askedBy: string | null
  /** The journal entry that registered it, and its time. */
  readonly sequence: number
  readonly at: number
}

/**
 * A passkey whose word the desk took away, because somebody said that its device is lost. Who has
 * the device may say that it is not: see `LostPasskey.objectedAt`.
 */
export type LostPasskey = Passkey & {
  /** The retailer whose desk it was, and when. */
  readonly revokedBy: number
  readonly revokedAt: number
  /** Since when what the desk asks for is an authority's matter; null while nobody objected. */
  readonly objectedAt: number | null
}

/**
 * How far back ends what a passkey asked for, when it is revoked. What it asked for before that its
 * owner has seen for long, and may be all that is left.
 */
export const askedForDays = 30

/** The first byte of a passkey's signature. What says that it is one is that it is longer. */
export const passkeyMark = '50'

/** 65 bytes: what every other signature has. */
const keySignatureLength = 2 + 2 * 65

/**
 * The passkey that a signature says it is by, `0x` and 66 hex; undefined for a signature by a
 * registered key. Whether it is by it was checked before a command gets here.
 */
export function passkeyIn(signature: string): string | undefined {
  const isOne = signature.length > keySignatureLength && signature.startsWith(`0x${passkeyMark}`)
  return isOne ? `0x${signature.slice(4, 4 + 66)}` : undefined
}
