import {
  commitmentAndPad,
  fieldFromHex,
  fieldToHex,
  priceOffset,
  setRoot,
} from '@busbar/protocols/sealed-orders'
import { type RankInput, rankInput, rankOf } from '../rank.ts'
import { type Batch, isOpened } from '../statement.ts'
import { inverse, price } from './cheats.ts'
import { batchOf } from './directed-attacks.ts'
import { mod } from './forge.ts'
import type { Arguments } from './loosening.ts'

type Slot = RankInput['slots'][number]

/** What a liar works on: the honest input of an order of a set, and its slots by their words. */
type Draft = { readonly input: RankInput; readonly at: (words: string) => Slot }

/** A lie: the set that it is about, and what the circuit is given. */
export type RankLie = { readonly batch: Batch; readonly input: RankInput }

export const rankMarket = ['buy 9 5', 'buy 7 3', 'sell 8 2', 'void']
const sellers = ['sell 5 5', 'sell 8 3', 'buy 7 2', 'void']
const better = ['buy 9 5', 'buy 8 4', 'buy 7 3', 'void']
const alike = ['buy 7 3', 'buy 7 4', 'buy 7 5', 'buy 1 1']

/** The words of a slot: `buy 9 5`, `void`. */
const wordsOf = ({ active, side, limit, energy }: Slot): string =>
  active === 1n ? `${side === 1n ? 'sell' : 'buy'} ${limit - priceOffset} ${energy}` : 'void'

/** The claim as the circuit packs it, of whatever numbers it was given. */
function packed({ slots, claim }: RankInput): bigint {
  const position = slots.reduce((sum, { own }, i) => sum + own * BigInt(i), 0n)
  return mod(claim.side + 2n * position + 8192n * claim.atMost)
}

function lieIn(
  batch: Batch,
  own: string,
  lie: (draft: Draft) => void,
  publish: (input: RankInput) => void = () => undefined,
): RankLie {
  const names = rankInput(batch, rankOf(batch, batch.orders.findIndex(isOpened)), 4).slots.map(
    wordsOf,
  )
  const position = names.indexOf(own)
  const input = rankInput(batch, rankOf(batch, position), 4)
  const at = (words: string): Slot => {
    const slot = input.slots[names.indexOf(words)]
    if (slot === undefined) throw new RangeError(`no order is ${words}`)
    return slot
  }
  lie({ input, at })
  input.claimed = packed(input)
  publish(input)
  return { batch, input }
}

const about = (
  market: readonly string[],
  own: string,
  lie: (draft: Draft) => void,
  publish?: (input: RankInput) => void,
): RankLie => lieIn(batchOf(market), own, lie, publish)

/** The set in which the orders of `alike` stand before the last of them. */
function lastIsWorst(): Batch {
  for (let shuffle = 0; ; shuffle += 1) {
    const batch = batchOf(alike, shuffle)
    const last = batch.orders.at(-1)
    if (last !== undefined && isOpened(last) && BigInt(last.word) >> 42n === 1n) return batch
  }
}

/** An order that nobody can open, because its leaf is `factor` times a commitment. */
function multiplied(factor: bigint): RankLie {
  const { context, orders } = batchOf(rankMarket.slice(0, 3))
  const fake = { side: 0n, limit: price(7), energy: 1n, blind: 77n }
  const word = fake.side + 2n * fake.limit + (fake.energy << 42n)
  const { commitment } = commitmentAndPad(word, fake.blind, fieldFromHex(context))
  const leaf = { commitment: fieldToHex(mod(factor * commitment)), void: 'not_opened' }
  const all = [...orders, leaf].sort((a, b) => (a.commitment < b.commitment ? -1 : 1))
  return lieIn({ context, orders: all }, 'buy 7 3', ({ input, at }) => {
    Object.assign(at('void'), { ...fake, active: factor, isVoid: 0n })
    input.claim.atMost = 1n
  })
}

const flags = 'It is a product of flags.'

