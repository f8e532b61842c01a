/** Money on the bill network: hundredths of the currency, above zero. */
export type Cents = bigint

/** Who gets how much of what is paid for a bill. */
export type Share = { readonly party: string; readonly amountCents: Cents }

/** What a biller asks a payer to pay. */
export type BillTerms = {
  readonly biller: string
  /** The biller’s name for the bill: it has one bill of this name, for ever. */
  readonly bill: string
  readonly payer: string
  readonly currency: string
  readonly amountCents: Cents
  /** Where the money goes, in full: the shares are the amount. */
  readonly shares: readonly Share[]
  /** To be paid until then; after that it is overdue. */
  readonly dueAtMs: number
  /** Not to be paid any more from then on. */
  readonly expiresAtMs: number
  readonly note: string
}

export const billStates = ['presented', 'paid', 'cancelled', 'expired', 'refused'] as const

export type BillState = (typeof billStates)[number]

/** How it stands with a bill. */
export type BillStatus = BillTerms & {
  readonly state: BillState
  readonly isOverdue: boolean
  /** Counts what happened to the bill: of two words about it the higher is the later. */
  readonly sequence: number
  /** The network’s name for the payment; empty until there is one. */
  readonly payment: string
  readonly paidAtMs: number | null
  readonly refundedCents: Cents
}

/** Registers a biller, or says again that it is one. */
export type RegisterBiller = {
  readonly kind: 'register-biller'
  readonly biller: string
  readonly name: string
}

export type PresentBill = { readonly kind: 'present-bill'; readonly terms: BillTerms }

export type NamedBill = { readonly biller: string; readonly bill: string }

export type FetchBill = NamedBill & { readonly kind: 'fetch-bill' }

export type CancelBill = NamedBill & { readonly kind: 'cancel-bill'; readonly note: string }

/** Another amount for a bill that is not paid yet. */
export type AdjustBill = NamedBill & {
  readonly kind: 'adjust-bill'
  readonly amountCents: Cents
  readonly shares: readonly Share[]
  readonly note: string
}

/** Gives back a part of what was paid, from those who got it. */
export type RefundBill = NamedBill & {
  readonly kind: 'refund-bill'
  readonly amountCents: Cents
  readonly shares: readonly Share[]
}

/** From the payer’s institution: the payer pays, or refuses to. */
export type PayBill = NamedBill & {
  readonly kind: 'pay-bill'
  readonly payer: string
  readonly amountCents: Cents
}

export type RefuseBill = NamedBill & { readonly kind: 'refuse-bill'; readonly payer: string }

export type BillRequest =
  | RegisterBiller
  | PresentBill
  | FetchBill
  | CancelBill
  | AdjustBill
  | RefundBill
  | PayBill
  | RefuseBill

export const noticeKinds = ['bill-paid', 'bill-overdue', 'bill-closed', 'bill-refunded'] as const

export type NoticeKind = (typeof noticeKinds)[number]

/** From the network to the biller’s institution: something happened to the bill. */
export type BillNotice = { readonly kind: NoticeKind; readonly status: BillStatus }

/** The answer to a message, by its id. */
export type BillAnswer = {
  readonly kind: 'answer'
  readonly inReplyTo: string
  readonly code: BillCode
  /** Of the bill that was asked about, also where the answer is no. */
  readonly status: BillStatus | null
}

export type BillBody = BillRequest | BillNotice | BillAnswer

export type BillMessage = {
  /** Names the message and what it says for ever. */
  readonly messageId: string
  readonly sender: string
  readonly receiver: string
  readonly createdAtMs: number
  readonly body: BillBody
}

/** What the network answers; the first that applies. All but `ok` have changed nothing. */
export const billCodes = {
  ok: 'Done, or done before.',
  message_exists: 'This message id was used before, for something else.',
  biller_foreign: 'The biller is registered by another institution.',
  biller_unknown: 'No biller has this name.',
  payer_unknown: 'No payer has this name.',
  payer_foreign: 'The payer is served by another institution.',
  party_unknown: 'A share is for somebody that the network does not know.',
  bill_exists: 'The biller has a bill of this name, with other terms.',
  bill_unknown: 'The biller has no bill of this name.',
  bill_paid: 'The bill was paid.',
  bill_closed: 'The bill was cancelled or refused, or has expired.',
  bill_unpaid: 'Nothing was paid that could be given back.',
  amount_differs: 'The bill is of another amount.',
  refund_exceeded: 'More would be given back than was paid to somebody.',
  funds_insufficient: 'Somebody does not have the money.',
} as const satisfies Record<string, string>

export type BillCode = keyof typeof billCodes

export const sharesMax = 8
