import { askedForDays, type Passkey, passkeyIn } from '../registry/index.ts'
import {
  askerOf,
  giverFor,
  givesOwnWord,
  hostLimit,
  isNoHost,
  joinDelaySeconds,
  ownerFor,
  wordFrom,
} from './account-keys.ts'
import type { Command, InstructionContent } from './command.ts'
import { endJoinCodes, joinCodeIn } from './join-codes.ts'
import {
  authorityRoles,
  isRejected,
  nameLimit,
  namePattern,
  participantOf,
  passkeysOf,
} from './lookups.ts'
import {
  endPasskey,
  endWaiting,
  forgetLost,
  keepLost,
  lostPasskeyOf,
  objectorOf,
} from './lost-passkeys.ts'
import { endMandates } from './mandates.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** As many devices as one person has, and one that lies in a drawer. */
export const passkeysMax = 8

const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/
const credentialPattern = /^0x(?:[0-9a-f]{2}){16,256}$/

/** What says who may: whose address the money of an account goes to. */
const keyOnly: ReadonlySet<Command['kind']> = new Set(['replace_key'])

const objectionLimit = 'but to object to what the retailer asked for, while that waits'

const ownWordLimit = 'or a passkey that the account itself asked for'

/** What a command brings about, if it is accepted: an approval, what it approves. */
function spokenOf(state: State, command: Command): Command['kind'] {
  if (command.kind !== 'approve_proposal') return command.kind
  return state.proposals.get(command.content.proposal)?.instruction.kind ?? command.kind
}

/** Why a command that a passkey signed is not its account's word at `at`; undefined if it is. */
export function passkeyRejection(state: State, at: number, command: Command): Rejected | undefined {
  if (!('signature' in command) || !('account' in command)) return undefined
  const name = passkeyIn(command.signature)
  if (name === undefined) return undefined
  const passkey = state.passkeys.get(name)
  if (passkey === undefined || passkey.account !== command.account) {
    if (objectorOf(state, at, command) !== undefined) return undefined
    const lost = lostPasskeyOf(state, command.account, name)
    return reject('passkey_unknown', 'signature', lost && objectionLimit)
  }
  if (keyOnly.has(spokenOf(state, command))) return reject('registered_key_needed', 'signature')
  if (command.kind === 'withdraw' && !passkey.ownWord) {
    return reject('registered_key_needed', 'signature', ownWordLimit)
  }
  if (at < passkey.signsFrom) {
    return reject('passkey_too_new', 'signature', `from ${passkey.signsFrom}`)
  }
  return undefined
}

/**
 * Registers a passkey: at once where the account asks for it by a key that counts already, else
 * after a delay in which its owner can notice. If then the account asks for the very same, it
 * waits no longer. A join code asks for who issued it, once.
 */
export function registerPasskey(
  state: State,
  at: number,
  sequence: number,
  command: Extract<Command, { readonly kind: 'register_passkey' }>,
): Applied | Rejected {
  const { content } = command
  const { participant: account, publicKey, credentialId, host, label } = content
  const code = joinCodeIn(state, at, command)
  const by = code?.issuedBy ?? command.account
  const owner = giverFor(state, by, account)
  if (isRejected(owner)) return owner
  const signsFrom = code === undefined
    ? wordFrom(state, at, command)
    : Math.max(code.signsFrom, at + joinDelaySeconds(state, account, by) * 1_000)
  const ownWord = givesOwnWord(state, command, code)
  const askedBy = code === undefined ? askerOf(command, account) : code.askedBy
  const present = state.passkeys.get(publicKey)
  if (by === account && present !== undefined && isSame(present, content)) {
    if (code !== undefined) endJoinCodes(state, (one) => one === code, [account])
    return kept(state, sequence, {
      ...{ ...present, signsFrom: Math.min(present.signsFrom, signsFrom) },
      ownWord: present.ownWord || ownWord,
      // The registered key stands for it from now on; by another passkey it is still whose it was.
      askedBy: askedBy === null ? null : present.askedBy,
    })
  }
  const invalid = contentRejection(state, content)
  if (invalid !== undefined) return invalid
  if (passkeysOf(state, account).length >= passkeysMax) {
    return reject('passkeys_exceeded', 'participant', `at most ${passkeysMax}`)
  }
  state.taken.add(`key:${publicKey}`).add(`credential:${credentialId}`)
  // Whoever has it may be waiting to notice, whether it ever signs or not.
  state.spoken.add(account)
  if (code !== undefined) endJoinCodes(state, (one) => one === code, [account])
  const named = { publicKey, credentialId, account, host, label, registeredBy: by, askedBy }
  return kept(state, sequence, { ...named, signsFrom, ownWord, sequence, at })
}

