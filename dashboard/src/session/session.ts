import type { BusbarClient } from '@busbar/client'
import type { Session as Answer } from '@busbar/protocols/api'

/** Who reads with this browser: the server knows it by a cookie, and tells it. */
export type Session = NonNullable<Answer['session']>

/** The part of the client that sessions need. */
export type SessionCalls = {
  readonly current: () => Promise<Session | null>
  readonly close: () => Promise<void>
}

export type SessionClock = {
  readonly now: () => number
  readonly after: (delayMs: number, run: () => void) => () => void
}

/** Other pages of this browser, which have the same cookie. */
export type Siblings = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>

/** The longest delay that a browser's timer keeps. */
const delayMax = 2 ** 31 - 1

const browserClock: SessionClock = {
  now: Date.now,
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, delayMax))
    return () => clearTimeout(timer)
  },
}

/**
 * The session of this browser. Undefined until the server has said who it is, null where nobody is
 * signed in. Nothing of it is kept where a script could read it later.
 */
export class SessionStore {
  readonly #calls: SessionCalls
  readonly #clock: SessionClock
  readonly #siblings: Siblings | undefined
  readonly #listeners = new Set<() => void>()
  #session: Session | null | undefined
  #stopTimer = (): void => undefined
  #isUnsure = false

  constructor(calls: SessionCalls, clock: SessionClock = browserClock, siblings?: Siblings) {
    this.#calls = calls
    this.#clock = clock
    this.#siblings = siblings
    // What one person may see does not stay on another page when that person has left.
    siblings?.addEventListener('message', () => void this.look())
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly current = (): Session | null | undefined => this.#session

  /** Asks the server; who cannot reach it is taken for nobody, and private pages say how it is. */
  async look(): Promise<void> {
    this.#isUnsure = false
    try {
      this.#take(await this.#calls.current())
    } catch {
      if (this.#session != null) return
      this.#isUnsure = true
      this.#take(null)
    }
  }

  /** The server is there: whom it could not tell before, it tells now. */
  async reached(): Promise<void> {
    if (this.#isUnsure) await this.look()
  }

  /** The server has opened it here, or it is over here: other pages look as well. */
  begin(session: Session | null): void {
    this.#take(session)
    this.#siblings?.postMessage('changed')
  }

  #take(session: Session | null): void {
    this.#stopTimer()
    this.#stopTimer = () => undefined
    const leftMs = session === null ? 0 : session.untilMs - this.#clock.now()
    if (session !== null && leftMs > 0) {
      this.#stopTimer = this.#clock.after(leftMs, () => this.forget())
    }
    this.#set(leftMs > 0 ? session : null)
  }

  /** Signs out. Rejects where the server is not reached: the browser then still has its cookie. */
  async close(): Promise<void> {
    await this.#calls.close()
    this.forget()
  }

  /** It is over: by its time, or because the server takes its word no longer. */
  forget(): void {
    this.begin(null)
  }

  #set(session: Session | null): void {
    const before = this.#session
    this.#session = session
    if (before === session) return
    for (const listener of this.#listeners) listener()
  }
}

/** How the pages ask: a client without a credential reads by the cookie of its browser. */
export const callsOf = ({ sessions }: BusbarClient): SessionCalls => ({
  current: () => sessions.current(),
  close: () => sessions.close(),
})

/** Operators and auditors see all; others what is theirs. */
export const mayRead = ({ account, roles }: Session, owner: number): boolean =>
  account === owner || mayAudit({ roles })

export const mayAudit = ({ roles }: Pick<Session, 'roles'>): boolean =>
  roles.includes('operator') || roles.includes('auditor')
