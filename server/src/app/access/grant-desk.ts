import { timingSafeEqual } from 'node:crypto'
import { participantOf, type State } from '@busbar/core/exchange'
import { passkeyIn } from '@busbar/core/registry'
import { apiKeySubject, grantMessage, grantOfApiKey } from '@busbar/protocols/access'
import type {
  AccessGrantView,
  SignedAccessGrant,
  SignedAccessRevocation,
} from '@busbar/protocols/api'
import {
  accessGrantDigest,
  accessRevocationDigest,
  type Domain,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { isWordOf, mayRead } from '../account-word.ts'
import type { Told } from '../lane.ts'
import type { AccessService, Admission, GrantAnswer } from '../ports/access-service.ts'
import type { GrantBook, StoredGrant } from '../ports/grants.ts'
import type { Networks } from '../ports/networks.ts'
import type { SignatureVerifier } from '../ports/signatures.ts'

/** How far the moment of signing may be from ours, to both sides. */
const issuedToleranceMs = 300_000

const dayMs = 86_400_000

/** Of one account. All of them: those too that have ended and are still shown. */
export const grantLimits = { activeMax: 32, allMax: 256, daysMax: 400, shownDays: 30 } as const

/** A use is written when the last one that was is so old. */
const useEveryMs = 60_000

export type GrantDeskParts = {
  readonly stateOf: () => State
  readonly domain: Domain
  readonly verifier: SignatureVerifier
  readonly book: GrantBook
  readonly networks: Networks
  readonly wallClock: () => number
  /** An account has signed what is taken; see `recordFirstWord`. */
  readonly onWord?: (account: number) => void
  /** Something could not be written. The store that failed ends the process by itself. */
  readonly report: (error: unknown) => void
}

const refused = (
  reason: Extract<GrantAnswer, { kind: 'refused' }>['reason'],
  field: string,
  limit?: string,
): GrantAnswer => ({
  ...{ kind: 'refused', reason, field },
  ...(limit === undefined ? {} : { limit }),
})

/** Who reads for an account without a key of it, by that account's signed word. */
export class GrantDesk implements AccessService {
  readonly #parts: GrantDeskParts
  readonly #grants = new Map<string, StoredGrant>()
  readonly #ofAccount = new Map<number, Set<string>>()
  readonly #bySubject = new Map<string, Set<string>>()
  /** One word after the other: each is judged by what the one before has left. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(parts: GrantDeskParts) {
    this.#parts = parts
  }

  /** Knows from here on what was taken before. */
  async start(): Promise<void> {
    for (const grant of await this.#parts.book.grants()) this.#keep(grant)
    // A suspension that was written just before the process ended.
    for (const account of this.#ofAccount.keys()) {
      if (this.#isSuspended(account)) await this.#endAll(account)
    }
  }

  list(account: number): readonly AccessGrantView[] | undefined {
    if (participantOf(this.#parts.stateOf(), account) === undefined) return undefined
    const now = this.#parts.wallClock()
    const shown = this.#of(account).filter((grant) => !this.#isForgotten(grant, now))
    return shown.sort((a, b) => b.issuedAt - a.issuedAt).map((grant) => {
      const { digest: _, signedBy: __, endedAt, endedBy: ___, usedAt, ...terms } = grant
      return {
        ...{ ...terms, scopes: [...terms.scopes], networks: [...terms.networks] },
        ...{ status: this.#statusOf(grant, now), endedAtMs: endedAt, lastUsedMs: usedAt },
      }
    })
  }

  submit(grant: SignedAccessGrant): Promise<GrantAnswer> {
    return this.#inTurn(() => this.#take(grant))
  }

  revoke(revocation: SignedAccessRevocation): Promise<GrantAnswer> {
    return this.#inTurn(() => this.#end(revocation))
  }

  byApiKey(key: string, address: string): Admission {
    const id = grantOfApiKey(key)
    const grant = id === undefined ? undefined : this.#grants.get(id)
    // A key of no grant is compared as well, so that time tells nothing of which grants there are.
    const isIt = isEqual(apiKeySubject(key), grant?.subject ?? noSubject)
    if (grant?.kind !== 'api_key' || !isIt) return { kind: 'refused', reason: 'credential_invalid' }
    return this.admit(grant.id, address)
  }

  /** Whoever is suspended starts again from nothing when it is back. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind !== 'participant_suspended') continue
      const { account } = effect
      this.#endAll(account).catch(this.#parts.report)
      // Once more behind what was judged before the suspension, and is kept when it is on disk.
      this.#inTurn(() => this.#endAll(account)).catch(this.#parts.report)
    }
  }

  byCertificate(fingerprint: string, address: string, account: number | undefined): Admission {
    const grant = this.ofSubject('certificate', [fingerprint], account)
    if (grant !== undefined) return this.admit(grant.id, address)
    const ended = [...(this.#bySubject.get(fingerprint) ?? [])].some((id) => {
      const one = this.#grants.get(id)
      return one?.kind === 'certificate' && (account === undefined || one.account === account)
    })
    return { kind: 'refused', reason: ended ? 'credential_revoked' : 'credential_invalid' }
  }

  /** The oldest grant that counts of any of these subjects, by `account` where it is named. */
  ofSubject(
    kind: StoredGrant['kind'],
    subjects: readonly string[],
    account?: number,
  ): StoredGrant | undefined {
    return this.ofSubjects(kind, subjects).find(
      (grant) => account === undefined || grant.account === account,
    )
  }

  /** Those that count of any of these subjects, the oldest first: of each account its oldest. */
  ofSubjects(kind: StoredGrant['kind'], subjects: readonly string[]): readonly StoredGrant[] {
    const now = this.#parts.wallClock()
    const fit = subjects.flatMap((subject) => [...(this.#bySubject.get(subject) ?? [])])
      .flatMap((id) => this.#grants.get(id) ?? [])
      .filter((grant) => grant.kind === kind && this.#statusOf(grant, now) === 'active')
      .sort((a, b) => a.issuedAt - b.issuedAt || (a.id < b.id ? -1 : 1))
    const accounts = new Set<number>()
    return fit.filter(({ account }) => !accounts.has(account) && accounts.add(account))
  }

  /** Whether it would be admitted from there; it is not said to be used by that. */
  mayAdmit(id: string, address: string): StoredGrant | undefined {
    const grant = this.#grants.get(id)
    if (grant === undefined || this.#statusOf(grant, this.#parts.wallClock()) !== 'active') {
      return undefined
    }
    return this.#parts.networks.isWithin(grant.networks, address) ? grant : undefined
  }

  /** Who reads by a grant that has been shown, from where. */
  admit(id: string, address: string): Admission {
    const grant = this.#grants.get(id)
    if (grant === undefined) return { kind: 'refused', reason: 'credential_revoked' }
    const now = this.#parts.wallClock()
    const status = this.#statusOf(grant, now)
    if (status === 'expired') return { kind: 'refused', reason: 'credential_expired' }
    const participant = participantOf(this.#parts.stateOf(), grant.account)
    if (status !== 'active' || participant === undefined) {
      return { kind: 'refused', reason: 'credential_revoked' }
    }
    const { isWithin } = this.#parts.networks
    if (!isWithin(grant.networks, address)) return { kind: 'refused', reason: 'network_foreign' }
    this.#use(grant, now)
    const { account, scopes, until: untilMs } = grant
    return { kind: 'reader', reader: { account, roles: participant.roles, scopes, untilMs } }
  }

  #use(grant: StoredGrant, now: number): void {
    if (grant.usedAt !== null && now - grant.usedAt < useEveryMs) return
    this.#grants.set(grant.id, { ...grant, usedAt: now })
    // Not waited for: what is lost by a crash is when somebody read last.
    this.#parts.book.useGrants([{ id: grant.id, usedAt: now }]).catch(this.#parts.report)
  }

  async #take({ signature, ...terms }: SignedAccessGrant): Promise<GrantAnswer> {
    const { domain, book } = this.#parts
    const { id, account } = terms
    const digest = accessGrantDigest(domain, grantMessage(terms))
    const objection = this.#wordless(account, digest, signature)
    if (objection !== undefined) return objection
    const known = this.#grants.get(id)
    if (known !== undefined) {
      const isSame = known.digest === bytesToHex(digest)
      return isSame
        ? { kind: 'taken', account, grant: id, repeated: true }
        : refused('id_exists', 'id')
    }
    const wrong = this.#objection(terms)
    if (wrong !== undefined) return wrong
    this.#parts.onWord?.(account)
    const signedBy = this.#signerOf(account, signature)
    const unused = { endedAt: null, endedBy: null, usedAt: null }
    const grant: StoredGrant = { ...terms, digest: bytesToHex(digest), signedBy, ...unused }
    await this.#forget(account)
    await book.addGrant(grant)
    this.#keep(grant)
    return { kind: 'taken', account, grant: id, repeated: false }
  }

  async #end({ account, grant: id, signature }: SignedAccessRevocation): Promise<GrantAnswer> {
    const digest = accessRevocationDigest(this.#parts.domain, { account, grant: id })
    const objection = this.#wordless(account, digest, signature)
    if (objection !== undefined) return objection
    const grant = this.#grants.get(id)
    if (grant?.account !== account) return refused('not_found', 'grant')
    const repeated = grant.endedAt !== null
    if (!repeated) await this.#endThese([grant], 'revoked')
    return { kind: 'taken', account, grant: id, repeated }
  }

  /** Why `signature` is not the account's word; undefined where it is. */
  #wordless(account: number, digest: Uint8Array, signature: string): GrantAnswer | undefined {
    const { stateOf, verifier } = this.#parts
    const state = stateOf()
    if (participantOf(state, account) === undefined) return refused('account_unknown', 'account')
    if (!isWordOf(state, account, digest, signature, verifier)) {
      return refused('signature_invalid', 'signature')
    }
    return mayRead(state, account, signature) ? undefined : refused('passkey_too_new', 'signature')
  }

  #objection(terms: Omit<SignedAccessGrant, 'signature'>): GrantAnswer | undefined {
    const { account, kind, subject, networks, until, issuedAt } = terms
    const now = this.#parts.wallClock()
    if (this.#isSuspended(account)) return refused('account_suspended', 'account')
    if (Math.abs(issuedAt - now) > issuedToleranceMs) {
      return refused('field_invalid', 'issuedAt', `within ${issuedToleranceMs} ms of ${now}`)
    }
    const last = now + grantLimits.daysMax * dayMs
    if (until <= now || until > last) {
      return refused('field_invalid', 'until', `after ${now}, at most ${last}`)
    }
    const form = subjectForms[kind]
    if (!form.pattern.test(subject)) return refused('field_invalid', 'subject', form.means)
    if (!networks.every(this.#parts.networks.isNetwork)) {
      return refused('field_invalid', 'networks', 'addresses, or networks such as 192.0.2.0/24')
    }
    const all = this.#of(account).filter((grant) => !this.#isForgotten(grant, now))
    const active = all.filter((grant) => this.#statusOf(grant, now) === 'active')
    const { activeMax, allMax, shownDays } = grantLimits
    if (active.length >= activeMax) {
      return refused('grants_exceeded', 'account', `at most ${activeMax} that have not ended`)
    }
    if (all.length < allMax) return undefined
    return refused('grants_exceeded', 'account', `at most ${allMax} in ${shownDays} days`)
  }

  #statusOf(grant: StoredGrant, now: number): AccessGrantView['status'] {
    if (grant.endedBy !== null) return grant.endedBy
    if (grant.until <= now) return 'expired'
    if (this.#isSuspended(grant.account)) return 'suspended'
    return this.#isKeyOf(grant.account, grant.signedBy) ? 'active' : 'key_replaced'
  }

  #isSuspended(account: number): boolean {
    return participantOf(this.#parts.stateOf(), account)?.status === 'suspended'
  }

  #isKeyOf(account: number, key: string): boolean {
    const state = this.#parts.stateOf()
    if (state.passkeys.get(key)?.account === account) return true
    return participantOf(state, account)?.publicKey === key
  }

  #signerOf(account: number, signature: string): string {
    const registered = participantOf(this.#parts.stateOf(), account)?.publicKey ?? ''
    return passkeyIn(signature) ?? registered
  }

  async #endAll(account: number): Promise<void> {
    await this.#endThese(this.#of(account).filter(({ endedAt }) => endedAt === null), 'suspended')
  }

  /** At once here, and for ever when it resolves. */
  async #endThese(
    grants: readonly StoredGrant[],
    endedBy: 'revoked' | 'suspended',
  ): Promise<void> {
    if (grants.length === 0) return
    const endedAt = this.#parts.wallClock()
    for (const grant of grants) this.#grants.set(grant.id, { ...grant, endedAt, endedBy })
    await this.#parts.book.endGrants(grants.map(({ id }) => id), endedAt, endedBy)
  }

  /** Long after it has ended, when nobody could bring it back: it was issued too long ago. */
  #isForgotten({ endedAt, until }: StoredGrant, now: number): boolean {
    return Math.min(endedAt ?? until, until) < now - grantLimits.shownDays * dayMs
  }

  async #forget(account: number): Promise<void> {
    const now = this.#parts.wallClock()
    const old = this.#of(account).filter((grant) => this.#isForgotten(grant, now))
    if (old.length === 0) return
    await this.#parts.book.removeGrants(old.map(({ id }) => id))
    for (const { id, subject } of old) {
      this.#grants.delete(id)
      this.#ofAccount.get(account)?.delete(id)
      this.#bySubject.get(subject)?.delete(id)
      if (this.#bySubject.get(subject)?.size === 0) this.#bySubject.delete(subject)
    }
  }

  #keep(grant: StoredGrant): void {
    this.#grants.set(grant.id, grant)
    const ids = this.#ofAccount.get(grant.account) ?? new Set()
    this.#ofAccount.set(grant.account, ids.add(grant.id))
    const others = this.#bySubject.get(grant.subject) ?? new Set()
    this.#bySubject.set(grant.subject, others.add(grant.id))
  }

  #of(account: number): StoredGrant[] {
    return [...(this.#ofAccount.get(account) ?? [])].flatMap((id) => this.#grants.get(id) ?? [])
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const answer = this.#queue.then(work)
    this.#queue = answer.catch(() => undefined)
    return answer
  }
}

const subjectForms: Readonly<
  Record<StoredGrant['kind'], { readonly pattern: RegExp; readonly means: string }>
> = {
  api_key: { pattern: /^0x[0-9a-f]{64}$/, means: 'SHA-256 of the key, 0x and 64 lower-case hex' },
  certificate: {
    pattern: /^0x[0-9a-f]{64}$/,
    means: 'SHA-256 of the certificate, 0x and 64 lower-case hex',
  },
  sign_in: {
    pattern: /^https?:\/\/[^\s]{1,200} [^\u0000-\u001f\u007f]{1,255}$/u,
    means: 'the issuer’s address, a space, and the value of its claim',
  },
}

const noSubject = `0x${'00'.repeat(32)}`

const isEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
