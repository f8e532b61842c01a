import { randomBytes } from 'node:crypto'
import { bytesToHex } from '@busbar/protocols/hash'
import {
  type CeremonyMember,
  type CeremonyPlan,
  type CommitteeKeys,
  identityKeys,
} from '@busbar/protocols/timelock'
import { KeyFile } from './key-file.ts'
import type { PassphraseOrigin } from './sealed-text.ts'

/** What a member gives to the others before the first ceremony, by a way that they trust. */
export type MemberCard = Omit<CeremonyMember, 'index'>

/** Draws a member's own keys and writes them, encrypted; gives what the others must know. */
export function createMember(
  dataDir: string,
  name: string,
  passphrase: string,
  origin: PassphraseOrigin = 'chosen',
): MemberCard {
  const identity = {
    signingSecret: bytesToHex(randomBytes(32)),
    sealingSecret: bytesToHex(randomBytes(32)),
  }
  KeyFile.create(dataDir, passphrase, identity, origin)
  return { name, ...identityKeys(identity) }
}

/**
 * What a member gives to the others, from the keys that it has.
 *
 * @throws Fault COMMITTEE_SHARE_LOCKED for a wrong passphrase
 */
export const memberCard = (dataDir: string, name: string, passphrase: string): MemberCard => ({
  name,
  ...identityKeys(KeyFile.open(dataDir, passphrase).secrets.identity),
})

/** Numbers members by their place. */
const numbered = (cards: readonly MemberCard[]): readonly CeremonyMember[] =>
  cards.map(({ name, signingKey, sealingKey }, i) => ({
    index: i + 1,
    name,
    signingKey,
    sealingKey,
  }))

/** A plan for a new key. Drawn once; each member's owner approves of it by its digest. */
export const planKey = (cards: readonly MemberCard[], threshold: number): CeremonyPlan => ({
  id: bytesToHex(randomBytes(32)),
  kind: 'generate',
  threshold,
  dealers: numbered(cards),
  receivers: numbered(cards),
  previous: null,
})

/**
 * A plan to give a key to other members or another threshold. Members of the committee deal by the
 * numbers that they have in it.
 *
 * @param dealers cards of members of the committee; at least its threshold must take part
 */
export const planResharing = (
  previous: CommitteeKeys,
  dealers: readonly MemberCard[],
  receivers: readonly MemberCard[],
  threshold: number,
): CeremonyPlan => ({
  id: bytesToHex(randomBytes(32)),
  kind: 'reshare',
  threshold,
  dealers: dealers.map(({ name, signingKey, sealingKey }) => {
    const index = previous.members.find((member) => member.name === name)?.index ?? 0
    return { index, name, signingKey, sealingKey }
  }),
  receivers: numbered(receivers),
  previous,
})
