/** Who may give an account's further keys their word, and from when on it counts. */
import { type JoinCode, type Participant, passkeyIn, type Role } from '../registry/index.ts'
import type { Command } from './command.ts'
import { fourEyesOf } from './guarded.ts'
import { authorityRoles, inRange, isRejected, participantOf, rulebookFor } from './lookups.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/**
 * How long a passkey that somebody else asked for waits, at least, so that its owner notices.
 * Longer where the rulebook's `keyDelaySeconds` is.
 */
export const deskDelaySeconds = 86_400

const hostPattern = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/
const hostMax = 253
export const hostLimit = 'a host in lower case, without scheme and port'

/** Whether this is no host that a page has. */
export const isNoHost = (host: string): boolean =>
  !hostPattern.test(host) || !inRange(host.length, 1, hostMax)

/**
 * Whose keys `by` may decide on: one's own and those of a customer. An authority takes a word
 * away and gives none, so that no exchange can make itself a voice for somebody else.
 */
export function ownerFor(
  state: State,
  by: number,
  account: number,
  others: readonly Role[],
): Participant | Rejected {
  const actor = participantOf(state, by)
  if (actor === undefined) return reject('account_unknown', 'account')
  if (actor.status === 'suspended') return reject('account_suspended', 'account')
  const owner = participantOf(state, account)
  const isDesk = actor.roles.includes('retailer') && owner?.retailer === by
  const isOther = actor.roles.some((role) => others.includes(role))
  if (by !== account && !isDesk && !isOther) {
    const needed = ['the account itself', 'its retailer', ...others]
    return reject('role_missing', 'account', needed.join(', '))
  }
  return owner ?? reject('account_unknown', 'participant')
}

/**
 * To whose keys `by` may give a word: as `ownerFor`, but where two people decide, to none of
 * another who decides: who could would be two people alone. Nor where its owner has objected.
 */
export function giverFor(state: State, by: number, account: number): Participant | Rejected {
  const owner = ownerFor(state, by, account, [])
  if (isRejected(owner) || by === account) return owner
  const decides = owner.roles.some((role) => authorityRoles.includes(role))
  if (decides && fourEyesOf(state) !== undefined) {
    return reject('role_missing', 'account', 'the account itself')
  }
  return isDisputed(state, account) ? reject('account_disputed', 'participant') : owner
}

/** Whether a device that the desk was told is lost said that it is not: an authority decides. */
export const isDisputed = (state: State, account: number): boolean =>
  state.lostPasskeys.get(account)?.some(({ objectedAt }) => objectedAt !== null) ?? false

/**
 * From when on a passkey speaks that a command asks for: of its account's own asking at once, or
 * when the registered key may sign contracts, if that has replaced another; else after the delay.
 */
export function wordFrom(
  state: State,
  at: number,
  command: Extract<Command, { readonly kind: 'register_passkey' }>,
): number {
  const { account, content } = command
  return account === content.participant
    ? signerFrom(state, at, command)
    : at + deskDelayMs(state)
}

/**
 * From when on what `account` signs here may give another key its word. A registered key that may
 * not sign contracts yet hands its place on to none that may.
 */
export const signerFrom = (
  state: State,
  at: number,
  { account, signature }: { readonly account: number; readonly signature: string },
): number => {
  if (passkeyIn(signature) !== undefined) return at
  return Math.max(at, state.trading.keys.get(account)?.at(-1)?.tradesFrom ?? at)
}

/**
 * Whether what the account signed here is by a key that lets its money leave: the registered one,
 * or a passkey that has that from such a key.
 */
export function isOwnWord(state: State, { signature }: { readonly signature: string }): boolean {
  const name = passkeyIn(signature)
  return name === undefined || state.passkeys.get(name)?.ownWord === true
}

/** The passkey of `account` that asks for something here; null where a registered key does. */
export const askerOf = (
  { account: by, signature }: { readonly account: number; readonly signature: string },
  account: number,
): string | null => (by === account ? (passkeyIn(signature) ?? null) : null)

/**
 * Whether a passkey that is asked for here lets money leave. A retailer's word is not enough, but
 * for an account that has never said anything: its first passkey speaks for nobody else.
 */
export function givesOwnWord(
  state: State,
  command: Extract<Command, { readonly kind: 'register_passkey' }>,
  code: JoinCode | undefined,
): boolean {
  const { participant: account } = command.content
  if (code === undefined) return command.account === account && isOwnWord(state, command)
  return code.issuedBy === account ? code.ownWord : isNew(state, account)
}

/**
 * How long what a join code registers waits. Of an account that is new nobody can be waiting to
 * notice: its first passkey need not.
 */
export const joinDelaySeconds = (state: State, account: number, issuedBy: number): number =>
  issuedBy === account || isNew(state, account) ? 0 : delaySeconds(state)

/** Whether nobody is there who could be spoken for. */
const isNew = (state: State, account: number): boolean => !state.spoken.has(account)

/** Whoever signed what stands in no journal is there: what its desk asks for waits from now on. */
export function recordWord(
  state: State,
  sequence: number,
  { account }: Extract<Command, { readonly kind: 'record_word' }>,
): Applied | Rejected {
  if (participantOf(state, account) === undefined) return reject('account_unknown', 'account')
  state.spoken.add(account)
  return accepted(sequence, { kind: 'word_recorded', account })
}

/** How long the word of a desk waits now. */
export const deskDelayMs = (state: State): number => delaySeconds(state) * 1_000

function delaySeconds(state: State): number {
  const { keyDelaySeconds = 0 } = rulebookFor(state, state.clearedThrough + 1).trades ?? {}
  return Math.max(deskDelaySeconds, keyDelaySeconds)
}
