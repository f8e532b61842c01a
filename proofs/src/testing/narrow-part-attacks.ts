import { hashFields } from '@busbar/protocols/sealed-orders'
import {
  as,
  type Attack,
  balanced,
  demand,
  inverse,
  none,
  o,
  padding,
  shares,
} from './lying-prover.ts'
import type { PartsInput } from './small-parts.ts'

const uneven = [...padding, 'buy 10 @ 31', 'sell 10 @ 20', 'sell 5 @ 40', 'buy 5 @ 10']
const beside = (limit: number): readonly string[] => [
  ...demand.slice(0, -1),
  `buy 6 @ ${limit}`,
]

/** An order beside the price shares what is left of 15 among 26. */
const sharesBeside = (limit: number): Attack => ({
  market: beside(limit),
  lie: (draft) => {
    as(draft.at(`buy 6 @ ${limit}`), 'marginal', 4n)
    Object.assign(draft.terms, { left: 15n, wanted: 26n })
    shares(draft, 5n, 6n)
  },
})

/** A leaf in the last slot, which is said to be empty. */
const emptyLeaf = (leaf: bigint): Attack => ({
  market: demand,
  lie: ({ at }) => {
    const slot = at('buy 6 @ 10')
    as(slot, 'empty')
    slot.commitment = leaf
  },
})

const publishing = (publish: (input: PartsInput) => void): Attack => ({ market: demand, publish })

function partRootLess(name: 'ordersRoot' | 'fillsRoot', { parts, join }: PartsInput): void {
  const of = name === 'ordersRoot' ? 'orders' : 'fills'
  parts[0]![name] -= 1n
  join.parts[of][0]! -= 1n
  join[name] = hashFields(parts.map((part) => part[name]))
}

/** With `left` instead of 15 for two marginal orders of 10, and `energy` published. */
const leaving = (left: bigint, energy: bigint): Attack => ({
  market: demand,
  lie: (draft) => {
    Object.assign(draft.terms, { left, energy })
    shares(draft, (left * 10n) / 20n, left - (left * 10n) / 20n)
  },
})

/** Lies that are off by as little as can be, by the constraint that still refuses them. */
export const narrowPartAttacks: readonly (readonly [string, Attack])[] = [
  [
    'energy-range',
    {
      market: none,
      commit: 'opened',
      lie: ({ at }) => {
        const slot = at('sell 10 @ 40')
        slot.energy = 2n ** 28n
        slot.inverse = inverse(slot.energy)
      },
    },
  ],
  // The set has a leaf that nobody can open, one beside the commitment of an order.
  ['opened', { market: demand, lie: ({ at }) => void (at('buy 6 @ 10').commitment += 1n) }],
  ['opened', { market: demand, lie: ({ at }) => void (at('buy 6 @ 10').commitment -= 1n) }],
  ['empty-leaf', emptyLeaf(1n)],
  ['empty-leaf', emptyLeaf(-1n)],
  ['marginal-at-the-price', sharesBeside(29)],
  ['marginal-at-the-price', sharesBeside(31)],
  [
    'near-has-no-gap',
    {
      market: balanced,
      lie: ({ terms, at }) => {
        Object.assign(terms, { highest: o + 29n, price: o + 24n, odd: 1n })
        at('buy 10 @ 30').near = 1n
      },
    },
  ],
  ['part-orders-root', publishing((input) => partRootLess('ordersRoot', input))],
  ['part-fills-root', publishing((input) => partRootLess('fillsRoot', input))],
  ['orders-root', publishing(({ join }) => void (join.ordersRoot -= 1n))],
  ['fills-root', publishing(({ join }) => void (join.fillsRoot -= 1n))],
  ['header', publishing(({ join }) => void (join.header += 1n))],
  ['header', publishing(({ join }) => void (join.header -= 1n))],
  [
    'odd-bool',
    { market: uneven, lie: ({ terms }) => void Object.assign(terms, { odd: -1n, price: o + 26n }) },
  ],
  [
    'one-price',
    {
      market: [...padding, 'buy 5 @ 32', 'buy 5 @ 30', 'sell 5 @ 20', 'sell 5 @ 32'],
      lie: ({ terms, at }) => {
        Object.assign(terms, { buysLong: 1n, price: o + 30n, odd: 1n, left: 0n, wanted: 5n })
        Object.assign(terms, { lowest: o + 30n, highest: o + 31n, tie: 1n })
        as(at('buy 5 @ 32'), 'buyIn')
        as(at('buy 5 @ 30'), 'marginal')
        as(at('sell 5 @ 32'), 'sellOut')
        as(at('sell 5 @ 20'), 'sellIn')
        at('sell 5 @ 32').near = 1n
      },
    },
  ],
  ['no-price-without-trade', { market: none, lie: ({ terms }) => void (terms.price = 1n) }],
  [
    'middle',
    {
      market: balanced,
      lie: ({ terms }) => void Object.assign(terms, { odd: 1n, price: o + 24n }),
    },
  ],
  [
    'middle',
    { market: uneven, lie: ({ terms }) => void Object.assign(terms, { odd: 0n, price: o + 26n }) },
  ],
  ['bought', leaving(14n, 15n)],
  ['bought', leaving(16n, 15n)],
  ['sold', leaving(16n, 16n)],
  [
    'no-energy-without-trade',
    {
      market: [...padding, 'buy 1 @ 30', 'sell 1 @ 20'],
      lie: ({ terms, at }) => {
        Object.assign(terms, { noTrade: 1n, price: 0n, lowest: o + 25n, highest: o + 24n })
        Object.assign(terms, { odd: 0n })
        at('buy 1 @ 30').near = at('sell 1 @ 20').near = 0n
      },
    },
  ],
  [
    'marginal-only-if-long',
    {
      market: [...padding, 'buy 10 @ 30', 'buy 1 @ 25', 'sell 10 @ 20'],
      lie: ({ terms, at }) => {
        Object.assign(terms, { lowest: o + 20n, highest: o + 30n, price: o + 25n, odd: 0n })
        terms.wanted = 2n
        as(at('buy 1 @ 25'), 'marginal')
        at('sell 10 @ 20').near = 1n
      },
    },
  ],
  [
    'wanted',
    {
      market: demand,
      lie: (draft) => {
        draft.terms.wanted = 21n
        shares(draft, 7n, 7n)
      },
    },
  ],
  [
    'wanted',
    {
      market: [...padding, 'buy 2 @ 30', 'buy 2 @ 30', 'sell 3 @ 20'],
      lie: (draft) => {
        draft.terms.wanted = 3n
        shares(draft, 2n, 2n)
      },
    },
  ],
]
