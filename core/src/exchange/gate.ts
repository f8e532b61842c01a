import type { Clearing, Order } from '../clearing/index.ts'
import { worstCase } from '../credit/index.ts'
import { assert } from '../errors/index.ts'
import { releaseHold, setHold } from '../ledger/index.ts'
import { WattHours } from '../units/index.ts'
import type { Engine } from './engine.ts'
import {
  gateOf,
  orderHoldKey,
  recordFor,
  retailerOf,
  rulebookFor,
  tariffAt,
} from './lookups.ts'
import type { Applied, Effect } from './outcome.ts'
import { forgetBefore } from './retention.ts'
import { reject, type Rejected } from './rejection.ts'
import type { IntervalRecord, State } from './state.ts'

/**
 * Fixes the order set of the next interval in every zone that has meters, and clears it. Gates close
 * one after the other, none is left out: the energy of every interval needs an owner.
 */
export function closeGate(
  state: State,
  at: number,
  sequence: number,
  interval: number,
  engine: Engine,
): Applied | Rejected {
  if (interval <= state.clearedThrough) return reject('gate_already_closed', 'interval')
  if (interval !== state.clearedThrough + 1) {
    return reject('field_invalid', 'interval', `the next gate is ${state.clearedThrough + 1}`)
  }
  if (at < gateOf(state, interval)) return reject('gate_open', 'interval')
  const zones = [...new Set(state.meters.map((meter) => meter.zone))].sort((a, b) => a - b)
  const effects: Effect[] = []
  for (const zone of zones) {
    const record = recordFor(state, zone, interval)
    clearRecord(state, record, engine)
    record.clearedSequence = sequence
    const { price, energy } = record
    effects.push({ kind: 'interval_cleared', zone, interval, price, energy })
  }
  state.clearedThrough = interval
  forgetBefore(state, interval)
  const result = { kind: 'gate_closed', zones: zones.length } as const
  return { outcome: { kind: 'accepted', sequence, repeated: false, result }, effects }
}

function clearRecord(state: State, record: IntervalRecord, engine: Engine): void {
  assert(record.status === 'open', 'an interval is cleared once')
  const orders: Order[] = []
  for (const accountOrders of record.orders.values()) {
    for (const { digest, side, energy, limit } of accountOrders) {
      orders.push({ id: digest, side, energy, limit })
    }
  }
  const clearing = engine.clear(orders)
  takeClearing(record, clearing)
  record.status = 'cleared'
  state.totals.traded += clearing.energy
  for (const account of record.orders.keys()) reduceHold(state, record, account)
}

function takeClearing(record: IntervalRecord, clearing: Clearing): void {
  record.price = clearing.price
  record.energy = clearing.energy
  for (const fill of clearing.fills) record.fills.set(fill.orderId, fill.energy)
  for (const orders of record.orders.values()) {
    for (const order of orders) {
      const filled = record.fills.get(order.digest)
      if (filled === undefined) continue
      const before = record.contracts.get(order.meter) ?? { bought: WattHours.zero, sold: WattHours.zero }
      record.contracts.set(
        order.meter,
        order.side === 'buy'
          ? { ...before, bought: WattHours.add(before.bought, filled) }
          : { ...before, sold: WattHours.add(before.sold, filled) },
      )
    }
  }
}

/** With price and fills known the worst case is smaller: the rest of the collateral is free again. */
function reduceHold(state: State, record: IntervalRecord, account: number): void {
  const key = orderHoldKey(account, record.zone, record.interval)
  const before = releaseHold(state.ledger, key)
  const { price } = record
  if (price === null) return
  let needed = 0n
  const meters = new Set((record.orders.get(account) ?? []).map((order) => order.meter))
  for (const number of meters) {
    const contract = record.contracts.get(number)
    const meter = state.meters[number]
    if (contract === undefined || meter === undefined) continue
    const fills = [
      { side: 'buy', energy: contract.bought, limit: price },
      { side: 'sell', energy: contract.sold, limit: price },
    ] as const
    const tariff = tariffAt(state, retailerOf(state, meter), record.interval)
    const orders = fills.filter((fill) => fill.energy > 0n)
    needed += worstCase({ meter, tariff, orders }, rulebookFor(state, record.interval), price, price)
  }
  assert(needed <= before, 'knowing the price never raises the worst case')
  setHold(state.ledger, key, account, needed as typeof before)
}

/** The digests of an interval's order set, ascending: the leaves of its order root. */
export const orderDigests = (record: IntervalRecord): string[] =>
  [...record.orders.values()].flat().map((order) => order.digest).sort()

