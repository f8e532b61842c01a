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

export function statementOf(batch: Batch): Statement {
  throw new Error(`not yet: ${batch.context}`)
}
