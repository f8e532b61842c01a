/** Whether the reason of a void is so, judged by what was signed and not by the exchange's word. */
import { worstCase } from '@busbar/core/credit'
import type { Opening, VoidReason } from '@busbar/core/exchange'
import { connectionWattHours } from '@busbar/core/metering'
import { namedKeyIn, type Tariff } from '@busbar/core/registry'
import type { Rulebook } from '@busbar/core/rulebook'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { Openings } from '@busbar/protocols/api'
import { commitmentOf } from '@busbar/protocols/sealed-orders'
import type { Grounds, MeterFacts, ReceivedOrder } from './grounds.ts'

export type OpenedOrder = Openings['orders'][number]

/**
 * `founded`: shown to be so. `unfounded`: shown not to be so, or the exchange does not show what it
 * must have if it were. `unchecked`: nothing that anybody signed could show it.
 */
export type VoidFinding = 'founded' | 'unfounded' | 'unchecked'

/** One set of orders and by what it is judged. */
export type Case = {
  readonly zone: number
  readonly interval: number
  /** What the orders are bound to. */
  readonly context: string
  readonly rulebook: Rulebook
  readonly orders: readonly OpenedOrder[]
  readonly grounds: Grounds
}

/** @param order one of `judged.orders` */
export function voidFinding(order: OpenedOrder, judged: Case): VoidFinding {
  const { void: reason, account } = order
  const { grounds, rulebook } = judged
  const received = grounds.received.get(order.commitment)
  const isRevealed = rulebook.orderBook === 'sealed-reveal'
  switch (reason) {
    case null:
      return 'unchecked'
    case 'cancelled':
      if (grounds.cancelled.has(`${account}:${received?.id}`)) return 'founded'
      // Such a request is on the chain; when it came near, nobody signs.
      return grounds.asked.has(account) ? 'unchecked' : 'unfounded'
    case 'suspended':
      return suspensionFinding(grounds.participants.get(account)?.standing ?? 'active')
    case 'not_opened':
      if (order.opening !== null) return 'unfounded'
      // Nobody signs that an opening came, or that none did.
      if (isRevealed) return 'unchecked'
      if (typeof received?.ciphertext !== 'string' || grounds.open === undefined) {
        return 'unfounded'
      }
      return grounds.open(received) === null ? 'founded' : 'unfounded'
    default: {
      const opening = boundOpening(order, judged)
      return opening === undefined ? 'unfounded' : openedFinding(reason, order, opening, judged)
    }
  }
}

/** Whether it was lifted before these orders came, the chain does not tell. */
const suspensionFinding = (standing: 'active' | 'suspended' | 'reinstated'): VoidFinding =>
  standing === 'suspended' ? 'founded' : standing === 'reinstated' ? 'unchecked' : 'unfounded'

/**
 * What the order is, by its commitment or else by its ciphertext: an exchange could tell any
 * opening of an order that it wants to be rid of.
 */
function boundOpening(
  { commitment, account, opening }: OpenedOrder,
  { context, grounds }: Case,
): Opening | undefined {
  if (opening !== null && isOpeningOf({ commitment, account }, context, opening)) return opening
  const received = grounds.received.get(commitment)
  if (received === undefined) return undefined
  return grounds.open?.(received) ?? undefined
}

export const isOpeningOf = (
  { commitment, account }: Pick<OpenedOrder, 'commitment' | 'account'>,
  context: string,
  opening: Opening,
): boolean => opening.account === account && commitmentOf(context, opening) === commitment

type OpenedReason = Exclude<VoidReason, 'cancelled' | 'suspended' | 'not_opened'>

function openedFinding(
  reason: OpenedReason,
  order: OpenedOrder,
  opening: Opening,
  judged: Case,
): VoidFinding {
  // Several may hold at once; that one of them does is enough.
  if (!isOpeningOf(order, judged.context, opening)) return 'founded'
  if (limitObjection(opening, judged.rulebook) !== undefined) return 'founded'
  const meter = judged.grounds.meters.get(opening.meter)
  switch (reason) {
    case 'meter_foreign':
      return foreignFinding(order, meter, judged)
    case 'capacity_exceeded':
      return finding(meter !== undefined && isBeyondConnection(order, opening, meter, judged))
    case 'collateral_short':
      return finding(isShort(order, opening, judged))
    case 'mandate_exceeded':
      return finding(isBeyondMandate(order, opening, judged))
    case 'mismatch':
    case 'energy_exceeded':
    case 'price_out_of_bounds':
    case 'price_off_tick':
      return 'unfounded'
  }
}

const finding = (isSo: boolean): VoidFinding => (isSo ? 'founded' : 'unfounded')

/** Why no order may be like this, whoever's it is; undefined if nothing is wrong. */
export function limitObjection(opening: Opening, rulebook: Rulebook): VoidReason | undefined {
  if (opening.energyWh > rulebook.orderEnergyMaxWh) return 'energy_exceeded'
  const limit = opening.limitMicrosPerKwh
  const isWithin =
    limit >= rulebook.priceMinMicrosPerKwh && limit <= rulebook.priceMaxMicrosPerKwh
  if (!isWithin) return 'price_out_of_bounds'
  return limit % rulebook.priceTickMicrosPerKwh === 0 ? undefined : 'price_off_tick'
}

