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
type Market = readonly string[]

const o = priceOffset

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

const padding = ['buy 1 @ 3', 'sell 1 @ 90', 'buy 1 @ 4']

const balanced = [...padding, 'buy 10 @ 30', 'sell 10 @ 20', 'sell 5 @ 40', 'buy 5 @ 10']
const demand = [
  ...padding,
  'buy 10 @ 30',
  'buy 10 @ 30',
  'sell 15 @ 20',
  'sell 3 @ 40',
  'buy 6 @ 10',
]
const supply = [
  ...padding,
  'sell 10 @ 30',
  'sell 10 @ 30',
  'buy 15 @ 40',
  'buy 3 @ 20',
  'sell 6 @ 50',
]
const none = [...padding, 'buy 10 @ 10', 'sell 10 @ 40']
/** Both 30 and 31 trade 5; at 30 demand of 9 is left over, at 31 supply of 5. */
const tie = [...padding, 'buy 5 @ 31', 'buy 9 @ 30', 'sell 5 @ 20', 'sell 5 @ 31']

type Draft = {
  readonly terms: Terms
  readonly slots: PartSlot[]
  /** The slot of the n-th order of the market. */
  readonly at: (order: string, nth?: number) => PartSlot
  readonly input: PartsInput
}

type Attack = {
  readonly market: Market
  /** What the cheating prover says of it. */
  readonly lie?: (draft: Draft) => void
  /** Whether the set is the attacker's own as well. */
  readonly commit?: 'opened'
  /** What it changes of what follows from that. */
  readonly publish?: (input: PartsInput) => void
}

const kinds = ['buyIn', 'sellIn', 'buyOut', 'sellOut', 'marginal', 'void'] as const

const as = (slot: PartSlot, kind: (typeof kinds)[number] | 'empty', share = 0n): void => {
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
const shares = ({ slots }: Draft, first: bigint, second: bigint): void => {
  const [one, two] = slots.filter((slot) => slot.marginal === 1n)
  if (one !== undefined) one.share = first
  if (two !== undefined) two.share = second
}

const half = (value: bigint): bigint => {
  const even = ((value % fieldOrder) + fieldOrder) % fieldOrder
  return even % 2n === 0n ? even / 2n : (even + fieldOrder) / 2n
}

/** 1 / 20, the energy of the marginal orders. */
const twentieth = half(half(inverse(5n)))

function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value, fieldOrder - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % fieldOrder
    base = (base * base) % fieldOrder
  }
  return result
}

/** At 30 instead of 31, in the market `tie`. */
function dear({ terms, at }: Draft): void {
  Object.assign(terms, { buysLong: 1n, sellsLong: 0n, price: o + 30n })
  Object.assign(terms, { lowest: o + 30n, highest: o + 30n, left: 0n, wanted: 9n })
  as(at('buy 5 @ 31'), 'buyIn')
  as(at('buy 9 @ 30'), 'marginal')
  as(at('sell 5 @ 20'), 'sellIn')
  as(at('sell 5 @ 31'), 'sellOut')
}

