/**
 * Goal: what is declared for a sealed order covers every order that the connection can carry, and
 * says nothing of which it is. Method: a property over orders within the connection's limits,
 * against the worst case that the exchange works out. Replay one failure with `SEED=…`.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { worstCase } from '@busbar/core/credit'
import { connectionWattHours } from '@busbar/core/metering'
import { derToCash } from '@busbar/core/rulebook'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import { type CollateralTerms, declaredCollateral } from './collateral.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const price = (value: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(value))

const rulebook = { ...derToCash, reconciliation: { ...derToCash.reconciliation } }

/** Where to sell at the lowest price costs more than to buy at the highest. */
const negative = { ...rulebook, priceMinMicrosPerKwh: -900_000, priceMaxMicrosPerKwh: 100_000 }

const termsOf = (
  kind: 'physical' | 'virtual',
  importWattsMax: number,
  exportWattsMax: number,
  rules: CollateralTerms['rulebook'] = rulebook,
): CollateralTerms => ({
  rulebook: rules,
  meter: { kind, importWattsMax, exportWattsMax },
  tariff: { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: -20_000 },
})

const order = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  share: fc.oneof(fc.constant(1_000), fc.integer({ min: 1, max: 1_000 })),
  /** Of the way from the lowest price to the highest. */
  level: fc.oneof(fc.constantFrom(0, 1_000), fc.integer({ min: 0, max: 1_000 })),
})

describe('declared collateral', () => {
  test('covers any orders that the connection can carry', () => {
    const scenario = fc.record({
      rules: fc.constantFrom(rulebook, negative),
      kind: fc.constantFrom('physical' as const, 'virtual' as const),
      importWatts: fc.integer({ min: 1, max: 50_000 }),
      exportWatts: fc.integer({ min: 1, max: 50_000 }),
      orders: fc.array(order, { minLength: 1, maxLength: 4 }),
    })
    fc.assert(
      fc.property(scenario, ({ rules, kind, importWatts, exportWatts, orders }) => {
        const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rules
        const terms = termsOf(kind, importWatts, exportWatts, rules)
        const placed = orders.map(({ side, share, level }) => {
          const limit = min + Math.floor(((max - min) * level) / 1_000)
          const watts = side === 'buy' ? importWatts : exportWatts
          const most = connectionWattHours(watts, rulebook.intervalSeconds)
          const energy = WattHours.from((most * BigInt(share)) / 1_000n)
          return { side, energy, limit: price(limit) }
        })
        const exposure = {
          meter: {
            ...terms.meter,
            meter: 0,
            name: 'm',
            account: 4,
            zone: 0,
            gateway: null,
            digits: 9,
          },
          tariff: { retail: price(300_000), feedIn: price(-20_000) },
          orders: placed,
        }
        const declared = placed.reduce((sum, _, k) => sum + declaredCollateral(terms, k), 0)
        ok(BigInt(declared) >= worstCase(exposure, rules, price(min), price(max)))
      }),
      { ...replay, numRuns: 300 },
    )
  })

  test('is the same for every order of a meter, but for how many there are', () => {
    const terms = termsOf('physical', 12_000, 6_000)
    ok(declaredCollateral(terms) > 0)
    equal(declaredCollateral(terms, 0), declaredCollateral(terms))
    equal(declaredCollateral(terms, 1), declaredCollateral(terms, 2))
  })

  test('stays within what one order may ask', () => {
    const wide = termsOf('virtual', 10_000_000_000, 0)
    const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
    const most = Math.ceil((rulebook.orderEnergyMaxWh * Math.max(max, -min)) / 1_000)
    ok(declaredCollateral(wide) >= most)
    ok(declaredCollateral(wide) < 2 * most + 1_000_000)
  })
})
