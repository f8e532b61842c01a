/** Transfers that go out together: what retailers owe each other after one netting. */
export type TransferOrder = {
  /** Names the file: the same order again is the same file. */
  readonly batch: number
  readonly atMs: number
  readonly transfers: readonly {
    readonly netting: number
    readonly debtor: number
    readonly creditor: number
    readonly amountMicros: bigint
  }[]
}

/** What a bank says of a transfer. The reference is the same however often it is said. */
export type TransferWord = {
  readonly netting: number
  readonly state: 'paid' | 'returned'
  readonly reference: string
}

/** One file of a bank: what it says, and what of it belongs to no transfer of ours. */
export type BankNews = {
  readonly name: string
  readonly words: readonly TransferWord[]
  readonly findings: readonly string[]
}

/**
 * The way to the banks of retailers. Each call is one attempt.
 *
 * Faults: RAIL_UNAVAILABLE where what became of it is unknown, RAIL_REFUSED where nothing did.
 */
export interface RetailerTransfers {
  /** Hands in an order; the same again has no effect. */
  order(order: TransferOrder): Promise<void>
  /** What banks have said, oldest first, but the files that `isKnown` names. */
  news(isKnown: (name: string) => boolean, sent: SentTransfers): Promise<readonly BankNews[]>
}

/** What was ordered, by its number: a bank's word has to fit it. */
export type SentTransfers = (netting: number) =>
  | { readonly debtor: number; readonly amountMicros: bigint }
  | undefined
