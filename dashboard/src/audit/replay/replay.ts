import {
  clearNaive, type CurveStep, curvesOf, type Fill, type Order,
} from '@busbar/core/clearing'
import { canonicalJson } from '@busbar/core/encoding'
import type {
  AuditInterval,
  AuditReplay,
  Market,
  Openings,
  PublicInterval,
} from '@busbar/protocols/api'
import {
  clearingLeaf,
  energyLeaf,
  fillLeaf,
  orderLeaf,
  type Place,
  postingLeaf,
  sealedClearingLeaves,
  voidReasonLeaf,
} from '@busbar/protocols/commitments'
import { createDomain, orderDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import {
  commitmentOf,
  contextOf,
  fillLeafOf,
  setRoot,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { moneyByRule } from './replay-money.ts'

/** All that an interval is worked out from, and what everybody is shown of it. */
export type ReplayMaterial = {
  readonly shown: PublicInterval
  readonly audit: AuditInterval
  readonly replay: AuditReplay
  /** Of a sealed book. */
  readonly openings: Openings | null
  readonly market: Pick<
    Market,
    'market' | 'domain' | 'contracts' | 'rulebook' | 'rulebookHash'
  >
}

/** What is worked out again, in the order in which it happened; see `replay.check.…`. */
export const replayChecks = [
  'rules', 'orders', 'clearing', 'fills', 'readings', 'postings', 'money', 'nets',
] as const
export type ReplayCheckName = (typeof replayChecks)[number]

/** `open`: cannot be worked out yet, or by these rules. */
export type ReplayCheck = {
  readonly name: ReplayCheckName
  readonly state: 'holds' | 'fails' | 'open'
  /** How many orders, readings, lines it was worked out from. */
  readonly count: number
}

type Told = Omit<ReplayCheck, 'name'>

/** One check after the other, as they are done: the first ones may take a while. */
export function* replayed(material: ReplayMaterial): Generator<ReplayCheck, void, undefined> {
  const steps: Readonly<Record<ReplayCheckName, () => Told>> = {
    rules: () => rulesCheck(material),
    orders: () => ordersCheck(material),
    clearing: () => clearingCheck(material),
    fills: () => fillsCheck(material),
    readings: () => readingsCheck(material),
    postings: () => postingsCheck(material),
    money: () => moneyCheck(material),
    nets: () => netsCheck(material),
  }
  for (const name of replayChecks) {
    let told: Told
    try {
      told = steps[name]()
    } catch {
      // What cannot be computed with is not what the exchange computed with.
      told = { state: 'fails', count: 0 }
    }
    yield { name, ...told }
  }
}

const told = (holds: boolean, count: number): Told => ({
  state: holds ? 'holds' : 'fails',
  count,
})

const open = (count = 0): Told => ({ state: 'open', count })

const rootOf = (leaves: readonly Uint8Array[]): string => bytesToHex(merkleRoot(leaves))

const placeOf = ({ shown: { zone, interval } }: ReplayMaterial): Place => ({ zone, interval })

/** The rules that are shown are those that the interval names. */
function rulesCheck({ shown, market }: ReplayMaterial): Told {
  const hash = bytesToHex(keccak256(textToBytes(canonicalJson(market.rulebook))))
  if (hash !== market.rulebookHash) return told(false, 1)
  return hash === shown.rulebookHash ? told(true, 1) : open(1)
}

const isSealed = ({ shown }: ReplayMaterial): boolean => shown.orderBook !== 'open'

function ordersCheck(material: ReplayMaterial): Told {
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

const isCleared = ({ shown }: ReplayMaterial): boolean =>
  shown.status !== 'open' && shown.status !== 'fixed'

function clearingCheck(material: ReplayMaterial): Told {
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
function fillsCheck(material: ReplayMaterial): Told {
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

function readingsCheck(material: ReplayMaterial): Told {
  const { shown, replay } = material
  if (shown.runs.length === 0) return open()
  const place = placeOf(material)
  const areRoots = shown.runs.every(({ run, readingsRoot }) => {
    const leaves = (replay.runs[run]?.readings ?? []).map((one) =>
      energyLeaf(place, hexToBytes(one.salt, 16, 'salt'), {
        ...{ meter: one.meter, assurance: one.assurance },
        ...{ imported: BigInt(one.importedWh), exported: BigInt(one.exportedWh) },
      }))
    return rootOf(leaves) === readingsRoot
  })
  const count = replay.runs.reduce((sum, { readings }) => sum + readings.length, 0)
  return told(areRoots && replay.runs.length === shown.runs.length, count)
}

/** A line that stands for many meters. */
const manyMeters = -1

function postingsCheck(material: ReplayMaterial): Told {
  const { shown, replay } = material
  if (shown.runs.length === 0) return open()
  const place = placeOf(material)
  const areRoots = shown.runs.every(({ run, postingsRoot }) => {
    const leaves = (replay.runs[run]?.postings ?? []).map(({ account, salt, lines }) =>
      postingLeaf(place, hexToBytes(salt, 16, 'salt'), {
        ...{ run, account },
        amount: lines.reduce((sum, line) => sum + BigInt(line.amountMicros), 0n),
        lines: lines.map((line) => ({
          ...{ meter: line.meter ?? manyMeters, trade: line.trade, reason: line.reason },
          ...{ energy: BigInt(line.energyWh), price: BigInt(line.priceMicrosPerKwh) },
          amount: BigInt(line.amountMicros),
        })),
      }))
    return rootOf(leaves) === postingsRoot
  })
  return told(areRoots, linesOf(material).length)
}

const linesOf = ({ replay }: ReplayMaterial) =>
  replay.runs.flatMap(({ postings }) => postings.flatMap(({ lines }) => lines))

function moneyCheck(material: ReplayMaterial): Told {
  const { shown, market } = material
  if (shown.runs.length === 0 || market.rulebookHash !== shown.rulebookHash) return open()
  const orders = ordersOf(material)
  const holds = moneyByRule(material.replay, market.rulebook, orders, clearNaive(orders))
  return told(holds, linesOf(material).length)
}

/** Each run sums to nothing over all accounts, and all of them to what auditors are told. */
function netsCheck({ replay, audit, shown }: ReplayMaterial): Told {
  if (shown.runs.length === 0) return open()
  const nets = new Map<number, number>()
  const areZero = replay.runs.every(({ postings }) => {
    let sum = 0
    for (const { account, lines } of postings) {
      const own = lines.reduce((all, { amountMicros }) => all + amountMicros, 0)
      nets.set(account, (nets.get(account) ?? 0) + own)
      sum += own
    }
    return sum === 0
  })
  const shownNets = new Map(audit.nets.map(({ account, amountMicros }) => [account, amountMicros]))
  const isSame = [...new Set([...nets.keys(), ...shownNets.keys()])].every(
    (account) => (nets.get(account) ?? 0) === (shownNets.get(account) ?? 0),
  )
  return told(areZero && isSame, nets.size)
}