/**
 * What the chain must know before it takes a withdrawal with this signature: a passkey that has
 * signed none before. So the chain has no passkey before it speaks, and few of them.
 */
export function putOnChain(state: State, signature: string): Effect[] {
  const passkey = state.passkeys.get(passkeyIn(signature) ?? '')
  if (passkey === undefined || state.passkeysOnChain.has(passkey.publicKey)) return []
  const { account, publicKey, host } = passkey
  state.passkeysOnChain.add(publicKey)
  return [{ kind: 'passkey_put_on_chain', account, publicKey, host }]
}

/**
 * Takes a passkey's word away, at once, and that of those it asked for lately. Orders and contracts
 * that they signed stand. What the desk revokes may be lost to nobody: it may object. What others
 * revoke is over.
 */
export function revokePasskey(
  state: State,
  at: number,
  sequence: number,
  command: Extract<Command, { readonly kind: 'revoke_passkey' }>,
): Applied | Rejected {
  const { account: by, content: { publicKey } } = command
  const passkey = state.passkeys.get(publicKey)
  if (passkey === undefined) return revokeLost(state, sequence, by, publicKey)
  const { account } = passkey
  const owner = ownerFor(state, by, account, authorityRoles)
  if (isRejected(owner)) return owner
  // Who revokes itself, for another that it asked for, is no thief.
  const ended = passkeyIn(command.signature) === publicKey
    ? [passkey]
    : withAsked(state, at, passkey, signersOf(state, command))
  const names = new Set<string | null>(ended.map((one) => one.publicKey))
  const revoked = ended.flatMap((one) => endPasskey(state, at, one, by))
  // A retailer that is an authority too is the desk here, and decides by revoking once more.
  if (by !== account && owner.retailer === by) {
    for (const one of ended) keepLost(state, at, one, by)
  }
  // A lost phone may have issued some, and granted others.
  endJoinCodes(state, ({ issuedBy }) => issuedBy === account)
  return accepted(sequence, { kind: 'passkey_revoked', account, publicKey }, [
    ...revoked,
    ...endMandates(state, account, ({ grantedBy }) => names.has(grantedBy)),
    ...endWaitingPasskeys(state, at, account),
  ])
}

/**
 * Who signed a command, and whoever asked for that: what lives on where one of them is revoked. It
 * is who says so.
 */
function signersOf(state: State, { signature }: { readonly signature: string }): Set<string> {
  const found = new Set<string>()
  for (let name = passkeyIn(signature) ?? null; name !== null;) {
    found.add(name)
    name = state.passkeys.get(name)?.askedBy ?? null
  }
  return found
}

/**
 * A passkey with those that it asked for lately, and so on: whoever had it for a minute may have
 * asked for another one.
 */
function withAsked(
  state: State,
  at: number,
  passkey: Passkey,
  spared: ReadonlySet<string>,
): readonly Passkey[] {
  const { account, publicKey } = passkey
  const asked = passkeysOf(state, account)
    .filter((one) => one.askedBy === publicKey && isLate(at, one) && !spared.has(one.publicKey))
  return [passkey, ...asked.flatMap((one) => withAsked(state, at, one, spared))]
}

const isLate = (at: number, passkey: Passkey): boolean =>
  passkey.at > at - askedForDays * 86_400_000

/** Ends what a registered key asked for lately, where somebody else says that it is no longer. */
export const endAskedByKey = (state: State, at: number, account: number, by: number): Effect[] =>
  passkeysOf(state, account)
    .filter((one) => one.registeredBy === account && one.askedBy === null && isLate(at, one))
    .flatMap((one) => withAsked(state, at, one, new Set()))
    .flatMap((one) => endPasskey(state, at, one, by))

