import { ordersMax } from '../clearing/index.ts'
import { assert } from '../errors/index.ts'
import { type MeterExposure, worstCase } from '../credit/index.ts'
import { availableOf, holdOf, releaseHold, setHold } from '../ledger/index.ts'
import { connectionWattHours } from '../metering/index.ts'
import type { Meter } from '../registry/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import type { CancelOrder, PlaceOrder } from './command.ts'
import {
  actorWith,
  gateOf,
  gateRejection,
  inRange,
  intervalMax,
  isRejected,
  orderHoldKey,
  recordFor,
  recordOf,
  retailerOf,
  rulebookFor,
  tariffAt,
  tradingRoles,
} from './lookups.ts'
import { agentIn, countEnergy, dayRejection, limitsRejection } from './mandates.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import { sealedOrderOf, voidBeforeGate } from './sealed-orders.ts'
import type { OpenOrder, State, VoidReason } from './state.ts'

type Handled = Applied | Rejected

/** Takes an order after setting aside the worst it can cost. See `worstCase`. */
export function placeOrder(
  state: State,
  at: number,
  sequence: number,
  command: PlaceOrder,
): Handled {
  const actor = actorWith(state, command.account, tradingRoles)
  if (isRejected(actor)) return actor
  const meter = state.meters[command.meter]
  if (meter === undefined) return reject('meter_unknown', 'meter')
  if (meter.account !== command.account) return reject('meter_foreign', 'meter')
  const malformed = fieldRejection(command)
  if (malformed !== undefined) return malformed
  const rulebook = rulebookFor(state, command.interval)
  const closed = gateRejection(state, at, rulebook, command.interval)
  if (closed !== undefined) return closed
  if (rulebook.orderBook !== 'open') {
    return reject('order_book_mismatch', 'interval', rulebook.orderBook)
  }
  if (command.energyWh > rulebook.orderEnergyMaxWh) {
    return reject('energy_exceeded', 'energyWh', `at most ${rulebook.orderEnergyMaxWh}`)
  }
  const present = recordOf(state, meter.zone, command.interval)?.orders.get(command.account) ?? []
  const unfit =
    capacityRejection(meter, rulebook, present, command) ?? priceRejection(rulebook, command)
  if (unfit !== undefined) return unfit
  const beyond = mandateObjection(state, command)
  if (beyond !== undefined) return beyond
  if (present.length >= rulebook.ordersPerAccountMax) {
    return reject('orders_exceeded', 'account', `at most ${rulebook.ordersPerAccountMax}`)
  }
  if ((recordOf(state, meter.zone, command.interval)?.orderCount ?? 0) >= ordersMax) {
    return reject('orders_exceeded', 'interval', `at most ${ordersMax}`)
  }

  const agent = agentIn(command)
  const order: OpenOrder = {
    id: command.id,
    digest: command.digest,
    account: command.account,
    meter: command.meter,
    side: command.side,
    energy: WattHours.from(BigInt(command.energyWh)),
    limit: MicrosPerKwh.from(BigInt(command.limitMicrosPerKwh)),
    sequence,
    ...(agent === undefined ? {} : { agent }),
  }
  const orders = [...present, order]
  const key = orderHoldKey(command.account, meter.zone, command.interval)
  const needed = requirement(state, rulebook, orders, command.interval)
  const available = availableOf(state.ledger, command.account) + holdOf(state.ledger, key)
  if (needed > available) {
    return reject('funds_insufficient', 'account', `needs ${needed} micros, has ${available}`)
  }

  const record = recordFor(state, meter.zone, command.interval)
  record.orders.set(command.account, orders)
  record.orderCount += 1
  countEnergy(state, agent, command.interval, order.energy)
  setHold(state.ledger, key, command.account, needed)
  state.totals.orders += 1
  return accepted(sequence, { kind: 'order_placed', digest: command.digest }, [
    { kind: 'order_placed', zone: meter.zone, interval: command.interval },
  ])
}

/** Why the agent that signed an order may not place it; undefined where none did. */
function mandateObjection(state: State, command: PlaceOrder): Rejected | undefined {
  const mandate = state.mandates.get(agentIn(command) ?? '')
  if (mandate === undefined) return undefined
  return limitsRejection(mandate, command) ??
    dayRejection(state, mandate, command.interval, command.energyWh)
}

