import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { sortByUtf8 } from './byte-order.ts'
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
  for (let i = 0; i < orders.length; i += 1) {
    const order = orders[i]!
    side[i] = sideNumbers[order.side]
    energy[i] = Number(order.energy)
    limit[i] = Number(order.limit)
  }
  const ids = orders.map((order) => order.id)
  const rank = (indices: Uint32Array): void => sortByUtf8(indices, ids)

  const { priceMicrosPerKwh, energyWh, fills } = clearColumns({ side, energy, limit }, rank)
  if (priceMicrosPerKwh === null) return noTrade
  const filled = indicesOfFills(fills)
  rank(filled)
  return {
    price: MicrosPerKwh.from(BigInt(priceMicrosPerKwh)),
    energy: WattHours.from(BigInt(energyWh)),
    fills: Array.from(filled, (i): Fill => {
      return { orderId: ids[i]!, energy: WattHours.from(BigInt(fills[i]!)) }
    }),
  }
}

function indicesOfFills(fills: Float64Array): Uint32Array {
  const filled = new Uint32Array(fills.length)
  let count = 0
  for (let i = 0; i < fills.length; i += 1) {
    if (fills[i] === 0) continue
    filled[count] = i
    count += 1
  }
  return filled.subarray(0, count)
}
