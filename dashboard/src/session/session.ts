/** Who reads: an account, its roles, and the header that proves it until it ends. */
export type Session = {
  readonly account: number
  readonly name: string
  readonly roles: readonly string[]
  readonly authorization: string
  /** By the time outside. */
  readonly untilMs: number
}

/** Where a session is kept while its tab is open; a credential reads, it never trades. */
export type SessionPlace = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const placeName = 'busbar.session'

/** The session of this tab: begun by whoever signs in, ended by signing out or by its time. */
export class SessionStore {
  readonly #place: SessionPlace
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #session: Session | null

  constructor(place: SessionPlace, now: () => number = Date.now) {
    this.#place = place
    this.#now = now
    this.#session = sessionOf(place.getItem(placeName))
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Null where nobody is signed in, or no longer. */
  readonly current = (): Session | null => {
    if (this.#session !== null && this.#session.untilMs <= this.#now()) this.end()
    return this.#session
  }

  begin(session: Session): void {
    this.#place.setItem(placeName, JSON.stringify(session))
    this.#set(session)
  }

  end(): void {
    this.#place.removeItem(placeName)
    this.#set(null)
  }

  #set(session: Session | null): void {
    this.#session = session
    for (const listener of this.#listeners) listener()
  }
}

/** Nothing where it is not a session: then somebody has to sign in. */
function sessionOf(text: string | null): Session | null {
  let value: unknown
  try {
    value = JSON.parse(text ?? 'null')
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (typeof value !== 'object' || value === null) return null
  const { account, name, roles, authorization, untilMs } = value as Partial<Session>
  const isWhole =
    Number.isSafeInteger(account) && typeof name === 'string' && Array.isArray(roles) &&
    typeof authorization === 'string' && Number.isSafeInteger(untilMs)
  return isWhole ? (value as Session) : null
}

/** Operators and auditors see all; others what is theirs. */
export const mayRead = ({ account, roles }: Session, owner: number): boolean =>
  account === owner || mayAudit({ roles })

export const mayAudit = ({ roles }: Pick<Session, 'roles'>): boolean =>
  roles.includes('operator') || roles.includes('auditor')
