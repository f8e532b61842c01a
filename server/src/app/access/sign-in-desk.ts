import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Admission } from '../ports/access-service.ts'
import type { StoredGrant } from '../ports/grants.ts'
import type {
  IdentityProvider,
  SessionBook,
  SignInRefusal,
  SignInSecrets,
  SignInService,
  StoredSession,
} from '../ports/sign-in.ts'
import type { GrantDesk } from './grant-desk.ts'

export const signInLimits = {
  /** From the way to the provider until the way back. */
  pendingMs: 600_000,
  /** Browsers that are on their way at one time; of one address the oldest gives way. */
  pendingMax: 10_000,
  pendingOfAddressMax: 256,
  /** Of one grant; the oldest gives way. */
  sessionsMax: 32,
} as const

export type SignInDeskParts = {
  readonly providers: readonly IdentityProvider[]
  readonly grants: GrantDesk
  readonly book: SessionBook
  readonly wallClock: () => number
  readonly sessionMs: number
}

type Pending = {
  readonly provider: string
  readonly secrets: SignInSecrets
  readonly until: number
  readonly account: number | undefined
  readonly back: string
  readonly address: string
}

const refused = (reason: SignInRefusal['reason']): SignInRefusal => ({ kind: 'refused', reason })

/** Lets people in whom an account's grant names by what their company's provider says of them. */
export class SignInDesk implements SignInService {
  readonly #parts: SignInDeskParts
  /** By the hash of the token. Lost by a restart, which sends these few people back once. */
  readonly #pending = new Map<string, Pending>()
  readonly #sessions = new Map<string, StoredSession>()

  constructor(parts: SignInDeskParts) {
    this.#parts = parts
  }

  get providers(): readonly { readonly name: string; readonly label: string }[] {
    return this.#parts.providers.map(({ name, label }) => ({ name, label }))
  }

  /** Knows from here on who was signed in before. */
  async start(): Promise<void> {
    const { book, wallClock } = this.#parts
    const now = wallClock()
    const [over, open] = [[] as string[], await book.sessions()]
    for (const session of open) {
      if (session.until > now) this.#sessions.set(session.hash, session)
      else over.push(session.hash)
    }
    if (over.length > 0) await book.removeSessions(over)
  }

  async begin(
    name: string,
    from: {
      readonly account: number | undefined
      readonly back: string
      readonly address: string
    },
  ): ReturnType<SignInService['begin']> {
    const provider = this.#provider(name)
    if (provider === undefined) return refused('not_found')
    const now = this.#parts.wallClock()
    for (const [hash, { until }] of this.#pending) if (until <= now) this.#pending.delete(hash)
    this.#makeRoom(from.address)
    if (this.#pending.size >= signInLimits.pendingMax) return refused('server_busy')
    const { url, secrets } = await provider.begin()
    const token = newToken()
    const until = now + signInLimits.pendingMs
    this.#pending.set(hashOf(token), { provider: name, secrets, until, ...from })
    return { kind: 'sent', url, token }
  }

  /** Who begins again and again is in its own way, and in nobody else's. */
  #makeRoom(address: string): void {
    const own = [...this.#pending].filter(([, pending]) => pending.address === address)
    const over = own.slice(0, Math.max(0, own.length - signInLimits.pendingOfAddressMax + 1))
    for (const [hash] of over) this.#pending.delete(hash)
  }

  async finish(
    name: string,
    from: { readonly token: string; readonly query: string; readonly address: string },
  ): ReturnType<SignInService['finish']> {
    const provider = this.#provider(name)
    if (provider === undefined) return refused('not_found')
    const hash = hashOf(from.token)
    const pending = this.#pending.get(hash)
    this.#pending.delete(hash)
    const isHeld = pending?.provider === name && pending.until > this.#parts.wallClock()
    // Compared here as well: nobody else's answer is even carried to the provider.
    if (!isHeld || !isSameState(from.query, pending.secrets.state)) {
      return refused('sign_in_refused')
    }
    const subjects = await provider.finish(from.query, pending.secrets)
    if (subjects === undefined) return refused('sign_in_refused')
    const grant = this.#parts.grants.ofSubject('sign_in', subjects, pending.account)
    if (grant === undefined) return refused('sign_in_unknown')
    const admission = this.#parts.grants.admit(grant.id, from.address)
    if (admission.kind === 'refused') {
      const isElsewhere = admission.reason === 'network_foreign'
      return refused(isElsewhere ? 'network_foreign' : 'sign_in_unknown')
    }
    const { session, untilMs } = await this.#opened(grant)
    return { kind: 'signed_in', session, untilMs, back: pending.back }
  }

  bySession(token: string, address: string): Admission {
    const session = this.#sessions.get(hashOf(token))
    if (session === undefined) return { kind: 'refused', reason: 'credential_invalid' }
    if (session.until <= this.#parts.wallClock()) {
      return { kind: 'refused', reason: 'credential_expired' }
    }
    const admission = this.#parts.grants.admit(session.grant, address)
    if (admission.kind === 'refused') return admission
    const { reader } = admission
    const untilMs = Math.min(session.until, reader.untilMs)
    return { kind: 'reader', reader: { ...reader, untilMs } }
  }

  async signOut(token: string): Promise<void> {
    const hash = hashOf(token)
    if (this.#sessions.delete(hash)) await this.#parts.book.removeSessions([hash])
  }

  #provider(name: string): IdentityProvider | undefined {
    return this.#parts.providers.find((one) => one.name === name)
  }

  async #opened(
    grant: StoredGrant,
  ): Promise<{ readonly session: string; readonly untilMs: number }> {
    const { book, wallClock, sessionMs } = this.#parts
    const now = wallClock()
    const token = newToken()
    const until = Math.min(grant.until, now + sessionMs)
    const session = { hash: hashOf(token), grant: grant.id, createdAt: now, until }
    const own = [...this.#sessions.values()]
      .filter((one) => one.grant === grant.id)
      .sort((a, b) => b.createdAt - a.createdAt)
    const over = own
      .filter((one, place) => one.until <= now || place >= signInLimits.sessionsMax - 1)
      .map(({ hash }) => hash)
    for (const hash of over) this.#sessions.delete(hash)
    if (over.length > 0) await book.removeSessions(over)
    await book.addSession(session)
    this.#sessions.set(session.hash, session)
    return { session: token, untilMs: until }
  }
}

/** 32 random bytes in hex. */
const newToken = (): string => randomBytes(32).toString('hex')

const hashOf = (token: string): string =>
  `0x${createHash('sha256').update(token).digest('hex')}`

function isSameState(query: string, state: string): boolean {
  const given = new URLSearchParams(query).getAll('state')
  const [one = ''] = given
  const bytes = [Buffer.from(one), Buffer.from(state)] as const
  return given.length === 1 && bytes[0].length === bytes[1].length && timingSafeEqual(...bytes)
}
