import {
  blindOf,
  commitmentOf,
  contextOf,
  fieldToHex,
  type Opening,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import type { Batch, BatchOrder } from '../statement.ts'
import type { Random } from './random.ts'

export const someContext = contextOf({
  chainId: 31_337,
  intervalLog: `0x${'1c'.repeat(20)}`,
  zone: 0,
  interval: 5_700_000,
  rulebookHash: `0x${'2d'.repeat(32)}`,
})

/** What a market may look like: how many levels of price, how much energy, how many are void. */
export type Shape = {
  readonly orders: number
  readonly levels: number
  readonly energyWhMax: number
  readonly voidPercent: number
  /** Of the lowest level, and from one to the next. */
  readonly from: number
  readonly step: number
}

/** Few prices make ties, plateaus and marginal orders; many make none. */
export const randomShape = (random: Random, ordersMax: number): Shape => ({
  orders: random.below(ordersMax + 1),
  levels: random.pick([1, 2, 3, 6, 50]),
  energyWhMax: random.pick([1, 2, 5, 1_000, 250_000_000]),
  voidPercent: random.pick([0, 0, 10, 50, 100]),
  from: random.pick([-(10 ** 12), -500_000, -3, 0, 1, 400_000, 10 ** 12 - 50]),
  step: random.pick([1, 1, 1, 10]),
})

export function randomBatch(random: Random, shape: Shape): Batch {
  const price = (): number => {
    const limit = shape.from + random.below(shape.levels) * shape.step
    return Math.min(limit, 10 ** 12)
  }
  const orders = Array.from({ length: shape.orders }, (_, n): BatchOrder => {
    const opening: Opening = {
      account: 3 + random.below(5),
      meter: n,
      side: random.pick(['buy', 'sell']),
      energyWh: 1 + random.below(shape.energyWhMax),
      limitMicrosPerKwh: price(),
      salt: `0x${random
        .below(2 ** 31)
        .toString(16)
        .padStart(64, '0')}`,
    }
    const commitment = commitmentOf(someContext, opening)
    if (random.below(100) < shape.voidPercent) return { commitment, void: 'cancelled' }
    const word = fieldToHex(wordOf(opening))
    return { commitment, word, blind: fieldToHex(blindOf(opening)) }
  })
  orders.sort((a, b) => (a.commitment < b.commitment ? -1 : 1))
  return { context: someContext, orders }
}
