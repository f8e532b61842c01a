import type { SessionBook, SignedOutCredential } from '../ports/sign-in.ts'

/** Of one account; each is over a day after it was signed. The one that is over first gives way. */
export const signedOutMax = 256

/**
 * Credentials that somebody signed out of before they were over, so that a copy of the cookie reads
 * no longer either. Each is known by what was signed, and not by its signature, of which there may
 * be several that hold.
 */
export class SignedOut {
  readonly #book: SessionBook
  readonly #wallClock: () => number
  /** By account, until when. */
  readonly #kept = new Map<number, Set<number>>()

  constructor({ book, wallClock }: {
    readonly book: SessionBook
    readonly wallClock: () => number
  }) {
    this.#book = book
    this.#wallClock = wallClock
  }

  /** Knows from here on what was signed out of before. */
  async start(): Promise<void> {
    const now = this.#wallClock()
    const all = await this.#book.signedOut()
    for (const one of all) if (one.untilMs > now) this.#keep(one)
    const over = all.filter(({ untilMs }) => untilMs <= now)
    if (over.length > 0) await this.#book.removeSignedOut(over)
  }

  has({ account, untilMs }: SignedOutCredential): boolean {
    return this.#kept.get(account)?.has(untilMs) === true
  }

  /** Counts at once, and for ever when it resolves. */
  async add(credential: SignedOutCredential): Promise<void> {
    const { account, untilMs } = credential
    const now = this.#wallClock()
    if (untilMs <= now || this.has(credential)) return
    this.#keep(credential)
    const own = [...(this.#kept.get(account) ?? [])].sort((a, b) => b - a)
    const over = own.filter((until, place) => until <= now || place >= signedOutMax)
    for (const until of over) this.#kept.get(account)?.delete(until)
    await this.#book.addSignedOut(credential)
    if (over.length > 0) {
      await this.#book.removeSignedOut(over.map((until) => ({ account, untilMs: until })))
    }
  }

  #keep({ account, untilMs }: SignedOutCredential): void {
    this.#kept.set(account, (this.#kept.get(account) ?? new Set()).add(untilMs))
  }
}
