import { clear, clearNaive, type Clearing, type Order } from '@busbar/core/clearing'
import { assert } from '@busbar/core/errors'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import {
  commitmentAndPad,
  fieldFromHex,
  fieldToHex,
  fillLeaf,
  isOrderSet,
  publicInputsOf as publicInputs,
  setRoot,
  unpackHeader,
  voidLeaf,
  wordFields,
} from '@busbar/protocols/sealed-orders'

/** A field element of BN254: `0x` and 64 lower-case hexadecimal digits. */
export type Field = string

/** An order of the fixed set: opened, or void with its reason. */
export type BatchOrder =
  | { readonly commitment: Field; readonly word: Field; readonly blind: Field }
  | { readonly commitment: Field; readonly void: string }

/** What one proof speaks of: the fixed set of one interval and zone, by ascending commitment. */
export type Batch = { readonly context: Field; readonly orders: readonly BatchOrder[] }

/** What a proof of clearing shows, and what it is made from. */
export type Statement = {
  readonly context: Field
  readonly ordersRoot: Field
  readonly fillsRoot: Field
  readonly header: Field
  readonly orderCount: number
  readonly voidCount: number
  /** Null without a trade. */
  readonly priceMicrosPerKwh: bigint | null
  readonly energyWh: bigint
  /** By slot, as the orders: what each got, 0 for a void one. */
  readonly fillsWh: readonly bigint[]
  /** By slot: the leaves under `fillsRoot`. */
  readonly fillLeaves: readonly Field[]
}

/** The four public inputs of a proof, in the order of the circuit. */
export const publicInputsOf = (statement: Statement): readonly Field[] => [
  statement.context,
  statement.ordersRoot,
  statement.fillsRoot,
  statement.header,
]

/** What is true of a batch, by the engine that the market clears with. */
export const statementOf = (batch: Batch): Statement => statementBy(clear, batch)

type OpenedOrder = Extract<BatchOrder, { word: Field }>

export const isOpened = (order: BatchOrder): order is OpenedOrder => 'word' in order

/** The name of a slot's order for the core, which ranks by name. */
const nameOf = (slot: number): string => String(slot).padStart(8, '0')

/**
 * The orders that take part, as the core knows them. A circuit ranks by slot: by commitment, in
 * every set that ascends. That one does is for `checkStatement` and the dispute of its order.
 */
export const ordersOf = (batch: Batch): readonly Order[] =>
  batch.orders.flatMap((order, slot) => {
    if (!isOpened(order)) return []
    const { side, energyWh, limitMicrosPerKwh } = wordFields(fieldFromHex(order.word, 'word'))
    const energy = WattHours.from(BigInt(energyWh))
    return [{ id: nameOf(slot), side, energy, limit: MicrosPerKwh.from(BigInt(limitMicrosPerKwh)) }]
  })

function statementBy(engine: (orders: readonly Order[]) => Clearing, batch: Batch): Statement {
  const { context, orders } = batch
  const clearing = engine(ordersOf(batch))
  const fillOf = new Map(clearing.fills.map((fill) => [fill.orderId, fill.energy as bigint]))
  const fillsWh = orders.map((_, slot) => fillOf.get(nameOf(slot)) ?? 0n)
  const fillLeaves = orders.map((order, slot) => leafOf(order, context, fillsWh[slot] ?? 0n))
  const voidCount = orders.filter((order) => !isOpened(order)).length
  const price = clearing.price === null ? null : Number(clearing.price)
  const energyWh = Number(clearing.energy)
  const header = { orderCount: orders.length, voidCount, priceMicrosPerKwh: price, energyWh }
  const ordersRoot = setRoot(orders.map(({ commitment }) => commitment))
  const fillsRoot = setRoot(fillLeaves)
  const [, , , packed] = publicInputs({ context, ordersRoot, fillsRoot, header })
  return {
    context,
    ordersRoot,
    fillsRoot,
    header: packed,
    orderCount: orders.length,
    voidCount,
    priceMicrosPerKwh: clearing.price,
    energyWh: clearing.energy,
    fillsWh,
    fillLeaves,
  }
}

function leafOf(order: BatchOrder, context: Field, fillWh: bigint): Field {
  if (!isOpened(order)) return voidLeaf
  return fillLeaf(committed(order, context).pad, fillWh)
}

const committed = ({ word, blind }: OpenedOrder, context: Field) =>
  commitmentAndPad(
    fieldFromHex(word, 'word'),
    fieldFromHex(blind, 'blind'),
    fieldFromHex(context, 'context'),
  )

/** Which line of a statement does not hold. */
export type Broken = {
  readonly line:
    | 'order'
    | 'commitment'
    | 'context'
    | 'ordersRoot'
    | 'fillsRoot'
    | 'header'
    | 'voidCount'
    | 'orderCount'
    | 'price'
    | 'energy'
  readonly detail: string
}

/**
 * The second judge of what a proof shows: clears the batch as the rule is written, sentence by
 * sentence, and compares line by line. Needs every opening, and no proof.
 *
 * @returns the first line that is broken; undefined if all of them hold.
 */
export function checkStatement(
  batch: Batch,
  statement: Pick<Statement, 'context' | 'ordersRoot' | 'fillsRoot' | 'header'>,
): Broken | undefined {
  const commitments = batch.orders.map(({ commitment }) => commitment)
  if (!isOrderSet(commitments)) {
    return { line: 'order', detail: 'commitments ascend, each once' }
  }
  for (const order of batch.orders.filter(isOpened)) {
    const found = fieldToHex(committed(order, batch.context).commitment)
    if (found !== order.commitment) {
      return { line: 'commitment', detail: `${order.commitment} opens to ${found}` }
    }
  }
  const right = statementBy(clearNaive, batch)
  const roots = ['context', 'ordersRoot', 'fillsRoot'] as const
  const root = roots.find((name) => right[name] !== statement[name])
  if (root !== undefined) {
    return { line: root, detail: `${right[root]}, not ${statement[root]}` }
  }
  return right.header === statement.header ? undefined : brokenHeader(right, statement.header)
}

function brokenHeader(right: Statement, header: Field): Broken {
  let said: ReturnType<typeof unpackHeader>
  try {
    said = unpackHeader(header)
  } catch {
    return { line: 'header', detail: `${right.header}, not ${header}` }
  }
  const lines = [
    ['orderCount', right.orderCount, said.orderCount],
    ['voidCount', right.voidCount, said.voidCount],
    ['price', right.priceMicrosPerKwh?.toString() ?? 'none', String(said.priceMicrosPerKwh)],
    ['energy', right.energyWh.toString(), String(said.energyWh)],
  ] as const
  const differs = lines.find(([, rightly, saying]) => String(rightly) !== String(saying))
  assert(differs !== undefined, 'headers that differ say different things')
  const [line, rightly, saying] = differs
  return { line, detail: `${rightly}, not ${saying}` }
}
