/**
 * Proofs of sets with more orders than one circuit takes: a proof for every 4,096 slots, each from
 * the state that the one before it ended in, and one that joins them. A state is a hash of what all
 * orders are compared with and of the sums so far; a random blind keeps both from being guessed.
 */
import { assert } from '@busbar/core/errors'
import {
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  hashFields,
  partSize,
  priceOffset,
  rootOfParts,
  SetTree,
  wordFields,
} from '@busbar/protocols/sealed-orders'
import type { InputMap } from '@noir-lang/noir_js'
import { inputNumber, solve } from './solve.ts'
import {
  type Batch,
  type BatchOrder,
  type Field,
  isOpened,
  type Statement,
  statementOf,
} from './statement.ts'
import { adviceFor } from './witness.ts'

/** The most parts that one proof joins. */
export const partsMax = 16

/** What all slots are compared with. See `Terms` in `circuits/parts/src/terms.nr`. */
export type Terms = {
  noTrade: bigint
  buysLong: bigint
  sellsLong: bigint
  price: bigint
  lowest: bigint
  highest: bigint
  odd: bigint
  energy: bigint
  left: bigint
  wanted: bigint
  tie: bigint
}

/** What is carried from slot to slot. See `Sums` in `circuits/parts/src/slot.nr`. */
export type Sums = {
  orders: bigint
  voids: bigint
  full: bigint
  boughtWhole: bigint
  soldWhole: bigint
  marginal: bigint
  shared: bigint
  buysInNear: bigint
  sellsInNear: bigint
  buysOutNear: bigint
  sellsOutNear: bigint
}

/** One slot of a part. See `Slot` in `circuits/parts/src/slot.nr`. */
export type PartSlot = {
  buyIn: bigint
  sellIn: bigint
  buyOut: bigint
  sellOut: bigint
  marginal: bigint
  void: bigint
  limit: bigint
  energy: bigint
  inverse: bigint
  blind: bigint
  commitment: bigint
  share: bigint
  near: bigint
}

/** All that the circuit of a part is given. */
export type PartInput = {
  context: bigint
  ordersRoot: bigint
  fillsRoot: bigint
  before: bigint
  after: bigint
  blind: bigint
  terms: Terms
  start: Sums
  slots: PartSlot[]
}

/** All that the joining circuit is given. */
export type JoinInput = {
  context: bigint
  ordersRoot: bigint
  fillsRoot: bigint
  header: bigint
  parts: { orders: bigint[]; fills: bigint[]; before: bigint[]; after: bigint[] }
  used: bigint[]
  blind: bigint
  terms: Terms
  sums: Sums
}

/** How a set is cut: `slots` a part, at most `parts` of them. Tests cut small ones. */
export type Cut = {
  readonly slots: number
  readonly parts: number
  /** The root over the leaves of one part. */
  readonly partRoot: (leaves: readonly Field[]) => Field
}

export const cut: Cut = {
  slots: partSize,
  parts: partsMax,
  partRoot: (leaves) => new SetTree(leaves).root,
}

export const noSums: Sums = {
  orders: 0n,
  voids: 0n,
  full: 1n,
  boughtWhole: 0n,
  soldWhole: 0n,
  marginal: 0n,
  shared: 0n,
  buysInNear: 0n,
  sellsInNear: 0n,
  buysOutNear: 0n,
  sellsOutNear: 0n,
}

const emptySlot: PartSlot = {
  buyIn: 0n,
  sellIn: 0n,
  buyOut: 0n,
  sellOut: 0n,
  marginal: 0n,
  void: 0n,
  limit: 0n,
  energy: 0n,
  inverse: 0n,
  blind: 0n,
  commitment: 0n,
  share: 0n,
  near: 0n,
}

/** A state as the circuits hash it. */
export const stateOf = (blind: bigint, terms: Terms, sums: Sums): bigint =>
  hashFields([blind, ...Object.values(terms), ...Object.values(sums)])

/** What an honest prover gives the circuits of a batch, in two parts or more. */
export function partInputs(
  batch: Batch,
  blind: bigint,
  { slots: size, parts: most, partRoot }: Cut = cut,
  statement: Statement = statementOf(batch),
): { readonly parts: readonly PartInput[]; readonly join: JoinInput } {
  const count = Math.ceil(batch.orders.length / size)
  assert(count > 1 && count <= most, 'a batch fits its parts')
  const terms = termsOf(batch, statement)
  const context = fieldFromHex(batch.context)
  let sums = noSums
  const parts = Array.from({ length: count }, (_, part): PartInput => {
    const from = part * size
    const orders = batch.orders.slice(from, from + size)
    const slots = orders.map((order, i) => slotOf(order, terms, statement.fillsWh[from + i] ?? 0n))
    while (slots.length < size) slots.push({ ...emptySlot })
    const start = sums
    sums = slots.reduce(added, sums)
    return {
      context,
      ordersRoot: fieldFromHex(partRoot(orders.map(({ commitment }) => commitment))),
      fillsRoot: fieldFromHex(partRoot(statement.fillLeaves.slice(from, from + size))),
      before: stateOf(blind, terms, start),
      after: stateOf(blind, terms, sums),
      blind,
      terms: { ...terms },
      start: { ...start },
      slots,
    }
  })
  const filled = (of: (part: PartInput) => bigint): bigint[] =>
    Array.from({ length: most }, (_, i) => (parts[i] === undefined ? 0n : of(parts[i])))
  const join: JoinInput = {
    context,
    ordersRoot: rootOf(parts.map(({ ordersRoot }) => ordersRoot)),
    fillsRoot: rootOf(parts.map(({ fillsRoot }) => fillsRoot)),
    header: fieldFromHex(statement.header),
    parts: {
      orders: filled(({ ordersRoot }) => ordersRoot),
      fills: filled(({ fillsRoot }) => fillsRoot),
      before: filled(({ before }) => before),
      after: filled(({ after }) => after),
    },
    used: filled(() => 1n),
    blind,
    terms: { ...terms },
    sums: { ...sums },
  }
  return { parts, join }
}

