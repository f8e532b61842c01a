import type { NoticeKind } from '@busbar/protocols/api'

/** What an account is to be told of one thing. */
export type NoticeDraft = {
  readonly account: number
  /** Of one subject notices come in order: `trade/7`, `offer/3`, … */
  readonly subject: string
  readonly kind: NoticeKind
  /** In the form of its kind, but for bigint quantities. */
  readonly data: Readonly<Record<string, unknown>>
}

/** As it is written with the journal entry that it follows from. */
export type JournalledNotice = Pick<NoticeDraft, 'account' | 'subject'> & {
  readonly kind: string
  readonly journalSequence: number
  /** Milliseconds UTC of the market. */
  readonly at: number
  /** Canonical JSON of the data. */
  readonly body: string
}

export type StoredNotice = JournalledNotice & {
  /** From 1, without gaps, counted for the account. */
  readonly sequence: number
  /** How often it was tried to bring it, since the webhook was set. */
  readonly attempts: number
}

/** Where an account wants its notices brought. Nothing is brought while `url` is empty. */
export type StoredWebhook = {
  readonly account: number
  readonly url: string
  /** Notices after this sequence are brought. */
  readonly after: number
  /** What was signed: when, and its digest. */
  readonly issuedAt: number
  readonly digest: string
}

/** What became of an attempt. Times are of the world outside. */
export type Attempt = {
  readonly sequence: number
  readonly attempts: number
} & (
  | { readonly state: 'delivered' | 'given_up' }
  /** Not before this it is tried again. */
  | { readonly state: 'waiting'; readonly nextAt: number }
)

/** Counts of one account. */
export type NoticeCounts = {
  /** The newest of all, 0 before the first. */
  readonly last: number
  /** Those that are to be brought, and those that were tried for too long. */
  readonly waiting: number
  readonly givenUp: number
}

/**
 * What accounts are told, and how far it was brought. Notices are written by `Store.commit`, with
 * what they follow from, and never changed or removed but for what became of bringing them.
 */
export interface NoticeBook {
  /** A page of the notices behind `after`, ascending. Faults: PAGE_LIMIT_INVALID. */
  list(account: number, after: number, limit: number): Promise<readonly StoredNotice[]>

  counts(account: number): Promise<NoticeCounts>

  /** Of the newest notice of each, 0 before its first. */
  lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>>

  webhooks(): Promise<readonly StoredWebhook[]>

  /** In the place of the account's last one. Everything behind its `after` waits from then on. */
  setWebhook(webhook: StoredWebhook): Promise<void>

  /**
   * What may be brought at `now`, ascending, at most `limit`: of each subject only the oldest that
   * waits, so that nothing overtakes what it follows.
   */
  due(account: number, now: number, limit: number): Promise<readonly StoredNotice[]>

  /** When the next of those that wait may be tried; undefined where none waits. */
  nextDue(account: number): Promise<number | undefined>

  /** What became of attempts, on disk when it resolves. A webhook that was set since wins. */
  record(webhook: StoredWebhook, attempts: readonly Attempt[]): Promise<void>
}

/** How a receiver took a notice. */
export type SendAnswer =
  /** It answered, with this status. */
  | { readonly kind: 'answered'; readonly status: number }
  /** It could not be reached, or was too slow: why, for its owner to read. */
  | { readonly kind: 'unreachable'; readonly reason: string }

/** Brings notices to addresses that others chose: never to this machine or its neighbours. */
export interface NoticeSender {
  /** Why an address cannot be one of a webhook, whatever it leads to. Asks nobody. */
  objection(url: string): string | undefined

  /** One attempt, within a time limit. Follows nowhere, and reads little of what comes back. */
  send(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<SendAnswer>
}