/** By the constraint that keeps it away. */
export const partAttacks: Readonly<Record<string, Attack>> = {
  // Marginal, whole and out at once: negative energy leaves more to share for the other.
  'buy-in-bool': {
    market: [...demand.slice(0, 5), 'sell 7 @ 20'],
    lie: (draft) => {
      const slot = draft.at('buy 10 @ 30')
      Object.assign(slot, { buyIn: -1n, buyOut: 1n })
      draft.terms.left = 17n
      shares(draft, 8n, 9n)
    },
  },
  'sell-in-bool': {
    market: [...supply.slice(0, 5), 'buy 7 @ 40'],
    lie: (draft) => {
      Object.assign(draft.at('sell 10 @ 30'), { sellIn: -1n, sellOut: 1n })
      draft.terms.left = 17n
      shares(draft, 8n, 9n)
    },
  },
  // Whole, and shares as well.
  'buy-out-bool': {
    market: demand,
    lie: (draft) => {
      Object.assign(draft.at('buy 10 @ 30'), { buyOut: -1n, buyIn: 1n })
      draft.terms.left = 5n
      shares(draft, 2n, 3n)
    },
  },
  'sell-out-bool': {
    market: supply,
    lie: (draft) => {
      Object.assign(draft.at('sell 10 @ 30'), { sellOut: -1n, sellIn: 1n })
      draft.terms.left = 5n
      shares(draft, 2n, 3n)
    },
  },
  // One order sells to itself, the other is marginal where nobody is.
  'marginal-bool': {
    market: [...padding, 'buy 10 @ 30', 'sell 10 @ 30'],
    lie: ({ at }) => {
      Object.assign(at('sell 10 @ 30'), { buyIn: 1n, sellIn: 1n, marginal: -1n, near: 1n })
      as(at('buy 10 @ 30'), 'marginal')
    },
  },
  'no-slot-after-an-empty-one': {
    market: demand,
    lie: ({ at }) => {
      as(at('sell 3 @ 40'), 'empty')
      at('sell 3 @ 40').commitment = 0n
    },
  },
  'energy-range': {
    market: none,
    commit: 'opened',
    lie: ({ at }) => {
      const slot = at('sell 10 @ 40')
      slot.energy = 2n ** 40n
      slot.inverse = inverse(slot.energy)
    },
  },
  'energy-of-active': {
    market: none,
    commit: 'opened',
    lie: ({ at }) => void (at('sell 10 @ 40').energy = 0n),
  },
  // A watt-hour of the word is read as 2^41 micros.
  'limit-range': {
    market: demand,
    lie: (draft) => {
      const slot = draft.at('buy 6 @ 10')
      as(slot, 'buyIn')
      slot.limit += 2n ** 41n
      slot.energy = 5n
      slot.inverse = inverse(5n)
      draft.terms.left = 10n
      shares(draft, 5n, 5n)
    },
  },
  opened: { market: demand, lie: ({ at }) => void (at('buy 6 @ 10').limit += 1n) },
  'empty-leaf': { market: demand, lie: ({ at }) => as(at('buy 6 @ 10'), 'empty') },
  'gap-range': {
    market: demand,
    lie: (draft) => {
      as(draft.at('sell 3 @ 40'), 'sellIn')
      Object.assign(draft.terms, { energy: 18n, left: 18n })
      shares(draft, 9n, 9n)
    },
  },
  'marginal-at-the-price': {
    market: demand,
    lie: (draft) => {
      as(draft.at('buy 6 @ 10'), 'marginal', 15n - 11n)
      draft.terms.wanted = 26n
      shares(draft, 5n, 6n)
    },
  },
  'near-bool': {
    market: tie,
    lie: (draft) => {
      dear(draft)
      draft.terms.tie = 1n
      draft.at('sell 5 @ 31').near = 2n
    },
  },
  'near-has-no-gap': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { lowest: o + 22n, price: o + 26n })
      at('sell 10 @ 20').near = 1n
    },
  },
  // In the field there are other quotients.
  'share-range': {
    market: demand,
    lie: (draft) => {
      const share = ((150n - 3n) * twentieth) % fieldOrder
      shares(draft, share, 15n - share)
    },
  },
  'share-not-above': { market: demand, lie: (draft) => shares(draft, 8n, 7n) },
  'share-not-below': { market: demand, lie: (draft) => shares(draft, 6n, 9n) },
  before: {
    market: demand,
    publish: ({ parts, join }) => {
      const [first, last] = [parts[0]!, parts.at(-1)!]
      first.start = { ...first.start, voids: 1n }
      for (const [i, part] of parts.slice(1).entries()) {
        part.start = { ...part.start, voids: 1n }
        part.before = stateOf(99n, part.terms, part.start)
        parts[i]!.after = part.before
      }
      join.sums = { ...join.sums, voids: 1n }
      join.header += 1n << 24n
      last.after = stateOf(99n, last.terms, join.sums)
      relink({ parts, join })
    },
  },
  after: {
    market: demand,
    publish: (input) => {
      input.join.sums = { ...input.join.sums, voids: 1n }
      input.join.header += 1n << 24n
      input.parts.at(-1)!.after = stateOf(99n, input.join.terms, input.join.sums)
      relink(input)
    },
  },
  'part-orders-root': {
    market: demand,
    publish: ({ parts, join }) => {
      parts[0]!.ordersRoot += 1n
      join.parts.orders[0]! += 1n
      join.ordersRoot = hashFields(parts.map(({ ordersRoot }) => ordersRoot))
    },
  },
  'part-fills-root': {
    market: demand,
    publish: ({ parts, join }) => {
      parts[0]!.fillsRoot += 1n
      join.parts.fills[0]! += 1n
      join.fillsRoot = hashFields(parts.map(({ fillsRoot }) => fillsRoot))
    },
  },
  'buys-long-bool': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { buysLong: -1n, sellsLong: 1n, price: o + 26n })
      Object.assign(terms, { lowest: o + 21n, highest: o + 31n })
      at('sell 10 @ 20').near = at('buy 10 @ 30').near = 1n
    },
  },
  'sells-long-bool': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { buysLong: 1n, sellsLong: -1n, price: o + 24n })
      Object.assign(terms, { lowest: o + 19n, highest: o + 29n })
      at('sell 10 @ 20').near = at('buy 10 @ 30').near = 1n
    },
  },
  'odd-bool': {
    market: balanced,
    lie: ({ terms }) => void Object.assign(terms, { odd: 2n, price: o + 24n }),
  },
  'price-range': {
    market: balanced,
    lie: ({ terms }) => void Object.assign(terms, { odd: 1n, price: half(2n * o + 49n) }),
  },
  'width-range': {
    market: [...padding, 'buy 10 @ 30', 'buy 10 @ 29', 'sell 10 @ 20'],
    lie: ({ terms, at }) => {
      Object.assign(terms, { lowest: o + 31n, highest: o + 29n, odd: 0n, price: o + 30n })
      as(at('buy 10 @ 29'), 'buyIn')
      as(at('buy 10 @ 30'), 'buyOut')
      at('buy 10 @ 29').near = at('buy 10 @ 30').near = 1n
    },
  },
  // Two apart, the prices beside skip the one between them.
  'one-price': {
    market: [...padding, 'buy 5 @ 32', 'buy 5 @ 30', 'sell 5 @ 20', 'sell 5 @ 32'],
    lie: ({ terms, at }) => {
      Object.assign(terms, { buysLong: 1n, price: o + 30n, odd: 0n, left: 0n, wanted: 5n })
      Object.assign(terms, { lowest: o + 29n, highest: o + 31n, tie: 1n })
      as(at('buy 5 @ 32'), 'buyIn')
      as(at('buy 5 @ 30'), 'marginal')
      as(at('sell 5 @ 32'), 'sellOut')
      as(at('sell 5 @ 20'), 'sellIn')
      at('sell 5 @ 32').near = 1n
    },
  },
  'no-price-without-trade': { market: none, lie: ({ terms }) => void (terms.price = 7n) },
  middle: { market: balanced, lie: ({ terms }) => void (terms.price += 1n) },
  bought: {
    market: demand,
    lie: (draft) => {
      draft.terms.left = 8n
      shares(draft, 4n, 4n)
    },
  },
  sold: {
    market: demand,
    lie: (draft) => {
      Object.assign(draft.terms, { left: 14n, energy: 14n })
      shares(draft, 7n, 7n)
    },
  },
  'no-energy-without-trade': {
    market: balanced,
    lie: ({ terms }) => {
      Object.assign(terms, { noTrade: 1n, price: 0n, lowest: o + 25n, highest: o + 24n })
    },
  },
  'energy-with-trade': {
    market: none,
    lie: ({ terms, at }) => {
      Object.assign(terms, { noTrade: 0n, lowest: o + 11n, highest: o + 39n, price: o + 25n })
      at('buy 10 @ 10').near = at('sell 10 @ 40').near = 1n
      for (const text of padding) at(text).near = 0n
    },
  },
  'marginal-only-if-long': {
    market: [...padding, 'buy 10 @ 30', 'buy 6 @ 25', 'sell 10 @ 20'],
    lie: ({ terms, at }) => {
      Object.assign(terms, { lowest: o + 20n, highest: o + 30n, price: o + 25n, odd: 0n })
      terms.wanted = 7n
      as(at('buy 6 @ 25'), 'marginal')
      at('sell 10 @ 20').near = 1n
    },
  },
  'left-below-marginal': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { buysLong: 1n, price: o + 30n, lowest: o + 30n, highest: o + 30n })
      Object.assign(terms, { left: 10n, wanted: 10n, odd: 0n })
      as(at('buy 10 @ 30'), 'marginal', 10n)
      at('sell 10 @ 20').near = 0n
    },
  },
  wanted: {
    market: demand,
    lie: (draft) => {
      draft.terms.wanted = 25n
      shares(draft, 6n, 6n)
    },
  },
  'tie-or-left': {
    market: tie,
    lie: (draft) => {
      dear(draft)
      draft.terms.tie = 0n
    },
  },
  'tie-leaves-no-less': {
    market: tie,
    lie: (draft) => {
      dear(draft)
      draft.terms.tie = 1n
      draft.at('sell 5 @ 31').near = 1n
    },
  },
  'lowest-is-a-limit': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { lowest: o + 22n, price: o + 26n })
      at('sell 10 @ 20').near = 0n
    },
  },
  'highest-is-a-limit': {
    market: balanced,
    lie: ({ terms, at }) => {
      Object.assign(terms, { highest: o + 28n, price: o + 24n })
      at('buy 10 @ 30').near = 0n
    },
  },
  'begins-where-the-last-ended': {
    market: demand,
    publish: (input) => {
      const last = input.parts.at(-1)!
      input.join.sums = { ...input.join.sums, voids: 1n }
      input.join.header += 1n << 24n
      last.start = { ...last.start, voids: 1n }
      last.before = stateOf(99n, last.terms, last.start)
      last.after = stateOf(99n, last.terms, input.join.sums)
      relink(input)
    },
  },
  // A hole among the parts: the root over them is none of a set.
  'used-from-the-first': {
    market: [...demand, 'buy 1 @ 2'],
    publish: ({ join }) => {
      join.used = [1n, 1n, 0n, 1n]
      for (const list of [
        join.parts.orders,
        join.parts.fills,
        join.parts.before,
        join.parts.after,
      ]) {
        list.splice(2, 2, 0n, list[2] ?? 0n)
      }
    },
  },
  'two-parts-at-least': {
    market: ['buy 10 @ 30', 'buy 10 @ 30', 'sell 15 @ 20', 'sell 3 @ 40', 'buy 6 @ 10'],
    publish: (input) => {
      const { join, parts } = input
      const first = parts[0]!
      parts.splice(1)
      join.used = [1n, 0n, 0n, 0n]
      for (const list of [
        join.parts.orders,
        join.parts.fills,
        join.parts.before,
        join.parts.after,
      ]) {
        list.splice(1, 3, 0n, 0n, 0n)
      }
      join.ordersRoot = hashFields([first.ordersRoot])
      join.fillsRoot = hashFields([first.fillsRoot])
    },
  },
  'ends-in-the-sums': {
    market: demand,
    publish: ({ join }) => {
      join.sums = { ...join.sums, voids: 1n }
      join.header += 1n << 24n
    },
  },
  'last-part-used': {
    market: demand,
    lie: ({ input }) => {
      const { parts, join } = input
      const slots = parts[0]!.slots.map((slot) => {
        const empty = { ...slot, commitment: 0n, limit: 0n, blind: 0n }
        as(empty, 'empty')
        return empty
      })
      parts.push({ ...parts[0]!, slots })
      join.used = join.used.map((_, i) => (i < parts.length ? 1n : 0n))
    },
  },
  'orders-root': { market: demand, publish: ({ join }) => void (join.ordersRoot += 1n) },
  'fills-root': { market: demand, publish: ({ join }) => void (join.fillsRoot += 1n) },
  header: { market: demand, publish: ({ join }) => void (join.header += 1n << 90n) },
}

