import { deepEqual, equal, ok } from 'node:assert/strict'
import { bytesToHex, keccak256, textToBytes } from '../../hash/index.ts'
import { Ceremony } from '../ceremony.ts'
import {
  type Bodies,
  type CeremonyMessage,
  type CeremonyRound,
  ceremonyRounds,
  identityKeys,
  type MemberIdentity,
  signMessage,
} from '../ceremony-message.ts'
import type { CeremonyMember, CeremonyPlan, CommitteeKeys } from '../ceremony-plan.ts'
import type { CeremonyOutcome } from '../ceremony-result.ts'
import { combine, signShare, verificationKeyOf, verifyShare, verifySignature } from '../shares.ts'

/** Bytes that look random and are the same in every run. */
export function bytesFrom(name: string): (bytes: number) => Uint8Array {
  let count = 0
  return (length) => {
    count += 1
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => [
      ...keccak256(textToBytes(`${name} ${count} ${i}`)),
    ])
    return Uint8Array.from(blocks.flat().slice(0, length))
  }
}

export type Person = { readonly member: CeremonyMember; readonly identity: MemberIdentity }

export function person(name: string, index: number): Person {
  const random = bytesFrom(`person ${name}`)
  const identity = { signingSecret: bytesToHex(random(32)), sealingSecret: bytesToHex(random(32)) }
  return { member: { index, name, ...identityKeys(identity) }, identity }
}

export const people = (count: number, prefix = 'member'): readonly Person[] =>
  Array.from({ length: count }, (_, i) => person(`${prefix}-${i + 1}`, i + 1))

/** What the carrier hands to one member instead of what was sent. */
export type Tamper = (
  round: CeremonyRound,
  messages: readonly CeremonyMessage[],
  to: string,
) => readonly CeremonyMessage[]

/** The same message with another body, signed by its sender: what a cheat would send. */
export function resigned<Round extends CeremonyRound>(
  { identity }: Person,
  { plan, round, seen }: CeremonyMessage<Round>,
  body: Bodies[Round],
): CeremonyMessage<Round> {
  return signMessage<Round>(identity, { plan, round, seen, body })
}

/** Carries a ceremony from its first message to its outcome, by the name of each member. */
export function runCeremony(
  plan: CeremonyPlan,
  present: readonly Person[],
  options: {
    readonly shares?: Readonly<Record<string, string | undefined>>
    /** What is on the wire in each round, before it is handed to anybody. */
    readonly sent?: (
      round: CeremonyRound,
      messages: readonly CeremonyMessage[],
    ) => readonly CeremonyMessage[]
    readonly tamper?: Tamper
  } = {},
): ReadonlyMap<string, CeremonyOutcome> {
  const members = present.map(({ member: { name }, identity }) => {
    const share = options.shares?.[name]
    const random = bytesFrom(`${plan.id} ${name}`)
    const secrets = share === undefined ? { identity, random } : { identity, random, share }
    return { name, ceremony: new Ceremony(plan, secrets) }
  })
  const isMessage = (one: CeremonyMessage | null): one is CeremonyMessage => one !== null
  let messages = members.map(({ ceremony }) => ceremony.begin()).filter(isMessage)
  const outcomes = new Map<string, CeremonyOutcome>()
  for (const round of ceremonyRounds) {
    const sent = options.sent?.(round, messages) ?? messages
    messages = members
      .map(({ name, ceremony }) => {
        const handed = options.tamper?.(round, sent, name) ?? sent
        const { message, outcome } = ceremony.receive(round, handed)
        if (outcome !== null) outcomes.set(name, outcome)
        return message
      })
      .filter(isMessage)
  }
  return outcomes
}

export const generatePlan = (
  present: readonly Person[],
  threshold: number,
  id = 1,
): CeremonyPlan => ({
  id: `0x${id.toString(16).padStart(64, '0')}`,
  kind: 'generate',
  threshold,
  dealers: present.map(({ member }) => member),
  receivers: present.map(({ member }) => member),
  previous: null,
})

/** Something for a committee to sign. */
export const label = `busbar/1/31337/0x${'ab'.repeat(20)}/0/7`

/** Every member ended with the same committee; gives it and the shares by name. */
export function agreed(outcomes: ReadonlyMap<string, CeremonyOutcome>) {
  const [first] = outcomes.values()
  ok(first !== undefined)
  const shares: Record<string, string> = {}
  for (const [name, { committee, disqualified, share }] of outcomes) {
    deepEqual(committee, first.committee)
    deepEqual(disqualified, first.disqualified)
    if (share !== undefined) shares[name] = share
  }
  return { committee: first.committee, disqualified: first.disqualified, shares }
}

/** Signatures of those named, each checked by the key of its number. */
export function partials(
  { members }: CommitteeKeys,
  shares: Readonly<Record<string, string>>,
  names: readonly string[],
) {
  return names.map((name) => {
    const member = members.find((one) => one.name === name)
    const share = shares[name]
    ok(member !== undefined && share !== undefined)
    equal(verificationKeyOf(share), member.verificationKey)
    const partial = signShare(share, label)
    ok(verifyShare(member.verificationKey, label, partial))
    return { index: member.index, partial }
  })
}

export function signs(
  committee: CommitteeKeys,
  shares: Readonly<Record<string, string>>,
  names: readonly string[],
): boolean {
  const signature = combine(committee.threshold, partials(committee, shares, names))
  return verifySignature(committee.publicKey, label, signature)
}

export const isFrom =
  ({ member }: Person) =>
  ({ from }: CeremonyMessage): boolean =>
    from === member.signingKey

/** That a ceremony failed, and with what words. */
export const failed =
  (text: RegExp) =>
  (error: unknown): boolean =>
    error instanceof Error &&
    error.message.startsWith('COMMITTEE_CEREMONY_FAILED') &&
    text.test(error.message)
