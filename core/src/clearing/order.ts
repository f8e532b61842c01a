import { assert, Fault } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'

export type Side = 'buy' | 'sell'

/** A wish to trade `energy` within one interval and zone. Part of it may be filled. */
export type Order = {
  /** Identity, and rank at the margin: ascending UTF-8 bytes. */
  readonly id: string
  readonly side: Side
  /** More than zero. */
  readonly energy: WattHours
  /** The most a buyer pays, the least a seller takes. */
  readonly limit: MicrosPerKwh
}

/** What one order got: more than zero, at most its energy. */
export type Fill = { readonly orderId: string; readonly energy: WattHours }

/** The result of one auction. Without a trade `price` is null, `energy` zero and `fills` empty. */
export type Clearing = {
  readonly price: MicrosPerKwh | null
  /** Energy bought, which is the energy sold. */
  readonly energy: WattHours
  /** The orders that got something, by ascending id (UTF-8 bytes). */
  readonly fills: readonly Fill[]
}

export const noTrade: Clearing = { price: null, energy: WattHours.zero, fills: [] }

/** The most orders of one clearing: some 0.3 GB of columns and fills. */
export const ordersMax = 4_000_000

/** A digest in hexadecimal has 66 characters; ids made by people fit too. */
export const idLengthMax = 256

/**
 * Checks what a clearing depends on, and nothing that the market's rulebook decides (price bounds
 * and tick, the most energy of an order).
 *
 * @throws Fault CLEARING_ORDERS_TOO_MANY, CLEARING_ORDER_INVALID, CLEARING_ORDER_DUPLICATE or
 *   CLEARING_ENERGY_TOO_LARGE, naming the field and its limit. `order` counts from 0.
 */
export function checkOrders(orders: readonly Order[]): void {
  if (orders.length > ordersMax) {
    throw new Fault('CLEARING_ORDERS_TOO_MANY', { field: 'orders', limit: `at most ${ordersMax}` })
  }
  const ids = new Set<string>()
  const energyOf = { buy: 0n, sell: 0n }
  for (let i = 0; i < orders.length; i += 1) {
    const order = orders[i]
    assert(order !== undefined, 'an array of orders has no holes')
    checkOrder(order, i)
    ids.add(order.id)
    if (ids.size !== i + 1) {
      const details = { field: 'id', limit: 'once in a clearing', order: i, id: order.id }
      throw new Fault('CLEARING_ORDER_DUPLICATE', details)
    }
    energyOf[order.side] += order.energy
  }
  checkSideEnergy('buy', energyOf.buy)
  checkSideEnergy('sell', energyOf.sell)
}

/** What one side wants in all is a quantity too: it has the limit that every quantity has. */
export function checkSideEnergy(side: Side, energy: bigint | number): void {
  if (energy <= WattHours.max) return
  const limit = `at most ${WattHours.max} Wh on one side`
  throw new Fault('CLEARING_ENERGY_TOO_LARGE', { field: 'energy', limit, side })
}

function checkOrder(order: Order, index: number): void {
  const { id, side, energy, limit } = order
  if (typeof id !== 'string' || id.length < 1 || id.length > idLengthMax || !id.isWellFormed()) {
    throw invalid('id', `1 to ${idLengthMax} characters of Unicode text`, index)
  }
  if (side !== 'buy' && side !== 'sell') throw invalid('side', 'buy or sell', index)
  if (typeof energy !== 'bigint' || energy < 1n || energy > WattHours.max) {
    throw invalid('energy', `1 to ${WattHours.max} Wh`, index)
  }
  if (typeof limit !== 'bigint' || limit < -MicrosPerKwh.max || limit > MicrosPerKwh.max) {
    throw invalid('limit', `${-MicrosPerKwh.max} to ${MicrosPerKwh.max} micros/kWh`, index)
  }
}

const invalid = (field: string, limit: string, order: number): Fault =>
  new Fault('CLEARING_ORDER_INVALID', { field, limit, order })

/**
 * What must hold of every clearing (design, section 10, line 6), whoever made it.
 *
 * `fillOf` is the energy each order got, zero included, in the sequence of `orders`.
 */
export function assertClearing(
  orders: readonly Order[],
  price: MicrosPerKwh,
  energy: bigint,
  fillOf: readonly bigint[],
): void {
  let bought = 0n
  let sold = 0n
  assert(fillOf.length === orders.length, 'every order has its fill')
  for (let i = 0; i < orders.length; i += 1) {
    const order = orders[i]
    const fill = fillOf[i]
    assert(order !== undefined && fill !== undefined, 'every order has its fill')
    assert(fill >= 0n && fill <= order.energy, 'no fill beyond its order')
    if (fill === 0n) continue
    if (order.side === 'buy') {
      assert(order.limit >= price, 'no buyer pays more than its limit')
      bought += fill
    } else {
      assert(order.limit <= price, 'no seller takes less than its limit')
      sold += fill
    }
  }
  assert(bought === energy, 'the energy bought is the energy cleared')
  assert(sold === energy, 'the energy sold is the energy cleared')
}
