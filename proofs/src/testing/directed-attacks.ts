import {
  blindOf,
  commitmentOf,
  fieldOrder,
  fieldToHex,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import type { Batch } from '../statement.ts'
import { type ClearingInput, clearingInput } from '../witness.ts'
import {
  claim,
  claimMarginal,
  firstEmpty,
  firstOf,
  firstVoid,
  inverse,
  shareOut,
  shiftFirstShare,
  slotOf,
} from './cheats.ts'
import { inField, mod, published } from './forge.ts'
import { someContext } from './random-batch.ts'
import { smallSlots } from './small-circuit.ts'

/** An order in words: `buy 10 5` wants 5 Wh at 10 micros per kWh or less; `void` takes no part. */
type Orders = readonly string[]

/**
 * For each constraint of the rule, a lie that nothing but this constraint stands against: orders,
 * and what a cheating prover does with its secret inputs. What it publishes follows from those.
 */
export type DirectedAttack = {
  readonly mark: string
  readonly lie: string
  readonly orders: Orders
  readonly cheat: (input: ClearingInput) => void
  /** What is published is changed after all else. */
  readonly publish?: (input: ClearingInput) => void
}

const sharing = ['buy 5 2', 'buy 5 6', 'sell 5 5']
const even = ['buy 10 5', 'sell 4 5']
const tied = ['buy 6 4', 'buy 5 5', 'sell 5 4', 'sell 6 1']

export const directedAttacks: readonly DirectedAttack[] = [
  {
    mark: 'demand-boolean',
    lie: 'a price where nothing trades, by a case and its opposite at once',
    orders: ['buy 4 5'],
    cheat: (input) => {
      claim(input, 'none', 5, 6)
      Object.assign(input.advice, { demand: -1n, supply: 1n })
    },
  },
  {
    mark: 'supply-boolean',
    lie: 'the same with the cases exchanged',
    orders: ['buy 4 5'],
    cheat: ({ advice }) => Object.assign(advice, { demand: 1n, supply: -1n }),
  },
  {
    mark: 'odd-boolean',
    lie: 'the middle of a range rounded down by more than it is odd',
    orders: even,
    cheat: ({ advice }) => Object.assign(advice, { middle: advice.middle - 1n, odd: 2n }),
  },
  {
    mark: 'width-range',
    lie: 'a range that ends before it begins',
    orders: ['buy 10 10', 'sell 0 10'],
    cheat: (input) => {
      claim(input, 'balanced', 11, 10)
      for (const slot of input.slots) {
        if (slot.active === 1n) Object.assign(slot, { inner: 1n, marginal: 0n })
      }
    },
  },
  {
    mark: 'width-one',
    lie: 'two neighbours with a better price between them',
    orders: ['buy 7 10', 'buy 5 3', 'sell 5 10', 'sell 7 4'],
    cheat: (input) => {
      claim(input, 'demand', 5, 7)
      input.advice.tie = 1n
    },
  },
  {
    mark: 'active-boolean',
    lie: 'a leaf in the set that is not counted',
    orders: ['buy 4 5'],
    cheat: (input) => {
      Object.assign(firstEmpty(input), { active: -1n, isVoid: 1n, limit: input.advice.x })
    },
  },
  {
    mark: 'void-boolean',
    lie: 'an order that is not counted',
    orders: ['buy 4 5'],
    cheat: (input) => {
      Object.assign(firstEmpty(input), { active: 1n, isVoid: -1n, energy: 3n })
    },
  },
  {
    mark: 'side-boolean',
    lie: 'an order of no side',
    orders: ['buy 4 5'],
    cheat: (input) => {
      Object.assign(firstOf(input), { side: 2n, limit: input.advice.x + 1n, marginal: 0n })
    },
  },
  {
    mark: 'inner-boolean',
    lie: 'no trade, because one buyer is counted against another',
    orders: ['buy 10 5', 'buy 7 5', 'sell 8 5'],
    cheat: (input) => {
      claim(input, 'none', 7, 8)
      Object.assign(slotOf(input, 'buy 7 5'), { inner: -1n, marginal: 1n })
    },
  },
  {
    mark: 'one-kind',
    lie: 'one leaf counted twice',
    orders: ['buy 4 5'],
    cheat: (input) => Object.assign(firstOf(input), { isVoid: 1n, voidCommitment: 7n }),
  },
  {
    mark: 'no-gap',
    lie: 'a set with a hole',
    orders: ['buy 4 5', 'buy 3 5'],
    cheat: (input) => {
      const [first, second, third, ...rest] = input.slots
      if (first === undefined || second === undefined || third === undefined) return
      input.slots = [first, third, second, ...rest]
    },
  },
  {
    mark: 'limit-range',
    lie: 'a watt-hour turned into a higher limit, under the same commitment',
    orders: ['buy 10 5', 'sell 8 4', 'sell 12 1'],
    cheat: (input) => {
      const buy = slotOf(input, 'buy 10 5')
      Object.assign(buy, { limit: buy.limit + 2n ** 41n, energy: 4n })
      claim(input, 'balanced', 8, 11)
    },
  },
  {
    mark: 'void-without-energy',
    lie: 'a void order that buys',
    orders: ['void', 'sell 8 5', 'sell 12 1'],
    cheat: (input) => {
      claim(input, 'balanced', 8, 11)
      Object.assign(firstVoid(input), { energy: 5n, inner: 1n })
    },
  },
  {
    mark: 'energy-range',
    lie: 'an order of nothing',
    orders: ['buy 4 5', 'buy 3 1'],
    cheat: (input) => Object.assign(slotOf(input, 'buy 3 1'), { energy: 0n }),
  },
  {
    mark: 'one-class',
    lie: 'an order at the price fills whole and shares as well',
    orders: sharing,
    cheat: (input) => {
      Object.assign(slotOf(input, 'buy 5 2'), { inner: 1n, marginal: 1n })
      shareOut(input, 3n, 8n)
    },
  },
  {
    mark: 'marginal-at-edge',
    lie: 'an order below the price shares',
    orders: ['buy 5 2', 'buy 7 6', 'sell 5 5'],
    cheat: (input) => {
      slotOf(input, 'buy 5 2').marginal = 1n
      shareOut(input, 5n, 8n)
    },
  },
  {
    mark: 'class-range',
    lie: 'no trade, because all are said to stay out',
    orders: even,
    cheat: (input) => {
      claim(input, 'none', 6, 7)
      for (const slot of input.slots) slot.inner = 0n
    },
  },
  {
    mark: 'balanced-buys',
    lie: 'a range to a price at which more is wanted',
    orders: ['buy 8 5', 'buy 11 3', 'buy 7 1', 'sell 4 3'],
    cheat: (input) => claimMarginal(input, 8, 11, 'buy 8 5'),
  },
  {
    mark: 'balanced-sells',
    lie: 'a range to a price at which more is offered',
    orders: ['buy 12 3', 'sell 4 3', 'sell 8 5', 'sell 9 1'],
    cheat: (input) => claimMarginal(input, 4, 8, 'sell 8 5'),
  },
  {
    mark: 'balanced-equal',
    lie: 'a middle where demand is larger',
    orders: ['buy 10 5', 'sell 4 3'],
    cheat: (input) => claim(input, 'balanced', 4, 10),
  },
  {
    mark: 'balanced-to-y',
    lie: 'a range that ends too early',
    orders: even,
    cheat: (input) => claim(input, 'balanced', 4, 8),
  },
  {
    mark: 'balanced-from-x',
    lie: 'a range that begins too late',
    orders: even,
    cheat: (input) => claim(input, 'balanced', 6, 10),
  },
  {
    mark: 'middle',
    lie: 'a price one micro beside the middle',
    orders: even,
    cheat: ({ advice }) => Object.assign(advice, { middle: advice.middle + 1n }),
  },
  {
    mark: 'middle-range',
    lie: 'half of an odd number, which the field has',
    orders: even,
    cheat: ({ advice }) => {
      const half = (fieldOrder + 1n) / 2n
      Object.assign(advice, { middle: mod((advice.x + advice.y - 1n) * half), odd: 1n })
    },
  },
  {
    mark: 'demand-at-x',
    lie: 'a buyer gets more than it asked for',
    orders: ['buy 5 2', 'sell 5 5'],
    cheat: (input) => claim(input, 'demand', 5, 6),
  },
  {
    mark: 'supply-at-y',
    lie: 'a seller delivers more than it offered',
    orders: ['sell 5 2', 'buy 5 5'],
    cheat: (input) => claim(input, 'supply', 4, 5),
  },
  {
    mark: 'trades-most',
    lie: 'of two prices that trade equally much, the one with more left over, not called a tie',
    orders: tied,
    cheat: (input) => claim(input, 'demand', 5, 6),
  },
  {
    mark: 'tie-least-left',
    lie: 'of two prices that trade equally much, the one with more left over',
    orders: tied,
    cheat: (input) => {
      claim(input, 'demand', 5, 6)
      input.advice.tie = 1n
    },
  },
  {
    mark: 'none-buys',
    lie: 'no trade, at a price that buyers would pay',
    orders: even,
    cheat: (input) => claim(input, 'none', 3, 4),
  },
  {
    mark: 'none-sells',
    lie: 'no trade, at a price that sellers would take',
    orders: even,
    cheat: (input) => claim(input, 'none', 10, 11),
  },
  {
    mark: 'volume-positive',
    lie: 'a price where nothing trades',
    orders: ['buy 4 5', 'sell 10 5'],
    cheat: (input) => claim(input, 'balanced', 5, 9),
  },
  {
    mark: 'shared-range',
    lie: 'a fraction of a watt-hour, which the field has',
    orders: sharing,
    cheat: ({ slots }) => {
      const slot = slots.find(({ marginal }) => marginal === 1n)
      if (slot === undefined) return
      // 5 of 8 are shared: any remainder below 8 has its own quotient in the field.
      const remainder = (5n * slot.energy) % 8n === 0n ? 1n : 0n
      slot.shared = mod((5n * slot.energy - remainder) * inverse(8n))
    },
  },
  {
    mark: 'remainder-low',
    lie: 'a share rounded up',
    orders: sharing,
    cheat: ({ slots }) => shiftFirstShare(slots, 1n),
  },
  {
    mark: 'remainder-high',
    lie: 'a share rounded down by one more',
    orders: sharing,
    cheat: ({ slots }) => shiftFirstShare(slots, -1n),
  },
  {
    mark: 'orders-root',
    lie: 'another set of orders',
    orders: even,
    cheat: () => undefined,
    publish: (input) => Object.assign(input, { ordersRoot: input.ordersRoot + 1n }),
  },
  {
    mark: 'fills-root',
    lie: 'other fills',
    orders: even,
    cheat: () => undefined,
    publish: (input) => Object.assign(input, { fillsRoot: input.fillsRoot + 1n }),
  },
  {
    mark: 'header',
    lie: 'one order more',
    orders: even,
    cheat: () => undefined,
    publish: (input) => Object.assign(input, { header: input.header + 1n }),
  },
]

/**
 * An attack as the circuit would be given it.
 *
 * @param shuffle other salts, and so another order of the slots.
 */
export function attackInput(
  { orders, cheat, publish }: DirectedAttack,
  shuffle = 0,
): ClearingInput {
  const input = clearingInput(batchOf(orders, shuffle), smallSlots)
  cheat(input)
  const told = inField(published(inField(input)))
  publish?.(told)
  return told
}

/** The batch of orders in words. */
export function batchOf(orders: Orders, shuffle = 0): Batch {
  const made = orders.map((words, n) => {
    const [side, limit, energy] = words === 'void' ? ['buy', '0', '1'] : words.split(' ')
    const opening = {
      account: 3,
      meter: n,
      side: side === 'sell' ? ('sell' as const) : ('buy' as const),
      energyWh: Number(energy),
      limitMicrosPerKwh: Number(limit),
      salt: `0x${String(shuffle * 100 + n + 1).padStart(64, '0')}`,
    }
    const commitment = commitmentOf(someContext, opening)
    if (words === 'void') return { commitment, void: 'cancelled' }
    const word = fieldToHex(wordOf(opening))
    return { commitment, word, blind: fieldToHex(blindOf(opening)) }
  })
  return {
    context: someContext,
    orders: made.sort((a, b) => (a.commitment < b.commitment ? -1 : 1)),
  }
}