/** Ends what a passkey may still say that a desk revoked: as its account or an authority wants. */
function revokeLost(
  state: State,
  sequence: number,
  by: number,
  publicKey: string,
): Applied | Rejected {
  const lost = [...state.lostPasskeys.values()].flat().find((one) => one.publicKey === publicKey)
  if (lost === undefined) return reject('passkey_unknown', 'publicKey')
  const { account } = lost
  const owner = ownerFor(state, by, account, authorityRoles)
  if (isRejected(owner)) return owner
  const decides = participantOf(state, by)?.roles.some((role) => authorityRoles.includes(role))
  if (by !== account && decides !== true) return reject('passkey_unknown', 'publicKey')
  // With those that it asked for: they come behind it.
  const names = new Set<string | null>([publicKey])
  const over = (state.lostPasskeys.get(account) ?? []).filter((one) => {
    if (!names.has(one.publicKey) && !names.has(one.askedBy)) return false
    return names.add(one.publicKey)
  })
  forgetLost(state, account, (one) => over.includes(one))
  return accepted(
    sequence,
    { kind: 'passkey_revoked', account, publicKey },
    over.map((one) => ({
      ...{ kind: 'passkey_revoked', account, publicKey: one.publicKey, label: one.label },
      ...{ by, wasOnChain: false },
    })),
  )
}

/** What waits of the desk's word ends where a passkey that it revoked says that it is not lost. */
export function objection(
  state: State,
  at: number,
  sequence: number,
  command: Extract<Command, { readonly kind: 'revoke_passkey' | 'revoke_join_code' }>,
): Applied | Rejected | undefined {
  const lost = objectorOf(state, at, command)
  if (lost === undefined) return undefined
  const { account, content: { publicKey } } = command
  const owner = ownerFor(state, account, account, [])
  if (isRejected(owner)) return owner
  const isPasskey = command.kind === 'revoke_passkey'
  const kind = isPasskey ? 'passkey_revoked' as const : 'join_code_revoked' as const
  return accepted(sequence, { kind, account, publicKey }, endWaiting(state, at, lost))
}

/**
 * Ends what `by` registered for others and what still waits: whoever had its key for a while may
 * have asked for it.
 */
export const endWaitingPasskeys = (state: State, at: number, by: number): Effect[] =>
  [...state.passkeys.values()]
    .filter((one) => one.registeredBy === by && one.account !== by && at < one.signsFrom)
    .flatMap((one) => endPasskey(state, at, one, by))

function contentRejection(
  state: State,
  { publicKey, credentialId, host, label }: InstructionContent['register_passkey'],
): Rejected | undefined {
  // What was revoked stays taken: what it signed must never speak for somebody else.
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', 'publicKey')
  if (state.taken.has(`credential:${credentialId}`)) return reject('name_exists', 'credentialId')
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', 'publicKey', 'a compressed key: 0x02 or 0x03 and 64 hex')
  }
  if (!credentialPattern.test(credentialId)) {
    return reject('field_invalid', 'credentialId', '0x and 32 to 512 lower-case hex')
  }
  if (isNoHost(host)) return reject('field_invalid', 'host', hostLimit)
  if (!namePattern.test(label)) return reject('field_invalid', 'label', nameLimit)
  return undefined
}

const isSame = (passkey: Passkey, content: InstructionContent['register_passkey']): boolean =>
  passkey.account === content.participant && passkey.credentialId === content.credentialId &&
  passkey.host === content.host && passkey.label === content.label

function kept(state: State, sequence: number, passkey: Passkey): Applied {
  const { account, publicKey, signsFrom } = passkey
  const names = state.passkeysOf.get(account) ?? []
  if (!state.passkeys.has(publicKey)) state.passkeysOf.set(account, [...names, publicKey])
  state.passkeys.set(publicKey, passkey)
  return accepted(sequence, { kind: 'passkey_registered', account, publicKey, signsFrom }, [
    { kind: 'passkey_registered', account, publicKey, signsFrom },
  ])
}
