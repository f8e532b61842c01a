import {
  claim,
  claimMarginal,
  firstEmpty,
  firstOf,
  firstVoid,
  price,
  shareOut,
  slotOf,
} from './cheats.ts'
import type { DirectedAttack } from './directed-attacks.ts'
import { mod } from './forge.ts'

const even = ['buy 10 5', 'sell 4 5']
const odd = ['buy 9 5', 'sell 4 5']

/**
 * Lies that are off by as little as can be, or that touch one slot alone: what stands against a
 * constraint that became looser, where the larger lie would still be noticed.
 */
export const narrowAttacks: readonly DirectedAttack[] = [
  {
    mark: 'odd-boolean',
    lie: 'the middle of a range rounded up, by an oddness below zero',
    orders: odd,
    cheat: ({ advice }) => Object.assign(advice, { middle: advice.middle + 1n, odd: -1n }),
  },
  {
    mark: 'width-one',
    lie: 'one price as two: all orders at it stay out',
    orders: ['buy 7 5', 'sell 3 5', 'buy 5 3', 'sell 5 4'],
    cheat: (input) => {
      claim(input, 'demand', 5, 5)
      input.advice.tie = 1n
      for (const words of ['buy 5 3', 'sell 5 4']) {
        Object.assign(slotOf(input, words), { inner: 0n, marginal: 1n })
      }
      for (const slot of input.slots) slot.shared = 0n
    },
  },
  {
    mark: 'active-boolean',
    lie: 'a set of one leaf said to be empty',
    orders: [],
    cheat: (input) =>
      Object.assign(firstEmpty(input), { active: -1n, isVoid: 1n, limit: input.advice.x }),
  },
  {
    mark: 'void-boolean',
    lie: 'a set of one order said to be empty',
    orders: [],
    cheat: (input) =>
      Object.assign(firstEmpty(input), {
        active: 1n,
        isVoid: -1n,
        energy: 3n,
        limit: input.advice.x,
        marginal: 1n,
      }),
  },
  {
    mark: 'side-boolean',
    lie: 'a seller on a third side stays out',
    orders: ['buy 4 5', 'sell 3 5'],
    cheat: (input) => {
      const sell = slotOf(input, 'sell 3 5')
      claim(input, 'none', 4, 5)
      Object.assign(sell, { side: -1n, limit: price(4), inner: 0n, marginal: 0n })
    },
  },
  {
    mark: 'no-gap',
    lie: 'a set that begins with a hole',
    orders: ['buy 4 5'],
    cheat: (input) => {
      const [first, second, ...rest] = input.slots
      if (first !== undefined && second !== undefined) input.slots = [second, first, ...rest]
    },
  },
  {
    mark: 'void-without-energy',
    lie: 'a void order that buys a single watt-hour',
    orders: ['void', 'sell 8 1', 'sell 12 1'],
    cheat: (input) => {
      claim(input, 'balanced', 8, 11)
      Object.assign(firstVoid(input), { energy: 1n, inner: 1n })
    },
  },
  {
    mark: 'energy-range',
    lie: 'an order beyond every bound',
    orders: ['buy 4 5'],
    cheat: (input) => Object.assign(firstOf(input), { energy: 2n ** 28n + 5n }),
  },
  {
    mark: 'energy-range',
    lie: 'an order of nothing, before others',
    orders: ['buy 4 5'],
    cheat: (input) => Object.assign(firstOf(input), { energy: 0n }),
  },
  {
    mark: 'marginal-at-edge',
    lie: 'an order one above the price shares instead of filling whole',
    orders: ['buy 5 6', 'buy 6 2', 'sell 5 5'],
    cheat: (input) => {
      Object.assign(slotOf(input, 'buy 6 2'), { inner: 0n, marginal: 1n })
      shareOut(input, 5n, 8n)
    },
  },
  {
    mark: 'marginal-at-edge',
    lie: 'an order one below the price shares',
    orders: ['buy 5 6', 'buy 4 2', 'sell 5 5'],
    cheat: (input) => {
      slotOf(input, 'buy 4 2').marginal = 1n
      shareOut(input, 5n, 8n)
    },
  },
  {
    mark: 'class-range',
    lie: 'no trade, because the only buyer is said to stay out',
    orders: even,
    cheat: (input) => {
      claim(input, 'none', 3, 4)
      slotOf(input, 'buy 10 5').inner = 0n
    },
  },
  {
    mark: 'class-range',
    lie: 'no trade, because the only seller is said to stay out',
    orders: even,
    cheat: (input) => {
      claim(input, 'none', 10, 11)
      slotOf(input, 'sell 4 5').inner = 0n
    },
  },
  {
    mark: 'side-boolean',
    lie: 'an order of no side, behind another',
    orders: ['buy 4 5'],
    cheat: (input) => {
      const limit = input.advice.x + 1n
      Object.assign(firstEmpty(input), { active: 1n, side: 2n, energy: 3n, limit })
    },
  },
  {
    mark: 'one-kind',
    lie: 'a void leaf that is an order as well, behind another',
    orders: ['buy 4 5'],
    cheat: (input) =>
      Object.assign(firstEmpty(input), {
        active: 1n,
        isVoid: 1n,
        voidCommitment: 7n,
        energy: 3n,
        limit: input.advice.x - 1n,
      }),
  },
  {
    mark: 'energy-range',
    lie: 'an order of nothing, behind another',
    orders: ['buy 4 5'],
    cheat: (input) =>
      Object.assign(firstEmpty(input), { active: 1n, limit: input.advice.x - 1n }),
  },
  {
    mark: 'balanced-buys',
    lie: 'a range to a price at which one watt-hour more is wanted',
    orders: ['buy 8 1', 'buy 11 3', 'buy 7 1', 'sell 4 3'],
    cheat: (input) => claimMarginal(input, 8, 11, 'buy 8 1'),
  },
  {
    mark: 'balanced-sells',
    lie: 'a range to a price at which one watt-hour more is offered',
    orders: ['buy 12 3', 'sell 4 3', 'sell 8 1', 'sell 9 1'],
    cheat: (input) => claimMarginal(input, 4, 8, 'sell 8 1'),
  },
  {
    mark: 'balanced-equal',
    lie: 'a middle where demand is larger by one',
    orders: ['buy 10 4', 'sell 4 3'],
    cheat: (input) => claim(input, 'balanced', 4, 10),
  },
  {
    mark: 'balanced-equal',
    lie: 'a middle where supply is larger by one',
    orders: ['buy 10 3', 'sell 4 4'],
    cheat: (input) => claim(input, 'balanced', 4, 10),
  },
  {
    mark: 'balanced-from-x',
    lie: 'a range that begins one too late, beside its sellers',
    orders: ['buy 10 5', 'sell 9 5'],
    cheat: (input) => claim(input, 'balanced', 10, 10),
  },
  {
    mark: 'balanced-from-x',
    lie: 'a range that begins one too late, beside two sellers',
    orders: ['buy 10 5', 'sell 9 3', 'sell 9 2'],
    cheat: (input) => claim(input, 'balanced', 10, 10),
  },
  {
    mark: 'middle',
    lie: 'the middle rounded up',
    orders: odd,
    cheat: ({ advice }) => Object.assign(advice, { middle: advice.middle + 1n, odd: 0n }),
  },
  {
    mark: 'middle',
    lie: 'the middle less one, by an oddness that is none',
    orders: even,
    cheat: ({ advice }) => Object.assign(advice, { middle: advice.middle - 1n, odd: 1n }),
  },
  {
    mark: 'none-buys',
    lie: 'no trade, at a price that a buyer of one watt-hour would pay',
    orders: ['buy 10 1', 'sell 4 5'],
    cheat: (input) => claim(input, 'none', 3, 4),
  },
  {
    mark: 'none-sells',
    lie: 'no trade, at a price that a seller of one watt-hour would take',
    orders: ['buy 10 5', 'sell 4 1'],
    cheat: (input) => claim(input, 'none', 10, 11),
  },
  ...(['ordersRoot', 'fillsRoot', 'header'] as const).map(
    (name): DirectedAttack => ({
      mark: { ordersRoot: 'orders-root', fillsRoot: 'fills-root', header: 'header' }[name],
      lie: `one less of ${name}`,
      orders: even,
      cheat: () => undefined,
      publish: (input) => Object.assign(input, { [name]: mod(input[name] - 1n) }),
    }),
  ),
]
