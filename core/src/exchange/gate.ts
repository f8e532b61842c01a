import { type Clearing, curvesOf, type FilledOrder } from '../clearing/index.ts'
import { assert } from '../errors/index.ts'
import { releaseHold, setHold } from '../ledger/index.ts'
import { Micros, WattHours } from '../units/index.ts'
import { filledWorstCase } from './collateral.ts'
import type { Engine } from './engine.ts'
import { bilateralZone, gateOf, orderHoldKey, recordFor, rulebookFor } from './lookups.ts'
import { fixObligations } from './trading/obligations.ts'
import type { Applied, Effect } from './outcome.ts'
import { lapseProposals } from './proposals.ts'
import { forgetBefore } from './retention.ts'
import { reject, type Rejected } from './rejection.ts'
import { countEnergy } from './mandates.ts'
import { countMost, stripped } from './sealed-orders.ts'
import type { IntervalRecord, OpenOrder, State } from './state.ts'

/**
 * Fixes the order set of the next interval in every zone that has meters, and clears it unless
 * sealed orders in it must be opened first. Gates close one after the other, none is left out: the
 * energy of every interval needs an owner. None waits for the opening of the one before.
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
    assert(record.status === 'open', 'an order set is fixed once')
    record.status = 'fixed'
    record.fixedSequence = sequence
    effects.push({ kind: 'orders_fixed', zone, interval })
    // Where no order is left that could be opened, nothing is waited for.
    if (record.voids.size < record.sealed.size) continue
    const orders = [...record.orders.values()].flat()
    effects.push(clearRecord(state, record, orders, sequence, engine))
  }
  effects.push(...fixObligations(state, at, sequence, interval))
  state.clearedThrough = interval
  forgetBefore(state, interval)
  effects.push(...lapseProposals(state, at))
  const result = { kind: 'gate_closed', zones: zones.length } as const
  return { outcome: { kind: 'accepted', sequence, repeated: false, result }, effects }
}

/**
 * Clears a fixed set with `orders`, which are all of it that are not void, and gives the collateral
 * free that is no longer needed. Of a sealed book, what the orders were is forgotten here.
 */
export function clearRecord(
  state: State,
  record: IntervalRecord,
  orders: readonly OpenOrder[],
  sequence: number,
  engine: Engine,
): Effect {
  assert(record.status === 'fixed', 'an interval is cleared once')
  const { zone, interval } = record
  const clearing = engine.clear(
    orders.map(({ digest, side, energy, limit }) => ({ id: digest, side, energy, limit })),
  )
  takeClearing(record, orders, clearing)
  record.status = 'cleared'
  record.openedSequence = sequence
  record.proof = rulebookFor(state, interval).proof === 'none' ? 'none' : 'awaited'
  state.totals.traded += clearing.energy
  reduceHolds(state, record, orders)
  countFills(state, record, orders)
  for (const [commitment, order] of record.sealed) {
    record.sealed.set(commitment, stripped(order))
  }
  const { price, energy } = clearing
  return { kind: 'interval_cleared', zone, interval, price, energy }
}

/** Of agents' orders what they got counts, and no longer what they might have got. */
function countFills(state: State, record: IntervalRecord, orders: readonly OpenOrder[]): void {
  const { interval, fills, sealed } = record
  for (const { agent, digest, energy } of orders) {
    countEnergy(state, agent, interval, (fills.get(digest) ?? 0n) - energy)
  }
  for (const order of sealed.values()) {
    if (order.within === undefined) continue
    countMost(state, order, interval, -1n)
    countEnergy(state, order.within.publicKey, interval, fills.get(order.commitment) ?? 0n)
  }
}

const noContract = { bought: WattHours.zero, sold: WattHours.zero }

function takeClearing(
  record: IntervalRecord,
  orders: readonly OpenOrder[],
  clearing: Clearing,
): void {
  record.price = clearing.price
  record.energy = clearing.energy
  for (const fill of clearing.fills) record.fills.set(fill.orderId, fill.energy)
  const filledOrders: FilledOrder[] = []
  for (const order of orders) {
    const filled = record.fills.get(order.digest)
    if (filled === undefined) continue
    filledOrders.push({ account: order.account, side: order.side, limit: order.limit, filled })
    const before = record.contracts.get(order.meter) ?? noContract
    record.contracts.set(
      order.meter,
      order.side === 'buy'
        ? { ...before, bought: WattHours.add(before.bought, filled) }
        : { ...before, sold: WattHours.add(before.sold, filled) },
    )
  }
  record.curves = curvesOf(filledOrders)
}

/** With price and fills known the worst case is smaller: the rest of the collateral is free. */
function reduceHolds(state: State, record: IntervalRecord, orders: readonly OpenOrder[]): void {
  const metersOf = new Map<number, Set<number>>()
  for (const account of ordering(record)) metersOf.set(account, new Set())
  for (const { account, meter } of orders) metersOf.get(account)?.add(meter)
  for (const [account, meters] of metersOf) {
    const key = orderHoldKey(account, record.zone, record.interval)
    const before = releaseHold(state.ledger, key)
    let needed: bigint = record.bondsLost.get(account) ?? Micros.zero
    for (const meter of meters) needed += filledWorstCase(state, record, meter)
    assert(needed <= before, 'knowing the price never raises the worst case')
    setHold(state.ledger, key, account, Micros.from(needed))
  }
}

/** The accounts with an order in the set, void or not. */
export const ordering = (record: IntervalRecord): Iterable<number> =>
  record.sealed.size > 0 ? record.sealedOf.keys() : record.orders.keys()

/**
 * The digests or commitments of an interval's order set, ascending: the leaves of its root. Of the
 * trades of all zones, those of the contracts recorded since the gate before.
 */
export const orderDigests = (record: IntervalRecord): readonly string[] =>
  record.zone === bilateralZone ? record.contractsRecorded : digestsOfOrders(record)

const digestsOfOrders = (record: IntervalRecord): string[] =>
  record.sealed.size > 0
    ? [...record.sealed.keys()].sort()
    : [...record.orders.values()].flat().map((order) => order.digest).sort()
