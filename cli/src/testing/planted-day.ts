/** A short sealed day in which losers are planted, a member dies and a third does not open. */
import {
  type BusbarClient,
  credentialOf,
  declaredCollateral,
  type KeptOrder,
  sealingTerms,
  Signer,
  withPrivateKey,
} from '@busbar/client'
import { derToCash } from '@busbar/core/rulebook'
import { seal, labelOf } from '@busbar/protocols/timelock'
import {
  type District,
  type Exchange,
  firstIntervals,
  type MarketNumbers,
  seeded,
  seededKey,
  signNative,
} from '@busbar/simulator'
import type { MarketRun } from '../market/market-run.ts'
import type { Scenario } from '../market/scenario.ts'

const seed = 1
export const siteCount = 10
export const intervals = 4

/** Bounds so wide that a planted limit has ten digits, which nothing else has. */
export const plantedDay: Scenario = {
  name: 'neighbourhood',
  district: firstIntervals(some(seeded('der-to-cash', { seed })), intervals),
  rulebook: {
    ...derToCash,
    priceMinMicrosPerKwh: -2_000_000_000,
    priceMaxMicrosPerKwh: 2_000_000_000,
  },
  seed,
  faults: {},
  source: 'ten buildings, seeded',
}

function some(whole: District): District {
  const { loadWh, pvWh } = whole.series
  const cut = { loadWh: loadWh.slice(0, siteCount), pvWh: pvWh.slice(0, siteCount) }
  return { ...whole, sites: whole.sites.slice(0, siteCount), series: { ...whole.series, ...cut } }
}

/** Losing limits, on both sides, below and above zero, and energies that nobody else orders. */
const plantedOrders = [
  { side: 'buy', limitMicrosPerKwh: -1_357_924_680, energyWh: 547 },
  { side: 'sell', limitMicrosPerKwh: 1_864_209_750, energyWh: 593 },
] as const

type PlantedOrder = {
  readonly side: 'buy' | 'sell'
  readonly limitMicrosPerKwh: number
  readonly energyWh: number
}

/** Stands between the traders of a market and its exchange. */
export class Planter {
  readonly losers: { readonly site: string; readonly kept: KeptOrder }[] = []
  readonly unopenable: string[] = []
  lastCount = 0
  readonly #market: MarketRun
  readonly #beforeGate: (losers: readonly KeptOrder[]) => Promise<void>
  #numbers: MarketNumbers | undefined
  #round = 0

  /** @param beforeGate called when the losers are in the journal, and nobody has opened them */
  constructor(market: MarketRun, beforeGate: (losers: readonly KeptOrder[]) => Promise<void>) {
    this.#market = market
    this.#beforeGate = beforeGate
  }

  readonly around = (exchange: Exchange): Exchange => ({
    ...exchange,
    open: async (plan) => {
      this.#numbers = await exchange.open(plan)
      return this.#numbers
    },
    submitSealedOrders: async (orders) => {
      const answers = await exchange.submitSealedOrders(orders)
      const interval = orders[0]?.interval ?? 0
      this.#round += 1
      if (this.#round === intervals - 1) {
        await this.#plantLosers(interval)
        await this.#market.committee?.members.at(-1)?.kill()
      } else if (this.#round === intervals) {
        await this.#plantUnopenable(interval, Math.ceil(orders.length / 2))
        this.lastCount = orders.length + this.unopenable.length
      }
      return answers
    },
  })

  /** A client that asks as one of the market's parties. */
  async as(name: string): Promise<BusbarClient> {
    return this.#market.client.as(credentialOf(this.signer(name)))
  }

  signer(name: string): Signer {
    const { domain } = this.#known
    const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey, signNative)
    return new Signer({ domain, account: this.account(name), sign })
  }

  meter(site: string): number {
    return this.#known.meters.get(site) ?? -1
  }

  /** Everybody who has an account, by name. */
  get names(): readonly string[] {
    return [...this.#known.accounts.keys()]
  }

  account(name: string): number {
    const account = this.#known.accounts.get(name)
    if (account === undefined) throw new Error(`${name} has no account`)
    return account
  }

  async #plantLosers(interval: number): Promise<void> {
    for (const [i, order] of plantedOrders.entries()) {
      const site = plantedDay.district.sites[i]?.name ?? ''
      this.losers.push({ site, kept: await this.#plant(site, interval, 2, order) })
    }
    await this.#beforeGate(this.losers.map(({ kept }) => kept))
  }

  async #plantUnopenable(interval: number, count: number): Promise<void> {
    const { sites } = plantedDay.district
    for (let i = 0; i < count; i += 1) {
      const site = sites[2 + (i % (sites.length - 2))]?.name ?? ''
      const order = { side: 'buy', limitMicrosPerKwh: 100_000, energyWh: 3 } as const
      const earlier = 2 + Math.floor(i / (sites.length - 2))
      const kept = await this.#plant(site, interval, earlier, order, { isOpenable: false })
      this.unopenable.push(kept.commitment)
    }
  }

  async #plant(
    site: string,
    interval: number,
    earlier: number,
    order: PlantedOrder,
    { isOpenable = true } = {},
  ): Promise<KeptOrder> {
    const { client } = this.#market
    const market = await client.market()
    const terms = sealingTerms(market, { zone: 0, interval })
    const meter = this.meter(site)
    const found = plantedDay.district.sites.find(({ name }) => name === site)
    const connection = {
      importWattsMax: found?.maxImportW ?? 0,
      exportWattsMax: found?.maxExportW ?? 0,
    }
    const tariff = { retailMicrosPerKwh: 330_000, feedInMicrosPerKwh: 60_000 }
    const collateralMicros = declaredCollateral(
      { rulebook: market.rulebook, meter: { kind: 'physical', ...connection }, tariff },
      earlier,
    )
    const signer = this.signer(site)
    const fields = { meter, collateralMicros, ...order }
    const other = isOpenable ? undefined : `0x${'01'.repeat(32)}`
    const sealing = other === undefined ? signer : this.#sealingFor(site, other)
    const { order: signed, kept } = await sealing.sealedOrder(terms, fields)
    await client.placeSealedOrder(signed)
    return kept
  }

  /** A signer whose ciphertexts are well formed and of another commitment: they do not open. */
  #sealingFor(site: string, commitment: string): Signer {
    const { domain } = this.#known
    const sign = withPrivateKey(seededKey(seed, site, 'secp256k1').privateKey, signNative)
    return new Signer({
      domain,
      account: this.account(site),
      sign,
      seal: ({ label, publicKey, plaintext }) => {
        const random = crypto.getRandomValues(new Uint8Array(48))
        return seal({ label: labelOf(label), publicKey, commitment, plaintext, random })
      },
    })
  }

  get #known(): MarketNumbers {
    if (this.#numbers === undefined) throw new Error('the market has not been opened')
    return this.#numbers
  }
}
