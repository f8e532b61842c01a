import { assert, Fault } from '@busbar/core/errors'
import { add, type Fr, type G1, mul } from 'mcl-wasm'
import type { Hex } from '../hash/index.ts'
import type { CeremonyMessage, DealBody } from './ceremony-message.ts'
import type { CeremonyMember, CeremonyPlan, CommitteeKeys } from './ceremony-plan.ts'
import { pointToHex, scalarFrom, scalarFromHex, scalarToHex } from './curve.ts'
import { publicShareAt, sumOf } from './polynomial.ts'
import { lagrange, verificationKeyOf } from './shares.ts'

/** Why a dealer's part is not in the key. */
export type Disqualification =
  | 'absent'
  | 'sent_two_deals'
  | 'deal_malformed'
  | 'possession_unproven'
  | 'other_share_dealt'
  | 'complaint_unanswered'
  | 'share_wrong'

export type CeremonyOutcome = {
  readonly committee: CommitteeKeys
  /** The receiver's share of the key; undefined for a dealer that leaves. */
  readonly share: Hex | undefined
  /** By name. */
  readonly disqualified: Readonly<Record<string, Disqualification>>
}

/** What a member sends after a round, and what came out when the last is over. */
export type Step = {
  readonly message: CeremonyMessage | null
  readonly outcome: CeremonyOutcome | null
}

/** What a dealer dealt, as far as everybody can check it. */
export type Deal = {
  readonly commitments: readonly G1[]
  /** The share for us, as sealed. */
  readonly envelope: string | undefined
}

/** What each dealer's part weighs: all the same for a new key, by Lagrange for one that exists. */
const weightsOf = ({ previous }: CeremonyPlan, qualified: readonly number[]): readonly Fr[] =>
  previous === null ? qualified.map(() => scalarFrom(1n)) : lagrange(qualified)

/** The joint key and each receiver's, from what the qualified dealers committed to. */
export function joinedKeys(plan: CeremonyPlan, deals: ReadonlyMap<number, Deal>): CommitteeKeys {
  const { threshold, receivers, previous } = plan
  const qualified = [...deals].toSorted(([a], [b]) => a - b)
  const dealers = qualified.map(([dealer]) => dealer)
  const weights = weightsOf(plan, dealers)
  const sum = Array.from({ length: threshold }, (_, k) =>
    sumOf(qualified.map(([, { commitments }], i) => mul(commitments[k] as G1, weights[i] as Fr))),
  )
  const publicKey = pointToHex(sum[0] as G1)
  assert(previous === null || publicKey === previous.publicKey, 'resharing keeps the key')
  const members = receivers.map(({ index, name }) => ({
    index,
    name,
    verificationKey: pointToHex(publicShareAt(sum, index)),
  }))
  return { publicKey, threshold, members }
}

/** A receiver's share of the joint key, from the shares that the qualified dealers gave it. */
export function joinedShare(
  plan: CeremonyPlan,
  received: ReadonlyMap<number, string>,
  qualified: readonly number[],
  receiver: CeremonyMember,
  { members }: CommitteeKeys,
): Hex {
  const weights = weightsOf(plan, qualified)
  let sum = scalarFrom(0n)
  for (const [i, dealer] of qualified.entries()) {
    const share = received.get(dealer)
    assert(share !== undefined, 'who is qualified has given us a share')
    sum = add(sum, mul(scalarFromHex(share, 'share'), weights[i] as Fr))
  }
  const share = scalarToHex(sum)
  const own = members.find(({ index }) => index === receiver.index)
  assert(verificationKeyOf(share) === own?.verificationKey, 'a share fits its key')
  return share
}

/** The share that a dealer showed for a receiver, in the one answer that it gave. */
export function answeredShare(
  messages: readonly CeremonyMessage<'answer'>[],
  signingKey: string,
  receiver: number,
): string | undefined {
  const [answer, second] = messages.filter(({ from }) => from === signingKey)
  if (answer === undefined || second !== undefined) return undefined
  const shares: unknown = answer.body.shares
  if (!Array.isArray(shares)) return undefined
  const shown: unknown = shares.find((one: { index?: unknown } | null) => one?.index === receiver)
  if (typeof shown !== 'object' || shown === null || !('share' in shown)) return undefined
  return typeof shown.share === 'string' ? shown.share : undefined
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null

export const isEnvelope = (value: unknown): value is DealBody['envelopes'][number] =>
  isObject(value) &&
  'index' in value &&
  typeof value.index === 'number' &&
  'envelope' in value &&
  typeof value.envelope === 'string'

export const failed = (why: string, members = ''): Fault =>
  new Fault('COMMITTEE_CEREMONY_FAILED', members === '' ? { why } : { why, members })
