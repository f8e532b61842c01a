import type { BusbarClient } from '@busbar/client'
import type { Rail } from '@busbar/core/rulebook'
import { noContract } from '@busbar/core/trades'
import type { ContractTerms } from '@busbar/protocols/api'
import { contractIdentity } from '@busbar/protocols/trades'
import type { ObservedCharge, ObservedLimit } from '../auditor/index.ts'
import { seededId } from '../meters/index.ts'
import { random } from '../scenario/index.ts'
import { areBound, type Cast, platform, utilityOf } from './cast.ts'
import type { Homes } from './homes.ts'
import { unlessSuspended } from '../run/refused.ts'
import type { SecondPerson } from './second-person.ts'
import type { Numbers, Voices } from './set-up.ts'

/** What the parties know that they signed. */
export type Deal = {
  readonly trade: number
  readonly seller: number
  readonly buyer: number
  terms: ContractTerms
  contract: string
}

export type World = {
  readonly client: BusbarClient
  /** Reads as a member of the cast does. */
  readonly readingAs: (name: string) => BusbarClient
  readonly seed: number
  readonly homes: Homes
  readonly cast: Cast
  readonly numbers: Numbers
  readonly voices: Voices
  readonly second: SecondPerson | undefined
  /** The market's time. */
  readonly nowMs: () => number
  /** Told of what parties and utilities said, as they know it themselves. */
  readonly charged: (charge: ObservedCharge) => void
  readonly limited: (limit: ObservedLimit) => void
}

const rails: readonly Rail[] = [
  ...(['clearing-house', 'money-block', 'prepaid', 'bill-seller', 'bill-platform'] as const),
]
/** Buyers whose bills are not paid, late, or put off, in the order of the homes without panels. */
export const debtors = { never: 0, late: 1, postpones: 2 } as const
const debtorsInAll = Object.keys(debtors).length
/** At most so many buyers make contracts for one cycle. */
const buyersPerCycle = 40

/** How homes come to their contracts: by invitations, and by changes of what was agreed. */
export class Dealings {
  /** Of the cycle that was agreed last. */
  deals: Deal[] = []
  declined = 0
  /** Contracts whose retailers nothing binds to each other: both sides leave collateral. */
  unbound = 0
  /** By why the exchange refused them. */
  readonly refused = new Map<string, number>()
  /** Homes that may not sign. */
  readonly excluded = new Set<number>()
  readonly #world: World
  readonly #sellers: readonly number[]
  readonly #buyers: readonly number[]
  #drawn = 0
  #cycles = 0

  constructor(world: World) {
    this.#world = world
    const { hasPanels } = world.homes
    const all = hasPanels.map((_, home) => home)
    this.#sellers = all.filter((home) => hasPanels[home])
    this.#buyers = all.filter((home) => !hasPanels[home])
  }

  get sellers(): readonly number[] {
    return this.#sellers
  }

  get buyers(): readonly number[] {
    return this.#buyers
  }