const rootOf = (roots: readonly bigint[]): bigint =>
  fieldFromHex(rootOfParts(roots.map((root) => fieldToHex(root))))

/** The case that the price is right by, its range, and what is shared at it. */
function termsOf(batch: Batch, statement: Statement): Terms {
  const active = batch.orders.filter(isOpened).map((order) => {
    const { side, limitMicrosPerKwh, energyWh } = wordFields(fieldFromHex(order.word))
    const limit = BigInt(limitMicrosPerKwh) + priceOffset
    return { active: 1n, side: side === 'sell' ? 1n : 0n, limit, energy: BigInt(energyWh) }
  })
  const isTrade = statement.priceMicrosPerKwh !== null
  const price = isTrade ? (statement.priceMicrosPerKwh ?? 0n) + priceOffset : 0n
  const advice = adviceFor(active, isTrade ? price : null)
  const isBalanced = advice.balanced === 1n
  const long = advice.demand === 1n ? 0n : 1n
  const isMarginal = (order: (typeof active)[number]): boolean =>
    isTrade && !isBalanced && order.side === long && order.limit === price
  const isBetter = ({ side, limit }: (typeof active)[number]): boolean =>
    side === long && (side === 0n ? limit > price : limit < price)
  const energyOf = (wanted: (order: (typeof active)[number]) => boolean): bigint =>
    active.reduce((sum, order) => (wanted(order) ? sum + order.energy : sum), 0n)
  const isShared = advice.demand + advice.supply === 1n
  const left = isShared ? statement.energyWh - energyOf(isBetter) : 0n
  return {
    noTrade: isTrade ? 0n : 1n,
    buysLong: advice.demand,
    sellsLong: advice.supply,
    price,
    lowest: isBalanced ? advice.x : isTrade ? price : advice.x + 1n,
    highest: isBalanced ? advice.y : isTrade ? price : advice.x,
    odd: advice.odd,
    energy: statement.energyWh,
    left,
    wanted: isShared ? energyOf(isMarginal) : 1n,
    tie: isShared && left === 0n ? 1n : 0n,
  }
}

function slotOf(order: BatchOrder, terms: Terms, fillWh: bigint): PartSlot {
  const commitment = fieldFromHex(order.commitment)
  if (!isOpened(order)) return { ...emptySlot, void: 1n, commitment }
  const word = fieldFromHex(order.word)
  const [isSell, limit, energy] = [(word & 1n) === 1n, (word >> 1n) & (2n ** 41n - 1n), word >> 42n]
  const { noTrade, buysLong, sellsLong, price, lowest, highest } = terms
  const isLong = isSell ? sellsLong === 1n : buysLong === 1n
  const isMarginal = isLong && limit === price
  const isInside = isSell ? limit <= lowest - sellsLong : limit >= highest + buysLong
  const isIn = noTrade === 0n && isInside && !isMarginal
  const edge = isSell
    ? isIn
      ? lowest - sellsLong
      : highest + 1n
    : isIn
      ? highest + buysLong
      : lowest - 1n
  const slot = {
    ...emptySlot,
    limit,
    energy,
    inverse: inverseOf(energy),
    blind: fieldFromHex(order.blind),
    commitment,
  }
  if (isMarginal) return { ...slot, marginal: 1n, share: fillWh }
  const kind = isSell ? (isIn ? 'sellIn' : 'sellOut') : isIn ? 'buyIn' : 'buyOut'
  return { ...slot, [kind]: 1n, near: limit === edge ? 1n : 0n }
}

function added(sums: Sums, slot: PartSlot): Sums {
  const active = slot.buyIn + slot.sellIn + slot.buyOut + slot.sellOut + slot.marginal
  const near = slot.near * slot.energy
  return {
    orders: sums.orders + active + slot.void,
    voids: sums.voids + slot.void,
    full: active + slot.void,
    boughtWhole: sums.boughtWhole + slot.buyIn * slot.energy,
    soldWhole: sums.soldWhole + slot.sellIn * slot.energy,
    marginal: sums.marginal + slot.marginal * slot.energy,
    shared: sums.shared + slot.share,
    buysInNear: sums.buysInNear + near * slot.buyIn,
    sellsInNear: sums.sellsInNear + near * slot.sellIn,
    buysOutNear: sums.buysOutNear + near * slot.buyOut,
    sellsOutNear: sums.sellsOutNear + near * slot.sellOut,
  }
}

/** 1 / value in the field, by the extended Euclidean algorithm. */
function inverseOf(value: bigint): bigint {
  let [a, b, x, y] = [value, fieldOrder, 1n, 0n]
  while (a > 1n) {
    const times = b / a
    ;[a, b, x, y] = [b - times * a, a, y - times * x, x]
  }
  return ((x % fieldOrder) + fieldOrder) % fieldOrder
}
