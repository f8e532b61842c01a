import { type JoinCode, namedKeyIn } from '../registry/index.ts'
import {
  askerOf,
  giverFor,
  hostLimit,
  isNoHost,
  isOwnWord,
  ownerFor,
  signerFrom,
} from './account-keys.ts'
import type { Command, InstructionContent } from './command.ts'
import { authorityRoles, inRange, isRejected } from './lookups.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** As many as one account may have at a time. */
export const joinCodesMax = 8

/** How long a join code may count at most: two weeks, as a letter takes. */
export const joinCodeSecondsMax = 14 * 86_400

const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/

/** The join codes of an account that count at `at`, in the order in which they were issued. */
export const joinCodesOf = (state: State, at: number, account: number): readonly JoinCode[] =>
  (state.joinCodes.get(account) ?? []).filter(({ until }) => at < until)

/** The join code of an account by which a command is signed. */
export function joinCodeIn(state: State, at: number, command: Command): JoinCode | undefined {
  if (!('signature' in command) || !('account' in command)) return undefined
  const name = namedKeyIn('join', command.signature)
  if (name === undefined) return undefined
  return joinCodesOf(state, at, command.account).find(({ publicKey }) => publicKey === name)
}

/** Why a command that a join code signed is no word of its account; undefined if it is. */
export function joinCodeRejection(
  state: State,
  at: number,
  command: Command,
): Rejected | undefined {
  if (!('signature' in command) || namedKeyIn('join', command.signature) === undefined) {
    return undefined
  }
  const code = joinCodeIn(state, at, command)
  if (code === undefined) return reject('join_code_unknown', 'signature')
  if (command.kind !== 'register_passkey') return reject('registered_key_needed', 'signature')
  const { participant, host } = command.content
  if (participant !== code.account) return reject('join_code_unknown', 'participant')
  // Elsewhere than where it was meant for: a page that only looks like it.
  return host === code.host ? undefined : reject('field_invalid', 'host', code.host)
}

/**
 * Promises that whoever has the private half of a key may register one passkey for the account. It
 * is as good as the word of who issues it: of the account at once, of its retailer after the delay,
 * but for an account that has never said anything and so has nobody who could be spoken for.
 */
export function issueJoinCode(
  state: State,
  at: number,
  sequence: number,
  command: Extract<Command, { readonly kind: 'issue_join_code' }>,
): Applied | Rejected {
  const { account: by, content } = command
  const { participant: account, publicKey, host, untilMs: until } = content
  const owner = giverFor(state, by, account)
  if (isRejected(owner)) return owner
  const invalid = contentRejection(state, at, content)
  if (invalid !== undefined) return invalid
  const present = joinCodesOf(state, at, account)
  if (present.length >= joinCodesMax) {
    return reject('join_codes_exceeded', 'participant', `at most ${joinCodesMax}`)
  }
  state.taken.add(`key:${publicKey}`)
  const signsFrom = signerFrom(state, at, command)
  const ownWord = by === account && isOwnWord(state, command)
  const askedBy = askerOf(command, account)
  const named = { publicKey, account, host, until, issuedBy: by, askedBy, ownWord, signsFrom }
  state.joinCodes.set(account, [...present, { ...named, sequence, at }])
  const told = { kind: 'join_code_issued', account, publicKey, until } as const
  return accepted(sequence, told, [told])
}

/** Ends a join code that nobody has used, at once. */
export function revokeJoinCode(
  state: State,
  at: number,
  sequence: number,
  by: number,
  { participant: account, publicKey }: InstructionContent['revoke_join_code'],
): Applied | Rejected {
  const owner = ownerFor(state, by, account, authorityRoles)
  if (isRejected(owner)) return owner
  const isIt = (code: JoinCode): boolean => code.publicKey === publicKey
  if (!joinCodesOf(state, at, account).some(isIt)) {
    return reject('join_code_unknown', 'publicKey')
  }
  endJoinCodes(state, isIt, [account])
  const told = { kind: 'join_code_revoked', account, publicKey } as const
  return accepted(sequence, told, [told])
}

/** Forgets the join codes that `isEnded` names, of these accounts or of all. */
export function endJoinCodes(
  state: State,
  isEnded: (code: JoinCode) => boolean,
  accounts: Iterable<number> = [...state.joinCodes.keys()],
): void {
  for (const account of accounts) {
    const left = (state.joinCodes.get(account) ?? []).filter((code) => !isEnded(code))
    if (left.length === 0) state.joinCodes.delete(account)
    else state.joinCodes.set(account, left)
  }
}

function contentRejection(
  state: State,
  at: number,
  { publicKey, host, untilMs }: InstructionContent['issue_join_code'],
): Rejected | undefined {
  // What was used or revoked stays taken: it counts once.
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', 'publicKey')
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', 'publicKey', 'a compressed key: 0x02 or 0x03 and 64 hex')
  }
  if (isNoHost(host)) return reject('field_invalid', 'host', hostLimit)
  const last = at + joinCodeSecondsMax * 1_000
  if (inRange(untilMs, at + 1, last)) return undefined
  return reject('field_invalid', 'untilMs', `after ${at} and at most ${last}`)
}
