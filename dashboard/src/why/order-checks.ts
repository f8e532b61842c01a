import { bilateralZone } from '@busbar/core/exchange'
import { verifyInclusion as isInSealedSet } from '@busbar/client'
import type { AccountIntervalZone, FilledOrder, OwnSealedOrder } from '@busbar/protocols/api'
import { orderLeaf, rulebookHash as hashOfRules } from '@busbar/protocols/commitments'
import { orderDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { isInSet } from '@busbar/protocols/sealed-orders'
import { type Check, outcome, type Terms, told, waits } from './checks.ts'
import type { ZoneEvidence } from './evidence.ts'
import { isLeaf, isMalformed } from './leaves.ts'
import {
  isWithinLimit,
  openedChecks,
  openingOf,
  openSigned,
  sealedSigned,
} from './order-words.ts'
import { domainOf } from './reading-checks.ts'

/** That each order is in the set that was fixed, is what its owner signed, and got what it says. */
export function orderChecks(
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  return [
    ...zone.sealedOrders.flatMap((order) => [
      ...sealedChecks(order, evidence),
      ...sealedWords(order, zone, evidence, terms),
    ]),
    ...zone.orders.flatMap((order) => openChecks(zone, order, evidence, terms)),
  ]
}

function sealedChecks(order: OwnSealedOrder, evidence: ZoneEvidence): readonly Check[] {
  const { commitment } = order
  const { shown, orderPaths } = evidence
  const of = commitment.slice(0, 10)
  const path = orderPaths.get(commitment)
  if (shown.ordersRoot === null) return [waits('order', 'order-in-set', of)]
  if (path === undefined) return [outcome('order', 'order-in-set', false, of)]
  const set = { ordersRoot: shown.ordersRoot, orderCount: shown.orderCount }
  const isFixed = path.commitment === commitment && path.ordersRoot === shown.ordersRoot
  const isIn = isFixed && unlessMalformed(() => isInSealedSet(set, commitment, path))
  const isVoid = (order.outcome === 'void') === (order.void !== null)
  const isSaid = order.filledWh > 0 ? order.outcome === 'filled' : order.outcome !== 'filled'
  return [
    outcome('order', 'order-in-set', isIn, of),
    outcome('order', 'order-void', isVoid && isSaid, of),
    fillCheck(evidence, commitment, of),
  ]
}

/** What it says, and that its owner signed it. */
function sealedWords(
  order: OwnSealedOrder,
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const { commitment } = order
  const opening = openingOf(commitment, evidence, terms)
  return [
    ...openedChecks(order, zone, evidence, terms),
    sealedSigned(order, zone, evidence.words.get(commitment), terms, opening),
  ]
}

/** Its own place in the tree of fills holds its leaf; what the leaf says, its owner can open. */
function fillCheck({ shown, orderPaths }: ZoneEvidence, commitment: string, of: string): Check {
  const path = orderPaths.get(commitment)
  if (shown.fillsRoot === null || path?.fill == null) return waits('order', 'fill-in-tree', of)
  const { fill, order } = path
  const set = { root: shown.fillsRoot, count: shown.orderCount }
  const isIn =
    path.fillsRoot === shown.fillsRoot &&
    fill.position === order.position &&
    unlessMalformed(() => isInSet(set, fill.leaf, fill))
  return outcome('order', 'fill-in-tree', isIn, of)
}

function openChecks(
  zone: AccountIntervalZone,
  order: FilledOrder,
  { shown, orderProofs, words }: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const of = order.digest.slice(0, 10)
  const proof = orderProofs.get(order.digest)
  const isWhole = unlessMalformed(() => {
    const { account, interval } = terms
    const digest = orderDigest(domainOf(terms), { ...order, account, interval })
    return bytesToHex(digest) === order.digest
  })
  const own = [
    outcome('order', 'order-digest', isWhole && isWithinLimit(order, zone), of),
    openSigned(order, zone, words.get(order.digest), terms),
  ]
  if (shown.ordersRoot === null) return [...own, waits('order', 'order-in-set', of)]
  const place = { zone: zone.zone, interval: terms.interval }
  const isIn =
    proof?.count === shown.orderCount &&
    isLeaf(proof, shown.ordersRoot, () => orderLeaf(place, order.digest))
  return [...own, outcome('order', 'order-in-set', isIn, of)]
}

/** That there is one price for all, by these rules, and how far its proof is. */
export function clearingChecks(
  zone: AccountIntervalZone,
  { shown }: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const isSame =
    zone.priceMicrosPerKwh === shown.priceMicrosPerKwh &&
    zone.status === shown.status &&
    zone.rulebookHash === shown.rulebookHash &&
    shown.interval === terms.interval &&
    shown.zone === zone.zone &&
    areRunsSame(zone, shown)
  return [
    outcome('clearing', 'clearing-same', isSame),
    rulesCheck(zone, terms),
    ...fillsCheck(zone),
    ...proofCheck(shown),
  ]
}

/** Also where a run has booked nothing for the account, everybody is told of the same one. */
const areRunsSame = ({ runs }: AccountIntervalZone, shown: ZoneEvidence['shown']): boolean =>
  runs.length === shown.runs.length &&
  runs.every(({ run, kind, atMs }, index) => {
    const other = shown.runs[index]
    return other?.run === run && other.kind === kind && other.atMs === atMs
  })

/** The market has or had the rules that the hash names, and what the interval says is in them. */
function rulesCheck(zone: AccountIntervalZone, { rulebooks }: Terms): Check {
  const rules = rulebooks.get(zone.rulebookHash)
  const isHash =
    rules !== undefined &&
    hashOfRules(rules) === zone.rulebookHash &&
    rules.feeMicrosPerKwh === zone.feeMicrosPerKwh &&
    rules.reconciliation.spreadBasisPoints === zone.spreadBasisPoints
  return outcome('clearing', 'rules-are-hash', isHash)
}

/** What the orders got is what the meters have contracted. */
function fillsCheck(zone: AccountIntervalZone): readonly Check[] {
  if (zone.status === 'open' || zone.status === 'fixed') return []
  // Contracts have no orders: they are checked each by itself.
  if (zone.zone === bilateralZone) return []
  const filled = [...zone.orders, ...zone.sealedOrders].reduce((sum, one) => sum + one.filledWh, 0)
  const contracted = zone.meters.reduce((sum, one) => sum + one.boughtWh + one.soldWh, 0)
  return [outcome('clearing', 'fills-are-contracts', filled === contracted)]
}

function proofCheck(shown: ZoneEvidence['shown']): readonly Check[] {
  switch (shown.proof.state) {
    case 'none':
      return []
    case 'proven':
      // A verifier on the chain has said so, and only a node of the chain can be asked.
      return shown.proof.reference === null
        ? [outcome('clearing', 'clearing-proven', false)]
        : [told('clearing', 'clearing-proven')]
    case 'faulty':
      return [outcome('clearing', 'clearing-proven', false)]
    case 'awaited':
    case 'overdue':
      return [waits('clearing', 'clearing-proven')]
  }
}

/** What is not in its form proves nothing, nor does what no exchange could have settled. */
export function unlessMalformed(check: () => boolean): boolean {
  try {
    return check()
  } catch (error) {
    if (isMalformed(error)) return false
    throw error
  }
}
