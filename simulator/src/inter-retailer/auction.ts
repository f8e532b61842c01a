import { random } from '../scenario/index.ts'
import type { Dealings, World } from './dealings.ts'
import type { TradeObserver } from './observer.ts'

/** Auctions are in one zone: the same meters sell there and by contract. */
export const auctionZone = 0

/** Two homes with panels and two without, in the zone of the auction, order for each interval. */
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

  /** Orders for the `n`th interval of the run, before its gate. */
  async order(n: number): Promise<void> {
    const { seed, homes, cast, numbers, voices, client } = this.#world
    const draw = random(seed, 'inter-retailer', 'auction', n)
    const interval = cast.first + n
    const asked = [
      ...this.#sellers.map((home) => ({ home, side: 'sell' as const, from: 60_000 })),
      ...this.#buyers.map((home) => ({ home, side: 'buy' as const, from: 120_000 })),
    ]
    const orders = []
    for (const { home, side, from } of asked) {
      const energyWh = Math.round(((10 + draw.integer(40)) * homes.intervalMs) / 900_000)
      const limitMicrosPerKwh = from + 1_000 * draw.integer(100)
      const what = { side, energyWh, limitMicrosPerKwh, meter: numbers.meterOf(home) }
      const name = homes.names[home] ?? ''
      const id = voices.idOf('order', name, { interval, ...what })
      orders.push(await voices.signer(name).order({ id, interval, ...what }))
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
