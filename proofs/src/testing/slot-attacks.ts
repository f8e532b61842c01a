import { fieldOrder } from '@busbar/protocols/sealed-orders'
import {
  as,
  type Attack,
  balanced,
  dear,
  demand,
  inverse,
  none,
  o,
  padding,
  shares,
  supply,
  tie,
  twentieth,
} from './lying-prover.ts'

/** By the constraint that keeps it away. */
export const slotAttacks: Readonly<Record<string, Attack>> = {
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
}
