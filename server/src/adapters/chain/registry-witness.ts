/** What the chain's registry told of participants, up to a block. */
import { decodeEventLog, encodeEventTopics, type Hex } from 'viem'
import { participantRegistryAbi } from './contracts.ts'
import type { Log } from './movements.ts'

export type WitnessedParticipant = {
  /** Every address that the account has had, lower case: that of a key that signs for it. */
  readonly addresses: readonly string[]
  /** Of the last word on whether it may trade; `active` if there never was one. */
  readonly standing: 'active' | 'suspended' | 'reinstated'
}

const names = [
  'ParticipantAdmitted', 'ParticipantKeyReplaced', 'ParticipantSuspended', 'ParticipantReinstated',
] as const

/** Of all accounts, so that a node is not asked for each. */
export const participantTopics: readonly unknown[] = [
  names.flatMap((eventName) => encodeEventTopics({ abi: participantRegistryAbi, eventName })),
]

/** `logs` in the order of the chain. */
export function participantsOf(
  logs: readonly Log[],
  accounts: ReadonlySet<number>,
): ReadonlyMap<number, WitnessedParticipant> {
  const found = new Map<number, WitnessedParticipant>()
  for (const { topics, data } of logs) {
    const event = decodeEventLog({ abi: participantRegistryAbi, topics, data })
    if (!(names as readonly string[]).includes(event.eventName) || !('account' in event.args)) {
      continue
    }
    const { account } = event.args
    if (!accounts.has(account)) continue
    const before = found.get(account) ?? { addresses: [], standing: 'active' }
    if ('owner' in event.args) {
      const owner: Hex = event.args.owner
      found.set(account, { ...before, addresses: [...before.addresses, owner.toLowerCase()] })
    } else {
      const standing = event.eventName === 'ParticipantSuspended' ? 'suspended' : 'reinstated'
      found.set(account, { ...before, standing })
    }
  }
  return found
}
