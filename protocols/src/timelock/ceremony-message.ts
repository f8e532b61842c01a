import { canonicalJson } from '@busbar/core/encoding'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, type Hex, hexToBytes, isHex, keccak256, textToBytes } from '../hash/index.ts'

/** The rounds, in sequence: each member sends at most one message in each. */
export const ceremonyRounds = ['deal', 'complain', 'answer', 'confirm'] as const

export type CeremonyRound = (typeof ceremonyRounds)[number]

export type DealBody = {
  readonly commitments: readonly string[]
  /** That the dealer knows the constant term. */
  readonly possession: string
  /** A share for each receiver, sealed to its key. */
  readonly envelopes: readonly { readonly index: number; readonly envelope: string }[]
}

/** Dealers whose share did not open or did not fit. */
export type ComplainBody = { readonly accused: readonly number[] }

/** The shares that were complained about, in the open: whoever complained has nothing to hide. */
export type AnswerBody = {
  readonly shares: readonly { readonly index: number; readonly share: string }[]
}

/** What came out, as this member computed it. */
export type ConfirmBody = {
  readonly publicKey: string
  readonly qualified: readonly number[]
  readonly verificationKeys: readonly {
    readonly index: number
    readonly verificationKey: string
  }[]
}

export type Bodies = {
  readonly deal: DealBody
  readonly complain: ComplainBody
  readonly answer: AnswerBody
  readonly confirm: ConfirmBody
}

/** A signed message of a ceremony. It may pass through any hands. */
export type CeremonyMessage<Round extends CeremonyRound = CeremonyRound> = {
  /** Digest of the plan. */
  readonly plan: string
  readonly round: Round
  /** The sender's signing key. */
  readonly from: string
  /** Digest of all messages of the rounds before: that everybody has seen the same. */
  readonly seen: string
  readonly body: Bodies[Round]
  readonly signature: string
}

/** A member's secrets beside its shares. */
export type MemberIdentity = {
  /** Ed25519 seed. */
  readonly signingSecret: string
  /** X25519. */
  readonly sealingSecret: string
}

export const identityKeys = ({
  signingSecret,
  sealingSecret,
}: MemberIdentity): { readonly signingKey: Hex; readonly sealingKey: Hex } => ({
  signingKey: bytesToHex(ed25519.getPublicKey(hexToBytes(signingSecret, 32, 'signingSecret'))),
  sealingKey: bytesToHex(x25519.getPublicKey(hexToBytes(sealingSecret, 32, 'sealingSecret'))),
})

type Unsigned = Omit<CeremonyMessage, 'signature'>

const signedBytes = ({ plan, round, from, seen, body }: Unsigned): Uint8Array =>
  textToBytes(`Busbar committee ceremony 1 ${canonicalJson({ plan, round, from, seen, body })}`)

export function signMessage<Round extends CeremonyRound>(
  identity: MemberIdentity,
  message: Omit<CeremonyMessage<Round>, 'signature' | 'from'>,
): CeremonyMessage<Round> {
  const secret = hexToBytes(identity.signingSecret, 32, 'signingSecret')
  const unsigned = { ...message, from: identityKeys(identity).signingKey }
  return { ...unsigned, signature: bytesToHex(ed25519.sign(signedBytes(unsigned), secret)) }
}

/** Whether a message is one, and signed by who it says it is from. */
export function isSigned(message: CeremonyMessage): boolean {
  try {
    const { signature, from } = message
    if (!isHex(signature, 64) || !isHex(from, 32)) return false
    const [sign, key] = [hexToBytes(signature, 64), hexToBytes(from, 32)]
    return ed25519.verify(sign, signedBytes(message), key, { zip215: false })
  } catch (error) {
    // What has no canonical form, or a key that is no point, was signed by nobody.
    if (error instanceof Error) return false
    throw error
  }
}

/** The digest of all that was seen, continued by the messages of a round, in any sequence. */
export function seenAfter(seen: string, messages: readonly CeremonyMessage[]): Hex {
  const texts = messages.map((message) => canonicalJson(message)).sort()
  return bytesToHex(keccak256(textToBytes(canonicalJson([seen, texts]))))
}
