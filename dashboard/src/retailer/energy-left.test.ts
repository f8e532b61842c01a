/**
 * Goal: each watt-hour of a meter ends once: in a trade, in the auction, with the balancing
 * authority, or on the bill.
 * Method: a table of cases worked out by hand; random meters against their conservation.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Declaration, MeteredEnergyLine } from '@busbar/protocols/api'
import { energyLeft } from './energy-left.ts'

const line = (importedWh: number, exportedWh: number, more: Partial<MeteredEnergyLine> = {}) => ({
  ...{ interval: 9, account: 4, meter: 7, zone: 0, importedWh, exportedWh },
  ...{ assurance: 'metered' as const, runKind: 'final' as const },
  ...more,
})

const nothing: Declaration = {
  ...{ interval: 9, account: 4, meter: 7, soldWh: 0, boughtWh: 0, exportedWh: 0, importedWh: 0 },
  ...{ auctionSoldWh: 0, auctionBoughtWh: 0, imbalanceBoughtWh: 0, imbalanceSoldWh: 0 },
  ...{ utility: null, wheelingMicrosPerKwh: null, wheelingMicros: 0 },
  ...{ runKind: 'final', isEstimated: false },
}

describe('what is left to bill', () => {
  type Case = readonly [
    what: string, metered: readonly [number, number], declared: Partial<Declaration>,
    left: readonly [number, number],
  ]
  const cases: readonly Case[] = [
    ['nothing was traded', [152, 0], {}, [152, 0]],
    ['both ways count one way', [30, 200], {}, [0, 170]],
    ['all was bought by contract', [152, 0], { boughtWh: 152 }, [0, 0]],
    ['sold, and the rest fed in', [0, 377], { soldWh: 80, auctionSoldWh: 36 }, [0, 261]],
    ['made up by the authority', [0, 100], { auctionSoldWh: 120, imbalanceBoughtWh: 20 }, [0, 0]],
    ['taken over by it', [0, 377], { soldWh: 80, auctionSoldWh: 36, imbalanceSoldWh: 7 }, [0, 254]],
    ['bought more than it took', [20, 0], { auctionBoughtWh: 50, imbalanceSoldWh: 30 }, [0, 0]],
  ]
  for (const [what, metered, declared, [taken, given]] of cases) {
    test(what, () => {
      const [found] = energyLeft([line(...metered)], [{ ...nothing, ...declared }])
      deepEqual([found?.leftImportWh, found?.leftExportWh], [taken, given])
    })
  }

  test('is nothing more and nothing less than what the meter showed', () => {
    let seed = 1
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let n = 0; n < 300; n += 1) {
      const [importedWh, exportedWh] = [next(500), next(500)]
      const declared = {
        ...nothing, soldWh: next(exportedWh + 1), boughtWh: next(importedWh + 1),
        auctionSoldWh: next(90), imbalanceBoughtWh: next(90),
      }
      const [one] = energyLeft([line(importedWh, exportedWh)], [declared])
      ok(one !== undefined && one.leftImportWh * one.leftExportWh === 0)
      const traded = one.soldWh - one.boughtWh + one.auctionWh
      equal(one.leftExportWh - one.leftImportWh + traded, exportedWh - importedWh)
    }
  })

  test('is of this meter and this interval', () => {
    const others = [{ ...nothing, meter: 8, boughtWh: 9 }, { ...nothing, interval: 8, boughtWh: 9 }]
    equal(energyLeft([line(10, 0)], others)[0]?.leftImportWh, 10)
  })
})
