import { noticeSignatureHeader, noticeToleranceMs } from '../notices/header.ts'

/**
 * How notices are brought to a webhook: the server does by it, the reference is written of it, and
 * pages show it.
 */
export const webhookDelivery = {
  method: 'POST',
  headers: {
    'busbar-notice': 'The `id` of the notice: the same however often it is brought.',
    [noticeSignatureHeader]:
      '`t=1780322400000,v1=0x…`: when it was sent, in UTC milliseconds of the time outside, and ' +
      'the operator’s signature over account, moment and the body’s bytes.',
  },
  /** A receiver refuses what was sent longer ago, or is to be sent longer from now. */
  toleranceMs: noticeToleranceMs,
  /** A receiver has so long to answer with a status from 200 to 299. */
  answerMsMax: 10_000,
  /** After an attempt that failed; twice as long each time. */
  pauseMs: { first: 1_000, most: 3_600_000 },
  /** With the pauses between them about half a day; then it is given up, and stays readable. */
  attemptsMax: 24,
  /** Notices of different subjects that are brought to one receiver at the same time. */
  concurrencyMax: 8,
  /** By which a receiver says that it can take nothing now: then one notice is tried at a time. */
  busyStatuses: [429, 503],
} as const
