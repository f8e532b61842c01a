import type { BusbarClient } from '@busbar/client'
import type { InstructionContent } from '@busbar/core/exchange'
import type { ContractTerms } from '@busbar/protocols/api'
import { contractIdentity } from '@busbar/protocols/trades'
import { seededId } from '../meters/index.ts'
import { random } from '../scenario/index.ts'
import { type Cast, utilityOf } from './cast.ts'
import { hasPanels, type Homes } from './homes.ts'
import type { Numbers, Voices } from './set-up.ts'

/** What the parties know that they signed. */
export type Deal = {
  readonly trade: number
  readonly seller: number
  readonly buyer: number
  terms: ContractTerms
  contract: string
}

type Offer = Omit<InstructionContent['place_offer'], 'meter'>

const noContract = `0x${'0'.repeat(64)}`

type World = {
  readonly client: BusbarClient
  /** Reads as a member of the cast does. */
  readonly readingAs: (name: string) => BusbarClient
  readonly seed: number
  readonly homes: Homes
  readonly cast: Cast
  readonly numbers: Numbers
  readonly voices: Voices
}

/** How homes come to their contracts: by invitations, by ladders that meet, and by changes. */
export class Dealings {
  readonly deals: Deal[] = []
  declined = 0
  #drawn = 0
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Before the first gate: every buyer has two sellers, whose energy it shares with others. */
  async invite(): Promise<void> {
    const { homes, seed } = this.#world
    const all = homes.names.map((_, home) => home)
    const sellers = all.filter(hasPanels)
    const buyers = all.filter((home) => !hasPanels(home))
    const draw = random(seed, 'inter-retailer', 'contracts')
    for (const [i, buyer] of buyers.entries()) {
      for (const k of [0, 1]) {
        const seller = sellers[(i + k * 3 + draw.integer(2)) % sellers.length] ?? 0
        const energyWh = 30 + draw.integer(60)
        const priceMicrosPerKwh = 140_000 + 1_000 * draw.integer(80)
        const terms = this.terms(seller, buyer, { energyWh, priceMicrosPerKwh })
        await this.#agree(seller, buyer, i === 0 && k === 0 ? await this.#countered(terms) : terms)
      }
    }
    const [buyer = 0] = buyers
    const [seller = 0] = sellers
    const unwanted = this.terms(seller, buyer, { energyWh: 10, priceMicrosPerKwh: 900_000 })
    await this.#decline(seller, buyer, unwanted)
  }

  /** Ladders in plain terms: first my neighbour, then sun of that zone, then anyone. */
  async offer(): Promise<void> {
    const { homes, cast, numbers, voices } = this.#world
    const window = { fromInterval: cast.first, intervals: homes.intervals }
    const common = {
      ...window,
      energyWhPerInterval: 40,
      rails: ['clearing-house' as const],
      toleranceBasisPoints: 1_000,
      penaltyBasisPoints: 1_000,
      expiresAt: this.#gateOf(cast.first),
    }
    const step = (
      kind: 'participant' | 'zone' | 'anyone',
      number: number | null,
      priceMicrosPerKwh: number,
    ) => ({ with: kind, number, source: 'any' as const, priceMicrosPerKwh })
    const place = async (home: number, content: Offer): Promise<void> => {
      const offer = { meter: numbers.meterOf(home), ...content }
      await voices.instruct(cast.homes[home]?.name ?? '', 'place_offer', [offer])
    }
    const account = (home: number): number => numbers.account(homes.names[home] ?? '')
    await place(0, {
      ...common, side: 'sell', source: 'solar',
      ladder: [step('participant', account(2), 120_000), step('anyone', null, 180_000)],
    })
    await place(3, {
      ...common, side: 'sell', source: 'solar',
      ladder: [step('anyone', null, 150_000)],
    })
    await place(2, {
      ...common, side: 'buy', source: 'any',
      ladder: [step('participant', account(0), 280_000), step('zone', 3, 250_000)],
    })
    await place(5, {
      ...common, side: 'buy', source: 'any',
      ladder: [step('anyone', null, 200_000)],
    })
  }

  /** Both sides of what the exchange has proposed sign it, if it is what their ladders say. */
  async signMatches(): Promise<number> {
    const { homes, client, readingAs, voices, numbers } = this.#world
    let signed = 0
    for (const [seller, name] of homes.names.entries()) {
      const { trades } = await readingAs(name).trades.list({ limit: 100 })
      for (const trade of trades) {
        if (trade.relation !== 'party' || trade.proposal?.proposer !== null) continue
        const { terms, contract } = trade.proposal
        const buyer = homes.names.findIndex((other) => numbers.account(other) === terms.buyer)
        if (terms.seller !== numbers.account(name) || buyer < 0) continue
        if (contractIdentity(numbers.domain, terms) !== contract) continue
        for (const party of [name, homes.names[buyer] ?? '']) {
          await client.trades.accept(await voices.signer(party).acceptance(terms))
        }
        this.deals.push({ trade: trade.trade, seller, buyer, terms, contract })
        signed += 1
      }
    }
    return signed
  }