/** By the constraint that alone refuses it: a rank that is not true. */
export const attacks: readonly (readonly [string, () => RankLie])[] = [
  ['active-boolean', () => multiplied(2n)],
  ['active-boolean', () => multiplied(-1n)],
  [
    'active-boolean',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        const slot = at('buy 9 5')
        const real = commitmentAndPad(wordOf(slot), slot.blind, input.context).commitment
        slot.limit = price(7)
        const other = commitmentAndPad(wordOf(slot), slot.blind, input.context).commitment
        Object.assign(slot, { active: mod(real * inverse(other)), better: 0n })
        input.claim.atMost = 1n
      }),
  ],
  [
    'void-boolean',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        const slot = at('void')
        Object.assign(slot, { isVoid: -1n, voidCommitment: -slot.voidCommitment })
        input.claim.atMost = 0n
      }),
  ],
  [
    'side-boolean',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        Object.assign(at('buy 9 5'), { side: 2n, limit: price(8), better: 0n })
        input.claim.atMost = 1n
      }),
  ],
  [
    'side-boolean',
    () =>
      about(sellers, 'sell 8 3', ({ input, at }) => {
        Object.assign(at('sell 5 5'), { side: -1n, limit: price(6), better: 0n })
        input.claim.atMost = 1n
      }),
  ],
  [
    'own-boolean',
    () =>
      lieIn(lastIsWorst(), 'buy 7 3', ({ input }) => {
        for (const [i, own] of [-1n, 1n, 1n, 0n].entries()) input.slots[i]!.own = own
      }),
  ],
  [
    'better-boolean',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        at('sell 8 2').better = -1n
        input.claim.atMost = 1n
      }),
  ],
  [
    'one-kind',
    () =>
      about(better, 'buy 7 3', ({ input, at }) => {
        const slot = at('buy 7 3')
        const real = commitmentAndPad(wordOf(slot), slot.blind, input.context).commitment
        slot.limit = price(100)
        const other = commitmentAndPad(wordOf(slot), slot.blind, input.context).commitment
        Object.assign(slot, { isVoid: 1n, voidCommitment: real - other })
        for (const one of input.slots) one.better = 0n
        Object.assign(input.claim, { limit: price(100), atMost: 2n })
      }),
  ],
  [
    'limit-range',
    () =>
      about(better, 'buy 7 3', ({ input, at }) => {
        const slot = at('buy 7 3')
        Object.assign(slot, { limit: slot.limit + 2n ** 41n, energy: 2n })
        for (const one of input.slots) one.better = 0n
        Object.assign(input.claim, { limit: slot.limit, atMost: 1n })
      }),
  ],
  [
    'energy-range',
    () =>
      about(better, 'buy 7 3', ({ input, at }) => {
        const slot = at('buy 7 3')
        const word = wordOf(slot)
        slot.limit = price(9)
        slot.energy = mod((word - 2n * slot.limit) * inverse(2n ** 42n))
        for (const one of input.slots) one.better = 0n
        Object.assign(input.claim, { limit: slot.limit, atMost: 1n })
      }),
  ],
  [
    'own-is-opened',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        at('buy 7 3').own = 0n
        Object.assign(at('void'), { own: 1n, limit: price(7) })
      }),
  ],
  [
    'own-side',
    () => about(rankMarket, 'buy 7 3', ({ input }) => void (input.claim.side = 1n)),
  ],
  [
    'own-side',
    () =>
      about(rankMarket, 'sell 8 2', ({ input, at }) => {
        input.claim.side = 0n
        at('buy 9 5').better = 1n
        input.claim.atMost = 2n
      }),
  ],
  [
    'own-limit',
    () =>
      about(['buy 8 4', ...rankMarket.slice(1)], 'buy 7 3', ({ input, at }) => {
        at('buy 8 4').better = 0n
        Object.assign(input.claim, { limit: price(8), atMost: 1n })
      }),
  ],
  [
    'own-limit',
    () =>
      about(['sell 7 5', ...sellers.slice(1)], 'sell 8 3', ({ input, at }) => {
        at('sell 7 5').better = 0n
        Object.assign(input.claim, { limit: price(7), atMost: 1n })
      }),
  ],
  [
    'none-left-out',
    () =>
      about(rankMarket, 'buy 7 3', ({ input, at }) => {
        at('buy 9 5').better = 0n
        input.claim.atMost = 1n
      }),
  ],
  [
    'one-own',
    () =>
      lieIn(lastIsWorst(), 'buy 7 3', ({ input }) => {
        for (const [i, own] of [0n, 1n, 1n, 0n].entries()) input.slots[i]!.own = own
      }),
  ],
  [
    'one-own',
    () =>
      lieIn(lastIsWorst(), 'buy 7 3', ({ input }) => {
        for (const slot of input.slots) slot.own = 0n
        input.claim.side = 1n
      }),
  ],
  ['no-more', () => about(rankMarket, 'buy 7 3', ({ input }) => void (input.claim.atMost = 1n))],
  ...([1n, -1n] as const).flatMap((by): (readonly [string, () => RankLie])[] => [
    ['orders-root', () => publishing((input) => void (input.ordersRoot += by))],
    ['claimed', () => publishing((input) => void (input.claimed += by))],
  ]),
]

const publishing = (publish: (input: RankInput) => void): RankLie =>
  about(rankMarket, 'buy 7 3', () => undefined, publish)

const wordOf = ({ side, limit, energy }: Slot): bigint => side + 2n * limit + (energy << 42n)

/** Constraints that others imply, and why. */
export const impliedInRank: Readonly<Record<string, string>> = {
  'claim-side-boolean': 'It is the side of the own order, which is 0 or 1.',
  'at-most-range': 'It is at least what was counted, and a larger number says less.',
}

/** Loosened lines that nothing gets past, and the bound that says so. */
export const argued: Arguments = {
  'void-boolean': { 'or two': 'It counts more.' },
  'own-boolean': { 'or two': 'Flags of 0, 1 and 2 that make 1 together are 0 but for one.' },
  'better-boolean': { 'or two': 'It counts more.' },
  'one-kind': { 'or minus one': flags },
  'own-is-opened': { 'or minus one': flags },
  'energy-range': {
    bits: 'With side and limit in range there is one energy below 2^211 that makes the word.',
  },
  'none-left-out': { bits: 'Limits are below 2^41; below zero is near 2^254.' },
  'no-more': { bits: 'Counts are below 2^10; below zero is near 2^254.' },
}

/** The root of a set, as a number. */
export const rootOf = ({ orders }: Batch): bigint =>
  fieldFromHex(setRoot(orders.map(({ commitment }) => commitment)))
