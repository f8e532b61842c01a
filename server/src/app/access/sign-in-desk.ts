import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Admission } from '../ports/access-service.ts'
import type { StoredGrant } from '../ports/grants.ts'
import type {
  ChoiceTokens,
  IdentityProvider,
  OfferedAccount,
  SessionBook,
  SignedIn,
  SignedOutCredential,
  SignInRefusal,
  SignInSecrets,
  SignInService,
  StoredSession,
} from '../ports/sign-in.ts'
import type { GrantDesk } from './grant-desk.ts'
import { SignedOut } from './signed-out.ts'

export const signInLimits = {
  /** From the way to the provider until the way back. */
  pendingMs: 600_000,
  /** Browsers that are on their way at one time; of one address the oldest gives way. */
  pendingMax: 10_000,
  pendingOfAddressMax: 256,
  /** Of one grant; the oldest gives way. */
  sessionsMax: 32,
  /** Accounts that one person may choose among, the oldest grants. */
  offeredMax: 50,
  /** People who choose at one time; the oldest gives way, and signs in again. */
  choicesMax: 10_000,
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

/** A person that its provider has named, before it is known for which account it reads. */
type Choice = { readonly offered: readonly string[]; readonly until: number; readonly back: string }

const refused = (reason: SignInRefusal['reason']): SignInRefusal => ({ kind: 'refused', reason })

/** Lets people in whom an account's grant names by what their company's provider says of them. */
export class SignInDesk implements SignInService {
  readonly #parts: SignInDeskParts
  /** By the hash of the token. Lost by a restart, which sends these few people back once. */
  readonly #pending = new Map<string, Pending>()
  readonly #sessions = new Map<string, StoredSession>()
  /** By the hash of the token. Lost by a restart, as who is on its way. */
  readonly #choices = new Map<string, Choice>()
  readonly #signedOut: SignedOut

  constructor(parts: SignInDeskParts) {
    this.#parts = parts
    this.#signedOut = new SignedOut(parts)
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
    await this.#signedOut.start()
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
    from: {
      readonly token: string
      readonly query: string
      readonly address: string
      readonly mayAsk: boolean
    },
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
    const { grants } = this.#parts
    const named = grants.ofSubjects('sign_in', subjects)
    const able = named.filter(({ id }) => grants.mayAdmit(id, from.address) !== undefined)
    const offered = able.slice(0, signInLimits.offeredMax).map(({ id }) => id)
    const { account, back } = pending
    if (account === undefined && from.mayAsk && offered.length > 1) {
      return { kind: 'choose', choice: this.#asked({ offered, back }), back }
    }
    const wanted = account === undefined
      ? (able[0] ?? named[0])
      : named.find((grant) => grant.account === account)
    return this.#admitted(wanted, { offered, back }, from.address)
  }

  /** A token to choose with. */
  #asked(choice: Omit<Choice, 'until'>): string {
    const now = this.#parts.wallClock()
    for (const [hash, { until }] of this.#choices) if (until <= now) this.#choices.delete(hash)
    const [oldest] = this.#choices.keys()
    if (this.#choices.size >= signInLimits.choicesMax && oldest !== undefined) {
      this.#choices.delete(oldest)
    }
    const token = newToken()
    this.#choices.set(hashOf(token), { ...choice, until: now + signInLimits.pendingMs })
    return token
  }

  async #admitted(
    grant: StoredGrant | undefined,
    { offered, back }: Pick<Choice, 'offered' | 'back'>,
    address: string,
    until?: number,
  ): Promise<SignedIn | SignInRefusal> {
    if (grant === undefined) return refused('sign_in_unknown')
    const admission = this.#parts.grants.admit(grant.id, address)
    if (admission.kind === 'refused') {
      const isElsewhere = admission.reason === 'network_foreign'
      return refused(isElsewhere ? 'network_foreign' : 'sign_in_unknown')
    }
    const others = offered.length > 1 ? offered : []
    const { session, untilMs } = await this.#opened(grant, others, until)
    return { kind: 'signed_in', session, untilMs, back }
  }

  offered(tokens: ChoiceTokens, address: string): readonly OfferedAccount[] {
    const { choice, current } = this.#offerOf(tokens)
    return (choice?.offered ?? []).flatMap((id) => {
      const grant = this.#parts.grants.mayAdmit(id, address)
      return grant === undefined ? [] : [{ account: grant.account, isCurrent: id === current }]
    })
  }

  async choose(
    tokens: ChoiceTokens,
    account: number,
    address: string,
  ): Promise<SignedIn | SignInRefusal> {
    const { choice, hash, current } = this.#offerOf(tokens)
    if (choice === undefined) return refused('sign_in_refused')
    const { grants } = this.#parts
    const wanted = choice.offered
      .flatMap((id) => grants.mayAdmit(id, address) ?? [])
      .find((grant) => grant.account === account)
    if (wanted === undefined) return refused('sign_in_unknown')
    this.#choices.delete(hash)
    const until = current === undefined ? undefined : choice.until
    const answer = await this.#admitted(wanted, choice, address, until)
    if (answer.kind === 'signed_in' && current !== undefined) await this.#ended(hash)
    return answer
  }

  /** Who has just come back chooses by that; who is signed in by its session. */
  #offerOf({ choice, session }: ChoiceTokens): {
    readonly hash: string
    readonly choice: Choice | undefined
    /** The grant of the session. */
    readonly current?: string
  } {
    const now = this.#parts.wallClock()
    const hash = hashOf(choice ?? '')
    const asked = this.#choices.get(hash)
    if (asked !== undefined && asked.until > now) return { hash, choice: asked }
    const own = hashOf(session ?? '')
    const held = this.#sessions.get(own)
    if (held === undefined || held.until <= now) return { hash: own, choice: undefined }
    const { offered, until, grant } = held
    return { hash: own, choice: { offered, until, back: '/' }, current: grant }
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
    await this.#ended(hashOf(token))
  }

  isSignedOut(credential: SignedOutCredential): boolean {
    return this.#signedOut.has(credential)
  }

  signOutOf(credential: SignedOutCredential): Promise<void> {
    return this.#signedOut.add(credential)
  }

  async #ended(hash: string): Promise<void> {
    if (this.#sessions.delete(hash)) await this.#parts.book.removeSessions([hash])
  }

  #provider(name: string): IdentityProvider | undefined {
    return this.#parts.providers.find((one) => one.name === name)
  }

  async #opened(
    grant: StoredGrant,
    offered: readonly string[],
    notAfter: number = Number.POSITIVE_INFINITY,
  ): Promise<{ readonly session: string; readonly untilMs: number }> {
    const { book, wallClock, sessionMs } = this.#parts
    const now = wallClock()
    const token = newToken()
    const until = Math.min(grant.until, now + sessionMs, notAfter)
    const session = { hash: hashOf(token), grant: grant.id, offered, createdAt: now, until }
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
