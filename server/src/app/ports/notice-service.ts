import type { Notice, SignedWebhook } from '@busbar/protocols/api'

export type WebhookView = {
  readonly account: number
  /** Empty where there is none. */
  readonly url: string
  readonly after: number
  readonly issuedAtMs: number | null
  readonly lastSequence: number
  readonly waiting: number
  readonly givenUp: number
  readonly failures: number
  readonly lastError: string
}

export type WebhookAnswer =
  | {
      readonly kind: 'taken'
      readonly account: number
      readonly issuedAtMs: number
      /** It was taken before, and stands. */
      readonly repeated: boolean
    }
  | {
      readonly kind: 'refused'
      readonly reason:
        | 'account_unknown' | 'signature_invalid' | 'webhook_superseded' | 'field_invalid'
      readonly field: string
      readonly limit?: string
    }

/** What accounts were told, and where they want it brought. `undefined`: no such account. */
export type NoticeService = {
  /** Ascending, behind the notice `after`. */
  list(account: number, after: number, limit: number): Promise<readonly Notice[] | undefined>
  /** Of the newest notice of each, 0 before its first. */
  lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Hears of accounts that have new notices, once these are durable. Returns how to end that. */
  subscribe(listener: (accounts: Iterable<number>) => void): () => void
  webhook(account: number): Promise<WebhookView | undefined>
  /** Durable when it resolves with `taken`. */
  submit(webhook: SignedWebhook): Promise<WebhookAnswer>
}
