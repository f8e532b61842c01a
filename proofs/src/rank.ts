/**
 * That at most so many orders of a fixed set stand before one of it: those of its side with a
 * better limit, and all that are void, whatever is behind them. Who makes the proof holds the
 * openings of the set: an owner alone knows nobody else's limit. Who reads it learns no limit and
 * no energy.
 *
 * Orders of the same limit do not stand before each other: at the price they share.
 */
import { assert, Fault } from '@busbar/core/errors'
import {
  fieldFromHex,
  fieldToHex,
  priceOffset,
  setRoot,
  wordFields,
} from '@busbar/protocols/sealed-orders'
import { inputsOf, solve } from './solve.ts'
import { type Batch, type Field, isOpened } from './statement.ts'

/** The most orders that a proof of rank speaks of. */
export const rankSizes = [64, 256] as const

export type RankSize = (typeof rankSizes)[number]

/** What is said of an order. */
export type Rank = {
  readonly side: 'buy' | 'sell'
  /** Its place in the set, from 0: how many commitments are below its own. */
  readonly position: number
  /** How many stand before it at most: below 2^24. */
  readonly atMost: number
}

/** The public inputs of a proof of rank, in the order of the circuit. */
export type RankStatement = {
  readonly context: Field
  readonly ordersRoot: Field
  readonly claimed: Field
}

type RankSlot = {
  active: bigint
  isVoid: bigint
  side: bigint
  limit: bigint
  energy: bigint
  blind: bigint
  voidCommitment: bigint
  own: bigint
  better: bigint
}

/** What the circuit is given: every value that a cheating prover could choose. */
export type RankInput = {
  context: bigint
  ordersRoot: bigint
  claimed: bigint
  slots: RankSlot[]
  claim: { side: bigint; limit: bigint; atMost: bigint }
}

const positionBits = 12n
const atMostMax = 2 ** 24 - 1

/**
 * The claim in one field element: side, position, and how many at most.
 *
 * @throws Fault RANK_NOT_MET for a number that no set has
 */
export function packRank({ side, position, atMost }: Rank): Field {
  const isIn = (value: number, most: number): boolean =>
    Number.isSafeInteger(value) && value >= 0 && value <= most
  assert(isIn(position, 2 ** Number(positionBits) - 1), 'a position is in the tree')
  if (!isIn(atMost, atMostMax)) throw notMet('atMost', `0 to ${atMostMax}`)
  const packed = (BigInt(atMost) << (positionBits + 1n)) + (BigInt(position) << 1n)
  return fieldToHex(packed + (side === 'sell' ? 1n : 0n))
}

/**
 * What `packRank` packed.
 *
 * @throws Fault FIELD_MALFORMED
 */
export function unpackRank(claimed: Field): Rank {
  const packed = fieldFromHex(claimed, 'claimed')
  const atMost = packed >> (positionBits + 1n)
  if (atMost > BigInt(atMostMax)) {
    throw new Fault('FIELD_MALFORMED', { field: 'claimed', limit: 'as packRank writes it' })
  }
  const position = Number((packed >> 1n) & ((1n << positionBits) - 1n))
  return { side: (packed & 1n) === 1n ? 'sell' : 'buy', position, atMost: Number(atMost) }
}

/** The smallest circuit that a set fits in; undefined if none does. */
export const rankSizeFor = (orderCount: number): RankSize | undefined =>
  rankSizes.find((size) => orderCount <= size)

/**
 * How many stand before an order, by the openings.
 *
 * @throws Fault RANK_NOT_MET if no opened order has that position
 */
export function rankOf(batch: Batch, position: number): Rank {
  const own = slotsOf(batch)[position]
  if (own?.active !== 1n) throw notMet('position', 'that of an order that was opened')
  const before = slotsOf(batch).filter((slot) => slot.isVoid === 1n || isBefore(slot, own))
  return { side: own.side === 1n ? 'sell' : 'buy', position, atMost: before.length }
}

/** Whether an opened order has a better limit than another of its side. */
function isBefore(slot: RankSlot, own: RankSlot): boolean {
  if (slot.active !== 1n || slot.side !== own.side) return false
  return own.side === 1n ? slot.limit < own.limit : slot.limit > own.limit
}

const notMet = (field: string, limit: string): Fault => new Fault('RANK_NOT_MET', { field, limit })

function slotsOf({ orders }: Batch): RankSlot[] {
  return orders.map((order) => {
    if (!isOpened(order)) {
      return { ...emptySlot, isVoid: 1n, voidCommitment: fieldFromHex(order.commitment) }
    }
    const { side, limitMicrosPerKwh, energyWh } = wordFields(fieldFromHex(order.word, 'word'))
    return {
      ...emptySlot,
      active: 1n,
      side: side === 'sell' ? 1n : 0n,
      limit: BigInt(limitMicrosPerKwh) + priceOffset,
      energy: BigInt(energyWh),
      blind: fieldFromHex(order.blind),
    }
  })
}

const emptySlot: RankSlot = {
  active: 0n,
  isVoid: 0n,
  side: 0n,
  limit: 0n,
  energy: 0n,
  blind: 0n,
  voidCommitment: 0n,
  own: 0n,
  better: 0n,
}

/**
 * What an honest prover gives a circuit of `size` slots.
 *
 * @throws Fault RANK_NOT_MET if the claim is not true of the order
 */
export function rankInput(batch: Batch, rank: Rank, size: number): RankInput {
  assert(batch.orders.length <= size, 'a set fits its circuit')
  const real = rankOf(batch, rank.position)
  if (real.side !== rank.side) throw notMet('side', real.side)
  if (rank.atMost < real.atMost) throw notMet('atMost', 'at least as many as stand before it')
  const slots = slotsOf(batch)
  const own = slots[rank.position]
  assert(own !== undefined, 'the position has its order')
  own.own = 1n
  for (const slot of slots) slot.better = isBefore(slot, own) ? 1n : 0n
  while (slots.length < size) slots.push({ ...emptySlot })
  return {
    context: fieldFromHex(batch.context),
    ordersRoot: fieldFromHex(setRoot(batch.orders.map(({ commitment }) => commitment))),
    claimed: fieldFromHex(packRank(rank)),
    slots,
    claim: { side: own.side, limit: own.limit, atMost: BigInt(rank.atMost) },
  }
}

/** The three public inputs, in the order of the circuit. */
export const rankPublicInputs = (statement: RankStatement): readonly Field[] => [
  statement.context,
  statement.ordersRoot,
  statement.claimed,
]

export type SolvedRank = { readonly witness: Uint8Array; readonly statement: RankStatement }

/**
 * Solves the circuit of `size` for an order of a batch.
 *
 * @throws Fault RANK_NOT_MET if the claim is not true of the order
 */
export async function solveRank(batch: Batch, rank: Rank, size: RankSize): Promise<SolvedRank> {
  const input = rankInput(batch, rank, size)
  const statement = {
    context: fieldToHex(input.context),
    ordersRoot: fieldToHex(input.ordersRoot),
    claimed: fieldToHex(input.claimed),
  }
  return { witness: await solve(`rank-${size}`, inputsOf(input)), statement }
}
