import { clearNaive, type CurveStep, curvesOf, type Fill, type Order } from '@busbar/core/clearing'
import { canonicalJson } from '@busbar/core/encoding'
import { bilateralZone } from '@busbar/core/exchange'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { PublicInterval } from '@busbar/protocols/api'
import {
  clearingLeaf,
  fillLeaf,
  orderLeaf,
  sealedClearingLeaves,
  voidReasonLeaf,
} from '@busbar/protocols/commitments'
import { createDomain, orderDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import {
  commitmentOf,
  contextOf,
  fillLeafOf,
  setRoot,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import {
  isByRules,
  isCleared,
  linesOf,
  open,
  placeOf,
  readingsRootOf,
  rootOf,
  type Told,
  told,
  tradedRootOf,
} from './check.ts'
import type { ReplayMaterial } from './material.ts'
import { moneyByRule } from './zone-money.ts'

const isSealed = ({ shown }: ReplayMaterial): boolean => shown.orderBook !== 'open'

export function ordersCheck(material: ReplayMaterial): Told {
  const { shown, replay, openings, market } = material
  if (shown.ordersRoot === null) return open()
  if (!isSealed(material)) {
    const domain = createDomain({ ...market.domain, market: market.market })
    const { interval } = replay
    const areTheirs = replay.orders.every((order) =>
      bytesToHex(orderDigest(domain, { ...order, interval })) === order.digest)
    const leaves = replay.orders.map(({ digest }) => orderLeaf(placeOf(material), digest))
    return told(areTheirs && rootOf(leaves) === shown.ordersRoot, leaves.length)
  }
  if (openings === null) return open()
  const context = contextFor(material)
  const areTheirs = openings.orders.every(({ commitment, opening, void: reason }) =>
    opening === null || reason !== null || commitmentOf(context, opening) === commitment)
  const root = setRoot(openings.orders.map(({ commitment }) => commitment))
  return told(areTheirs && root === shown.ordersRoot, openings.orders.length)
}

const contextFor = ({ shown, market }: ReplayMaterial): string =>
  contextOf({
    ...{ zone: shown.zone, interval: shown.interval, rulebookHash: shown.rulebookHash },
    chainId: market.domain.chainId,
    intervalLog: market.contracts?.intervalLog ?? '',
  })

type OwnedOrder = Order & { readonly account: number; readonly meter: number }

/** Those that took part, by what names them. */
function ordersOf({ replay, openings }: ReplayMaterial): readonly OwnedOrder[] {
  const plain = replay.orders.map((order) => ({ ...order, id: order.digest }))
  const opened = (openings?.orders ?? []).flatMap(({ commitment, opening, void: reason }) =>
    opening === null || reason !== null ? [] : [{ ...opening, id: commitment }])
  return [...plain, ...opened].map(({ energyWh, limitMicrosPerKwh, ...order }) => ({
    ...{ id: order.id, account: order.account, meter: order.meter, side: order.side },
    energy: WattHours.from(BigInt(energyWh)),
    limit: MicrosPerKwh.from(BigInt(limitMicrosPerKwh)),
  }))
}

export function clearingCheck(material: ReplayMaterial): Told {
  if (!isCleared(material)) return open()
  const orders = ordersOf(material)
  const { price, energy, fills } = clearNaive(orders)
  const { shown, audit } = material
  const isSame = [shown, audit].every((one) =>
    one.priceMicrosPerKwh === (price === null ? null : Number(price)) &&
    one.energyWh === Number(energy))
  return told(isSame && areCurves(shown.curves, orders, fills), orders.length)
}

/** Whether the public curves are those of what was filled; of older clearings there are none. */
function areCurves(
  shown: PublicInterval['curves'],
  orders: readonly OwnedOrder[],
  fills: readonly Fill[],
): boolean {
  if (shown === null) return true
  const filledOf = new Map(fills.map(({ orderId, energy }) => [orderId, energy]))
  const { buy, sell } = curvesOf(orders.flatMap(({ id, account, side, limit }) => {
    const filled = filledOf.get(id)
    return filled === undefined ? [] : [{ account, side, limit, filled }]
  }))
  return canonicalJson(shown) === canonicalJson({ buy: asShown(buy), sell: asShown(sell) })
}

const asShown = (steps: readonly CurveStep[] | null) =>
  steps?.map(({ energy, limit }) => ({
    energyWh: Number(energy), meanMicrosPerKwh: Number(limit),
  })) ?? null

/** What each order got, as it was shown to auditors, and under the roots that everybody has. */
export function fillsCheck(material: ReplayMaterial): Told {
  if (!isCleared(material)) return open()
  const { shown, audit, openings } = material
  const { price, energy, fills } = clearNaive(ordersOf(material))
  const fillOf = new Map(fills.map((fill) => [fill.orderId, fill.energy]))
  const same = fills.map(({ orderId, energy: got }) => `${orderId}/${got}`).sort()
  const isSame = audit.fills.map((one) => `${one.digest}/${one.energyWh}`).sort().join() ===
    same.join()
  const place = placeOf(material)
  if (!isSealed(material)) {
    const sorted = fills.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))
    const leaves = [
      clearingLeaf(place, { price, energy }),
      ...sorted.map(({ orderId, energy: got }) => fillLeaf(place, orderId, got)),
    ]
    return told(isSame && rootOf(leaves) === shown.clearingRoot, fills.length)
  }
  if (openings === null) return open()
  const context = contextFor(material)
  const fillsRoot = setRoot(
    openings.orders.map(({ commitment, opening, void: reason }) =>
      opening === null || reason !== null
        ? voidLeaf
        : fillLeafOf(context, opening, fillOf.get(commitment) ?? 0n)),
  )
  const voids = openings.orders.flatMap(({ commitment, void: reason }) =>
    reason === null ? [] : [voidReasonLeaf(place, commitment, reason)])
  const roots = { fillsRoot, voidsRoot: rootOf(voids) }
  const clearingRoot = rootOf(sealedClearingLeaves(place, { price, energy }, roots))
  const areRoots = fillsRoot === shown.fillsRoot && clearingRoot === shown.clearingRoot
  return told(isSame && areRoots, fills.length)
}

