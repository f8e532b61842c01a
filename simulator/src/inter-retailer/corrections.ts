import type { PublishedDelivery } from '../auditor/index.ts'
import type { World } from './dealings.ts'
import type { MeterData, Misreading } from './meter-data.ts'
import type { TradeObserver } from './observer.ts'

/** What one correction of a meter changed, trade by trade. */
export type Correction = {
  readonly meter: number
  /** The boundary that was read wrongly, counted from the first of the run. */
  readonly boundary: number
  readonly byWh: number
  readonly changes: readonly {
    readonly trade: number
    readonly interval: number
    readonly deliveredWh: readonly [before: number, after: number]
    readonly sellerMicros: readonly [before: number, after: number]
    readonly buyerMicros: readonly [before: number, after: number]
  }[]
}

/** Once a cycle a meter is read wrongly, and put right two intervals later: for all to see. */
export class Corrections {
  readonly made: Correction[] = []
  readonly #world: World
  readonly #meters: MeterData
  readonly #observer: TradeObserver
  #planned: Misreading | undefined

  constructor(world: World, meters: MeterData, observer: TradeObserver) {
    this.#world = world
    this.#meters = meters
    this.#observer = observer
  }

  /** Before the meters are read at boundary `n`. */
  plan(n: number): void {
    const { homes, cast } = this.#world
    const at = cast.cycle > 24 ? Math.floor(0.4 * cast.cycle) : 2
    if (this.#planned !== undefined || n % cast.cycle !== at || n >= homes.intervals) return
    // Whoever gave most in the interval before is read to have given nothing.
    let [home, most] = [-1, 1]
    for (const [one, flows] of homes.outWh.entries()) {
      const outWh = flows[n - 1] ?? 0
      if (outWh > most) [home, most] = [one, outWh]
    }
    if (home < 0) return
    this.#planned = { home, n, byWh: most }
    this.#meters.misread(this.#planned)
  }

  /** Two intervals later it is noticed. @param settle lets the exchange settle what is new */
  async make(n: number, settle: () => Promise<void>): Promise<void> {
    const planned = this.#planned
    if (planned === undefined || n < planned.n + 2) return
    // Who is not heard puts nothing right; it does when it speaks again.
    if (this.#meters.isSilent(planned.home)) return
    this.#planned = undefined
    await settle()
    const before = await this.#around(planned)
    await this.#meters.putRight(planned)
    await settle()
    const after = new Map((await this.#around(planned)).map((one) => [keyOf(one), one]))
    const meter = this.#world.numbers.meterOf(planned.home)
    const changes = before.flatMap((one) => {
      const other = after.get(keyOf(one))
      if (other === undefined) return []
      const pair = (name: 'deliveredWh' | 'sellerMicros' | 'buyerMicros') =>
        [one[name] ?? 0, other[name] ?? 0] as const
      const { trade, interval } = one
      const change = {
        ...{ trade, interval, deliveredWh: pair('deliveredWh') },
        ...{ sellerMicros: pair('sellerMicros'), buyerMicros: pair('buyerMicros') },
      }
      return change.sellerMicros[0] === change.sellerMicros[1] ? [] : [change]
    })
    this.made.push({ meter, boundary: planned.n, byWh: planned.byWh, changes })
  }

  /** What was delivered of the home's trades on both sides of the boundary. */
  async #around({ home, n }: Misreading): Promise<readonly PublishedDelivery[]> {
    const { readingAs, homes, cast } = this.#world
    const { trades } = await readingAs(homes.names[home] ?? '').trades.list({ limit: 100 })
    const found: PublishedDelivery[] = []
    for (const { trade } of trades) {
      found.push(
        ...(await this.#observer.deliveriesOf(trade, cast.first + n - 1, cast.first + n)),
      )
    }
    return found
  }
}

const keyOf = ({ trade, interval }: PublishedDelivery): string => `${trade}/${interval}`
