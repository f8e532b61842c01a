/**
 * Goal: what a contract owes in each interval adds up to what it names, whatever its weights, and
 * no interval is further from its share than a watt-hour.
 * Method: tables of windows as people write them, and properties over random profiles.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  contractedEnergy,
  contractedTotal,
  type ContractTerms,
  isCancellation,
  largestEnergy,
  noContract,
  type Profile,
  windowEnd,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** A contract of some profile from interval 100 on; its other terms do not matter here. */
const contract = (intervals: number, profile: Profile): ContractTerms => ({
  ...{ id: '0x01', seller: 6, buyer: 7, sellerMeter: 1, buyerMeter: 2 },
  ...{ sellerRetailer: 4, buyerRetailer: 5, fromInterval: 100, intervals, profile },
  ...{ priceMicrosPerKwh: 250_000, toleranceBasisPoints: 1_000, penaltyBasisPoints: 1_000 },
  ...{ buyerShort: 'actual', exitFeeMicros: null, rail: 'clearing-house', platform: null },
  ...{ platformFeeMicrosPerKwh: 0, expiresAt: 0, replaces: noContract },
})

const owedIn = (terms: ContractTerms): number[] =>
  Array.from({ length: terms.intervals }, (_, place) =>
    Number(contractedEnergy(terms, terms.fromInterval + place)),
  )

const flat = (energyWh: number): Profile => ({ kind: 'total', energyWh, weights: [] })

describe('what a contract owes in each interval', () => {
  const cases: readonly (readonly [string, number, Profile, readonly number[]])[] = [
    ['the same each time', 3, { kind: 'per-interval', energyWh: 625 }, [625, 625, 625]],
    ['5 kWh over two hours', 8, flat(5_000), [625, 625, 625, 625, 625, 625, 625, 625]],
    ['10 Wh in three: nobody gets the odd one twice', 3, flat(10), [3, 3, 4]],
    ['2 Wh in five', 5, flat(2), [0, 0, 1, 0, 1]],
    ['twice as much at noon', 3, { kind: 'total', energyWh: 400, weights: [1, 2, 1] }, [
      100, 200, 100,
    ]],
    ['nothing at night', 4, { kind: 'total', energyWh: 7, weights: [0, 1, 1, 0] }, [0, 3, 4, 0]],
  ]
  for (const [name, intervals, profile, expected] of cases) {
    test(name, () => deepEqual(owedIn(contract(intervals, profile)), expected))
  }

  test('is nothing outside of its window', () => {
    const terms = contract(2, flat(10))
    equal(windowEnd(terms), 102)
    deepEqual([99, 102].map((interval) => contractedEnergy(terms, interval)), [0n, 0n])
  })

  test('that nobody delivers in is a mistake of ours', () => {
    const terms = contract(2, { kind: 'total', energyWh: 1, weights: [0, 0] })
    throws(() => contractedEnergy(terms, 100), /invariant broken/)
    throws(() => largestEnergy(terms), /invariant broken/)
  })
})

const energyWh = fc.oneof(fc.nat(20), fc.nat(10 ** 6), fc.nat(10 ** 15))
const terms = fc
  .tuple(energyWh, fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 60 }), fc.nat(2))
  .map(([energy, weights, kind]): ContractTerms => {
    if (kind === 0) return contract(weights.length, { kind: 'per-interval', energyWh: energy })
    const isFlat = kind === 1 || weights.every((weight) => weight === 0)
    return contract(weights.length, {
      kind: 'total', energyWh: energy, weights: isFlat ? [] : weights,
    })
  })

describe('any profile', () => {
  test('adds up, to the watt-hour', () => {
    fc.assert(
      fc.property(terms, (one) => {
        const sum = owedIn(one).reduce((all, energy) => all + BigInt(energy), 0n)
        equal(sum, contractedTotal(one))
        equal(isCancellation(one), sum === 0n)
      }),
      replay,
    )
  })

  test('is within a watt-hour of its share, and its largest interval is known', () => {
    fc.assert(
      fc.property(terms, (one) => {
        const { profile, intervals } = one
        const owed = owedIn(one).map(BigInt)
        equal(largestEnergy(one), owed.reduce((most, energy) => (energy > most ? energy : most)))
        if (profile.kind === 'per-interval') return
        const weights = profile.weights.length > 0 ? profile.weights : Array(intervals).fill(1)
        const all = BigInt(weights.reduce((sum: number, weight: number) => sum + weight, 0))
        for (const [place, energy] of owed.entries()) {
          const share = BigInt(profile.energyWh) * BigInt(weights[place])
          const off = energy * all - share
          ok(off < all && -off < all, `interval ${place} is off by more than a watt-hour`)
        }
      }),
      replay,
    )
  })
})
