/** An interval of a sealed book cleared once more, the slow way, against what the chain has. */
import { clearNaive, type Order } from '@busbar/core/clearing'
import type { VoidReason } from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { Openings } from '@busbar/protocols/api'
import { sealedClearingLeaves, voidReasonLeaf } from '@busbar/protocols/commitments'
import { bytesToHex } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import {
  fillLeafOf,
  isOrderSet,
  type Opening,
  setRoot,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import type { WitnessedInterval } from '@busbar/server/own-node/challenger'
import type { Grounds } from './grounds.ts'
import {
  isOpeningOf,
  limitObjection,
  type OpenedOrder,
  type VoidFinding,
  voidFinding,
} from './void-finding.ts'

/** Says nothing of any order but which were void and why: it may be given to everybody. */
export type ReExecution = {
  readonly agrees: boolean
  /** What is not as it should be, in words. */
  readonly differences: readonly string[]
  readonly recomputed: {
    readonly ordersRoot: string
    readonly orderCount: number
    readonly price: string | null
    readonly energy: string
    readonly voidCount: number
    readonly fillsRoot: string
    readonly clearingRoot: string
  }
  readonly voids: readonly {
    readonly commitment: string
    readonly reason: VoidReason
    readonly finding: VoidFinding
  }[]
}

/**
 * @param opened with what is shown for its voids as `grounds`
 * @param context what the orders are bound to, made by the caller from the chain's own words
 * @param rulebook whose hash the chain has
 */
export function reExecute(
  opened: Pick<Openings, 'zone' | 'interval' | 'orders'> & { readonly grounds: Grounds },
  context: string,
  rulebook: Rulebook,
  chain: WitnessedInterval,
): ReExecution {
  const { orders, grounds } = opened
  const differences = [...grounds.differences]
  const taking = orders.filter((order) => order.void === null)
  for (const order of taking) {
    const why = objectionTo(order, context, rulebook)
    if (why !== undefined) differences.push(`order ${order.commitment} took part: ${why}`)
  }
  const commitments = orders.map(({ commitment }) => commitment)
  if (!isOrderSet(commitments)) differences.push('the set does not ascend')
  const voids = orders.flatMap((order) => {
    if (order.void === null) return []
    const finding = voidFinding(order, { ...opened, context, rulebook })
    return [{ commitment: order.commitment, reason: order.void, finding }]
  })
  for (const { commitment, reason, finding } of voids) {
    if (finding !== 'unfounded') continue
    differences.push(`order ${commitment} is void: ${reason} is not so`)
  }
  const recomputed = recompute(opened, context)
  const { clearing } = chain
  compare(differences, 'ordersRoot', chain.ordersRoot, recomputed.ordersRoot)
  compare(differences, 'orderCount', chain.orderCount, recomputed.orderCount)
  if (clearing === null) differences.push('the chain has no clearing')
  else {
    compare(differences, 'price', clearing.price?.toString() ?? null, recomputed.price)
    compare(differences, 'energy', clearing.energy.toString(), recomputed.energy)
    compare(differences, 'voidCount', clearing.voidCount, recomputed.voidCount)
    compare(differences, 'fillsRoot', clearing.fillsRoot, recomputed.fillsRoot)
    compare(differences, 'clearingRoot', clearing.clearingRoot, recomputed.clearingRoot)
  }
  return { agrees: differences.length === 0, differences, recomputed, voids }
}

function recompute(
  { zone, interval, orders }: Pick<Openings, 'zone' | 'interval' | 'orders'>,
  context: string,
): ReExecution['recomputed'] {
  const taking = orders.flatMap(({ commitment, opening, void: reason }): Order[] =>
    opening === null || reason !== null ? [] : [orderOf(commitment, opening)],
  )
  const { price, energy, fills } = clearNaive(taking)
  const fillOf = new Map(fills.map((fill) => [fill.orderId, fill.energy]))
  const fillsRoot = setRoot(
    orders.map(({ commitment, opening, void: reason }) =>
      opening === null || reason !== null
        ? voidLeaf
        : fillLeafOf(context, opening, fillOf.get(commitment) ?? 0n),
    ),
  )
  const place = { zone, interval }
  const voids = orders.flatMap(({ commitment, void: reason }) =>
    reason === null ? [] : [voidReasonLeaf(place, commitment, reason)],
  )
  const roots = { fillsRoot, voidsRoot: bytesToHex(merkleRoot(voids)) }
  return {
    ordersRoot: setRoot(orders.map(({ commitment }) => commitment)),
    orderCount: orders.length,
    price: price?.toString() ?? null,
    energy: energy.toString(),
    voidCount: voids.length,
    fillsRoot,
    clearingRoot: bytesToHex(merkleRoot(sealedClearingLeaves(place, { price, energy }, roots))),
  }
}

const orderOf = (id: string, { side, energyWh, limitMicrosPerKwh }: Opening): Order => ({
  id,
  side,
  energy: WattHours.from(BigInt(energyWh)),
  limit: MicrosPerKwh.from(BigInt(limitMicrosPerKwh)),
})

/** Why an order must not take part, as far as its opening tells; undefined if nothing is wrong. */
function objectionTo(
  order: OpenedOrder,
  context: string,
  rulebook: Rulebook,
): VoidReason | undefined {
  const { opening } = order
  if (opening === null) return 'not_opened'
  if (!isOpeningOf(order, context, opening)) return 'mismatch'
  return limitObjection(opening, rulebook)
}

function compare(
  differences: string[],
  name: string,
  onChain: string | number | null,
  own: string | number | null,
): void {
  if (onChain !== own) differences.push(`${name}: ${onChain} on the chain, ${own} by the rule`)
}