  /** The seller asks for another energy from the next gate on; the buyer accepts. */
  async change(deal: Deal, energyWh: number): Promise<void> {
    const { cast } = this.#world
    const terms = {
      ...deal.terms,
      id: this.#id(),
      profile: { kind: 'per-interval' as const, energyWh },
      replaces: deal.contract,
      expiresAt: this.#gateOf(cast.first + this.#world.homes.intervals),
    }
    const contract = await this.#signBoth(deal.seller, deal.buyer, terms)
    Object.assign(deal, { terms, contract })
  }

  /** One side leaves for the fee that was agreed. */
  async exit(deal: Deal): Promise<void> {
    const { voices, homes } = this.#world
    const contents = [{ contract: deal.contract }]
    await voices.instruct(homes.names[deal.buyer] ?? '', 'exit_trade', contents)
  }

  /** The seller's utility lets no more through. */
  async limit(deal: Deal, fromInterval: number, intervals: number, energyWh: number) {
    const { voices, cast } = this.#world
    const reason = 'a weak feeder'
    const content = { trade: deal.trade, fromInterval, intervals, energyWh, reason }
    const utility = utilityOf(cast.homes[deal.seller]?.zone ?? 0)
    await voices.instruct(utility, 'limit_delivery', [content])
  }

  terms(
    seller: number,
    buyer: number,
    { energyWh, priceMicrosPerKwh }: { energyWh: number; priceMicrosPerKwh: number },
  ): ContractTerms {
    const { homes, cast, numbers } = this.#world
    const of = (home: number) => cast.homes[home] ?? cast.homes[0]
    const retailer = (home: number): number => numbers.account(of(home)?.retailer ?? '')
    return {
      id: this.#id(),
      seller: numbers.account(of(seller)?.name ?? ''),
      buyer: numbers.account(of(buyer)?.name ?? ''),
      sellerMeter: numbers.meterOf(seller),
      buyerMeter: numbers.meterOf(buyer),
      sellerRetailer: retailer(seller),
      buyerRetailer: retailer(buyer),
      fromInterval: cast.first,
      intervals: homes.intervals,
      profile: { kind: 'per-interval', energyWh },
      priceMicrosPerKwh,
      toleranceBasisPoints: 1_000,
      penaltyBasisPoints: 1_000,
      buyerShort: buyer % 2 === 0 ? 'actual' : 'contracted',
      exitFeeMicros: 100_000,
      rail: 'clearing-house',
      platform: null,
      platformFeeMicrosPerKwh: 0,
      expiresAt: this.#gateOf(cast.first),
      replaces: noContract,
    }
  }

  /** The buyer answers with a lower price, and the seller takes that. */
  async #countered(terms: ContractTerms): Promise<ContractTerms> {
    const { client, voices, homes, cast, numbers } = this.#world
    const seller = cast.homes.findIndex(({ name }) => numbers.account(name) === terms.seller)
    const signer = voices.signer(homes.names[seller] ?? '')
    await client.trades.propose(await signer.proposal(terms))
    const replaces = contractIdentity(numbers.domain, terms)
    const priceMicrosPerKwh = terms.priceMicrosPerKwh - 10_000
    return { ...terms, id: this.#id(), priceMicrosPerKwh, replaces }
  }

  async #agree(seller: number, buyer: number, terms: ContractTerms): Promise<void> {
    const contract = await this.#signBoth(seller, buyer, terms)
    const trade = await this.#numberOf(seller, contract)
    this.deals.push({ trade, seller, buyer, terms, contract })
  }

  async #numberOf(home: number, contract: string): Promise<number> {
    const { readingAs, homes } = this.#world
    const { trades } = await readingAs(homes.names[home] ?? '').trades.list({ limit: 100 })
    const found = trades.find(
      (trade) => trade.relation === 'party' && trade.versions.at(-1)?.contract === contract,
    )
    if (found === undefined) throw new Error(`no trade has the contract ${contract}`)
    return found.trade
  }

  async #decline(seller: number, buyer: number, terms: ContractTerms): Promise<void> {
    const { client, voices, homes } = this.#world
    const signer = voices.signer(homes.names[seller] ?? '')
    await client.trades.propose(await signer.proposal(terms))
    const contract = contractIdentity(this.#world.numbers.domain, terms)
    await voices.instruct(homes.names[buyer] ?? '', 'decline_trade', [{ contract }])
    this.declined += 1
  }

  /** Who answers a proposal proposes itself: of a counter-offer that is the buyer. */
  async #signBoth(seller: number, buyer: number, terms: ContractTerms): Promise<string> {
    const { client, voices, homes, numbers } = this.#world
    const isCounter = this.deals.length === 0 && terms.replaces !== noContract
    const [one, other] = isCounter ? [buyer, seller] : [seller, buyer]
    await client.trades.propose(await voices.signer(homes.names[one] ?? '').proposal(terms))
    await client.trades.accept(await voices.signer(homes.names[other] ?? '').acceptance(terms))
    return contractIdentity(numbers.domain, terms)
  }

  #gateOf(interval: number): number {
    const { homes, cast } = this.#world
    return interval * homes.intervalMs - cast.rulebook.gateLeadSeconds * 1_000
  }

  #id(): string {
    this.#drawn += 1
    return seededId(this.#world.seed, `contract/${this.#drawn}`)
  }
}
