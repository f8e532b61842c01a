/**
 * Goal: what a meter falls short of its trades is shared among them to the watt-hour, says who
 * failed and by how much, and asks nothing of the allocation rule.
 * Method: a table; properties on small markets full of ties, against `shortagesNaive`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { WattHours } from '../units/index.ts'
import {
  allocate, allocationRules, type MeteredTrades, shortages, shortagesNaive,
} from './index.ts'

// Seller 1 has three trades. exported, owed by each  →  shortage, part of each
const cases: Readonly<Record<string, readonly [number, readonly number[], number, number[]]>> = {
  'as much as is owed': [30, [10, 10, 10], 0, [0, 0, 0]],
  'more than is owed': [99, [10, 10, 10], 0, [0, 0, 0]],
  'nothing at all': [0, [10, 20, 30], 60, [10, 20, 30]],
  'a tenth too little': [54, [10, 20, 30], 6, [1, 2, 3]],
  'the odd watt-hour goes to the last': [20, [10, 10, 10], 10, [3, 3, 4]],
  'a trade that owes nothing has no part': [5, [10, 0, 5], 10, [6, 0, 4]],
  'at the limit of energy': [
    1, [333_333_333_333_333, 333_333_333_333_333, 333_333_333_333_334], 999_999_999_999_999,
    [333_333_333_333_332, 333_333_333_333_333, 333_333_333_333_334],
  ],
}

for (const [name, run] of Object.entries({ shortages, shortagesNaive })) {
  describe(name, () => {
    for (const [title, [metered, owed, shortage, parts]] of Object.entries(cases)) {
      test(`of a seller: ${title}`, () => {
        const result = run(market(metered, 10 ** 15, owed))
        deepEqual(result.sellers, [shown(1, owed, shortage)])
        deepEqual(result.buyers, [shown(2, owed, 0)])
        deepEqual(result.trades.map(({ seller }) => Number(seller)), parts)
        ok(result.trades.every(({ buyer }) => buyer === 0n))
      })

      test(`of a buyer: ${title}`, () => {
        const result = run(market(10 ** 15, metered, owed))
        deepEqual(result.buyers, [shown(2, owed, shortage)])
        deepEqual(result.trades.map(({ buyer }) => Number(buyer)), parts)
        ok(result.trades.every(({ seller }) => seller === 0n))
      })
    }

    test('refuses what an allocation refuses', () => {
      const input = market(1, 1, [1])
      throws(() => run({ ...input, buyers: [] }), /ALLOCATION_INVALID.*buyer/)
    })
  })
}

describe('properties', () => {
  test('both implementations agree, and the sequence of the input does not matter', () => {
    fc.assert(
      fc.property(arbitraryMarket, (input) => {
        const expected = shortagesNaive(input)
        deepEqual(shortages(input), expected)
        const { sellers, buyers, trades } = input
        const turned = shortages({
          sellers: sellers.toReversed(), buyers: buyers.toReversed(), trades: trades.toReversed(),
        })
        deepEqual(
          [turned.sellers.toReversed(), turned.buyers.toReversed(), turned.trades.toReversed()],
          [expected.sellers, expected.buyers, expected.trades],
        )
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('parts add up to the shortage of their meter, and none is more than its trade owes', () => {
    fc.assert(
      fc.property(arbitraryMarket, (input) => {
        const result = shortages(input)
        for (const side of ['seller', 'buyer'] as const) {
          for (const [i, { meter, shortage, obligations }] of result[`${side}s`].entries()) {
            const own = input.trades.flatMap((trade, k) =>
              trade[side] === meter ? [{ owed: trade.energy, part: result.trades[k]![side] }] : [],
            )
            const owed = own.reduce((sum, one) => sum + one.owed, 0n)
            const metered = input[`${side}s`][i]!.energy
            equal(obligations, owed)
            equal(shortage, owed > metered ? owed - metered : 0n)
            equal(own.reduce((sum, one) => sum + one.part, 0n), shortage)
            for (const { owed: one, part } of own) {
              ok(part >= 0n && part <= one)
              const off = part * owed - shortage * one
              ok(owed === 0n || (off < owed && -off < owed))
            }
          }
        }
      }),
      { numRuns: 1_000, ...replay },
    )
  })

  test('by every rule at least as much stays undelivered as either side is short', () => {
    fc.assert(
      fc.property(arbitraryMarket, fc.constantFrom(...allocationRules), (input, rule) => {
        const { sellers, buyers } = shortages(input)
        const { delivered } = allocate({ ...input, rule })
        const undelivered = input.trades.reduce((sum, { energy }, i) => {
          return sum + energy - (delivered[i] ?? 0n)
        }, 0n)
        for (const meters of [sellers, buyers]) {
          ok(undelivered >= meters.reduce((sum, { shortage }) => sum + shortage, 0n))
        }
      }),
      { numRuns: 1_000, ...replay },
    )
  })
})

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const wh = (energy: number): WattHours => WattHours.from(BigInt(energy))

/** Trades between meters 1 and 2, numbered from 1. */
const market = (exported: number, imported: number, owed: readonly number[]): MeteredTrades => ({
  sellers: [{ meter: 1, energy: wh(exported) }],
  buyers: [{ meter: 2, energy: wh(imported) }],
  trades: owed.map((energy, i) => ({ trade: i + 1, seller: 1, buyer: 2, energy: wh(energy) })),
})

const shown = (meter: number, owed: readonly number[], shortage: number) => ({
  meter, obligations: wh(owed.reduce((sum, one) => sum + one, 0)), shortage: wh(shortage),
})

const energies = fc.oneof(
  fc.nat({ max: 3 }), fc.nat({ max: 5_000 }), fc.nat({ max: 80_000_000_000_000 }),
)

const arbitraryMarket: fc.Arbitrary<MeteredTrades> = fc
  .record({
    exported: fc.array(energies, { minLength: 1, maxLength: 4 }),
    imported: fc.array(energies, { minLength: 1, maxLength: 4 }),
    trades: fc.uniqueArray(
      fc.record({ trade: fc.nat({ max: 30 }), from: fc.nat(), to: fc.nat(), owed: energies }),
      { maxLength: 12, selector: ({ trade }) => trade },
    ),
  })
  .map(({ exported, imported, trades }) => ({
    sellers: exported.map((energy, meter) => ({ meter, energy: wh(energy) })),
    buyers: imported.map((energy, meter) => ({ meter, energy: wh(energy) })),
    trades: trades.map(({ trade, from, to, owed }) => ({
      trade, seller: from % exported.length, buyer: to % imported.length, energy: wh(owed),
    })),
  }))
