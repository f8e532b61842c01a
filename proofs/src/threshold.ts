/**
 * That an order of a fixed set would trade at a price, shown without its limit or its energy. A
 * buyer's limit is at the threshold or above, a seller's at the threshold or below.
 *
 * It speaks of an order that was committed to in time, whatever became of it: one that was
 * cancelled stands in the set as well, and the batch's own answer says which.
 */
import { assert, Fault } from '@busbar/core/errors'
import {
  fieldFromHex,
  fieldToHex,
  groupsOf,
  partSize,
  rootOfParts,
  type SetPath,
  SetTree,
  wordFields,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import type { InputMap } from '@noir-lang/noir_js'
import { inputNumber, solve } from './solve.ts'
import { type Batch, type Field, isOpened } from './statement.ts'

/** What is said of an order. */
export type Claim = {
  readonly side: 'buy' | 'sell'
  /** A buyer pays this or more, a seller takes this or less. Micros per kWh. */
  readonly thresholdMicrosPerKwh: number
  /** It wants this or more, from 1. */
  readonly energyWh: number
  /** Its rank in the set, from 0: how many commitments are below its own. */
  readonly position: number
}

/** The public inputs of a proof of threshold, in the order of the circuit. */
export type ThresholdStatement = {
  readonly context: Field
  /** Of the part that the order stands in; the root of the set where it has one part. */
  readonly partRoot: Field
  readonly claimed: Field
}

/** What the circuit is given: every value that a cheating prover could choose. */
export type ThresholdInput = {
  context: bigint
  partRoot: bigint
  claimed: bigint
  order: { side: bigint; limit: bigint; energy: bigint; blind: bigint }
  claim: { threshold: bigint; energy: bigint }
  path: { bits: bigint[]; group: bigint[] }[]
}

const wordBits = 70n

/**
 * The claim in one field element: the word of the worst order that it allows, and the position
 * within its part of 4,096.
 *
 * @throws Fault OPENING_INVALID for a threshold or an energy that no order can have
 */
export function packClaim(claim: Claim): Field {
  const { side, thresholdMicrosPerKwh: limitMicrosPerKwh, energyWh, position } = claim
  assert(Number.isSafeInteger(position) && position >= 0, 'a position counts from 0')
  const word = wordOf({ side, limitMicrosPerKwh, energyWh })
  return fieldToHex(word + (BigInt(position % partSize) << wordBits))
}

/**
 * What `packClaim` packed, of the part with the number `part`.
 *
 * @throws Fault FIELD_MALFORMED, OPENING_INVALID
 */
export function unpackClaim(claimed: Field, part = 0): Claim {
  const packed = fieldFromHex(claimed, 'claimed')
  const within = packed >> wordBits
  if (within >= BigInt(partSize)) {
    throw new Fault('FIELD_MALFORMED', { field: 'claimed', limit: 'as packClaim writes it' })
  }
  const { side, limitMicrosPerKwh, energyWh } = wordFields(packed & ((1n << wordBits) - 1n))
  const position = part * partSize + Number(within)
  return { side, thresholdMicrosPerKwh: limitMicrosPerKwh, energyWh, position }
}

/**
 * What a claim is checked against: the set as the chain has it, and the roots of its parts, which
 * hash to its root.
 *
 * @returns undefined where the roots are not those of the set or the position is not in it
 */
export function thresholdStatement(
  context: Field,
  set: { readonly root: Field; readonly count: number },
  partRoots: readonly Field[],
  claim: Claim,
): ThresholdStatement | undefined {
  const parts = Math.max(1, Math.ceil(set.count / partSize))
  const partRoot = partRoots[Math.floor(claim.position / partSize)]
  if (partRoot === undefined || claim.position >= set.count) return undefined
  if (partRoots.length !== parts || rootOfParts(partRoots) !== set.root) return undefined
  return { context, partRoot, claimed: packClaim(claim) }
}

/**
 * What an honest prover gives the circuit.
 *
 * @throws Fault THRESHOLD_NOT_MET if the claim is not true of the order
 */
export const thresholdInput = (batch: Batch, claim: Claim): ThresholdInput =>
  ownThresholdInput(ownOrder(batch, claim.position), claim)

/** One order and its place in the set: all that its owner needs. */
export type OwnOrder = {
  readonly context: Field
  readonly commitment: Field
  readonly word: Field
  readonly blind: Field
  readonly path: SetPath
}

/** @throws Fault THRESHOLD_NOT_MET if no opened order has that position */
export function ownOrder({ context, orders }: Batch, position: number): OwnOrder {
  const order = orders[position]
  const isOrder = order !== undefined && isOpened(order)
  if (!isOrder) throw notMet('position', 'that of an order that was opened')
  const path = new SetTree(orders.map(({ commitment }) => commitment)).path(position)
  return { context, ...order, path }
}

/** @throws Fault THRESHOLD_NOT_MET if the claim is not true of the order */
export function ownThresholdInput(order: OwnOrder, claim: Claim): ThresholdInput {
  if (order.path.position !== claim.position) throw notMet('position', 'that of the order')
  const own = wordFields(fieldFromHex(order.word, 'word'))
  if (own.side !== claim.side) throw notMet('side', own.side)
  const better = own.limitMicrosPerKwh - claim.thresholdMicrosPerKwh
  if ((own.side === 'buy' ? better : -better) < 0) {
    throw notMet('thresholdMicrosPerKwh', 'at which the order would trade')
  }
  if (own.energyWh < claim.energyWh) throw notMet('energyWh', 'at most that of the order')

  const groups = groupsOf(order.commitment, order.path)
  const partRoot = order.path.partRoots[Math.floor(claim.position / partSize)]
  if (partRoot === undefined || groups === undefined) throw notMet('path', 'that of the order')
  const place = BigInt(claim.position % partSize)
  const claimed = packClaim(claim)
  const word = fieldFromHex(order.word)
  return {
    context: fieldFromHex(order.context),
    partRoot: fieldFromHex(partRoot),
    claimed: fieldFromHex(claimed),
    order: {
      side: word & 1n,
      limit: (word >> 1n) & limitMask,
      energy: word >> 42n,
      blind: fieldFromHex(order.blind),
    },
    claim: {
      threshold: (fieldFromHex(claimed) >> 1n) & limitMask,
      energy: BigInt(claim.energyWh),
    },
    path: groups.map((group, level) => ({
      bits: [0n, 1n, 2n, 3n].map((bit) => (place >> (BigInt(level) * 4n + bit)) & 1n),
      group: group.map((node) => fieldFromHex(node)),
    })),
  }
}

const limitMask = 2n ** 41n - 1n

const notMet = (field: string, limit: string): Fault =>
  new Fault('THRESHOLD_NOT_MET', { field, limit })

/** As `noir_js` takes it. */
export const thresholdInputMap = ({
  order,
  claim,
  path,
  ...publics
}: ThresholdInput): InputMap => ({
  context: inputNumber(publics.context),
  part_root: inputNumber(publics.partRoot),
  claimed: inputNumber(publics.claimed),
  order: {
    side: inputNumber(order.side),
    limit: inputNumber(order.limit),
    energy: inputNumber(order.energy),
    blind: inputNumber(order.blind),
  },
  claim: { threshold: inputNumber(claim.threshold), energy: inputNumber(claim.energy) },
  path: path.map(({ bits, group }) => ({
    bits: bits.map(inputNumber),
    group: group.map(inputNumber),
  })),
})

/** The three public inputs, in the order of the circuit. */
export const thresholdPublicInputs = (statement: ThresholdStatement): readonly Field[] => [
  statement.context,
  statement.partRoot,
  statement.claimed,
]

export type SolvedThreshold = {
  /** The solved witness as `bb prove -w` takes it (gzip). */
  readonly witness: Uint8Array
  readonly statement: ThresholdStatement
}

/**
 * Solves the circuit for an order of a set.
 *
 * @throws Fault THRESHOLD_NOT_MET if the claim is not true of the order
 */
export async function solveThreshold(order: OwnOrder, claim: Claim): Promise<SolvedThreshold> {
  const input = ownThresholdInput(order, claim)
  const statement = {
    context: fieldToHex(input.context),
    partRoot: fieldToHex(input.partRoot),
    claimed: fieldToHex(input.claimed),
  }
  return { witness: await solve('threshold', thresholdInputMap(input)), statement }
}
