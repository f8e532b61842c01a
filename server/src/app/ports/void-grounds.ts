/**
 * By what the reasons of void orders can be judged without trusting the exchange: as it was signed,
 * ascending by the journal's sequence. Of accounts that have a void order in the interval.
 */
export type VoidGrounds = {
  /** To whom orders of the interval are sealed; null where owners reveal. */
  readonly committeeKey: string | null
  /** All sealed orders of these accounts, also those that took part. */
  readonly received: readonly {
    readonly commitment: string
    readonly id: string
    readonly account: number
    readonly sequence: number
    readonly collateralMicros: number
    /** Null for what was taken back before the gate: that stays closed. */
    readonly ciphertext: string | null
    readonly ciphertextHash: string
    readonly signature: string
  }[]
  readonly cancellations: readonly {
    readonly id: string
    readonly account: number
    readonly order: string
    readonly signature: string
  }[]
  /** Requests on the chain for money that stood behind orders. */
  readonly requests: readonly { readonly account: number; readonly reference: string }[]
  /**
   * That registered meters, named a retailer or set tariffs, and those that registered the passkeys
   * which signed any of this, issued the join codes that registered those, and granted the mandates
   * of agents; content as canonical JSON.
   */
  readonly instructions: readonly {
    readonly sequence: number
    /** The meter or account that came of it; null for a tariff or a passkey. */
    readonly number: number | null
    readonly id: string
    readonly account: number
    readonly kind:
      | 'register_meter'
      | 'admit_participant'
      | 'set_tariff'
      | 'register_passkey'
      | 'issue_join_code'
      | 'grant_mandate'
    readonly content: string
    readonly signature: string
  }[]
}
