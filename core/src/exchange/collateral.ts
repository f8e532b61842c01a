import { worstCase } from '../credit/index.ts'
import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import { retailerOf, rulebookFor, tariffAt } from './lookups.ts'
import type { IntervalRecord, State } from './state.ts'

/** The most a meter's fills can cost its account once their price is known: zero without any. */
export function filledWorstCase(state: State, record: IntervalRecord, number: number): Micros {
  const { price, interval } = record
  const contract = record.contracts.get(number)
  if (price === null || contract === undefined) return Micros.zero
  const meter = state.meters[number]
  assert(meter !== undefined, 'a contract is of a meter')
  const fills = [
    { side: 'buy', energy: contract.bought, limit: price },
    { side: 'sell', energy: contract.sold, limit: price },
  ] as const
  const tariff = tariffAt(state, retailerOf(state, meter), interval)
  const orders = fills.filter((fill) => fill.energy > 0n)
  return worstCase({ meter, tariff, orders }, rulebookFor(state, interval), price, price)
}
