import type { Admission } from './access-service.ts'

/** What has to come back from a provider unchanged, and never leaves the server. */
export type SignInSecrets = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** One identity provider of a company, by OpenID Connect. */
export interface IdentityProvider {
  /** Part of addresses: 1 to 32 of a-z, 0-9 and -. */
  readonly name: string
  /** For people. */
  readonly label: string

  /** Where to send a browser. Faults: SIGN_IN_UNAVAILABLE. */
  begin(): Promise<{ readonly url: string; readonly secrets: SignInSecrets }>

  /**
   * Who came back with these parameters, as subjects of grants: issuer, a space, and each value of
   * the claim; undefined where the provider's answer does not hold. Faults: SIGN_IN_UNAVAILABLE.
   */
  finish(query: string, secrets: SignInSecrets): Promise<readonly string[] | undefined>
}

/** A browser that reads by a company's sign-in. The token itself is kept by the browser alone. */
export type StoredSession = {
  /** SHA-256 of the token, `0x` hex. */
  readonly hash: string
  readonly grant: string
  /**
   * The grants of other accounts that named this person too when it signed in, and its own: it may
   * read by another of them instead. Empty where there was one.
   */
  readonly offered: readonly string[]
  readonly createdAt: number
  readonly until: number
}

/** An account that has named a person who signed in. */
export type OfferedAccount = { readonly account: number; readonly isCurrent: boolean }

/** What a browser has of its sign-in: it waits for its choice, or is signed in already. */
export type ChoiceTokens = {
  readonly choice: string | undefined
  readonly session: string | undefined
}

export type SignedIn = {
  readonly kind: 'signed_in'
  readonly session: string
  readonly untilMs: number
  readonly back: string
}

/** A signed credential that somebody no longer wants to count, by what its account signed. */
export type SignedOutCredential = { readonly account: number; readonly untilMs: number }

/** Each promise resolves when it is on disk. */
export interface SessionBook {
  sessions(): Promise<readonly StoredSession[]>
  /** Faults: GRANT_INVALID. */
  addSession(session: StoredSession): Promise<void>
  removeSessions(hashes: readonly string[]): Promise<void>
  /** Credentials that count no longer, in the order of their ends. */
  signedOut(): Promise<readonly SignedOutCredential[]>
  /** What is there already stays. Faults: GRANT_INVALID. */
  addSignedOut(credential: SignedOutCredential): Promise<void>
  removeSignedOut(credentials: readonly SignedOutCredential[]): Promise<void>
}

export type SignInRefusal = {
  readonly kind: 'refused'
  readonly reason: 'not_found' | 'sign_in_refused' | 'sign_in_unknown' | 'network_foreign' |
    'server_busy'
}

/** People of companies, who sign in where they work. */
export type SignInService = {
  readonly providers: readonly { readonly name: string; readonly label: string }[]

  /** `token` stays in the browser until it comes back, for ten minutes at most. */
  begin(
    provider: string,
    from: {
      readonly account: number | undefined
      readonly back: string
      /** Where the browser is: of one place so many are on their way at a time. */
      readonly address: string
    },
  ): Promise<
    { readonly kind: 'sent'; readonly url: string; readonly token: string } | SignInRefusal
  >

  /**
   * Once for each token, whatever comes of it. Where several accounts have named the person and it
   * can be asked (`mayAsk`), `choice` is what it chooses with, for ten minutes.
   */
  finish(
    provider: string,
    from: {
      readonly token: string
      readonly query: string
      readonly address: string
      readonly mayAsk: boolean
    },
  ): Promise<
    SignedIn | { readonly kind: 'choose'; readonly choice: string; readonly back: string } |
      SignInRefusal
  >

  /** Whom the person of this browser may read for, as its provider's answer said; or nobody. */
  offered(tokens: ChoiceTokens, address: string): readonly OfferedAccount[]

  /**
   * Has it read for one of those, and no longer for another. What it chose with, or the session
   * that it had, is worth nothing afterwards; the new one ends when that would have ended.
   */
  choose(
    tokens: ChoiceTokens,
    account: number,
    address: string,
  ): Promise<SignedIn | SignInRefusal>

  bySession(session: string, address: string): Admission

  /** Ends it, if it is there. */
  signOut(session: string): Promise<void>

  /** Whether somebody has signed out of a credential that was signed, and is not over. */
  isSignedOut(credential: SignedOutCredential): boolean

  /** From the moment of the call it counts no longer, and so it stays when it resolves. */
  signOutOf(credential: SignedOutCredential): Promise<void>
}
