import { assert } from '@busbar/core/errors'
import { fieldFromHex, priceOffset, wordFields } from '@busbar/protocols/sealed-orders'
import type { InputMap } from '@noir-lang/noir_js'
import { clearingCircuit, type ClearingSize } from './circuit.ts'
import { inputNumber as hex, solve } from './solve.ts'
import { type Batch, isOpened, publicInputsOf, type Statement, statementOf } from './statement.ts'

export type SolvedClearing = {
  /** The solved witness as `bb prove -w` takes it (gzip). */
  readonly witness: Uint8Array
  readonly statement: Statement
}

/** An order of the set as the circuit is given it. See `Slot` in `circuits/rule/src/order.nr`. */
export type SlotInput = {
  active: bigint
  isVoid: bigint
  side: bigint
  limit: bigint
  energy: bigint
  blind: bigint
  voidCommitment: bigint
  inner: bigint
  marginal: bigint
  shared: bigint
}

/** Which case of the rule holds, and its prices: `Advice` in `circuits/rule/src/clearing.nr`. */
export type Advice = {
  balanced: bigint
  demand: bigint
  supply: bigint
  x: bigint
  y: bigint
  middle: bigint
  odd: bigint
  tie: bigint
}

/** All that a clearing circuit is given: every value that a cheating prover could choose. */
export type ClearingInput = {
  context: bigint
  ordersRoot: bigint
  fillsRoot: bigint
  header: bigint
  slots: SlotInput[]
  advice: Advice
}

const emptySlot: SlotInput = {
  active: 0n,
  isVoid: 0n,
  side: 0n,
  limit: 0n,
  energy: 0n,
  blind: 0n,
  voidCommitment: 0n,
  inner: 0n,
  marginal: 0n,
  shared: 0n,
}

/**
 * What an honest prover gives a circuit of `size` slots.
 *
 * @throws Error if the batch does not fit the size
 */
export function clearingInput(
  batch: Batch,
  size: number,
  statement: Statement = statementOf(batch),
): ClearingInput {
  assert(batch.orders.length <= size, 'a batch fits its circuit')
  const slots = batch.orders.map((order): SlotInput => {
    if (!isOpened(order)) {
      return { ...emptySlot, isVoid: 1n, voidCommitment: fieldFromHex(order.commitment) }
    }
    const { side, limitMicrosPerKwh, energyWh } = wordFields(fieldFromHex(order.word))
    return {
      ...emptySlot,
      active: 1n,
      side: side === 'sell' ? 1n : 0n,
      limit: BigInt(limitMicrosPerKwh) + priceOffset,
      energy: BigInt(energyWh),
      blind: fieldFromHex(order.blind),
    }
  })
  while (slots.length < size) slots.push({ ...emptySlot })
  const price = statement.priceMicrosPerKwh
  const advice = adviceFor(slots, price === null ? null : price + priceOffset)
  placeSlots(slots, advice)
  const [context = '', ordersRoot = '', fillsRoot = '', header = ''] = publicInputsOf(statement)
  return {
    context: fieldFromHex(context),
    ordersRoot: fieldFromHex(ordersRoot),
    fillsRoot: fieldFromHex(fillsRoot),
    header: fieldFromHex(header),
    slots,
    advice,
  }
}

const total = <T extends { energy: bigint }>(
  slots: readonly T[],
  wanted: (slot: T) => boolean,
): bigint => slots.reduce((sum, slot) => (wanted(slot) ? sum + slot.energy : sum), 0n)

const noAdvice: Advice = {
  balanced: 0n,
  demand: 0n,
  supply: 0n,
  x: 0n,
  y: 0n,
  middle: 0n,
  odd: 0n,
  tie: 0n,
}

