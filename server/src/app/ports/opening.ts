/** One order as the committee's signature opens it. */
export type SealedCiphertext = {
  /** `0x` and 64 hex. */
  readonly commitment: string
  /** `0x` and hex. */
  readonly ciphertext: string
}

/** Who together makes the key of a label, as `appoint_committee` put it into the state. */
export type OpeningCommittee = {
  /** In G1, compressed: `0x` and 96 hex. */
  readonly publicKey: string
  /** How many members it takes. */
  readonly threshold: number
  readonly members: readonly {
    /** From 1: where the member's share lies on the polynomial. */
    readonly index: number
    readonly name: string
    readonly verificationKey: string
  }[]
}

export type OpeningRequest = {
  readonly zone: number
  readonly interval: number
  /** What the committee signs: see `openingLabel`. */
  readonly label: string
  readonly committee: OpeningCommittee
  /** By ascending commitment. May be empty: then nobody is asked. */
  readonly orders: readonly SealedCiphertext[]
}

export type Opened = {
  /** One for each order, in its place: the plaintext, or null where it does not decrypt. */
  readonly openings: readonly (Uint8Array | null)[]
  /** The joint signature, `0x` and hex: with it anybody can open the same orders. */
  readonly signature: string
  /** Names of members that did not answer in time. */
  readonly absent: readonly string[]
  /** Names of members whose share is not theirs. */
  readonly wrong: readonly string[]
}

/**
 * Opens an interval's orders after its gate.
 *
 * Faults: COMMITTEE_BELOW_THRESHOLD where too few members gave a right share; `details.absent` and
 * `details.wrong` name them. Then nothing is opened, and asking again later is safe.
 */
export interface OrderOpening {
  open(request: OpeningRequest): Promise<Opened>
  /** Ends what is under way: its promise rejects. */
  close(): Promise<void>
}
