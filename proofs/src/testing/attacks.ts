import { fieldOrder } from '@busbar/protocols/sealed-orders'
import { type Advice, type ClearingInput, placeSlots, type SlotInput } from '../witness.ts'
import { inField, isTrue, mod, published } from './forge.ts'
import type { Random } from './random.ts'

const adviceNames = [
  'balanced',
  'demand',
  'supply',
  'x',
  'y',
  'middle',
  'odd',
  'tie',
] as const satisfies readonly (keyof Advice)[]

const slotNames = [
  'active',
  'isVoid',
  'side',
  'limit',
  'energy',
  'inner',
  'marginal',
  'shared',
] as const satisfies readonly (keyof SlotInput)[]

type Attack = (input: ClearingInput, random: Random) => void

const somewhere = (input: ClearingInput, random: Random): SlotInput => random.pick(input.slots)

/** A prover's freedom, one kind of lie after the other. Each changes secret inputs only. */
const attacks: readonly Attack[] = [
  // Another case of the rule, at another price, with every order placed to fit it.
  (input, random) => {
    const { advice } = input
    const kind = random.pick(['balanced', 'demand', 'supply', 'none'] as const)
    Object.assign(advice, { balanced: 0n, demand: 0n, supply: 0n, odd: 0n, middle: 0n })
    advice.x += BigInt(random.below(7) - 3)
    if (random.below(3) === 0) advice.x = random.pick(input.slots).limit
    const width = kind === 'balanced' || random.below(6) === 0 ? BigInt(random.below(4)) : 1n
    advice.y = advice.x + width
    advice.tie = BigInt(random.below(2))
    if (kind !== 'none') advice[kind] = 1n
    if (kind === 'balanced') {
      advice.middle = (advice.x + advice.y) / 2n + BigInt(random.pick([0, 0, 1, -1]))
      advice.odd = advice.x + advice.y - 2n * advice.middle
    }
    placeSlots(input.slots, advice)
  },
  // The middle of the range, rounded another way or not the middle.
  ({ advice }, random) => {
    const off = BigInt(random.pick([-1, 1, 2]))
    advice.middle += off
    if (random.below(2) === 0) advice.odd -= 2n * off
  },
  // A range that ends too early or too late.
  (input, random) => {
    const { advice } = input
    advice.x += BigInt(random.below(3) - 1)
    advice.y += BigInt(random.below(3) - 1)
    advice.middle = (advice.x + advice.y) / 2n
    advice.odd = (advice.x + advice.y) % 2n
    placeSlots(input.slots, advice)
  },
  // Any advice, any value near the edge.
  ({ advice }, random) => {
    const name = random.pick(adviceNames)
    advice[name] = random.pick([0n, 1n, 2n, -1n, advice[name] + 1n, advice[name] - 1n])
  },
  // Half of one case and half of another.
  ({ advice }, random) => {
    const weights = [-1n, 0n, 1n, 2n]
    advice.balanced = random.pick(weights)
    advice.demand = random.pick(weights)
    advice.supply = random.pick(weights)
  },
  // Any field of an order.
  (input, random) => {
    const slot = somewhere(input, random)
    const name = random.pick(slotNames)
    slot[name] = random.pick([0n, 1n, 2n, -1n, slot[name] + 1n, slot[name] - 1n])
  },
  // An order that fills whole, shares, or stays out, without a right to.
  (input, random) => {
    const slot = somewhere(input, random)
    const [inner, marginal] = random.pick([
      [0n, 0n],
      [1n, 0n],
      [0n, 1n],
      [1n, 1n],
      [2n, -1n],
    ] as const)
    Object.assign(slot, { inner, marginal })
  },
  // Shares moved from one to the next.
  (input, random) => {
    somewhere(input, random).shared += BigInt(random.pick([-2, -1, 1, 2]))
  },
  // Shares of the whole, shifted alike.
  (input, random) => {
    const shift = BigInt(random.pick([-1, 1]))
    for (const slot of input.slots) slot.shared += shift
  },
  // Orders of nothing, of less than nothing, and beyond every bound.
  (input, random) => {
    const slot = somewhere(input, random)
    slot.energy = random.pick([0n, -1n, -5n, 2n ** 28n + 1n, 2n ** 40n, fieldOrder / 2n])
    placeSlots(input.slots, input.advice)
  },
  (input, random) => {
    const slot = somewhere(input, random)
    slot.limit = random.pick([-1n, 2n ** 41n, 2n ** 60n, fieldOrder - 2n])
    placeSlots(input.slots, input.advice)
  },
  // A void order that trades, an order both void and not, a gap in the set.
  (input, random) => {
    const slot = somewhere(input, random)
    const [active, isVoid] = random.pick([
      [0n, 1n],
      [1n, 1n],
      [0n, 0n],
      [2n, -1n],
      [-1n, 2n],
    ] as const)
    Object.assign(slot, { active, isVoid })
  },
]

/**
 * One attempt to have something accepted that is not true: a few lies, told consistently. Undefined
 * where they came to nothing untrue.
 */
export function attempt(honest: ClearingInput, random: Random): ClearingInput | undefined {
  let input: ClearingInput = structuredClone(honest)
  const lies = random.pick([1, 1, 1, 2, 2, 3])
  for (let lie = 0; lie < lies; lie += 1) random.pick(attacks)(input, random)
  input = inField(published(inField(input)))
  // Sometimes the lie is in what is published.
  if (random.below(12) === 0) {
    const name = random.pick(['ordersRoot', 'fillsRoot', 'header', 'context'] as const)
    input = { ...input, [name]: mod(input[name] + BigInt(random.pick([1, 2 ** 24]))) }
  }
  return isTrue(input) ? undefined : input
}
