import type {
  Difference,
  ObservedClearing,
  ObservedFill,
  ObservedOrder,
  ObservedReceipt,
  ObservedSet,
} from './observations.ts'
import {
  contextOf,
  type Fill,
  fillLeaf,
  fillsRootOf,
  leafOf,
  ordersRootOf,
  rootAlong,
} from './sealed-set.ts'

/**
 * Works out a sealed set from its openings: every commitment, both roots, and whether each order
 * that has a receipt is in it. The result is then cleared as any other set of orders.
 */
export function checkSet(
  set: ObservedSet,
  receipts: readonly ObservedReceipt[],
  clearing: ObservedClearing,
): { readonly orders: readonly ObservedOrder[]; readonly differences: readonly Difference[] } {
  const { interval } = clearing
  const differences: Difference[] = []
  const differ = (
    about: 'set' | 'receipt' | 'fill',
    subject: string,
    expected: unknown,
    got: unknown,
  ): void => {
    const shown = { expected: String(expected), got: String(got) }
    differences.push({ about, account: -1, interval, subject, ...shown })
  }
  const context = contextOf(set.place)
  const sorted = set.orders.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1))
  const filled = new Map(clearing.fills.map((fill) => [fill.digest, BigInt(fill.energyWh)]))
  const orders: ObservedOrder[] = []
  const fills: Fill[] = []
  for (const { commitment, account, opening, voidReason } of sorted) {
    const leaf = opening === null ? null : leafOf(context, opening)
    const fits = leaf?.commitment === commitment && opening?.account === account
    if (voidReason !== null) {
      fills.push(null)
      if (filled.has(commitment)) differ('fill', commitment, 'void', filled.get(commitment))
      if (voidReason === 'mismatch' && fits) differ('set', commitment, 'it fits', voidReason)
      continue
    }
    if (opening === null || leaf === null || !fits) {
      differ('set', commitment, 'void', leaf?.commitment ?? 'not opened')
      fills.push(null)
      continue
    }
    const { meter, side, energyWh, limitMicrosPerKwh } = opening
    const terms = { meter, side, energyWh, limitMicrosPerKwh }
    orders.push({ digest: commitment, interval, ...terms })
    fills.push({ pad: leaf.pad, fillWh: filled.get(commitment) ?? 0n })
  }
  compareRoots(set, sorted, fills, differ)
  compareReceipts(set, receipts, differ)
  return { orders, differences }
}

type Differ = (about: 'set' | 'receipt', subject: string, expected: unknown, got: unknown) => void

function compareRoots(
  set: ObservedSet,
  sorted: ObservedSet['orders'],
  fills: readonly Fill[],
  differ: Differ,
): void {
  const ordersRoot = ordersRootOf(sorted.map(({ commitment }) => commitment))
  if (ordersRoot !== set.ordersRoot) differ('set', 'root of orders', ordersRoot, set.ordersRoot)
  const fillsRoot = fillsRootOf(fills)
  if (fillsRoot !== set.fillsRoot) differ('set', 'root of fills', fillsRoot, set.fillsRoot)
  const voids = sorted.filter(({ voidReason }) => voidReason !== null).length
  if (voids !== set.voidCount) differ('set', 'number of voids', voids, set.voidCount)
}

function compareReceipts(
  set: ObservedSet,
  receipts: readonly ObservedReceipt[],
  differ: Differ,
): void {
  const owners = new Map(set.orders.map(({ commitment, account }) => [commitment, account]))
  for (const { commitment, account } of receipts) {
    const owner = owners.get(commitment)
    if (owner !== account) differ('receipt', commitment, `of ${account}`, owner ?? 'not in the set')
    owners.delete(commitment)
  }
  for (const [commitment] of owners) differ('receipt', commitment, 'no such order', 'in the set')
}

/** What a trader finds when it opens its own fill; null where all is well. */
export function checkOwnFill(fill: ObservedFill): Difference | null {
  const { place, opening, energyWh, voidReason, path, fillsRoot } = fill
  const { commitment, pad } = leafOf(contextOf(place), opening)
  const leaf = fillLeaf(voidReason === null ? { pad, fillWh: BigInt(energyWh) } : null)
  const root = rootAlong(leaf, path)
  if (root === fillsRoot) return null
  const { account } = opening
  const where = { account, interval: place.interval, subject: commitment }
  return { about: 'fill', ...where, expected: fillsRoot, got: String(root) }
}