/** The case that `price` is right by, with the range or the neighbour that shows it. */
export function adviceFor(
  slots: readonly Pick<SlotInput, 'active' | 'side' | 'limit' | 'energy'>[],
  price: bigint | null,
): Advice {
  const orders = slots.filter((slot) => slot.active === 1n)
  const buys = orders.filter((slot) => slot.side === 0n)
  const sells = orders.filter((slot) => slot.side === 1n)
  if (price === null) {
    // Below every seller and not below any buyer: such a price exists where nothing trades.
    const x = buys.reduce((most, { limit }) => (limit > most ? limit : most), 0n)
    return { ...noAdvice, x, y: x + 1n }
  }
  const demandAt = (at: bigint): bigint => total(buys, ({ limit }) => limit >= at)
  const supplyAt = (at: bigint): bigint => total(sells, ({ limit }) => limit <= at)
  const [demand, supply] = [demandAt(price), supplyAt(price)]
  if (demand === supply) {
    // From the last step of either curve at or below the price to the step before the next.
    const steps = [...buys.map(({ limit }) => limit + 1n), ...sells.map(({ limit }) => limit)]
    const x = steps.filter((step) => step <= price).reduce((a, b) => (b > a ? b : a), 0n)
    const next = steps.filter((step) => step > price).reduce((a, b) => (b < a ? b : a), far)
    const y = next - 1n
    const middle = (x + y) / 2n
    return { ...noAdvice, balanced: 1n, x, y, middle, odd: (x + y) % 2n }
  }
  const isDemand = demand > supply
  const x = isDemand ? price : price - 1n
  const y = x + 1n
  const tie = supplyAt(x) === demandAt(y) ? 1n : 0n
  const which = isDemand ? { demand: 1n } : { supply: 1n }
  return { ...noAdvice, ...which, x, y, tie }
}

const far = 2n ** 41n

/** Where each order stands beside x and y, and what marginal ones get by cumulative rounding. */
export function placeSlots(slots: readonly SlotInput[], advice: Advice): void {
  const { x, y } = advice
  for (const slot of slots) {
    if (slot.active === 0n) continue
    const isBuy = slot.side === 0n
    const isInner = isBuy ? slot.limit >= y : slot.limit <= x
    const isOuter = isBuy ? slot.limit >= x : slot.limit <= y
    slot.inner = isInner ? 1n : 0n
    slot.marginal = isOuter && !isInner ? 1n : 0n
  }
  const inner = (side: bigint): bigint =>
    total(slots, (slot) => slot.inner === 1n && slot.side === side)
  const longSide = advice.demand === 1n ? 0n : advice.supply === 1n ? 1n : undefined
  for (const slot of slots) slot.shared = 0n
  if (longSide === undefined) return
  const rest = inner(1n - longSide) - inner(longSide)
  const isSharing = (slot: SlotInput): boolean => slot.marginal === 1n && slot.side === longSide
  const wanted = total(slots, isSharing)
  let cumulated = 0n
  for (const slot of slots) {
    if (isSharing(slot)) cumulated += slot.energy
    slot.shared = wanted === 0n ? 0n : (rest * cumulated) / wanted
  }
}

/** As `noir_js` takes it. */
export const inputMap = (input: ClearingInput): InputMap => ({
  context: hex(input.context),
  orders_root: hex(input.ordersRoot),
  fills_root: hex(input.fillsRoot),
  header: hex(input.header),
  slots: input.slots.map((slot) => ({
    active: hex(slot.active),
    is_void: hex(slot.isVoid),
    side: hex(slot.side),
    limit: hex(slot.limit),
    energy: hex(slot.energy),
    blind: hex(slot.blind),
    void_commitment: hex(slot.voidCommitment),
    inner: hex(slot.inner),
    marginal: hex(slot.marginal),
    shared: hex(slot.shared),
  })),
  advice: Object.fromEntries(
    Object.entries(input.advice).map(([name, value]) => [name, hex(value)]),
  ),
})

/** Solves the circuit of `size` for a batch. */
export async function solveClearing(batch: Batch, size: ClearingSize): Promise<SolvedClearing> {
  const statement = statementOf(batch)
  const inputs = inputMap(clearingInput(batch, size, statement))
  return { witness: await solve(clearingCircuit(size), inputs), statement }
}
