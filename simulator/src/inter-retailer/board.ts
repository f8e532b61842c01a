import type { InstructionContent } from '@busbar/core/exchange'
import { contractIdentity } from '@busbar/protocols/trades'
import type { Dealings, World } from './dealings.ts'

type Offer = Omit<InstructionContent['place_offer'], 'meter'>

/** Who has something on the board, by place among the homes with panels and those without. */
const [seller, otherSeller] = [0, 1] as const
const [buyer, otherBuyer] = [2, 3] as const

/** Ladders in plain terms: first my neighbour, then sun of that zone, then anyone. */
export async function offer(world: World, dealings: Dealings, intervals: number): Promise<void> {
  const { homes, cast, numbers, voices } = world
  const common = {
    ...{ fromInterval: cast.first, intervals },
    energyWhPerInterval: Math.round((80 * homes.intervalMs) / 900_000),
    rails: ['clearing-house' as const],
    toleranceBasisPoints: 1_000,
    penaltyBasisPoints: 1_000,
    expiresAt: dealings.gateOf(cast.first),
  }
  const step = (
    kind: 'participant' | 'zone' | 'anyone',
    number: number | null,
    priceMicrosPerKwh: number,
  ) => ({ with: kind, number, source: 'any' as const, priceMicrosPerKwh })
  const sellers = [seller, otherSeller].map((place) => dealings.sellers[place] ?? 0)
  const buyers = [buyer, otherBuyer].map((place) => dealings.buyers[place] ?? 0)
  const place = async (home: number | undefined, content: Offer): Promise<void> => {
    const meter = numbers.meterOf(home ?? 0)
    await voices.instruct(homes.names[home ?? 0] ?? '', 'place_offer', [{ meter, ...content }])
  }
  const account = (home = 0): number => numbers.account(homes.names[home] ?? '')
  await place(sellers[0], {
    ...common, side: 'sell', source: 'solar',
    ladder: [step('participant', account(buyers[0]), 120_000), step('anyone', null, 180_000)],
  })
  await place(sellers[1], {
    ...common, side: 'sell', source: 'solar',
    ladder: [step('anyone', null, 150_000)],
  })
  await place(buyers[0], {
    ...common, side: 'buy', source: 'any',
    ladder: [step('participant', account(sellers[0]), 280_000), step('zone', 1, 250_000)],
  })
  await place(buyers[1], {
    ...common, side: 'buy', source: 'any',
    ladder: [step('anyone', null, 200_000)],
  })
}

/** Both sides of what the exchange has proposed sign it, if it is what their ladders say. */
export async function signMatches(world: World, dealings: Dealings): Promise<number> {
  const { homes, client, readingAs, voices, numbers } = world
  let signed = 0
  for (const place of [seller, otherSeller]) {
    const name = homes.names[dealings.sellers[place] ?? 0] ?? ''
    const { trades } = await readingAs(name).trades.list({ limit: 100 })
    for (const trade of trades) {
      if (trade.relation !== 'party' || trade.proposal?.proposer !== null) continue
      const { terms, contract } = trade.proposal
      const other = homes.names.find((home) => numbers.account(home) === terms.buyer)
      if (terms.seller !== numbers.account(name) || other === undefined) continue
      if (contractIdentity(numbers.domain, terms) !== contract) continue
      for (const party of [name, other]) {
        const id = voices.idOf('accept', party, terms)
        await client.trades.accept(await voices.signer(party).acceptance(terms, id))
      }
      signed += 1
    }
  }
  return signed
}
