/** One transfer: from the account of its payment to this one. */
export type CreditTransfer = {
  /** Names the transfer to everybody on its way and comes back in the account messages. */
  readonly endToEndId: string
  readonly amountMicros: bigint
  readonly creditorName: string
  /** An IBAN, or the number of another kind of account. */
  readonly creditorAccount: string
  readonly remittance: string
}

/** What one account pays on one day. */
export type CreditPayment = {
  readonly paymentId: string
  readonly executionDate: string
  readonly debtorName: string
  readonly debtorAccount: string
  readonly transfers: readonly CreditTransfer[]
}

/** A file of credit transfers: `pain.001`. Its id names its content for ever. */
export type CreditTransferFile = {
  readonly messageId: string
  readonly createdAtMs: number
  readonly initiator: string
  readonly currency: string
  readonly payments: readonly CreditPayment[]
}

/** Transfers in one file. */
export const transfersMax = 10_000

export const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'
