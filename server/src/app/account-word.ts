import {
  lostPasskeyOf,
  objectsUntil,
  participantOf,
  type State,
  waitingOf,
} from '@busbar/core/exchange'
import {
  type Mandate,
  namedKeyIn,
  type NamedKeyKind,
  namedKeyMarks,
  type Passkey,
  passkeyIn,
} from '@busbar/core/registry'
import { hexToBytes } from '@busbar/protocols/hash'
import { namedParts } from '@busbar/protocols/named-keys'
import { passkeyWord } from '@busbar/protocols/passkeys'
import type { ObjectionView } from './ports/key-views.ts'
import type { SignatureVerifier } from './ports/signatures.ts'
import { deviceView } from './views/keys.ts'

const namedKinds = Object.keys(namedKeyMarks) as readonly NamedKeyKind[]

type KeyForm = 'verifySecp256k1' | 'verifyRecoverable'

/**
 * Whether `signature` over `digest` is by a key that `account` has in `state`: its registered key,
 * or the passkey that the signature names, on a page of the host that it was registered for; or by
 * another key that it names, where `named` says that such keys may speak: also a passkey that the
 * desk was told is lost, which may object. From when on a passkey's word counts, what a lost one
 * may say, and whether that other key is one of the account's, is judged where the command is
 * applied.
 *
 * @param keyBytes reads `0x` hex; a cache where there is one
 * @param form what a registered key's signature has to satisfy
 * @throws Fault HEX_MALFORMED
 */
export function isWordOf(
  state: State,
  account: number,
  digest: Uint8Array,
  signature: string,
  verifier: SignatureVerifier,
  { keyBytes = hexToBytes, form = 'verifySecp256k1', named = false }: {
    readonly keyBytes?: (text: string) => Uint8Array
    readonly form?: KeyForm
    readonly named?: boolean
  } = {},
): boolean {
  const name = passkeyIn(signature)
  if (name !== undefined) {
    const passkey = state.passkeys.get(name) ??
      (named ? lostPasskeyOf(state, account, name) : undefined)
    return passkey?.account === account && isWordOfPasskey(passkey, digest, signature, verifier)
  }
  const kind = namedKinds.find((one) => namedKeyIn(one, signature) !== undefined)
  if (kind !== undefined) {
    if (!named) return false
    const parts = namedParts(kind, hexToBytes(signature))
    return parts !== undefined &&
      verifier.verifySecp256k1(parts.publicKey, digest, parts.signature)
  }
  const participant = participantOf(state, account)
  if (participant === undefined) return false
  return verifier[form](keyBytes(participant.publicKey), digest, hexToBytes(signature))
}

function isWordOfPasskey(
  { publicKey, host }: Passkey,
  digest: Uint8Array,
  signature: string,
  verifier: SignatureVerifier,
): boolean {
  const word = passkeyWord(digest, hexToBytes(signature), (key, message, scalars) =>
    verifier.verifyP256Message(key, message, scalars),
  )
  return word?.publicKey === publicKey && word.host === host
}

/** The mandate of the agent that signed; undefined where none did, or it is none in force. */
export function agentMandate(state: State, signature: string): Mandate | undefined {
  const mandate = state.mandates.get(namedKeyIn('agent', signature) ?? '')
  const isInForce = mandate !== undefined && mandate.from <= state.at && state.at < mandate.until
  return isInForce ? mandate : undefined
}

/**
 * Whether a credential with this signature may read for `account`: a passkey's does from its time
 * on, an agent's while its mandate is in force, and a join code's never.
 */
export function mayRead(state: State, account: number, signature: string): boolean {
  if (namedKeyIn('agent', signature) !== undefined) {
    return agentMandate(state, signature)?.account === account
  }
  if (namedKeyIn('join', signature) !== undefined) return false
  const name = passkeyIn(signature)
  return name === undefined || state.at >= (state.passkeys.get(name)?.signsFrom ?? Infinity)
}

/** What whoever has a lost passkey may still object to; undefined for all other signatures. */
export function objectionBy(
  state: State,
  account: number,
  signature: string,
): ObjectionView | undefined {
  const passkey = lostPasskeyOf(state, account, passkeyIn(signature))
  if (passkey === undefined) return undefined
  const until = objectsUntil(state, state.at, passkey)
  if (until === undefined) return undefined
  const { passkeys, joinCodes } = waitingOf(state, state.at, account)
  return { passkey, until, passkeys: passkeys.map(deviceView), joinCodes }
}
