import { type KeptOrder, openOwnFill, parseKeptOrder } from '@busbar/client'
import type { Statement } from '@busbar/proofs'
import { type OpenedFill, type SetPath, SetTree } from '@busbar/protocols/sealed-orders'
import { invalid, objectOf, type ProofFile } from './proof-file.ts'

/** What the owner of one order needs to see what it got: the order, and its two paths. */
export type OpeningFile = {
  readonly kept: KeptOrder
  readonly path: {
    readonly order: SetPath
    readonly fill: SetPath & { readonly leaf: string }
  }
}

/** For each order of a batch, in its order. */
export function openingFiles(
  kept: readonly KeptOrder[],
  statement: Statement,
): readonly OpeningFile[] {
  const orders = new SetTree(kept.map(({ commitment }) => commitment))
  const fills = new SetTree(statement.fillLeaves.slice(0, kept.length))
  return kept.map((own, position) => {
    const leaf = statement.fillLeaves[position] ?? ''
    const path = { order: orders.path(position), fill: { leaf, ...fills.path(position) } }
    return { kept: own, path }
  })
}

/**
 * What the order got, by the clearing that the proof is of.
 *
 * @throws Fault PROOF_FILE_INVALID, OPENING_INVALID, FILL_NOT_OF_ORDER; BusbarError proof_invalid
 */
export function openFillFile(text: string, proof: ProofFile): OpenedFill & { kept: KeptOrder } {
  const { kept, path: order } = parseOpening(text)
  const file = objectOf(text, 'opening')
  if (kept.context !== proof.context) throw invalid('context', 'that of the proof')
  const { fill } = file.path as Partial<OpeningFile['path']>
  if (!isPath(fill) || typeof fill.leaf !== 'string') throw invalid('path.fill', 'a path')
  const shown = {
    ...{ commitment: kept.commitment, context: kept.context, ordersRoot: proof.ordersRoot },
    ...{ order: mutable(order), fillsRoot: proof.fillsRoot },
    fill: { leaf: fill.leaf, ...mutable(fill) },
  }
  return { ...openOwnFill(proof, kept, shown), kept }
}

/**
 * The order, and where it stands in its set.
 *
 * @throws Fault PROOF_FILE_INVALID, OPENING_INVALID
 */
export function parseOpening(text: string): { readonly kept: KeptOrder; readonly path: SetPath } {
  const file = objectOf(text, 'opening')
  const kept = parseKeptOrder(file.kept)
  const { path } = file
  if (typeof path !== 'object' || path === null) throw invalid('path', 'an object')
  const { order } = path as Partial<OpeningFile['path']>
  if (!isPath(order)) throw invalid('path.order', 'a path')
  return { kept, path: order }
}

const isPath = (path: SetPath | undefined): path is SetPath =>
  typeof path === 'object' &&
  path !== null &&
  Number.isSafeInteger(path.position) &&
  [path.siblings, path.partRoots].every(Array.isArray) &&
  path.siblings.every(Array.isArray)

/** The wire's type is not read-only. */
const mutable = ({ position, siblings, partRoots }: SetPath) => ({
  position,
  siblings: siblings.map((row) => [...row]),
  partRoots: [...partRoots],
})
