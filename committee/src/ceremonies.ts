import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '@busbar/core/encoding'
import {
  Ceremony,
  type CeremonyMessage,
  type CeremonyPlan,
  type CeremonyRound,
  planDigest,
  requirePlan,
  type Step,
} from '@busbar/protocols/timelock'
import { readJson, record } from './config.ts'
import { type HeldShare, type KeyFile, writeDurably } from './key-file.ts'

const folderOf = (dataDir: string): string => join(dataDir, 'approved')
const pathOf = (dataDir: string, digest: string): string =>
  join(folderOf(dataDir), `${digest.slice(2)}.json`)

/**
 * Lets the member take part in a ceremony, once. Without its owner's word it deals with nobody:
 * else anybody could have the key dealt to members of his own.
 *
 * @throws Fault COMMITTEE_CONFIG_INVALID for a plan that is none
 */
export function approvePlan(dataDir: string, plan: CeremonyPlan): string {
  requirePlan(plan)
  const digest = planDigest(plan)
  mkdirSync(folderOf(dataDir), { recursive: true, mode: 0o700 })
  writeDurably(pathOf(dataDir, digest), `${JSON.stringify(plan, undefined, 2)}\n`)
  return digest
}

export type Begun =
  | { readonly kind: 'begun'; readonly message: CeremonyMessage | null }
  | { readonly kind: 'over' | 'not_approved' }

/** Ceremonies that are under way; a member that is started again begins them anew. */
export class Ceremonies {
  readonly #dataDir: string
  readonly #keys: KeyFile
  readonly #current = new Map<string, { ceremony: Ceremony; first: CeremonyMessage | null }>()

  constructor(dataDir: string, keys: KeyFile) {
    this.#dataDir = dataDir
    this.#keys = keys
  }

  /**
   * The deal. Asked again it is the same one: two different deals would disqualify this member. A
   * ceremony that failed is repeated under a new plan.
   */
  begin(digest: string): Begun {
    const current = this.#current.get(digest)
    if (current !== undefined) return { kind: 'begun', message: current.first }
    const isOver = ({ plan, isConfirmed }: HeldShare): boolean => isConfirmed && plan === digest
    if (this.#keys.secrets.shares.some(isOver)) return { kind: 'over' }
    const path = pathOf(this.#dataDir, digest)
    if (!existsSync(path)) return { kind: 'not_approved' }
    const plan = record(readJson(path), 'plan') as unknown as CeremonyPlan
    if (planDigest(plan) !== digest) return { kind: 'not_approved' }
    const share = this.#shareFor(plan)
    const { identity } = this.#keys.secrets
    const random = (bytes: number): Uint8Array => randomBytes(bytes)
    const ceremony = new Ceremony(plan, { identity, random, ...(share && { share }) })
    const first = ceremony.begin()
    this.#current.set(digest, { ceremony, first })
    return { kind: 'begun', message: first }
  }

  /** The own message of the next round, or undefined where no such ceremony is under way. */
  receive(
    digest: string,
    round: CeremonyRound,
    messages: readonly CeremonyMessage[],
  ): Step | undefined {
    const ceremony = this.#current.get(digest)?.ceremony
    if (ceremony === undefined) return undefined
    const step = ceremony.receive(round, messages)
    // On the disk before it is confirmed: what others rely on must survive a power cut.
    if (round === 'answer') this.#store(ceremony, false)
    if (step.outcome === null) return step
    this.#store(ceremony, true)
    this.#current.delete(digest)
    return step
  }

  #shareFor({ previous }: CeremonyPlan): string | undefined {
    const held = this.#keys.secrets.shares.find(
      ({ committee, isConfirmed }) =>
        isConfirmed &&
        committee.publicKey === previous?.publicKey &&
        canonicalJson(committee.members) === canonicalJson(previous.members),
    )
    return held?.share
  }

  #store({ digest, pending, receiverIndex }: Ceremony, isConfirmed: boolean): void {
    if (pending?.share === undefined || receiverIndex === undefined) return
    const { committee, share } = pending
    this.#keys.addShare({ plan: digest, index: receiverIndex, share, committee, isConfirmed })
  }
}
