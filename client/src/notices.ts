import { type Notice, noticeBytesMax, noticeKindNames } from '@busbar/protocols/api'
import {
  checkNotice,
  type NoticeDelivery,
  type NoticeRefusal,
  type NoticeTerms,
  noticeToleranceMs,
} from '@busbar/protocols/notices'

/** What a request to a webhook turns out to be. */
export type ReceivedNotice =
  | { readonly kind: 'notice'; readonly notice: Notice; readonly sentAt: number }
  | { readonly kind: 'refused'; readonly reason: NoticeRefusal | 'notice_malformed' }

/**
 * Believes a notice only if the operator has signed just these bytes, for this account and about
 * now. It asks no server. The same notice may come more than once: under the same `id`.
 *
 * @param delivery the header `busbar-signature` and the body before anything has parsed it
 * @param terms whose word counts: `operator` from the chain, or the market's `receiptSigner`
 * @param now UTC milliseconds
 */
export function verifyNotice(
  delivery: NoticeDelivery,
  terms: Omit<NoticeTerms, 'toleranceMs'> & { readonly toleranceMs?: number },
  now: number,
): ReceivedNotice {
  if (delivery.body.length > noticeBytesMax) return { kind: 'refused', reason: 'notice_malformed' }
  const check = checkNotice(delivery, { toleranceMs: noticeToleranceMs, ...terms }, now)
  if (check.kind === 'refused') return check
  const notice = noticeIn(delivery.body)
  if (notice?.account !== terms.account) return { kind: 'refused', reason: 'notice_malformed' }
  return { kind: 'notice', notice, sentAt: check.sentAt }
}

/** A kind that this version does not know is of a newer server, and for nobody here to read. */
function noticeIn(body: Uint8Array): Notice | undefined {
  try {
    const notice = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Notice
    return noticeKindNames.includes(notice.kind) ? notice : undefined
  } catch (error) {
    // Not JSON, though its sender is who it says: told as malformed.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}
