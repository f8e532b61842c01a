import { type BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import {
  addressOfKey,
  companies,
  type Exchange,
  type SecondPerson,
  seededId,
  seededKey,
  signNative,
} from '@busbar/simulator'
import { findAccount } from '../desk/participants.ts'
import type { Scenario } from '../market/scenario.ts'

/** The second operator of a market that is brought up to be looked at. */
export const deputy = 'deputy'

/** So that a proposal waits about half an hour at the speed of a demonstration. */
export const fourEyes = { deadlineSeconds: 86_400 } as const

/** The scenario, in which two people decide what moves money or rules. */
export const withFourEyes = <T extends Pick<Scenario, 'rulebook'>>(scenario: T): T => ({
  ...scenario,
  rulebook: { ...scenario.rulebook, fourEyes },
})

/** The deputy, who is admitted when the market stands, and decides with the operator from then. */
export function secondPerson(client: BusbarClient, seed: number): SecondPerson {
  const instruct = async <Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
    id: string,
  ): Promise<void> => {
    const account = await findAccount(client, name)
    if (account === undefined) throw new Error(`no participant is called ${name}`)
    const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey, signNative)
    const signer = new Signer({ domain: await client.domain(), account, sign })
    await client.instruct(await signer.instruction(kind, content, seededId(seed, id)))
  }
  return {
    join: async () => {
      if ((await findAccount(client, deputy)) !== undefined) return
      const key = seededKey(seed, deputy, 'secp256k1')
      const content = {
        ...{ name: deputy, roles: ['operator' as const], retailer: null },
        ...{ address: addressOfKey(key), publicKey: key.publicKey },
      }
      await instruct(companies.operator, 'admit_participant', content, 'instruction/deputy')
    },
    approve: (proposal, digest) =>
      instruct(deputy, 'approve_proposal', { proposal, digest }, `approval/${digest}`),
  }
}

/** The operator sets up the market while it is alone, and admits the second one last. */
export const withDeputy =
  (client: BusbarClient, seed: number) =>
  (exchange: Exchange): Exchange => ({
    ...exchange,
    open: async (plan) => {
      const numbers = await exchange.open(plan)
      await secondPerson(client, seed).join()
      return numbers
    },
  })