export function readingsCheck(material: ReplayMaterial): Told {
  const { shown, replay } = material
  if (shown.runs.length === 0) return open()
  const place = placeOf(material)
  const areRoots = shown.runs.every(({ run, readingsRoot }) =>
    readingsRootOf(place, replay.runs[run]?.readings ?? []) === readingsRoot)
  const count = replay.runs.reduce((sum, { readings }) => sum + readings.length, 0)
  return told(areRoots && replay.runs.length === shown.runs.length, count)
}

/** What contracts got of the zone's meters is what their own last run has under its root. */
export function byContractCheck({ traded, replay, shown }: ReplayMaterial): Told {
  if (traded === null || traded.readingsRoot === null || shown.runs.length === 0) return open()
  const place = { zone: bilateralZone, interval: shown.interval }
  const of = new Map(traded.meters.map((one) => [one.meter, one]))
  const isSame = replay.meters.every(({ meter, tradeBoughtWh, tradeSoldWh }) => {
    const { boughtWh = 0, soldWh = 0 } = of.get(meter) ?? {}
    return tradeBoughtWh === boughtWh && tradeSoldWh === soldWh
  })
  const isUnder = tradedRootOf(place, traded.meters) === traded.readingsRoot
  return told(isSame && isUnder, traded.meters.length)
}

export function moneyCheck(material: ReplayMaterial): Told {
  const { shown, market } = material
  if (shown.runs.length === 0 || !isByRules(material)) return open()
  const orders = ordersOf(material)
  const holds = moneyByRule(material.replay, market.rulebook, orders, clearNaive(orders))
  return told(holds, linesOf(material).length)
}
