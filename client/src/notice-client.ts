import {
  type Notices,
  routes,
  type SignedWebhook,
  type Webhook,
  type WebhookTaken,
} from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import { fill, withQuery } from './requests.ts'

/** What an account is told: `client.notices`. */
export class NoticeClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** Ascending, behind the notice `after`. `nextAfter` is where the next page begins, or null. */
  list(
    account: number,
    page: { readonly after?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<Notices> {
    const path = fill(routes.notices.path, { account })
    return this.#calls.getPrivate<Notices>(withQuery(path, page), options)
  }

  /** Where they are brought, and how it stands with that. */
  webhook(account: number, options?: CallOptions): Promise<Webhook> {
    return this.#calls.getPrivate<Webhook>(fill(routes.webhook.path, { account }), options)
  }

  /** Has them brought elsewhere, or no more; see `Signer.webhook`. */
  setWebhook(webhook: SignedWebhook, options?: CallOptions): Promise<WebhookTaken> {
    return this.#calls.post<WebhookTaken>(routes.submitWebhook.path, webhook, options)
  }
}