function foreignFinding(
  { commitment, account }: OpenedOrder,
  meter: MeterFacts | undefined,
  { zone, grounds }: Case,
): VoidFinding {
  // Of a number that no meter has there is nothing to show.
  if (meter === undefined) return 'unchecked'
  if (meter.account !== account || meter.zone !== zone) return 'founded'
  // One that was registered before the order came counts by its gate; since when another does
  // depends on when it was registered, which nobody signs.
  const received = grounds.received.get(commitment)
  return received !== undefined && meter.sequence < received.sequence ? 'unfounded' : 'unchecked'
}

type Kept = { readonly opening: Opening; readonly received: ReceivedOrder }

/** The account's orders that took part and were accepted before; undefined if one is not shown. */
function keptBefore(order: OpenedOrder, { orders, grounds }: Case): readonly Kept[] | undefined {
  const own = grounds.received.get(order.commitment)
  const others = orders.filter((one) => one.account === order.account && one.void === null)
  const kept = others.flatMap(({ commitment, opening }) => {
    const received = grounds.received.get(commitment)
    return received === undefined || opening === null ? [] : [{ received, opening }]
  })
  if (own === undefined || kept.length < others.length) return undefined
  return kept.filter(({ received }) => received.sequence < own.sequence)
}

function isBeyondConnection(
  order: OpenedOrder,
  opening: Opening,
  meter: MeterFacts,
  judged: Case,
): boolean {
  const watts = opening.side === 'buy' ? meter.importWattsMax : meter.exportWattsMax
  const most = connectionWattHours(watts, judged.rulebook.intervalSeconds)
  let total = BigInt(opening.energyWh)
  const kept = keptBefore(order, judged)
  for (const { opening: other } of kept ?? []) {
    if (other.meter === opening.meter && other.side === opening.side) {
      total += BigInt(other.energyWh)
    }
  }
  return kept !== undefined && total > most
}

/** Whether an agent signed the order, and was granted less than it is. */
function isBeyondMandate(
  { commitment }: OpenedOrder,
  opening: Opening,
  { grounds }: Case,
): boolean {
  const { signature } = grounds.received.get(commitment) ?? {}
  const agent = signature === undefined ? undefined : namedKeyIn('agent', signature)
  const mandate = grounds.mandates.get(agent ?? '')
  if (mandate === undefined) return false
  const { meter, side, energyWh, limitMicrosPerKwh } = opening
  const { buyMaxMicrosPerKwh: most, sellMinMicrosPerKwh: least } = mandate
  const isPriced = side === 'buy'
    ? most !== null && limitMicrosPerKwh <= most
    : least !== null && limitMicrosPerKwh >= least
  return !isPriced || !mandate.meters.includes(meter) || energyWh > mandate.orderEnergyMaxWh
}

/** Whether the account's orders can cost more with this one than was declared for all of them. */
function isShort(order: OpenedOrder, opening: Opening, judged: Case): boolean {
  const { grounds, rulebook, orders, interval } = judged
  const kept = keptBefore(order, judged)
  const retailer = grounds.retailers.get(order.account)
  if (kept === undefined || retailer === undefined) return false
  const openings = [...kept.map((one) => one.opening), opening]
  const tariff = tariffAt(grounds, retailer, interval)
  let needed = 0n
  for (const number of new Set(openings.map((one) => one.meter))) {
    const meter = grounds.meters.get(number)
    if (meter === undefined) return false
    const exposure = {
      meter: { ...meter, meter: number },
      tariff,
      orders: openings.filter((one) => one.meter === number).map(termsOf),
    }
    const min = MicrosPerKwh.from(BigInt(rulebook.priceMinMicrosPerKwh))
    const max = MicrosPerKwh.from(BigInt(rulebook.priceMaxMicrosPerKwh))
    needed += worstCase(exposure, rulebook, min, max)
  }
  let declared = 0n
  for (const one of orders) {
    if (one.account !== order.account) continue
    if (one.void === 'cancelled' || one.void === 'suspended') continue
    const received = grounds.received.get(one.commitment)
    if (received === undefined) return false
    declared += BigInt(received.collateralMicros)
  }
  return needed > declared
}

const termsOf = ({ side, energyWh, limitMicrosPerKwh }: Opening) => ({
  side,
  energy: WattHours.from(BigInt(energyWh)),
  limit: MicrosPerKwh.from(BigInt(limitMicrosPerKwh)),
})

/** A tariff takes the place of those that were to begin when it does, or later. */
function tariffAt(grounds: Grounds, retailer: number | null, interval: number): Tariff | null {
  if (retailer === null) return null
  let inForce: { readonly from: number; readonly tariff: Tariff }[] = []
  for (const set of grounds.tariffs.get(retailer) ?? []) {
    const retail = MicrosPerKwh.from(BigInt(set.retailMicrosPerKwh))
    const feedIn = MicrosPerKwh.from(BigInt(set.feedInMicrosPerKwh))
    inForce = inForce.filter(({ from }) => from < set.fromInterval)
    inForce.push({ from: set.fromInterval, tariff: { retail, feedIn } })
  }
  return inForce.findLast(({ from }) => from <= interval)?.tariff ?? null
}
