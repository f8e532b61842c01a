import type { Clearing, Order } from '../clearing/index.ts'
import { assert } from '../errors/index.ts'
import { releaseHold, setHold } from '../ledger/index.ts'
import { Micros, WattHours } from '../units/index.ts'
import { filledWorstCase } from './collateral.ts'
import type { Engine } from './engine.ts'
import { gateOf, orderHoldKey, recordFor } from './lookups.ts'
import type { Applied, Effect } from './outcome.ts'
import { forgetBefore } from './retention.ts'
import { reject, type Rejected } from './rejection.ts'
import type { IntervalRecord, State } from './state.ts'

/**
 * Fixes the order set of the next interval in every zone that has meters, and clears it. Gates
 * close one after the other, none is left out: the energy of every interval needs an owner.
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

const noContract = { bought: WattHours.zero, sold: WattHours.zero }

function takeClearing(record: IntervalRecord, clearing: Clearing): void {
  record.price = clearing.price
  record.energy = clearing.energy
  for (const fill of clearing.fills) record.fills.set(fill.orderId, fill.energy)
  for (const orders of record.orders.values()) {
    for (const order of orders) {
      const filled = record.fills.get(order.digest)
      if (filled === undefined) continue
      const before = record.contracts.get(order.meter) ?? noContract
      record.contracts.set(
        order.meter,
        order.side === 'buy'
          ? { ...before, bought: WattHours.add(before.bought, filled) }
          : { ...before, sold: WattHours.add(before.sold, filled) },
      )
    }
  }
}

/** With price and fills known the worst case is smaller: the rest of the collateral is free. */
function reduceHold(state: State, record: IntervalRecord, account: number): void {
  const key = orderHoldKey(account, record.zone, record.interval)
  const before = releaseHold(state.ledger, key)
  const meters = new Set((record.orders.get(account) ?? []).map((order) => order.meter))
  let needed = 0n
  for (const meter of meters) needed += filledWorstCase(state, record, meter)
  assert(needed <= before, 'knowing the price never raises the worst case')
  setHold(state.ledger, key, account, Micros.from(needed))
}

/** The digests of an interval's order set, ascending: the leaves of its order root. */
export const orderDigests = (record: IntervalRecord): string[] =>
  [...record.orders.values()].flat().map((order) => order.digest).sort()
