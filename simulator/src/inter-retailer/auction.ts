import { random } from '../scenario/index.ts'
import type { Dealings, World } from './dealings.ts'
import type { TradeObserver } from './observer.ts'

/** Auctions are in one zone: the same meters sell there and by contract. */
export const auctionZone = 0

const dayMs = 86_400_000

const sides = {
  sell: { fromMicrosPerKwh: 60_000 },
  buy: { fromMicrosPerKwh: 120_000 },
} as const

type Side = keyof typeof sides

/** Of a quarter of an hour, in watt-hours, and of a price: the least, and how much more at most. */
const energy = { least: 10, more: 40 } as const
const thousandsMore = 100

/**
 * Two homes with panels and two without, in the zone of the auction, order for each interval: by
 * an agent of their own, within a mandate.
 */
export class AuctionAgents {
  readonly #world: World
  readonly #observer: TradeObserver
  readonly #sellers: readonly number[]
  readonly #buyers: readonly number[]
  rejected = 0

  constructor(world: World, dealings: Dealings, observer: TradeObserver) {
    this.#world = world
    this.#observer = observer
    const inZone = (home: number): boolean => world.cast.homes[home]?.zone === auctionZone
    this.#sellers = dealings.sellers.filter(inZone).slice(0, 2)
    this.#buyers = dealings.buyers.filter(inZone).slice(0, 2)
  }

  get #homes(): readonly { readonly home: number; readonly side: Side }[] {
    return [
      ...this.#sellers.map((home) => ({ home, side: 'sell' as const })),
      ...this.#buyers.map((home) => ({ home, side: 'buy' as const })),
    ]
  }

  /** Each lets its agent order what it means to, and nothing more, until the run is over. */
  async grant(): Promise<void> {
    const { homes, cast, numbers, voices } = this.#world
    const { startMs, intervalMs, intervals } = homes
    const orderEnergyMaxWh = this.#scaled(energy.least + energy.more)
    const words = this.#homes.map(({ home, side }) => {
      const name = homes.names[home] ?? ''
      const { fromMicrosPerKwh: from } = sides[side]
      const content = {
        ...{ publicKey: voices.agentKey(name).publicKey, meters: [numbers.meterOf(home)] },
        buyMaxMicrosPerKwh: side === 'buy' ? from + 1_000 * thousandsMore : null,
        sellMinMicrosPerKwh: side === 'sell' ? from : null,
        ...{ orderEnergyMaxWh, dayEnergyMaxWh: (orderEnergyMaxWh * dayMs) / intervalMs },
        ...{ fromMs: cast.openAtMs, untilMs: startMs + (intervals + 1) * intervalMs },
        label: 'energy-manager',
      }
      return { name, content }
    })
    await voices.instructAll('grant_mandate', words)
  }

  #scaled(energyWh: number): number {
    return Math.round((energyWh * this.#world.homes.intervalMs) / 900_000)
  }

  /** Orders for the `n`th interval of the run, before its gate. */
  async order(n: number): Promise<void> {
    const { seed, homes, cast, numbers, voices, client } = this.#world
    const draw = random(seed, 'inter-retailer', 'auction', n)
    const interval = cast.first + n
    const orders = []
    for (const { home, side } of this.#homes) {
      const energyWh = this.#scaled(energy.least + draw.integer(energy.more))
      const { fromMicrosPerKwh: from } = sides[side]
      const limitMicrosPerKwh = from + 1_000 * draw.integer(thousandsMore)
      const what = { side, energyWh, limitMicrosPerKwh, meter: numbers.meterOf(home) }
      const name = homes.names[home] ?? ''
      const id = voices.idOf('order', name, { interval, ...what })
      orders.push(await voices.agent(name).order({ id, interval, ...what }))
    }
    const results = await client.submitOrders(orders)
    for (const [i, result] of results.entries()) {
      const order = orders[i]
      if (result.kind === 'accepted' && order !== undefined) {
        this.#observer.ordered({ ...order, digest: result.digest })
      } else this.rejected += 1
    }
  }
}