  /**
   * Contracts for intervals from `from` on, before `until`, counted from the first of the run:
   * every buyer has two sellers, whose energy it shares with others.
   */
  async invite(from: number, until: number): Promise<void> {
    const { seed } = this.#world
    const draw = random(seed, 'inter-retailer', 'contracts', this.#cycles)
    const wanted: { seller: number; buyer: number; terms: ContractTerms }[] = []
    for (const [place, buyer] of this.#buyersOf(draw.integer(1_000)).entries()) {
      for (const k of [0, 1]) {
        const among = this.#sellersFor(buyer, k)
        const at = (place + k * 3 + this.#cycles + draw.integer(2)) % among.length
        const seller = among[at] ?? 0
        const energyWh = this.#scaled(60 + draw.integer(120))
        const priceMicrosPerKwh = 140_000 + 1_000 * draw.integer(80)
        const turn = (place - debtorsInAll) * 2 + k + this.#cycles
        const rail = this.#railOf(buyer, turn)
        const window = this.#window(from, until, draw.uniform(), draw.uniform())
        const asked = { energyWh, priceMicrosPerKwh, rail, isTotal: place % 4 === 3, ...window }
        wanted.push({ seller, buyer, terms: this.terms(seller, buyer, asked) })
      }
    }
    const isFirst = this.#cycles === 0
    if (isFirst) await this.#counterFirst(wanted)
    this.#cycles += 1
    this.deals = await this.#agree(wanted.filter((one) => !this.#isExcluded(one)), isFirst)
    this.unbound += this.deals.filter(({ seller, buyer }) => !this.#areBound(seller, buyer)).length
  }

  /** An invitation that nobody wants. */
  async decline(): Promise<void> {
    const { client, voices, homes, numbers } = this.#world
    const [[buyer = 0], [seller = 0]] = [this.#buyers, this.#sellers]
    const dear = { energyWh: 10, priceMicrosPerKwh: 900_000, rail: 'clearing-house' as const }
    const window = { from: 0, intervals: homes.intervals }
    const terms = this.terms(seller, buyer, { ...dear, ...window, isTotal: false })
    await client.trades.propose(await this.#proposal(seller, terms))
    const contract = contractIdentity(numbers.domain, terms)
    await voices.instruct(homes.names[buyer] ?? '', 'decline_trade', [{ contract }])
    this.declined += 1
  }

  /** The seller asks for another energy from the next gate on; the buyer accepts. */
  async change(deal: Deal, energyWh: number): Promise<void> {
    const { cast, charged } = this.#world
    const { fromInterval, intervals, seller, buyer } = deal.terms
    const hasBegun = this.#world.nowMs() >= this.gateOf(fromInterval)
    const terms = {
      ...deal.terms,
      id: this.#id(),
      profile: { kind: 'per-interval' as const, energyWh: this.#scaled(energyWh) },
      replaces: deal.contract,
      expiresAt: this.gateOf(hasBegun ? fromInterval + intervals : fromInterval),
    }
    const [one] = await this.#agree([{ seller: deal.seller, buyer: deal.buyer, terms }])
    if (one === undefined) return
    Object.assign(deal, { terms, contract: one.contract })
    const amountMicros = cast.rulebook.trades?.modificationMicros ?? 0
    charged({ trade: deal.trade, payer: seller, payee: buyer, amountMicros })
  }

  /** One side leaves for the fee that was agreed. */
  async exit(deal: Deal): Promise<void> {
    const { voices, homes, charged } = this.#world
    const name = homes.names[deal.buyer] ?? ''
    const contents = [{ contract: deal.contract }]
    if ((await unlessSuspended(voices.instruct(name, 'exit_trade', contents))) === undefined) return
    const { buyer, seller, exitFeeMicros } = deal.terms
    const amountMicros = exitFeeMicros ?? 0
    charged({ trade: deal.trade, payer: buyer, payee: seller, amountMicros })
  }

  /** The seller's utility lets no more through, in the next two intervals of its window. */
  async limit({ trade, seller, terms }: Deal, n: number, limitWh: number): Promise<void> {
    const { voices, cast, limited, nowMs } = this.#world
    const name = utilityOf(cast.homes[seller]?.zone ?? 0)
    const fromInterval = Math.max(terms.fromInterval, cast.first + n + 1)
    const window = { trade, fromInterval, intervals: 2 }
    const energyWh = this.#scaled(limitWh)
    const content = { ...window, energyWh, reason: 'a weak feeder' }
    const said = await unlessSuspended(voices.instruct(name, 'limit_delivery', [content]))
    if (said === undefined) return
    limited({ utility: voices.account(name), atMs: nowMs(), ...window, energyWh })
  }

  /** How many intervals of a deal are still open after the `n`th of the run has begun. */
  left({ terms: { fromInterval, intervals } }: Deal, n: number): number {
    const next = Math.max(fromInterval, this.#world.cast.first + n + 1)
    return fromInterval + intervals - next
  }

  gateOf(interval: number): number {
    const { homes, cast } = this.#world
    return interval * homes.intervalMs - cast.rulebook.gateLeadSeconds * 1_000
  }

  terms(
    seller: number,
    buyer: number,
    asked: {
      readonly energyWh: number
      readonly priceMicrosPerKwh: number
      readonly rail: Rail
      readonly from: number
      readonly intervals: number
      /** Spread by weights, more in the middle. */
      readonly isTotal: boolean
    },
  ): ContractTerms {
    const { cast, numbers } = this.#world
    const of = (home: number) => cast.homes[home] ?? cast.homes[0]
    const retailer = (home: number): number => numbers.account(of(home)?.retailer ?? '')
    const { energyWh, priceMicrosPerKwh, rail, from, intervals, isTotal } = asked
    const weights = Array.from({ length: intervals }, (_, k) => 1 + Math.min(k, intervals - 1 - k))
    const hasPlatform = rail === 'bill-platform'
    return {
      id: this.#id(),
      seller: numbers.account(of(seller)?.name ?? ''),
      buyer: numbers.account(of(buyer)?.name ?? ''),
      sellerMeter: numbers.meterOf(seller),
      buyerMeter: numbers.meterOf(buyer),
      sellerRetailer: retailer(seller),
      buyerRetailer: retailer(buyer),
      fromInterval: cast.first + from,
      intervals,
      profile: isTotal
        ? { kind: 'total', energyWh: energyWh * intervals, weights }
        : { kind: 'per-interval', energyWh },
      priceMicrosPerKwh,
      toleranceBasisPoints: 1_000,
      penaltyBasisPoints: 1_000,
      buyerShort: buyer % 2 === 0 ? 'actual' : 'contracted',
      exitFeeMicros: 100_000,
      rail,
      platform: hasPlatform ? numbers.account(platform) : null,
      platformFeeMicrosPerKwh: hasPlatform ? 10_000 : 0,
      expiresAt: this.gateOf(cast.first + from),
      replaces: noContract,
    }
  }

  /** The buyer answers the first of them with a lower price, and the seller takes that. */
  async #counterFirst(wanted: { seller: number; terms: ContractTerms }[]): Promise<void> {
    const { client, numbers } = this.#world
    const [first] = wanted
    if (first === undefined) return
    await client.trades.propose(await this.#proposal(first.seller, first.terms))
    const replaces = contractIdentity(numbers.domain, first.terms)
    const priceMicrosPerKwh = first.terms.priceMicrosPerKwh - 10_000
    first.terms = { ...first.terms, id: this.#id(), priceMicrosPerKwh, replaces }
  }

  /** Both sign; what the exchange refuses is counted, and nothing of it stands. */
  async #agree(
    wanted: readonly { seller: number; buyer: number; terms: ContractTerms }[],
    isCountered = false,
  ): Promise<Deal[]> {
    const { client, numbers } = this.#world
    const proposals = []
    const acceptances = []
    for (const [place, { seller, buyer, terms }] of wanted.entries()) {
      // Who answers a proposal proposes itself: of a counter-offer that is the buyer.
      const [one, other] = isCountered && place === 0 ? [buyer, seller] : [seller, buyer]
      proposals.push(await this.#proposal(one, terms))
      acceptances.push(await this.#acceptance(other, terms))
    }
    const asked = await client.trades.submitProposals(proposals)
    const answered = await client.trades.submitAcceptances(acceptances)
    return wanted.flatMap(({ seller, buyer, terms }, i) => {
      for (const result of [asked[i], answered[i]]) {
        if (result?.kind === 'accepted') continue
        const code = result?.code ?? 'no_answer'
        this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
        return []
      }
      const one = answered[i]
      if (one?.kind !== 'accepted') return []
      const contract = contractIdentity(numbers.domain, terms)
      return [{ trade: one.trade, seller, buyer, terms, contract }]
    })
  }

  #proposal(home: number, terms: ContractTerms) {
    const { voices, homes } = this.#world
    const name = homes.names[home] ?? ''
    return voices.signer(name).proposal(terms, voices.idOf('propose', name, terms))
  }

  #acceptance(home: number, terms: ContractTerms) {
    const { voices, homes } = this.#world
    const name = homes.names[home] ?? ''
    return voices.signer(name).acceptance(terms, voices.idOf('accept', name, terms))
  }

  #isExcluded({ seller, buyer }: { seller: number; buyer: number }): boolean {
    return this.excluded.has(seller) || this.excluded.has(buyer)
  }

  /** The debtors always, and as many others as make contracts in one cycle. */
  #buyersOf(from: number): readonly number[] {
    const special = this.#buyers.slice(0, debtorsInAll)
    const others = this.#buyers.slice(special.length)
    const count = Math.min(others.length, buyersPerCycle)
    const some = Array.from({ length: count }, (_, i) => others[(from + i) % others.length] ?? 0)
    return [...special, ...some]
  }

  /** Who never pays buys from one whose retailer is bound to its own, and from one who is not. */
  #sellersFor(buyer: number, k: number): readonly number[] {
    if (buyer !== this.#buyers[debtors.never]) return this.#sellers
    const some = this.#sellers.filter((seller) => this.#areBound(seller, buyer) === (k === 0))
    return some.length === 0 ? this.#sellers : some
  }

  #areBound(one: number, other: number): boolean {
    const { homes } = this.#world.cast
    return areBound(homes[one]?.retailer ?? '', homes[other]?.retailer ?? '')
  }

  #railOf(buyer: number, turn: number): Rail {
    const isBilled = [debtors.never, debtors.postpones].some((one) => this.#buyers[one] === buyer)
    if (isBilled) return 'bill-seller'
    if (buyer === this.#buyers[debtors.late]) return 'bill-platform'
    return rails[turn % rails.length] ?? 'clearing-house'
  }

  /** All of a short run; of a day some hours while there may be sun. */
  #window(from: number, until: number, one: number, other: number) {
    const size = until - from
    if (size < 24) return { from, intervals: size }
    const start = from + Math.floor(size * (0.3 + 0.2 * one))
    return { from: start, intervals: 4 + Math.floor(size * 0.25 * other) }
  }

  #scaled(energyWh: number): number {
    return Math.max(1, Math.round((energyWh * this.#world.homes.intervalMs) / 900_000))
  }

  #id(): string {
    this.#drawn += 1
    return seededId(this.#world.seed, `contract/${this.#drawn}`)
  }
}
