import { fieldFromHex, fieldToHex } from '@busbar/protocols/sealed-orders'
import { type Batch, isOpened } from '../statement.ts'
import { type ThresholdInput, thresholdInput } from '../threshold.ts'
import { buyer, repacked, some, tight } from './threshold-attacks.ts'

type Attack = (input: ThresholdInput) => ThresholdInput

const seller = some.orders.findIndex((one) => isOpened(one) && (BigInt(one.word) & 1n) === 1n)

const honestSeller = (): ThresholdInput => thresholdInput(some, tight(some, seller))

/** The set in which the leaf of the order is one beside its commitment: nobody can open it. */
const beside = (by: bigint): Batch => ({
  ...some,
  orders: some.orders.map((order, i) =>
    i === buyer ? { ...order, commitment: fieldToHex(fieldFromHex(order.commitment) + by) } : order,
  ),
})

/** Lies that are off by as little as can be, by the constraint that still refuses them. */
export const narrowThresholdAttacks: readonly (readonly [string, Attack])[] = [
  // With a side of −1 the word is the seller's and the comparison that of a buyer.
  [
    'side-boolean',
    () => {
      const input = honestSeller()
      input.order.side = -1n
      input.order.limit += 1n
      input.claim.threshold = input.order.limit - 5n
      return repacked(input)
    },
  ],
  // A threshold that is too large borrows from the energy, and reads as a better one.
  [
    'threshold-range',
    () => {
      const input = honestSeller()
      input.claim.threshold = input.order.limit - 1n + 2n ** 41n
      input.claim.energy -= 1n
      return repacked(input)
    },
  ],
  // Of a last order the empty slots beside it count nothing, and twice minus one is one.
  [
    'bit-boolean',
    () => {
      const input = thresholdInput(some, tight(some, some.orders.length - 1))
      const step = input.path[0]!
      step.bits = [2n, 2n, ...step.bits.slice(2)]
      return repacked(input)
    },
  ],
  ['child-in-group', () => thresholdInput(beside(1n), tight(some, buyer))],
  ['child-in-group', () => thresholdInput(beside(-1n), tight(some, buyer))],
  ['part-root', (input) => ({ ...input, partRoot: input.partRoot - 1n })],
  ['claimed', (input) => ({ ...input, claimed: input.claimed + 1n })],
  ['claimed', (input) => ({ ...input, claimed: input.claimed - 1n })],
]
