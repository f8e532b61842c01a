/**
 * Notices that are brought to a webhook are signed by the operator's key, as receipts are, in the
 * domain of the market: EIP-712 over the account, the moment of sending and the body's bytes.
 *
 *     Busbar-Signature: t=1767225600000,v1=0x5f8a…
 *
 * There is one `t` and one `v1`, in this order and spelling, as in the webhooks of payment
 * providers; but nobody shares a secret, so that a receiver can show others what it was told.
 */
import { type Domain, noticeDigest, recoverAddress } from '../eip712/index.ts'
import { bytesToHex, hexToBytes, keccak256 } from '../hash/index.ts'

const headerForm = /^t=(0|[1-9][0-9]{0,15}),v1=(0x[0-9a-f]{130})$/

/** What is signed of a notice for `account` with this body, sent at `sentAt` (UTC milliseconds). */
export const noticeDigestOf = (
  domain: Domain,
  account: number,
  sentAt: number,
  body: Uint8Array,
): Uint8Array =>
  noticeDigest(domain, { account, sentAt, bodyHash: bytesToHex(keccak256(body)) })

/** The value of the header. */
export const noticeHeader = (sentAt: number, signature: Uint8Array): string =>
  `t=${sentAt},v1=${bytesToHex(signature)}`

/** Why a delivery is not believed, in the order in which it is looked at. */
export const noticeRefusals = {
  signature_missing: 'The header is not there.',
  signature_malformed: 'The header is not one t and one v1 in their form.',
  signature_wrong: 'The operator has not signed this body, for this account and moment.',
  signature_old: 'It was sent too long ago.',
  signature_early: 'It was sent at a moment that is still to come.',
} as const

export type NoticeRefusal = keyof typeof noticeRefusals

export type NoticeCheck =
  | { readonly kind: 'valid'; readonly sentAt: number }
  | { readonly kind: 'refused'; readonly reason: NoticeRefusal }

export type NoticeDelivery = {
  /** As the HTTP server gives it: an array or joined values are of a header that came twice. */
  readonly header: string | readonly string[] | undefined
  /** Before anything has parsed it. */
  readonly body: Uint8Array
}

/** Whose word counts for whom, and how old it may be. */
export type NoticeTerms = {
  readonly domain: Domain
  /** The address that signs, from the chain or from `receiptSigner` of the market. */
  readonly operator: string
  readonly account: number
  readonly toleranceMs: number
}

/** Whether the operator sent just this body to this account, and about `now`. */
export function checkNotice(
  { header, body }: NoticeDelivery,
  { domain, operator, account, toleranceMs }: NoticeTerms,
  now: number,
): NoticeCheck {
  if (header === undefined) return refused('signature_missing')
  const match = typeof header === 'string' ? headerForm.exec(header) : null
  if (match === null) return refused('signature_malformed')
  const [, time = '', signature = ''] = match
  const sentAt = Number(time)
  if (!Number.isSafeInteger(sentAt)) return refused('signature_malformed')
  const digest = noticeDigestOf(domain, account, sentAt, body)
  const signer = recoverAddress(digest, hexToBytes(signature, 65, 'v1'))
  if (signer === undefined || signer !== operator.toLowerCase()) return refused('signature_wrong')
  const age = now - sentAt
  if (age > toleranceMs) return refused('signature_old')
  if (-age > toleranceMs) return refused('signature_early')
  return { kind: 'valid', sentAt }
}

const refused = (reason: NoticeRefusal): NoticeCheck => ({ kind: 'refused', reason })
