import {
  commitmentAndPad,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  hashFields,
  priceOffset,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import { type PartSlot, partInputs, stateOf, type Terms } from '../parts.ts'
import type { Batch, BatchOrder } from '../statement.ts'
import { forged } from './forge-parts.ts'
import { someContext } from './random-batch.ts'
import { type PartsInput, smallCut } from './small-parts.ts'

/** `buy 10 @ 30`, in watt-hours and micros; the last of a list stands in the last slot. */
export type Market = readonly string[]

export const o = priceOffset

function parse(text: string): {
  side: 'buy' | 'sell'
  energyWh: number
  limitMicrosPerKwh: number
} {
  const [side, energy, , limit] = text.split(' ')
  return {
    side: side === 'buy' ? 'buy' : 'sell',
    energyWh: Number(energy),
    limitMicrosPerKwh: Number(limit),
  }
}

export function marketOf(market: Market): Batch {
  let floor = 0n
  const orders = market.map((text, i): BatchOrder => {
    const word = wordOf(parse(text))
    // Each above the one before: by trying blinds until it is, within its own share of the field.
    floor = (fieldOrder / BigInt(market.length + 1)) * BigInt(i)
    const ceiling = (fieldOrder / BigInt(market.length + 1)) * BigInt(i + 1)
    for (let blind = 1n; ; blind += 1n) {
      const { commitment } = commitmentAndPad(word, blind, fieldFromHex(someContext))
      if (commitment <= floor || commitment >= ceiling) continue
      const hex = fieldToHex(commitment)
      return { commitment: hex, word: fieldToHex(word), blind: fieldToHex(blind) }
    }
  })
  return { context: someContext, orders }
}

export const padding = ['buy 1 @ 3', 'sell 1 @ 90', 'buy 1 @ 4']

export const balanced = [...padding, 'buy 10 @ 30', 'sell 10 @ 20', 'sell 5 @ 40', 'buy 5 @ 10']
export const demand = [
  ...padding,
  'buy 10 @ 30',
  'buy 10 @ 30',
  'sell 15 @ 20',
  'sell 3 @ 40',
  'buy 6 @ 10',
]
export const supply = [
  ...padding,
  'sell 10 @ 30',
  'sell 10 @ 30',
  'buy 15 @ 40',
  'buy 3 @ 20',
  'sell 6 @ 50',
]
export const none = [...padding, 'buy 10 @ 10', 'sell 10 @ 40']
/** Both 30 and 31 trade 5; at 30 demand of 9 is left over, at 31 supply of 5. */
export const tie = [...padding, 'buy 5 @ 31', 'buy 9 @ 30', 'sell 5 @ 20', 'sell 5 @ 31']

export type Draft = {
  readonly terms: Terms
  readonly slots: PartSlot[]
  /** The slot of the n-th order of the market. */
  readonly at: (order: string, nth?: number) => PartSlot
  readonly input: PartsInput
}

export type Attack = {
  readonly market: Market
  /** What the cheating prover says of it. */
  readonly lie?: (draft: Draft) => void
  /** Whether the set is the attacker's own as well. */
  readonly commit?: 'opened'
  /** What it changes of what follows from that. */
  readonly publish?: (input: PartsInput) => void
}

const kinds = ['buyIn', 'sellIn', 'buyOut', 'sellOut', 'marginal', 'void'] as const

export const as = (slot: PartSlot, kind: (typeof kinds)[number] | 'empty', share = 0n): void => {
  for (const name of kinds) slot[name] = name === kind ? 1n : 0n
  slot.share = share
  slot.near = 0n
  if (kind === 'empty') slot.energy = slot.inverse = 0n
}

/** Builds the inputs of an attack: those that a prover without scruples would hand in. */
export function mount({ market, lie, commit, publish }: Attack): PartsInput {
  const batch = marketOf(market)
  const honest = partInputs(batch, 99n, smallCut) as PartsInput
  const { terms } = honest.join
  const slots = honest.parts.flatMap((part) => part.slots)
  const at = (order: string, nth = 0): PartSlot => {
    const places = market.flatMap((text, i) => (text === order ? [i] : []))
    const slot = slots[places[nth] ?? -1]
    if (slot === undefined) throw new RangeError(order)
    return slot
  }
  lie?.({ terms, slots, at, input: honest })
  const input = forged(honest, commit)
  publish?.(input)
  return input
}

/** The two marginal orders of `demand` and `supply` get these. */
export const shares = ({ slots }: Draft, first: bigint, second: bigint): void => {
  const [one, two] = slots.filter((slot) => slot.marginal === 1n)
  if (one !== undefined) one.share = first
  if (two !== undefined) two.share = second
}

export const half = (value: bigint): bigint => {
  const even = ((value % fieldOrder) + fieldOrder) % fieldOrder
  return even % 2n === 0n ? even / 2n : (even + fieldOrder) / 2n
}

/** 1 / 20, the energy of the marginal orders. */
export const twentieth = half(half(inverse(5n)))

export function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value, fieldOrder - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % fieldOrder
    base = (base * base) % fieldOrder
  }
  return result
}

/** At 30 instead of 31, in the market `tie`. */
export function dear({ terms, at }: Draft): void {
  Object.assign(terms, { buysLong: 1n, sellsLong: 0n, price: o + 30n })
  Object.assign(terms, { lowest: o + 30n, highest: o + 30n, left: 0n, wanted: 9n })
  as(at('buy 5 @ 31'), 'buyIn')
  as(at('buy 9 @ 30'), 'marginal')
  as(at('sell 5 @ 20'), 'sellIn')
  as(at('sell 5 @ 31'), 'sellOut')
}
