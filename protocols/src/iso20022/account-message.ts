/** What a bank says of accounts: `camt.053` once a day, `camt.054` as it books. */
export type AccountMessage = {
  readonly kind: 'statement' | 'notification'
  readonly messageId: string
  readonly createdAtMs: number
  /** Of a message in parts: which this is. */
  readonly page: { readonly number: number; readonly isLast: boolean } | null
  readonly reports: readonly AccountReport[]
}

/** What a message says of one account. */
export type AccountReport = {
  readonly id: string
  readonly account: string
  /** Booked balances of a statement, below zero for a debt; null where it names none. */
  readonly openingMicros: bigint | null
  readonly closingMicros: bigint | null
  readonly entries: readonly AccountEntry[]
}

/** One line of the account. */
export type AccountEntry = {
  /** The bank’s names for it; empty where it gave none. */
  readonly reference: string
  readonly bankReference: string
  readonly amountMicros: bigint
  readonly currency: string
  /** Whether money came in. An entry that takes back a credit is a debit and a reversal. */
  readonly isCredit: boolean
  readonly isReversal: boolean
  /** Only what is booked has happened. */
  readonly status: 'booked' | 'pending' | 'information' | 'future'
  readonly bookedOn: string
  /** Several transfers in one line, by the ids of the file that asked for them. */
  readonly batch: EntryBatch | null
  readonly details: readonly EntryDetail[]
}

export type EntryBatch = {
  readonly messageId: string
  readonly paymentId: string
  readonly count: number | null
}

/** One transfer behind a line. */
export type EntryDetail = {
  /** As the file of the transfer named it; empty where there is none. */
  readonly endToEndId: string
  readonly messageId: string
  readonly paymentId: string
  readonly bankReference: string
  readonly amountMicros: bigint | null
  readonly isCredit: boolean
  readonly debtorAccount: string
  readonly creditorAccount: string
  readonly remittance: string
  /** Why a transfer came back, by the codes of ISO 20022 such as AC04; empty unless it did. */
  readonly returnReason: string
}

export const reportsMax = 1_000
export const entriesMax = 10_000
export const detailsMax = 10_000
