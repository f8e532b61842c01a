import { hashFields } from '@busbar/protocols/sealed-orders'
import { stateOf } from '../parts.ts'
import {
  as,
  type Attack,
  balanced,
  dear,
  demand,
  half,
  none,
  o,
  padding,
  shares,
  tie,
} from './lying-prover.ts'
import { slotAttacks } from './slot-attacks.ts'
import type { PartsInput } from './small-parts.ts'

/** By the constraint of the sums, or between the parts, that keeps it away. */
export const sumAttacks: Readonly<Record<string, Attack>> = {
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
    lie: ({ terms, at }) => {
      Object.assign(terms, { noTrade: 1n, price: 0n, lowest: o + 25n, highest: o + 24n })
      at('buy 10 @ 30').near = at('sell 10 @ 20').near = 0n
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
  // The root over a single part is that of the part, and has a circuit of its own.
  'two-parts-at-least': {
    market: ['buy 10 @ 30', 'buy 10 @ 30', 'sell 15 @ 20', 'sell 3 @ 40', 'buy 6 @ 10'],
    lie: ({ input }) => {
      input.parts.splice(1)
      input.join.used = [1n, 0n, 0n, 0n]
    },
    publish: ({ parts, join }) => {
      join.ordersRoot = hashFields(parts.map(({ ordersRoot }) => ordersRoot))
      join.fillsRoot = hashFields(parts.map(({ fillsRoot }) => fillsRoot))
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
  'used-from-the-first': 'the root fixed on chain has no second preimage',
  'no-orders-behind': 'the root fixed on chain has no second preimage',
  'no-fills-behind': 'as a leaf that nobody can open, it is no fill of anybody',
}

/** All of them. */
export const partAttacks: Readonly<Record<string, Attack>> = { ...slotAttacks, ...sumAttacks }
