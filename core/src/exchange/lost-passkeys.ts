/** Passkeys whose word a desk took away, and what whoever has them may still say. */
import { type JoinCode, type LostPasskey, type Passkey, passkeyIn } from '../registry/index.ts'
import { deskDelayMs } from './account-keys.ts'
import type { Command } from './command.ts'
import { endJoinCodes, joinCodesOf } from './join-codes.ts'
import { passkeysOf } from './lookups.ts'
import type { Effect } from './outcome.ts'
import type { State } from './state.ts'

/** The newest of an account that are kept, and one that objected: as many as it may have. */
const lostMax = 8

/** The lost passkey of `account` that has this name, whether it may still object or not. */
export const lostPasskeyOf = (
  state: State,
  account: number,
  name: string | undefined,
): LostPasskey | undefined =>
  state.lostPasskeys.get(account)?.find(({ publicKey }) => publicKey === name)

/** What the desk asked for and what does not speak yet. */
export const waitingOf = (
  state: State,
  at: number,
  account: number,
): { readonly passkeys: readonly Passkey[]; readonly joinCodes: readonly JoinCode[] } => ({
  passkeys: passkeysOf(state, account)
    .filter(({ registeredBy, signsFrom }) => registeredBy !== account && at < signsFrom),
  joinCodes: joinCodesOf(state, at, account).filter(({ issuedBy }) => issuedBy !== account),
})

/** Another passkey has begun to speak since: the account has a voice that says what it wants. */
function isSettled(state: State, at: number, lost: LostPasskey): boolean {
  const { account, revokedAt, objectedAt } = lost
  if (objectedAt !== null) return false
  return passkeysOf(state, account)
    .some(({ signsFrom }) => revokedAt < signsFrom && signsFrom <= at)
}

/**
 * Until when a lost passkey may object: for as long as the desk's word waits, and as long again for
 * what a code registers in its last moment. Null while an authority is to decide; undefined where
 * it may not.
 */
export function objectsUntil(
  state: State,
  at: number,
  lost: LostPasskey,
): number | null | undefined {
  if (lost.objectedAt !== null) return null
  if (isSettled(state, at, lost)) return undefined
  const { passkeys, joinCodes } = waitingOf(state, at, lost.account)
  const delayMs = deskDelayMs(state)
  const until = Math.max(
    lost.revokedAt + delayMs,
    ...passkeys.map(({ signsFrom }) => signsFrom),
    ...joinCodes.map((code) => code.until + delayMs),
  )
  return at < until ? until : undefined
}

/**
 * The lost passkey that objects by a command: it revokes what the desk asked for and what still
 * waits. Undefined for every other command, and once it may object no longer.
 */
export function objectorOf(state: State, at: number, command: Command): LostPasskey | undefined {
  if (command.kind !== 'revoke_passkey' && command.kind !== 'revoke_join_code') return undefined
  const { account, content, signature } = command
  const lost = lostPasskeyOf(state, account, passkeyIn(signature))
  if (lost === undefined || objectsUntil(state, at, lost) === undefined) return undefined
  if ('participant' in content && content.participant !== account) return undefined
  const { passkeys, joinCodes } = waitingOf(state, at, account)
  const waiting = command.kind === 'revoke_passkey' ? passkeys : joinCodes
  return waiting.some(({ publicKey }) => publicKey === content.publicKey) ? lost : undefined
}

/** Keeps a passkey that a desk revoked, if it spoke: nobody says by one that never did. */
export function keepLost(state: State, at: number, passkey: Passkey, revokedBy: number): void {
  if (at < passkey.signsFrom) return
  const { account } = passkey
  const others = state.lostPasskeys.get(account) ?? []
  const newest = others.slice(1 - lostMax)
  const kept = others.filter((one) => one.objectedAt !== null || newest.includes(one))
  const lost = { ...passkey, revokedBy, revokedAt: at, objectedAt: null }
  state.lostPasskeys.set(account, [...kept, lost])
}

/** Those of an account that `isForgotten` names say nothing more. */
export function forgetLost(
  state: State,
  account: number,
  isForgotten: (lost: LostPasskey) => boolean,
): void {
  const left = (state.lostPasskeys.get(account) ?? []).filter((lost) => !isForgotten(lost))
  if (left.length === 0) state.lostPasskeys.delete(account)
  else state.lostPasskeys.set(account, left)
}

/**
 * An owner that is here after all: everything that the desk asked for and that waits is over, and
 * from now on an authority decides.
 */
export function endWaiting(state: State, at: number, lost: LostPasskey): Effect[] {
  const { account, publicKey, revokedBy } = lost
  const { passkeys, joinCodes } = waitingOf(state, at, account)
  endJoinCodes(state, ({ issuedBy }) => issuedBy !== account, [account])
  const kept = state.lostPasskeys.get(account) ?? []
  const objected = { ...lost, objectedAt: at }
  state.lostPasskeys.set(account, kept.map((one) => (one === lost ? objected : one)))
  return [
    { kind: 'objection_raised', account, publicKey, retailer: revokedBy },
    ...passkeys.flatMap((one) => endPasskey(state, at, one, account)),
    ...joinCodes.map((code): Effect => (
      { kind: 'join_code_revoked', account, publicKey: code.publicKey })),
  ]
}

/** Takes a passkey out of the state, as `by` wants it. */
export function endPasskey(
  state: State,
  at: number,
  { account, publicKey, label }: Passkey,
  by: number,
): Effect[] {
  // What is settled stays so, though what settled it is about to go.
  forgetLost(state, account, (lost) => isSettled(state, at, lost))
  state.passkeys.delete(publicKey)
  const left = (state.passkeysOf.get(account) ?? []).filter((name) => name !== publicKey)
  if (left.length === 0) state.passkeysOf.delete(account)
  else state.passkeysOf.set(account, left)
  const wasOnChain = state.passkeysOnChain.delete(publicKey)
  return [{ kind: 'passkey_revoked', account, publicKey, label, by, wasOnChain }]
}
