import type { SignInService } from '../../app/ports/sign-in.ts'

/** One provider, who lets whoever asks come back; and the session of the fixed token. */
export const heldSession = '5e'.repeat(32)

/** What was signed out of, whichever server it was. */
const left = new Set<string>()

export const signIn: SignInService = {
  providers: [{ name: 'acme', label: 'Acme Energy' }],
  async begin(provider) {
    if (provider !== 'acme') return { kind: 'refused', reason: 'not_found' }
    return { kind: 'sent', url: 'https://login.acme.example/auth', token: '70'.repeat(32) }
  },
  async finish(provider) {
    return { kind: 'refused', reason: provider === 'acme' ? 'sign_in_refused' : 'not_found' }
  },
  bySession(session) {
    if (session !== heldSession) return { kind: 'refused', reason: 'credential_invalid' }
    const reader = { account: 4, roles: ['prosumer'], scopes: ['read'] } as const
    return { kind: 'reader', reader: { ...reader, untilMs: 1_900_000_000_000 } }
  },
  offered({ session }) {
    return session === heldSession ? [{ account: 4, isCurrent: true }] : []
  },
  async choose({ session }, account) {
    if (session !== heldSession) return { kind: 'refused', reason: 'sign_in_refused' }
    if (account !== 4) return { kind: 'refused', reason: 'sign_in_unknown' }
    return { kind: 'signed_in', session: heldSession, untilMs: 1_900_000_000_000, back: '/' }
  },
  async signOut() {},
  isSignedOut: ({ account, untilMs }) => left.has(`${account}.${untilMs}`),
  async signOutOf({ account, untilMs }) {
    left.add(`${account}.${untilMs}`)
  },
}
