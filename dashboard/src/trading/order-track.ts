import type { AccountInterval, OwnSealedOrder } from '@busbar/protocols/api'
import type { PlacedOrder } from './kept-orders.ts'

/** How far an order is, from its placing to its money. */
export type Track = {
  readonly stage: 'placed' | 'fixed' | 'void' | 'unfilled' | 'filled' | 'delivered' | 'paid'
  readonly filledWh: number
  readonly priceMicrosPerKwh: number | null
  /** Of a void order. */
  readonly reason: OwnSealedOrder['void']
  /** What its interval has brought or cost, with everything that belongs to it; once it is paid. */
  readonly worthMicros: number | null
}

/** The steps that an order goes through if all goes well. */
export const steps = ['placed', 'filled', 'delivered', 'paid'] as const

const nothing = { filledWh: 0, priceMicrosPerKwh: null, reason: null, worthMicros: null }

/**
 * By what the exchange says of the account's interval, and by the market's time.
 *
 * @param answer null where nothing of the account is in the interval yet
 */
export function trackOf(
  order: Pick<PlacedOrder, 'id' | 'zone'>,
  answer: AccountInterval | null,
  nowMs: number,
): Track {
  const zone = answer?.zones.find((one) => one.zone === order.zone)
  if (answer === null || zone === undefined || zone.status === 'open') {
    return { ...nothing, stage: 'placed' }
  }
  const sealed = zone.sealedOrders.find(({ id }) => id === order.id)
  const open = zone.orders.find(({ id }) => id === order.id)
  if (sealed?.outcome === 'void') return { ...nothing, stage: 'void', reason: sealed.void }
  if (zone.status === 'fixed') return { ...nothing, stage: 'fixed' }
  const filledWh = sealed?.filledWh ?? open?.filledWh ?? 0
  const priceMicrosPerKwh = zone.priceMicrosPerKwh
  const found = { ...nothing, filledWh, priceMicrosPerKwh }
  if (filledWh === 0) return { ...found, stage: 'unfilled' }
  if (zone.runs.length > 0) return { ...found, stage: 'paid', worthMicros: answer.worthMicros }
  return { ...found, stage: nowMs >= answer.endMs ? 'delivered' : 'filled' }
}

/**
 * Of how many sealed orders nobody but their owner knows yet what they are. As long as no answer
 * has come an order counts; of an interval that is over and forgotten by the exchange it does not.
 *
 * @param found of the newest intervals; older ones are opened
 * @param delivering the interval that is delivered now
 */
export function unopenedOf(
  orders: readonly Pick<PlacedOrder, 'id' | 'zone' | 'interval'>[],
  found: ReadonlyMap<number, AccountInterval | null | undefined>,
  delivering: number,
): number {
  return orders.filter((order) => {
    if (!found.has(order.interval)) return false
    const answer = found.get(order.interval)
    if (answer === null) return order.interval >= delivering
    const { stage } = trackOf(order, answer ?? null, 0)
    return stage === 'placed' || stage === 'fixed'
  }).length
}

/** How many of the steps are behind an order. */
export const stepsDone = ({ stage }: Pick<Track, 'stage'>): number => {
  const at = steps.findIndex((step) => step === stage)
  return at < 0 ? 1 : at + 1
}
