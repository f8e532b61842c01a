/** A booked line of an account, as it will stand in the messages of the bank. */
export type BookedEntry = {
  readonly number: number
  readonly account: string
  /** Below zero where money went out. */
  readonly cents: number
  readonly atMs: number
  readonly currency: string
  readonly messageId: string
  readonly paymentId: string
  readonly endToEndId: string
  readonly counterparty: string
  readonly counterpartyName: string
  readonly remittance: string
  /** Why it came back; empty where it is no return. */
  readonly returnReason: string
}

export type DayBalances = { readonly openingCents: number; readonly closingCents: number }
