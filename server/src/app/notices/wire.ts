import type { Notice } from '@busbar/protocols/api'
import type { StoredNotice } from '../ports/notices.ts'

/** A notice as everybody gets it: read by the interface and brought, to the letter the same. */
export function wireNotice(market: string, notice: StoredNotice): Notice {
  const { account, sequence, subject, kind, at, journalSequence, body } = notice
  return {
    id: `${market}/${account}/${sequence}`,
    ...{ market, account, sequence, subject, atMs: at, journalSequence, kind },
    // It was written by the table of notices, in the form of its kind.
    data: JSON.parse(body) as unknown,
  } as Notice
}