function fieldRejection(command: PlaceOrder): Rejected | undefined {
  if (!inRange(command.interval, 0, intervalMax)) {
    return reject('field_invalid', 'interval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(command.energyWh, 1, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'energyWh', 'an integer of at least 1')
  }
  if (!Number.isSafeInteger(command.limitMicrosPerKwh)) {
    return reject('field_invalid', 'limitMicrosPerKwh', 'an integer')
  }
  return undefined
}

/** Why a limit price is none in a market, if it is not. */
export function priceRejection(
  rulebook: Rulebook,
  command: { readonly limitMicrosPerKwh: number },
): Rejected<'price_out_of_bounds' | 'price_off_tick'> | undefined {
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  if (command.limitMicrosPerKwh < min || command.limitMicrosPerKwh > max) {
    return reject('price_out_of_bounds', 'limitMicrosPerKwh', `from ${min} to ${max}`)
  }
  if (command.limitMicrosPerKwh % rulebook.priceTickMicrosPerKwh !== 0) {
    const tick = rulebook.priceTickMicrosPerKwh
    return reject('price_off_tick', 'limitMicrosPerKwh', `a multiple of ${tick}`)
  }
  return undefined
}

/** A meter may not sell more than its connection can carry out, nor buy more than it carries in. */
export function capacityRejection(
  meter: Meter,
  rulebook: Rulebook,
  present: readonly OpenOrder[],
  command: { readonly meter: number; readonly side: 'buy' | 'sell'; readonly energyWh: number },
): Rejected | undefined {
  const watts = command.side === 'buy' ? meter.importWattsMax : meter.exportWattsMax
  const limit = connectionWattHours(watts, rulebook.intervalSeconds)
  const total = present
    .filter((other) => other.meter === command.meter && other.side === command.side)
    .reduce((sum, other) => sum + other.energy, BigInt(command.energyWh))
  if (total <= limit) return undefined
  return reject('capacity_exceeded', 'energyWh', `open orders ${total} Wh, connection ${limit} Wh`)
}

/** What an account's orders in one interval can cost it before the price is known. */
export function requirement(
  state: State,
  rulebook: Rulebook,
  orders: readonly OpenOrder[],
  interval: number,
): Micros {
  const min = MicrosPerKwh.from(BigInt(rulebook.priceMinMicrosPerKwh))
  const max = MicrosPerKwh.from(BigInt(rulebook.priceMaxMicrosPerKwh))
  let sum = 0n
  for (const exposure of exposuresOf(state, orders, interval)) {
    sum += worstCase(exposure, rulebook, min, max)
  }
  return sum < Micros.max ? Micros.from(sum) : Micros.max
}

function exposuresOf(
  state: State,
  orders: readonly OpenOrder[],
  interval: number,
): readonly MeterExposure[] {
  const numbers = [...new Set(orders.map((order) => order.meter))].sort((a, b) => a - b)
  return numbers.map((number) => {
    const meter = state.meters[number]
    assert(meter !== undefined, 'an order has a meter')
    return {
      meter,
      tariff: tariffAt(state, retailerOf(state, meter), interval),
      orders: orders.filter((order) => order.meter === number),
    }
  })
}

/**
 * Takes an order back before the gate and gives its collateral free. A sealed one stays in the set
 * as void: its owner has a receipt for it.
 */
export function cancelOrder(
  state: State,
  at: number,
  sequence: number,
  command: CancelOrder,
): Handled {
  const actor = actorWith(state, command.account, tradingRoles)
  if (isRejected(actor)) return actor
  const result = { kind: 'order_cancelled', order: command.order } as const
  const by = agentIn(command)
  // An agent takes back what it has placed itself.
  const isOthers = (agent: string | undefined): boolean => by !== undefined && by !== agent
  const sealed = sealedOrderOf(state, command.account, command.order)
  if (sealed !== undefined) {
    const { record, order } = sealed
    if (isOthers(order.within?.publicKey)) return reject('mandate_exceeded', 'order')
    if (record.voids.has(order.commitment)) return reject('order_unknown', 'order')
    if (record.status !== 'open' || at >= gateOf(state, record.interval)) {
      return reject('gate_closed', 'order')
    }
    voidBeforeGate(state, record, order, 'cancelled')
    return accepted(sequence, result)
  }
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      const orders = record.orders.get(command.account)
      const found = orders?.find((order) => order.id === command.order)
      if (orders === undefined || found === undefined) continue
      if (isOthers(found.agent)) return reject('mandate_exceeded', 'order')
      if (record.status !== 'open' || at >= gateOf(state, record.interval)) {
        return reject('gate_closed', 'order')
      }
      const kept = orders.filter((order) => order.id !== command.order)
      keepOrders(state, command.account, record.zone, record.interval, kept)
      return accepted(sequence, result)
    }
  }
  return reject('order_unknown', 'order')
}

function keepOrders(
  state: State,
  account: number,
  zone: number,
  interval: number,
  kept: readonly OpenOrder[],
): void {
  const record = recordFor(state, zone, interval)
  const key = orderHoldKey(account, zone, interval)
  const before = record.orders.get(account) ?? []
  record.orderCount += kept.length - before.length
  for (const order of before) {
    if (!kept.includes(order)) countEnergy(state, order.agent, interval, -order.energy)
  }
  if (kept.length === 0) {
    record.orders.delete(account)
    releaseHold(state.ledger, key)
    return
  }
  record.orders.set(account, [...kept])
  const needed = requirement(state, rulebookFor(state, interval), kept, interval)
  setHold(state.ledger, key, account, needed)
}

/** Takes an account's orders out of every book whose gate is still to close. */
export function dropOpenOrders(
  state: State,
  at: number,
  account: number,
  reason: Extract<VoidReason, 'cancelled' | 'suspended'>,
): void {
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      // The gate fixes the order set, also where the command that closes it is still to come.
      if (record.status !== 'open' || at >= gateOf(state, record.interval)) continue
      if (record.orders.has(account)) keepOrders(state, account, record.zone, record.interval, [])
      for (const commitment of record.sealedOf.get(account) ?? []) {
        const order = record.sealed.get(commitment)
        if (order === undefined || record.voids.has(commitment)) continue
        voidBeforeGate(state, record, order, reason)
      }
    }
  }
}
