import { assert } from '../errors/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { compareUtf8 } from './byte-order.ts'
import { clearColumns } from './clear-columns.ts'
import { checkOrders, type Clearing, type Fill, noTrade, type Order } from './order.ts'
import { sideNumbers } from './order-columns.ts'

/**
 * Clears one interval: one price for all, and the energy that each order gets. The rule and an
 * example are at `clearNaive`, which gives the same result slowly.
 *
 * Depends on nothing but the set of orders; their sequence in the array does not matter.
 *
 * @throws Fault as `checkOrders`.
 */
export function clear(orders: readonly Order[]): Clearing {
  checkOrders(orders)
  const side = new Uint8Array(orders.length)
  const energy = new Float64Array(orders.length)
  const limit = new Float64Array(orders.length)
  for (const [i, order] of orders.entries()) {
    side[i] = sideNumbers[order.side]
    energy[i] = Number(order.energy)
    limit[i] = Number(order.limit)
  }
  const rank = (indices: Uint32Array): void => {
    indices.sort((a, b) => compareUtf8(idOf(a), idOf(b)))
  }
  const idOf = (index: number): string => {
    const order = orders[index]
    assert(order !== undefined, 'an index is of an order')
    return order.id
  }

  const { priceMicrosPerKwh, energyWh, fills } = clearColumns({ side, energy, limit }, rank)
  if (priceMicrosPerKwh === null) return noTrade
  const filled = Uint32Array.from(fills.keys()).filter((i) => fills[i] !== 0)
  rank(filled)
  return {
    price: MicrosPerKwh.from(BigInt(priceMicrosPerKwh)),
    energy: WattHours.from(BigInt(energyWh)),
    fills: Array.from(filled, (i): Fill => {
      return { orderId: idOf(i), energy: WattHours.from(BigInt(fills[i] ?? 0)) }
    }),
  }
}
