import { fieldOrder, priceOffset } from '@busbar/protocols/sealed-orders'
import { type Advice, type ClearingInput, placeSlots, type SlotInput } from '../witness.ts'
import { mod } from './forge.ts'

export const price = (value: number): bigint => BigInt(value) + priceOffset

/** Another case of the rule, at other prices; every order is placed to fit. */
export function claim(
  input: ClearingInput,
  kind: keyof Advice | 'none',
  x: number,
  y: number,
): void {
  const { advice } = input
  const sum = price(x) + price(y)
  Object.assign(advice, { balanced: 0n, demand: 0n, supply: 0n, tie: 0n, middle: 0n, odd: 0n })
  Object.assign(advice, { x: price(x), y: price(y) })
  if (kind !== 'none') advice[kind] = 1n
  if (kind === 'balanced') Object.assign(advice, { middle: sum / 2n, odd: sum % 2n })
  placeSlots(input.slots, advice)
}

/** The slot of the order that `words` describe: the set is sorted by commitment. */
export function slotOf({ slots }: ClearingInput, words: string): SlotInput {
  const [side, limit, energy] = words.split(' ')
  const found = slots.find(
    (slot) =>
      slot.active === 1n &&
      slot.side === (side === 'sell' ? 1n : 0n) &&
      slot.limit === price(Number(limit)) &&
      slot.energy === BigInt(energy ?? ''),
  )
  if (found === undefined) throw new RangeError(`no order is ${words}`)
  return found
}

export const firstEmpty = ({ slots }: ClearingInput): SlotInput => {
  const found = slots.find(({ active, isVoid }) => active + isVoid === 0n)
  if (found === undefined) throw new RangeError('no slot is empty')
  return found
}

export const firstOf = ({ slots }: ClearingInput): SlotInput => {
  const [first] = slots
  if (first === undefined) throw new RangeError('there are slots')
  return first
}

export const firstVoid = ({ slots }: ClearingInput): SlotInput => {
  const found = slots.find(({ isVoid }) => isVoid === 1n)
  if (found === undefined) throw new RangeError('no slot is void')
  return found
}

export function claimMarginal(input: ClearingInput, x: number, y: number, words: string): void {
  claim(input, 'balanced', x, y)
  Object.assign(slotOf(input, words), { inner: 0n, marginal: 1n })
}

/** Marginal buyers share `rest` of `wanted`, in the order of their slots. */
export function shareOut({ slots }: ClearingInput, rest: bigint, wanted: bigint): void {
  let cumulated = 0n
  for (const slot of slots) {
    if (slot.marginal === 1n && slot.side === 0n) cumulated += slot.energy
    slot.shared = (rest * cumulated) / wanted
  }
}

export function shiftFirstShare(slots: readonly SlotInput[], by: bigint): void {
  const slot = slots.find(({ marginal }) => marginal === 1n)
  if (slot !== undefined) slot.shared += by
}

/** By Fermat: the order of the field is a prime. */
export function inverse(value: bigint): bigint {
  let [result, base] = [1n, mod(value)]
  for (let exponent = fieldOrder - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base)
    base = mod(base * base)
  }
  return result
}
