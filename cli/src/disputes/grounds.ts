/** What an exchange shows for the reasons of voids, once its signatures are found to be right. */
import { Fault } from '@busbar/core/errors'
import type { InstructionContent, Opening } from '@busbar/core/exchange'
import { namedKeyIn, passkeyIn } from '@busbar/core/registry'
import type { Openings } from '@busbar/protocols/api'
import {
  cancellationDigest,
  type Domain,
  instructionDigest,
  recoverAddress,
  sealedOrderDigest,
} from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { namedWord } from '@busbar/protocols/named-keys'
import { passkeyWord } from '@busbar/protocols/passkeys'
import { ciphertextHash, decodeOpening } from '@busbar/protocols/sealed-orders'
import { createOpener, type Opener, verifySignature } from '@busbar/protocols/timelock'
import type { WitnessedParticipant } from '@busbar/server/own-node/challenger'

type Shown = Openings['grounds']
export type ReceivedOrder = Shown['received'][number]
export type MeterFacts = InstructionContent['register_meter'] & { readonly sequence: number }

export type GrantedMandate = InstructionContent['grant_mandate'] & { readonly account: number }

export type Grounds = {
  /** By commitment. */
  readonly received: ReadonlyMap<string, ReceivedOrder>
  /** Names `account:id` of orders that their owners took back. */
  readonly cancelled: ReadonlySet<string>
  /** Accounts whose request for their money is said to have taken their orders back. */
  readonly asked: ReadonlySet<number>
  readonly meters: ReadonlyMap<number, MeterFacts>
  /** By account; null for who has none. */
  readonly retailers: ReadonlyMap<number, number | null>
  /** By retailer, as they were set. */
  readonly tariffs: ReadonlyMap<number, readonly InstructionContent['set_tariff'][]>
  /** By the agent's public key. */
  readonly mandates: ReadonlyMap<string, GrantedMandate>
  /** As the chain had it when the orders were fixed. */
  readonly participants: ReadonlyMap<number, WitnessedParticipant>
  /**
   * What a received order opens to; null if to nothing, as one without ciphertext. Undefined where
   * the joint signature is none of the committee's key.
   */
  readonly open: ((order: ReceivedOrder) => Opening | null) | undefined
  /** What was shown and is signed by nobody whom the chain knows. */
  readonly differences: readonly string[]
}

/** Whose signatures `shown` needs: of what accounts the chain has to be asked. */
export function accountsIn({ received, cancellations, instructions }: Shown): ReadonlySet<number> {
  return new Set([...received, ...cancellations, ...instructions].map(({ account }) => account))
}

/**
 * Takes over what is signed by a key that the chain has had for its account; anything else is named
 * and left out.
 *
 * `timelockReady` must have resolved.
 */
export function provenGrounds(
  { zone, interval, evidence, grounds }: Openings,
  domain: Domain,
  label: string,
  participants: ReadonlyMap<number, WitnessedParticipant>,
): Grounds {
  const differences: string[] = []
  const keys: FurtherKeys = { passkeys: new Map(), joinCodes: new Map(), mandates: new Map() }
  const isSigned = (what: string, signed: SignedItem, digest: Uint8Array): boolean => {
    if (isBy(signed, digest, participants, keys)) return true
    differences.push(`${what} is not signed by account ${signed.account}`)
    return false
  }
  // First, and in their order: they say whose the passkeys are that signed the others.
  const retailers = new Map<number, number | null>()
  const instructions = grounds.instructions.filter((one) => {
    if (!isSigned(`the instruction ${one.id}`, one, instructionDigest(domain, one))) return false
    if (one.kind === 'admit_participant' && one.number !== null) {
      retailers.set(one.number, contentOf<'admit_participant'>(one).retailer)
    }
    if (one.kind === 'grant_mandate') {
      const mandate = contentOf<'grant_mandate'>(one)
      keys.mandates.set(mandate.publicKey, { ...mandate, account: one.account })
    }
    if (one.kind !== 'register_passkey' && one.kind !== 'issue_join_code') return true
    const { participant: account, publicKey, host } = contentOf<typeof one.kind>(one)
    const may = account === one.account || retailers.get(account) === one.account
    const given = one.kind === 'register_passkey' ? keys.passkeys : keys.joinCodes
    if (may) given.set(publicKey, { account, host })
    else differences.push(`a key of account ${account} was given by account ${one.account}`)
    return may
  })
  const received = grounds.received.filter((order) => {
    const { commitment, ciphertext } = order
    const hash = ciphertext === null ? order.ciphertextHash : ciphertextHash(ciphertext)
    const message = { ...order, zone, interval, ciphertextHash: hash }
    return isSigned(`order ${commitment}`, order, sealedOrderDigest(domain, message))
  })
  const cancellations = grounds.cancellations.filter((one) =>
    isSigned(`the cancellation ${one.id}`, one, cancellationDigest(domain, one)),
  )
  const open = openerOf(grounds.committeeKey, label, evidence)
  if (open === undefined && grounds.committeeKey !== null && evidence !== '') {
    differences.push('the evidence is not the signature of the committee')
  }
  return {
    received: new Map(received.map((order) => [order.commitment, order])),
    cancelled: new Set(
      cancellations
        .filter((one) => mayTakeBack(one, received))
        .map(({ account, order }) => `${account}:${order}`),
    ),
    mandates: keys.mandates,
    asked: new Set(grounds.requests.map(({ account }) => account)),
    ...instructed(instructions),
    ...{ participants, open, differences },
  }
}

