import { participantOf, type State } from '@busbar/core/exchange'
import type { SignedWebhook } from '@busbar/protocols/api'
import { type Domain, webhookDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import type { NoticeService, WebhookAnswer, WebhookView } from '../ports/notice-service.ts'
import type { NoticeBook, NoticeSender, StoredWebhook } from '../ports/notices.ts'
import type { SignatureVerifier } from '../ports/signatures.ts'
import type { NoticeDelivery } from './notice-delivery.ts'
import { wireNotice } from './wire.ts'

/** How far the moment of signing may be from ours, to both sides: nobody locks itself out. */
const issuedToleranceMs = 300_000

export type DeskParts = {
  readonly stateOf: () => State
  readonly domain: Domain
  readonly market: string
  readonly verifier: SignatureVerifier
  readonly book: NoticeBook
  readonly sender: NoticeSender
  readonly delivery: NoticeDelivery
  readonly wallClock: () => number
  /** An account has signed what is taken; see `recordFirstWord`. */
  readonly onWord?: (account: number) => void
}

const refused = (
  reason: Extract<WebhookAnswer, { kind: 'refused' }>['reason'],
  field: string,
  limit?: string,
): WebhookAnswer => ({
  ...{ kind: 'refused', reason, field },
  ...(limit === undefined ? {} : { limit }),
})

/** What accounts were told, and where they want it brought. */
export class WebhookDesk implements NoticeService {
  readonly #parts: DeskParts
  readonly #listeners = new Set<(accounts: Iterable<number>) => void>()
  /** One word after the other: each is judged by what the one before has left. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: DeskParts) {
    this.#parts = parts
  }

  async list(account: number, after: number, limit: number) {
    const { stateOf, book, market } = this.#parts
    if (participantOf(stateOf(), account) === undefined) return undefined
    return (await book.list(account, after, limit)).map((notice) => wireNotice(market, notice))
  }

  lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return this.#parts.book.lastSequences(accounts)
  }

  subscribe(listener: (accounts: Iterable<number>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notices for these accounts are durable. */
  hear(accounts: Iterable<number>): void {
    for (const listener of this.#listeners) listener(accounts)
  }

  async webhook(account: number): Promise<WebhookView | undefined> {
    const { stateOf, book, delivery } = this.#parts
    if (participantOf(stateOf(), account) === undefined) return undefined
    const line = delivery.lineOf(account)
    const { last, waiting, givenUp } = await book.counts(account)
    return {
      account,
      url: line?.webhook.url ?? '',
      after: line?.webhook.after ?? 0,
      issuedAtMs: line?.webhook.issuedAt ?? null,
      ...{ lastSequence: last, waiting, givenUp },
      failures: line?.failures ?? 0,
      lastError: line?.lastError ?? '',
    }
  }

  submit(webhook: SignedWebhook): Promise<WebhookAnswer> {
    const answer = this.#queue.then(() => this.#take(webhook))
    this.#queue = answer.catch(() => undefined)
    return answer
  }

  async #take(webhook: SignedWebhook): Promise<WebhookAnswer> {
    const { stateOf, domain, verifier, delivery, book } = this.#parts
    const { account, url, after, issuedAt, signature } = webhook
    const participant = participantOf(stateOf(), account)
    if (participant === undefined) return refused('account_unknown', 'account')
    const digest = webhookDigest(domain, webhook)
    const key = hexToBytes(participant.publicKey, 33, 'publicKey')
    if (!verifier.verifySecp256k1(key, digest, hexToBytes(signature, 65, 'signature'))) {
      return refused('signature_invalid', 'signature')
    }
    const taken = { account, url, after, issuedAt, digest: bytesToHex(digest) }
    const current = delivery.lineOf(account)?.webhook
    if (current?.issuedAt === issuedAt && current.digest === taken.digest) {
      return { kind: 'taken', account, issuedAtMs: issuedAt, repeated: true }
    }
    const objection = await this.#objection(taken, current)
    if (objection !== undefined) return objection
    this.#parts.onWord?.(account)
    await book.setWebhook(taken)
    delivery.set(taken)
    return { kind: 'taken', account, issuedAtMs: issuedAt, repeated: false }
  }

  async #objection(
    { account, url, after, issuedAt }: StoredWebhook,
    current: StoredWebhook | undefined,
  ): Promise<WebhookAnswer | undefined> {
    const { wallClock, sender, book } = this.#parts
    const now = wallClock()
    if (current !== undefined && issuedAt <= current.issuedAt) {
      return refused('webhook_superseded', 'issuedAt', `after ${current.issuedAt}`)
    }
    if (Math.abs(issuedAt - now) > issuedToleranceMs) {
      return refused('field_invalid', 'issuedAt', `within ${issuedToleranceMs} ms of ${now}`)
    }
    const wrong = url === '' ? undefined : sender.objection(url)
    if (wrong !== undefined) return refused('field_invalid', 'url', wrong)
    const { last } = await book.counts(account)
    return after > last ? refused('field_invalid', 'after', `at most ${last}`) : undefined
  }
}
