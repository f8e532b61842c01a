/** The proofs of a set of more than 4,096 orders: what is public of each, and how they join. */
import { randomBytes } from 'node:crypto'
import { fieldFromHex, fieldToHex, rootOfParts } from '@busbar/protocols/sealed-orders'
import { cut, type JoinInput, type PartInput, partInputs, partsMax } from './parts.ts'
import { inputsOf, solve } from './solve.ts'
import { type Batch, type Field, publicInputsOf, type Statement, statementOf } from './statement.ts'

/** What is public of a part's proof, beside the context. */
export type PartStatement = {
  readonly ordersRoot: Field
  readonly fillsRoot: Field
  /** The hidden state that it begins with, and the one that it ends with. */
  readonly before: Field
  readonly after: Field
}

/** The public inputs of a part's proof, in the order of `clearing-part`. */
export const partPublicInputs = (context: Field, part: PartStatement): readonly Field[] => [
  context,
  part.ordersRoot,
  part.fillsRoot,
  part.before,
  part.after,
]

/**
 * The public inputs of the proof that joins them, in the order of `clearing-join`: the four of any
 * clearing, then the parts'.
 */
export function joinPublicInputs(
  clearing: readonly Field[],
  parts: readonly PartStatement[],
): readonly Field[] {
  const all = Array.from({ length: partsMax }, (_, i) => parts[i] ?? noPart)
  return [
    ...clearing,
    ...all.map(({ ordersRoot }) => ordersRoot),
    ...all.map(({ fillsRoot }) => fillsRoot),
    ...all.map(({ before }) => before),
    ...all.map(({ after }) => after),
  ]
}

const zero = fieldToHex(0n)
const noPart: PartStatement = { ordersRoot: zero, fillsRoot: zero, before: zero, after: zero }

/** A proof that somebody has to verify, and the public inputs to verify it with. */
export type ProofNeeded = {
  readonly circuit: 'clearing-part' | 'clearing-join'
  readonly publicInputs: readonly Field[]
}

/**
 * All that has to be verified for a set of several parts to be proven: each part's proof and the
 * joining one, with exactly these public inputs. None can be left out: the joining proof alone says
 * nothing of an order.
 *
 * @param clearing the four public inputs of any clearing
 * @returns undefined where the parts are not those of the clearing's roots and count
 */
export function proofsNeeded(
  clearing: readonly Field[],
  parts: readonly PartStatement[],
): readonly ProofNeeded[] | undefined {
  const [context, ordersRoot, fillsRoot, header] = clearing
  if (context === undefined || header === undefined || clearing.length !== 4) return undefined
  if (parts.length < 2 || parts.length > partsMax) return undefined
  if (parts.length !== Math.ceil(orderCountOf(header) / cut.slots)) return undefined
  if (rootOfParts(parts.map((part) => part.ordersRoot)) !== ordersRoot) return undefined
  if (rootOfParts(parts.map((part) => part.fillsRoot)) !== fillsRoot) return undefined
  return [
    ...parts.map((part) => ({
      circuit: 'clearing-part' as const,
      publicInputs: partPublicInputs(context, part),
    })),
    { circuit: 'clearing-join', publicInputs: joinPublicInputs(clearing, parts) },
  ]
}

/** As the contract takes it: the joining proof shows that the rest of the header is in form. */
const orderCountOf = (header: Field): number => Number(fieldFromHex(header) % 2n ** 24n)

export type SolvedParts = {
  readonly statement: Statement
  readonly parts: readonly PartStatement[]
  /** One for each of `proofsNeeded`, made as it is asked for: each takes hundreds of megabytes. */
  readonly witnesses: AsyncIterable<Uint8Array>
}

/** Solves the circuits of a batch of more than 4,096 orders, one after the other. */
export function solveParts(batch: Batch): SolvedParts {
  const statement = statementOf(batch)
  // 248 bits are below the order of the field.
  const blind = BigInt(`0x${randomBytes(31).toString('hex')}`)
  const { parts, join } = partInputs(batch, blind, cut, statement)
  return { statement, parts: parts.map(partStatement), witnesses: witnessesOf(parts, join) }
}

async function* witnessesOf(parts: readonly PartInput[], join: JoinInput) {
  for (const part of parts) yield await solve('clearing-part', inputsOf(part))
  yield await solve('clearing-join', inputsOf(join))
}

export const partStatement = (part: PartInput): PartStatement => ({
  ordersRoot: fieldToHex(part.ordersRoot),
  fillsRoot: fieldToHex(part.fillsRoot),
  before: fieldToHex(part.before),
  after: fieldToHex(part.after),
})

/** As `proofsNeeded`, of what was solved. */
export const proofsOf = ({ statement, parts }: SolvedParts): readonly ProofNeeded[] | undefined =>
  proofsNeeded(publicInputsOf(statement), parts)