type SignedItem = {
  readonly account: number
  readonly signature: string
  readonly kind?: Shown['instructions'][number]['kind']
}

type Owner = { readonly account: number; readonly host: string }

type FurtherKeys = Readonly<Record<'passkeys' | 'joinCodes', Map<string, Owner>>> & {
  readonly mandates: Map<string, GrantedMandate>
}

/** An agent takes back what it has placed itself, and its owner what it likes. */
function mayTakeBack(
  { account, order, signature }: Shown['cancellations'][number],
  received: readonly ReceivedOrder[],
): boolean {
  const agent = namedKeyIn('agent', signature)
  if (agent === undefined) return true
  const taken = received.find((one) => one.account === account && one.id === order)
  return taken !== undefined && namedKeyIn('agent', taken.signature) === agent
}

/** By a key that the chain has had for the account, or one that such a key gave its word. */
function isBy(
  { account, signature, ...signed }: SignedItem,
  digest: Uint8Array,
  participants: ReadonlyMap<number, WitnessedParticipant>,
  { passkeys, joinCodes, mandates }: FurtherKeys,
): boolean {
  const name = passkeyIn(signature)
  if (namedKeyIn('join', signature) !== undefined) {
    const code = namedWord('join', digest, hexToBytes(signature)) ?? ''
    return signed.kind === 'register_passkey' && joinCodes.get(code)?.account === account
  }
  if (namedKeyIn('agent', signature) !== undefined) {
    const agent = namedWord('agent', digest, hexToBytes(signature)) ?? ''
    return signed.kind === undefined && mandates.get(agent)?.account === account
  }
  if (name === undefined) {
    const addresses = participants.get(account)?.addresses ?? []
    return signersOf(digest, signature).some((signer) => addresses.includes(signer))
  }
  const owner = passkeys.get(name)
  const word = passkeyWord(digest, hexToBytes(signature))
  return word !== undefined && owner?.account === account && owner.host === word.host
}

/** In both spellings: an exchange takes a signature by its r and s. */
function signersOf(digest: Uint8Array, signature: string): readonly string[] {
  const bytes = hexToBytes(signature, 65, 'signature')
  return [27, 28].flatMap((v) => recoverAddress(digest, bytes.with(64, v)) ?? [])
}

function openerOf(
  committeeKey: string | null,
  label: string,
  evidence: string,
): Grounds['open'] {
  if (committeeKey === null || !isJointSignature(committeeKey, label, evidence)) return undefined
  let opener: Opener | undefined
  return ({ commitment, ciphertext }) => {
    if (ciphertext === null) return null
    opener ??= createOpener(evidence)
    const plaintext = opener.open(commitment, ciphertext)
    return plaintext === null ? null : (decodeOpening(plaintext) ?? null)
  }
}

function isJointSignature(committeeKey: string, label: string, evidence: string): boolean {
  try {
    return verifySignature(committeeKey, label, evidence)
  } catch (error) {
    // Bytes that are no point are no signature.
    if (error instanceof Fault) return false
    throw error
  }
}

/** What was signed was taken by the exchange, and so has the form that it takes. */
const contentOf = <Kind extends Shown['instructions'][number]['kind']>(
  { content }: { readonly content: string },
): InstructionContent[Kind] => JSON.parse(content) as InstructionContent[Kind]

function instructed(
  instructions: Shown['instructions'],
): Pick<Grounds, 'meters' | 'retailers' | 'tariffs'> {
  const meters = new Map<number, MeterFacts>()
  const retailers = new Map<number, number | null>()
  const tariffs = new Map<number, InstructionContent['set_tariff'][]>()
  for (const one of instructions) {
    const { kind, number, account, sequence } = one
    if (kind === 'register_meter' && number !== null) {
      meters.set(number, { ...contentOf<'register_meter'>(one), sequence })
    } else if (kind === 'admit_participant' && number !== null) {
      retailers.set(number, contentOf<'admit_participant'>(one).retailer)
    } else if (kind === 'set_tariff') {
      const tariff = contentOf<'set_tariff'>(one)
      tariffs.set(account, [...(tariffs.get(account) ?? []), tariff])
    }
  }
  return { meters, retailers, tariffs }
}
