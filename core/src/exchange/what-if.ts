import { type Clearing, type Order } from '../clearing/index.ts'
import { assert } from '../errors/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { netOf, type Reason } from '../settlement/index.ts'
import { Micros, type MicrosPerKwh, WattHours } from '../units/index.ts'
import type { Engine } from './engine.ts'
import { bilateralZone } from './lookups.ts'
import { meteredOf, reconciliationOf } from './settle.ts'
import type { IntervalRecord, OpenOrder, State } from './state.ts'

/** What an interval comes to by some rulebook. */
export type WhatIf = {
  readonly price: MicrosPerKwh | null
  readonly energy: WattHours
  /** Orders that this rulebook would not have taken. */
  readonly refused: number
  /** Each account's sum, without zeros. Bonds and shortfalls are not in it. */
  readonly net: ReadonlyMap<number, Micros>
}

/**
 * What a settled interval would have come to by `rulebook`: its orders, as far as that takes them,
 * cleared anew, and the energy that its meters have shown, as it is known now, settled by that.
 * With the interval's own rulebook it is what stands. Nothing is changed.
 *
 * @param orders those that took part, each opened
 */
export function whatIf(
  state: State,
  record: IntervalRecord,
  orders: readonly OpenOrder[],
  rulebook: Rulebook,
  engine: Engine,
): WhatIf {
  assert(record.zone !== bilateralZone, 'trades have their own rules')
  const authority = state.participants.find((one) => one.roles.includes('balancing-authority'))
  assert(authority !== undefined, 'what is settled has somebody who balances it')
  const taken = takenBy(rulebook, orders)
  const clearing = engine.clear(
    taken.map(({ digest, side, energy, limit }): Order => ({ id: digest, side, energy, limit })),
  )
  const { price, energy } = clearing
  const asIf: IntervalRecord = { ...record, price, contracts: contractsOf(taken, clearing) }
  const meters = meteredOf(state, asIf, engine)
  const { items } = engine.reconcile(reconciliationOf(asIf, meters, authority.account, rulebook))
  const net = new Map(netOf(items).map(({ account, amount }) => [account, amount]))
  return { price, energy, refused: orders.length - taken.length, net }
}

/**
 * What stands posted for an interval, each account's sum without zeros: what `whatIf` comes to by
 * the interval's own rulebook, from its last run on until something changes what its meters show.
 */
export function standingOf(
  { posted }: Pick<IntervalRecord, 'posted'>,
): ReadonlyMap<number, Micros> {
  const sums = new Map<number, bigint>()
  for (const [key, { amount }] of posted) {
    const [account = '', , , reason = ''] = key.split('/')
    if (bonds.includes(reason)) continue
    sums.set(Number(account), (sums.get(Number(account)) ?? 0n) + amount)
  }
  return new Map(
    [...sums].flatMap(([account, sum]) => (sum === 0n ? [] : [[account, Micros.from(sum)]])),
  )
}

const bonds: readonly string[] = ['bond_lost', 'bond_received'] satisfies readonly Reason[]

/** What a rulebook says of each order by itself, and how many of an account it takes. */
function takenBy(rulebook: Rulebook, orders: readonly OpenOrder[]): readonly OpenOrder[] {
  const [min, max] = [rulebook.priceMinMicrosPerKwh, rulebook.priceMaxMicrosPerKwh]
  const tick = BigInt(rulebook.priceTickMicrosPerKwh)
  const counts = new Map<number, number>()
  return orders
    .toSorted((a, b) => a.sequence - b.sequence)
    .filter(({ account, energy, limit }) => {
      const fits = limit >= BigInt(min) && limit <= BigInt(max) && limit % tick === 0n
      const count = counts.get(account) ?? 0
      const isTaken =
        fits && energy <= BigInt(rulebook.orderEnergyMaxWh) && count < rulebook.ordersPerAccountMax
      if (isTaken) counts.set(account, count + 1)
      return isTaken
    })
}

/** As the gate gives them: bought and sold by meter. */
function contractsOf(
  orders: readonly OpenOrder[],
  { fills }: Clearing,
): IntervalRecord['contracts'] {
  const byDigest = new Map(orders.map((order) => [order.digest, order]))
  const contracts: IntervalRecord['contracts'] = new Map()
  for (const { orderId, energy } of fills) {
    const order = byDigest.get(orderId)
    assert(order !== undefined, 'only orders are filled')
    const { bought, sold } = contracts.get(order.meter) ??
      { bought: WattHours.zero, sold: WattHours.zero }
    contracts.set(order.meter, order.side === 'buy'
      ? { bought: WattHours.from(bought + energy), sold }
      : { bought, sold: WattHours.from(sold + energy) })
  }
  return contracts
}