/** Tells the joining proof what the parts' proofs say. */
function relink({ parts, join }: PartsInput): void {
  parts.forEach((part, i) => {
    join.parts.before[i] = part.before
    join.parts.after[i] = part.after
  })
}

/** Constraints that nothing gets past without either, and why. */
export const redundantInParts: Readonly<Record<string, string>> = {
  'one-kind-of-slot': 'what is void and active, or active twice, has commitment or energy 0',
  'void-bool': 'full is 0 or 1 and active is, so void is −1, 0 or 1; at −1 an order hashes to zero',
  'no-energy-of-others': 'every sum multiplies energy by a flag that is 0 unless active',
  'no-trade-bool': 'either energy is 0, and 1 − noTrade is not above it, or noTrade is 0',
  'one-kind-of-batch': 'noTrade and a long side: a marginal limit of −2^40, which no opening has',
  'tie-bool': 'it is 1 to 2^56, and times a negative number that is far from 0 in the field',
  'lowest-range': 'where there is a trade, limits are within 2^42 of it; else it decides nothing',
  'left-only-if-long': 'left is not negative, and no more than the marginal energy, which is 0',
  'left-not-negative': 'left is at least long − tie, and that is not negative',
  'used-bool': 'what is neither 0 nor 1 has orders 0: a root that no part has',
  'no-orders-behind': 'the root fixed on chain has no second preimage',
  'no-fills-behind': 'as a leaf that nobody can open, it is no fill of anybody',
}
