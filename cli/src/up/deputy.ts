import { type BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import {
  addressOfKey,
  companies,
  type Exchange,
  seededId,
  seededKey,
  signNative,
} from '@busbar/simulator'
import { findAccount } from '../desk/participants.ts'
import type { Scenario } from '../market/scenario.ts'

/** The second operator of a market that is brought up to be looked at. */
export const deputy = 'deputy'

/** So that a proposal waits about half an hour at the speed of a demonstration. */
const deadlineSeconds = 86_400

/** The scenario, in which two people decide what moves money or rules. */
export const withFourEyes = <T extends Pick<Scenario, 'rulebook'>>(scenario: T): T => ({
  ...scenario,
  rulebook: { ...scenario.rulebook, fourEyes: { deadlineSeconds } },
})

/** The operator sets up the market while it is alone, and admits the second one last. */
export const withDeputy =
  (client: BusbarClient, seed: number) =>
  (exchange: Exchange): Exchange => ({
    ...exchange,
    open: async (plan) => {
      const numbers = await exchange.open(plan)
      if ((await findAccount(client, deputy)) !== undefined) return numbers
      const key = seededKey(seed, deputy, 'secp256k1')
      const { privateKey } = seededKey(seed, companies.operator, 'secp256k1')
      const signer = new Signer({
        domain: numbers.domain,
        account: numbers.accounts.get(companies.operator) ?? 0,
        sign: withPrivateKey(privateKey, signNative),
        newId: () => seededId(seed, 'instruction/deputy'),
      })
      const content = {
        ...{ name: deputy, roles: ['operator' as const], retailer: null },
        ...{ address: addressOfKey(key), publicKey: key.publicKey },
      }
      await client.instruct(await signer.instruction('admit_participant', content))
      return numbers
    },
  })
