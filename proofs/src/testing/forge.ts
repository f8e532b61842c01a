import {
  commitmentAndPad,
  energyWhMax,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  limitMicrosMax,
  priceOffset,
  setRoot,
} from '@busbar/protocols/sealed-orders'
import { type Batch, type BatchOrder, publicInputsOf, statementOf } from '../statement.ts'
import type { ClearingInput, SlotInput } from '../witness.ts'

export const mod = (value: bigint): bigint => ((value % fieldOrder) + fieldOrder) % fieldOrder

const wordOf = ({ side, limit, energy }: SlotInput): bigint =>
  mod(side + 2n * limit + (energy << 42n))

/**
 * Gives `input` the public inputs that follow from its secret ones, whatever those are: what a
 * cheating prover would publish. Only the constraints stand between it and a proof.
 */
export function published(input: ClearingInput): ClearingInput {
  const { slots, advice, context } = input
  const none = 1n - advice.balanced - advice.demand - advice.supply
  const sum = (of: (slot: SlotInput) => bigint): bigint =>
    slots.reduce((total, slot) => total + of(slot), 0n)
  const innerBuys = sum(({ inner, energy, side }) => inner * energy * (1n - side))
  const innerSells = sum(({ inner, energy, side }) => inner * energy * side)
  const count = sum(({ active, isVoid }) => active + isVoid)
  const volume = advice.demand * innerSells + (1n - advice.demand) * innerBuys
  const price =
    advice.balanced * advice.middle + advice.demand * advice.x + advice.supply * advice.y
  const header =
    count +
    (sum(({ isVoid }) => isVoid) << 24n) +
    ((1n - none) << 48n) +
    (price << 49n) +
    (volume << 90n)
  const commitments: string[] = []
  const fills: string[] = []
  slots.forEach((slot, i) => {
    const { commitment, pad } = commitmentAndPad(wordOf(slot), slot.blind, context)
    const before = i === 0 ? 0n : (slots[i - 1]?.shared ?? 0n)
    const fill = slot.inner * slot.energy + slot.shared - before
    const leaf = slot.active * commitment + slot.isVoid * slot.voidCommitment
    commitments.push(fieldToHex(mod(leaf)))
    fills.push(fieldToHex(mod(slot.active * (pad + fill) + slot.isVoid)))
  })
  return {
    ...input,
    ordersRoot: fieldFromHex(setRoot(commitments)),
    fillsRoot: fieldFromHex(setRoot(fills)),
    header: mod(header),
  }
}

/** Whether the public inputs are true of the orders that are behind them. */
export function isTrue(input: ClearingInput): boolean {
  const batch = batchOf(input)
  if (batch === undefined) return false
  // The circuit's ranges are a little wider than what an opening may name: who calls such an order
  // opened disputes with the openings' own rules, which are not the circuit's to judge.
  if (input.slots.some(isBeyondOpenings)) return true
  const right = publicInputsOf(statementOf(batch)).map((field) => fieldFromHex(field))
  const said = [input.context, input.ordersRoot, input.fillsRoot, input.header]
  return right.every((field, i) => field === said[i])
}

const isBeyondOpenings = ({ active, limit, energy }: SlotInput): boolean => {
  const price = limit - priceOffset
  return active === 1n && (price > limitMax || price < -limitMax || energy > BigInt(energyWhMax))
}

const limitMax = BigInt(limitMicrosMax)

/** The batch that the slots hold; undefined where they hold none that could be. */
function batchOf({ slots, context }: ClearingInput): Batch | undefined {
  const orders: BatchOrder[] = []
  let ended = false
  for (const slot of slots) {
    const { active, isVoid, side, limit, energy } = slot
    if (![active, isVoid, side].every((bit) => bit === 0n || bit === 1n)) return undefined
    if (active + isVoid > 1n) return undefined
    if (active + isVoid === 0n) {
      ended = true
      continue
    }
    if (ended) return undefined
    if (isVoid === 1n) {
      orders.push({ commitment: fieldToHex(mod(slot.voidCommitment)), void: 'void' })
      continue
    }
    if (energy < 1n || energy > 2n ** 28n || limit < 0n || limit >= 2n ** 41n) return undefined
    const word = wordOf(slot)
    const { commitment } = commitmentAndPad(word, slot.blind, context)
    const blind = fieldToHex(slot.blind)
    orders.push({ commitment: fieldToHex(commitment), word: fieldToHex(word), blind })
  }
  return { context: fieldToHex(context), orders }
}

/** Every value as the field has it: a cheating prover also chooses −1. */
export function inField(input: ClearingInput): ClearingInput {
  const all = <T extends object>(value: T): T =>
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mod(one as bigint)])) as T
  const { slots, advice, ...roots } = input
  return { ...all(roots), slots: slots.map(all), advice: all(advice) }
}
