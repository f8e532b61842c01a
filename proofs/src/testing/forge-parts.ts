import {
  commitmentAndPad,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  hashFields,
  rootOfParts,
  SetTree,
} from '@busbar/protocols/sealed-orders'
import { noSums, type PartSlot, stateOf, type Sums, type Terms } from '../parts.ts'
import { type Batch, type BatchOrder, publicInputsOf, statementOf } from '../statement.ts'
import { modulo, type PartsInput, smallCut } from './small-parts.ts'

const mod = (value: bigint): bigint => ((value % fieldOrder) + fieldOrder) % fieldOrder

const wordOf = ({ terms, slot }: { terms: Terms; slot: PartSlot }): bigint =>
  slot.sellIn +
  slot.sellOut +
  slot.marginal * terms.sellsLong +
  2n * slot.limit +
  (slot.energy << 42n)

const activeOf = (slot: PartSlot): bigint =>
  slot.buyIn + slot.sellIn + slot.buyOut + slot.sellOut + slot.marginal

/** As the circuit computes them, whatever they are given. */
function summed(sums: Sums, slot: PartSlot): Sums {
  const near = slot.near * slot.energy
  const full = activeOf(slot) + slot.void
  return {
    orders: sums.orders + full,
    voids: sums.voids + slot.void,
    full,
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

/**
 * Everything that follows from terms and slots, as a cheating prover would publish it: only the
 * constraints stand between it and proofs.
 *
 * @param commit 'opened' lets the set follow the openings, the attacker's own orders
 */
export function forged(input: PartsInput, commit: 'opened' | 'kept' = 'kept'): PartsInput {
  const { terms, blind, context, used } = input.join
  let sums = noSums
  const parts = input.parts.map((part) => {
    const start = sums
    const fills: string[] = []
    const slots = part.slots.map((slot) => {
      const word = mod(wordOf({ terms, slot }))
      const { commitment, pad } = commitmentAndPad(word, mod(slot.blind), context)
      const active = activeOf(slot)
      const fill = (slot.buyIn + slot.sellIn) * slot.energy + slot.share
      fills.push(fieldToHex(mod(active * pad + fill + slot.void)))
      sums = summed(sums, slot)
      return commit === 'opened' && active === 1n ? { ...slot, commitment } : slot
    })
    return {
      ...part,
      terms,
      blind,
      start,
      slots,
      before: stateHash(blind, terms, start),
      after: stateHash(blind, terms, sums),
      ordersRoot: rootOf(slots.map(({ commitment }) => fieldToHex(mod(commitment)))),
      fillsRoot: rootOf(fills),
    }
  })
  const filled = (of: (part: (typeof parts)[number]) => bigint): bigint[] =>
    used.map((_, i) => (parts[i] === undefined ? 0n : of(parts[i])))
  return {
    parts,
    join: {
      ...input.join,
      sums,
      ordersRoot: joined(parts.map((part) => part.ordersRoot)),
      fillsRoot: joined(parts.map((part) => part.fillsRoot)),
      header: mod(headerOf(terms, sums)),
      parts: {
        orders: filled((part) => part.ordersRoot),
        fills: filled((part) => part.fillsRoot),
        before: filled((part) => part.before),
        after: filled((part) => part.after),
      },
    },
  }
}

const stateHash = (blind: bigint, terms: Terms, sums: Sums): bigint =>
  stateOf(blind, modulo(terms) as Terms, modulo(sums) as Sums)

const rootOf = (leaves: readonly string[]): bigint => fieldFromHex(new SetTree(leaves).root)

const joined = (roots: readonly bigint[]): bigint =>
  fieldFromHex(rootOfParts(roots.map((root) => fieldToHex(root))))

const headerOf = (terms: Terms, sums: Sums): bigint =>
  sums.orders +
  (sums.voids << 24n) +
  ((1n - terms.noTrade) << 48n) +
  (terms.price << 49n) +
  (terms.energy << 90n)

/** Whether the four public inputs of the whole are true of the set behind the orders' root. */
export function isTrueOfParts(input: PartsInput): boolean {
  const { join, parts } = input
  const slots = parts.flatMap((part) => part.slots.map((slot) => ({ slot, terms: part.terms })))
  const orders: BatchOrder[] = []
  let isEnded = false
  for (const { slot, terms } of slots) {
    const commitment = fieldToHex(mod(slot.commitment))
    if (mod(slot.commitment) === 0n) {
      isEnded = true
      continue
    }
    if (isEnded) return false
    const word = mod(wordOf({ terms, slot }))
    const isOpened = commitmentAndPad(word, mod(slot.blind), join.context).commitment
    if (activeOf(slot) === 1n && isOpened === mod(slot.commitment)) {
      orders.push({ commitment, word: fieldToHex(word), blind: fieldToHex(mod(slot.blind)) })
    } else orders.push({ commitment, void: 'void' })
  }
  const right = publicsOf({ context: fieldToHex(join.context), orders })
  const said = [join.context, join.ordersRoot, join.fillsRoot, join.header]
  return right?.every((field, i) => field === said[i]) ?? false
}

/** What is true of a batch in small parts; undefined if an order in it is none. */
function publicsOf(batch: Batch): readonly bigint[] | undefined {
  const parts = Math.ceil(batch.orders.length / smallCut.slots)
  if (parts < 2) return undefined
  try {
    const statement = statementOf(batch)
    const rootsOf = (leaves: readonly string[]): bigint[] =>
      Array.from({ length: parts }, (_, part) => {
        const from = part * smallCut.slots
        return rootOf(leaves.slice(from, from + smallCut.slots))
      })
    const [context = '', , , header = ''] = publicInputsOf(statement)
    return [
      fieldFromHex(context),
      hashFields(rootsOf(batch.orders.map(({ commitment }) => commitment))),
      hashFields(rootsOf(statement.fillLeaves)),
      fieldFromHex(header),
    ]
  } catch {
    return undefined
  }
}
