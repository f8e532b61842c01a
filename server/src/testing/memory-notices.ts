/** What accounts are told, in memory: the promise of the port in the plainest way. */
import type {
  Attempt,
  JournalledNotice,
  NoticeBook,
  NoticeCounts,
  StoredNotice,
  StoredWebhook,
} from '../app/ports/notices.ts'

type Kept = { notice: StoredNotice; state: Attempt['state']; nextAt: number }

export class MemoryNotices implements NoticeBook {
  readonly kept: Kept[] = []
  readonly #webhooks = new Map<number, StoredWebhook>()

  append(notices: readonly JournalledNotice[]): void {
    for (const notice of notices) {
      const sequence = this.#of(notice.account).length + 1
      this.kept.push({ notice: { ...notice, sequence, attempts: 0 }, state: 'waiting', nextAt: 0 })
    }
  }

  async list(account: number, after: number, limit: number): Promise<readonly StoredNotice[]> {
    const behind = this.#of(account).filter(({ notice }) => notice.sequence > after)
    return behind.slice(0, limit).map(({ notice }) => notice)
  }

  async counts(account: number): Promise<NoticeCounts> {
    const meant = this.#meant(account)
    const isNamed = this.#webhooks.get(account)?.url !== ''
    const count = (wanted: Attempt['state']): number =>
      isNamed ? meant.filter(({ state }) => state === wanted).length : 0
    const last = this.#of(account).length
    return { last, waiting: count('waiting'), givenUp: count('given_up') }
  }

  async lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return new Map(accounts.map((account) => [account, this.#of(account).length]))
  }

  async webhooks(): Promise<readonly StoredWebhook[]> {
    return [...this.#webhooks.values()].sort((a, b) => a.account - b.account)
  }

  async setWebhook(webhook: StoredWebhook): Promise<void> {
    this.#webhooks.set(webhook.account, webhook)
    for (const kept of this.#meant(webhook.account)) {
      Object.assign(kept, { state: 'waiting', nextAt: 0, notice: { ...kept.notice, attempts: 0 } })
    }
  }

  async due(account: number, now: number, limit: number): Promise<readonly StoredNotice[]> {
    const heads = this.#heads(account).filter(({ nextAt }) => nextAt <= now)
    return heads.slice(0, limit).map(({ notice }) => notice)
  }

  async nextDue(account: number): Promise<number | undefined> {
    const times = this.#heads(account).map(({ nextAt }) => nextAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  async record(webhook: StoredWebhook, attempts: readonly Attempt[]): Promise<void> {
    if (this.#webhooks.get(webhook.account)?.issuedAt !== webhook.issuedAt) return
    for (const attempt of attempts) {
      const kept = this.#of(webhook.account)[attempt.sequence - 1]
      if (kept === undefined) continue
      kept.state = attempt.state
      kept.nextAt = attempt.state === 'waiting' ? attempt.nextAt : 0
      kept.notice = { ...kept.notice, attempts: attempt.attempts }
    }
  }

  #of(account: number): Kept[] {
    return this.kept.filter(({ notice }) => notice.account === account)
  }

  /** Behind the `after` of the account's webhook. */
  #meant(account: number): Kept[] {
    const webhook = this.#webhooks.get(account)
    if (webhook === undefined) return []
    return this.#of(account).filter(({ notice }) => notice.sequence > webhook.after)
  }

  /** The oldest that waits of each subject. */
  #heads(account: number): Kept[] {
    const seen = new Set<string>()
    return this.#meant(account).filter(({ notice: { subject }, state }) => {
      if (state !== 'waiting' || seen.has(subject)) return false
      seen.add(subject)
      return true
    })
  }
}
