import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import { bytesToHex, type Hex, isHex, keccak256, textToBytes } from '../hash/index.ts'
import { g1FromHex } from './curve.ts'
import { interpolate, isOnePolynomial } from './polynomial.ts'
import { memberIndexMax } from './shares.ts'

/** A member as the others know it: registered before the first ceremony, by hand. */
export type CeremonyMember = {
  /** From 1, unique in its committee. */
  readonly index: number
  readonly name: string
  /** Ed25519: its messages are signed by this key. */
  readonly signingKey: string
  /** X25519: shares for it are sealed to this key. */
  readonly sealingKey: string
}

/** A committee as the market appoints it. */
export type CommitteeKeys = {
  readonly publicKey: string
  readonly threshold: number
  readonly members: readonly {
    readonly index: number
    readonly name: string
    readonly verificationKey: string
  }[]
}

/** What a ceremony is to make, and with whom. All of its messages name the digest of this. */
export type CeremonyPlan = {
  /** 32 bytes, drawn by whoever calls for it: a ceremony never has messages of another. */
  readonly id: string
  /**
   * `generate` makes a new key that nobody has ever known; `reshare` gives the key that is there to
   * a new set of members or a new threshold, without anybody learning it.
   */
  readonly kind: 'generate' | 'reshare'
  /** How many of the receivers it will take to sign. */
  readonly threshold: number
  /** Who deals: for a new key the receivers themselves, for resharing members of the committee. */
  readonly dealers: readonly CeremonyMember[]
  readonly receivers: readonly CeremonyMember[]
  readonly previous: CommitteeKeys | null
}

export const planDigest = (plan: CeremonyPlan): Hex =>
  bytesToHex(keccak256(textToBytes(`Busbar committee plan 1 ${canonicalJson(plan)}`)))

const invalid = (field: string, why: string): Fault =>
  new Fault('COMMITTEE_CONFIG_INVALID', { field, why })

/**
 * Checks a plan before any secret is touched.
 *
 * @throws Fault COMMITTEE_CONFIG_INVALID
 */
export function requirePlan(plan: CeremonyPlan): void {
  const { id, kind, threshold, dealers, receivers, previous } = plan
  if (!isHex(id, 32)) throw invalid('id', 'it is not 32 bytes')
  requireMembers('receivers', receivers)
  requireMembers('dealers', dealers)
  requireThreshold('threshold', threshold, receivers.length)
  if (kind === 'generate') {
    if (canonicalJson(dealers) !== canonicalJson(receivers)) {
      throw invalid('dealers', 'for a new key they are the receivers')
    }
    if (previous !== null) throw invalid('previous', 'a new key has none')
    return
  }
  if (kind !== 'reshare') throw invalid('kind', 'it is generate or reshare')
  if (previous === null) throw invalid('previous', 'there is no key to reshare')
  requirePrevious(previous)
  for (const { index, name } of dealers) {
    const known = previous.members.find((member) => member.index === index)
    if (known?.name !== name) throw invalid('dealers', `${name} has no share of the key`)
  }
  if (dealers.length < previous.threshold) {
    throw invalid('dealers', `it takes ${previous.threshold} of the committee`)
  }
}

function requireMembers(field: string, members: readonly CeremonyMember[]): void {
  if (!Array.isArray(members) || members.length < 1 || members.length > memberIndexMax) {
    throw invalid(field, `there are 1 to ${memberIndexMax}`)
  }
  for (const { index, name, signingKey, sealingKey } of members) {
    if (!Number.isInteger(index) || index < 1 || index > memberIndexMax) {
      throw invalid(field, `a number is not from 1 to ${memberIndexMax}`)
    }
    if (typeof name !== 'string' || !/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
      throw invalid(field, 'a name is 1 to 40 of a-z, 0-9 and "-"')
    }
    if (!isHex(signingKey, 32) || !isHex(sealingKey, 32)) {
      throw invalid(field, `a key of ${name} is not 32 bytes`)
    }
  }
  for (const key of ['index', 'name', 'signingKey', 'sealingKey'] as const) {
    if (new Set(members.map((member) => member[key])).size !== members.length) {
      throw invalid(field, `two have the same ${key}`)
    }
  }
}

function requireThreshold(field: string, threshold: number, members: number): void {
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > members) {
    throw invalid(field, `it is a whole number from 1 to ${members}`)
  }
}

/**
 * The members' keys must be one polynomial whose value at 0 is the key: else they are not of it.
 */
function requirePrevious({ publicKey, threshold, members }: CommitteeKeys): void {
  requireThreshold('previous.threshold', threshold, members.length)
  const points = members.map(({ index, verificationKey }) => ({
    index,
    point: g1FromHex(verificationKey, 'previous.verificationKey'),
  }))
  const joint = interpolate(points.slice(0, threshold))
  if (
    !joint.isEqual(g1FromHex(publicKey, 'previous.publicKey')) ||
    !isOnePolynomial(threshold, points)
  ) {
    throw invalid('previous', 'the members’ keys are not those of the public key')
  }
}
