import { ok } from 'node:assert/strict'
import {
  commitmentAndPad,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  priceOffset,
  SetTree,
  wordFields,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import { bn254 } from '@noble/curves/bn254.js'
import { type Batch, type BatchOrder, isOpened } from '../statement.ts'
import {
  type Claim,
  packClaim,
  type ThresholdInput,
  thresholdInput,
  unpackClaim,
} from '../threshold.ts'
import { someContext } from './random-batch.ts'

const mod = (value: bigint): bigint => ((value % fieldOrder) + fieldOrder) % fieldOrder

/** An attack may count below zero, as the field does. */
export const modulo = (input: ThresholdInput): ThresholdInput =>
  JSON.parse(
    JSON.stringify(input, (_, value: unknown) =>
      typeof value === 'bigint' ? `n${mod(value)}` : value,
    ),
    (_, value: unknown) =>
      typeof value === 'string' && value.startsWith('n') ? BigInt(value.slice(1)) : value,
  ) as ThresholdInput

const order = (side: 'buy' | 'sell', limitMicrosPerKwh: number, energyWh: number): BatchOrder => {
  const word = wordOf({ side, limitMicrosPerKwh, energyWh })
  const blind = 123_456_789n
  const { commitment } = commitmentAndPad(word, blind, fieldFromHex(someContext))
  return {
    commitment: fieldToHex(commitment),
    word: fieldToHex(word),
    blind: fieldToHex(blind),
  }
}

export const some: Batch = {
  context: someContext,
  orders: [
    order('buy', 50, 700),
    order('sell', -50, 700),
    order('buy', 60, 1),
    order('sell', 60, 900),
    order('buy', 70, 5_000),
  ].sort((a, b) => (a.commitment < b.commitment ? -1 : 1)),
}
export const buyer = some.orders.findLastIndex(
  (one) => isOpened(one) && (BigInt(one.word) & 1n) === 0n,
)
ok(buyer > 0, 'the attacks need a neighbour below')

/** What is exactly true of an order. */
export function tight(batch: Batch, position: number): Claim {
  const own = batch.orders[position]
  ok(own !== undefined && isOpened(own))
  const { side, limitMicrosPerKwh, energyWh } = wordFields(fieldFromHex(own.word))
  return { side, thresholdMicrosPerKwh: limitMicrosPerKwh, energyWh, position }
}

export const honest = (): ThresholdInput => thresholdInput(some, tight(some, buyer))

/** The claim as the circuit packs it, of whatever numbers it was given. */
export function repacked(input: ThresholdInput): ThresholdInput {
  const { side } = input.order
  const bits = input.path.flatMap((step) => step.bits)
  const position = bits.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n)
  const least = side + 2n * input.claim.threshold + (input.claim.energy << 42n)
  return { ...input, claimed: mod(least + (position << 70n)) }
}

/** By the constraint that keeps it out: a claim that is not true. */
export const attacks: Readonly<Record<string, (input: ThresholdInput) => ThresholdInput>> = {
  // A limit one lower and a "side" of two are the same word, and turn the comparison around.
  'side-boolean': (input) => {
    input.claim.threshold = input.order.limit
    input.order.limit -= 1n
    input.order.side += 2n
    return repacked(input)
  },
  // A watt-hour of the word is read as 2^41 micros.
  'limit-range': (input) => {
    input.order.limit += 2n ** 41n
    input.order.energy -= 1n
    input.claim.threshold = priceOffset + 10n ** 12n
    input.claim.energy -= 1n
    return repacked(input)
  },
  // A threshold below zero borrows from the energy and reads as the highest there is.
  'threshold-range': (input) => {
    input.claim.threshold = 10n ** 12n - priceOffset
    return repacked(input)
  },
  // An energy below zero borrows from the position and reads as the next order's, and a large one.
  'least-range': (input) => {
    input.claim.energy = -5n
    return repacked(input)
  },
  'as-good': (input) => {
    input.claim.threshold += 1n
    return repacked(input)
  },
  'no-less': (input) => {
    input.claim.energy += 1n
    return repacked(input)
  },
  // Between sixteen leaves there is a line through the own one that comes out at another position.
  'bit-boolean': (input) => {
    const own = commitmentOfInput(input)
    for (let position = 0n; position < 16n; position += 1n) {
      const step = input.path[0]!
      const bits = position === BigInt(buyer) ? undefined : lineThrough(step.group, own, position)
      if (bits !== undefined) {
        step.bits = bits
        return repacked(input)
      }
    }
    throw new Error('no line through the order')
  },
  // An order that nobody committed to in time.
  'child-in-group': (input) => {
    input.order.blind += 1n
    return input
  },
  'part-root': (input) => ({ ...input, partRoot: input.partRoot + 1n }),
  claimed: (input) => ({
    ...input,
    claimed: fieldFromHex(packClaim({ ...tight(some, buyer), energyWh: 9_999 })),
  }),
}

const commitmentOfInput = ({ order: own, context }: ThresholdInput): bigint =>
  commitmentAndPad(own.side + 2n * own.limit + (own.energy << 42n), own.blind, context).commitment

/**
 * Two bits that are none, with which sixteen nodes give `own` at `position`:
 * b0 + 2 b1 = position and g0 + b0 (g1 − g0) + b1 (g2 − g0) + b0 b1 (g0 − g1 − g2 + g3) = own.
 */
function lineThrough(
  [g0 = 0n, g1 = 0n, g2 = 0n, g3 = 0n]: readonly bigint[],
  own: bigint,
  position: bigint,
): bigint[] | undefined {
  const { Fr } = bn254.fields
  const across = g0 - g1 - g2 + g3
  // With b0 = position − 2 b1 it is a b1² + b b1 + c = 0.
  const a = Fr.create(-2n * across)
  const b = Fr.create(-2n * (g1 - g0) + (g2 - g0) + position * across)
  const c = Fr.create(g0 + position * (g1 - g0) - own)
  const square = Fr.create(b * b - 4n * a * c)
  try {
    const b1 = Fr.div(Fr.create(Fr.sqrt(square) - b), Fr.create(2n * a))
    return [Fr.create(position - 2n * b1), b1, 0n, 0n]
  } catch {
    return undefined
  }
}

/** Whether what the public inputs say is untrue of the set. */
export function isFalseClaim(input: ThresholdInput): boolean {
  const { context, partRoot, claimed } = modulo(input)
  const root = new SetTree(some.orders.map(({ commitment }) => commitment)).root
  if (fieldToHex(context) !== some.context || fieldToHex(partRoot) !== root) return true
  const own = fieldToHex(commitmentOfInput(input))
  if (!some.orders.some(({ commitment }) => commitment === own)) return true
  try {
    thresholdInput(some, unpackClaim(fieldToHex(claimed)))
    return false
  } catch {
    return true
  }
}
