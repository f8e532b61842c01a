/**
 * Goal: what a page shows of a period that is not over are the bills of what is final of it, at the
 * prices that held then, and once all is final they are the bills of the period.
 * Method: two days of two customers by hand, some of it open; the sums by a second computation;
 * files of evidence that overlap.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Declaration, MeteredEnergyLine } from '@busbar/protocols/api'
import { type DraftInput, draftBills, withCollected } from './draft.ts'
import type { Evidence } from './evidence.ts'
import { tariffAsSet } from './tariff.ts'
import { naiveSums } from './testing/naive-bill.ts'

const timeZone = 'Europe/Berlin'
const intervalSeconds = 900
const startMs = Date.UTC(2026, 2, 1, 23)
const first = startMs / 900_000
const quarters = 192

const energyOf = (meter: number, quarter: number): MeteredEnergyLine => ({
  ...{ interval: first + quarter, account: meter + 10, meter, zone: 0 },
  importedWh: meter === 1 ? 300 + (quarter % 7) : 0,
  exportedWh: meter === 2 ? 250 + (quarter % 5) : 0,
  ...{ assurance: 'metered', runKind: 'final' },
})

/** Meter 2 sells meter 1 so much in every fourth quarter; the wires are those of account 5. */
const declarationOf = (meter: number, quarter: number): Declaration => ({
  ...{ interval: first + quarter, account: meter + 10, meter },
  ...{ soldWh: meter === 2 ? 200 : 0, boughtWh: meter === 1 ? 200 : 0 },
  ...{ exportedWh: 0, importedWh: 0, auctionSoldWh: 0, auctionBoughtWh: 0 },
  ...{ imbalanceBoughtWh: 0, imbalanceSoldWh: 0, utility: 5, wheelingMicrosPerKwh: 11_003 },
  ...{ wheelingMicros: 2_201, runKind: 'final', isEstimated: false },
})

const all = Array.from({ length: quarters }, (_, quarter) => quarter)
const tariffs = [
  { fromInterval: first - 9, retailMicrosPerKwh: 310_007, feedInMicrosPerKwh: 80_003 },
  { fromInterval: first + 96, retailMicrosPerKwh: 290_001, feedInMicrosPerKwh: 70_001 },
]

const input = (changed: Partial<DraftInput> = {}): DraftInput => ({
  ...{ market: 'm', retailer: 9, intervalSeconds, overDeviationBasisPoints: 2_000 },
  tariff: tariffAsSet(tariffs, { timeZone, currency: 'EUR', currencyNumber: 978 }),
  ...{ tariffFile: 'tariff', from: '2026-03-02', through: '2026-03-03', previous: undefined },
  energies: all.flatMap((quarter) => [energyOf(1, quarter), energyOf(2, quarter)]),
  declarations: all.flatMap((quarter) =>
    quarter % 4 === 0 ? [declarationOf(1, quarter), declarationOf(2, quarter)] : []),
  ...{ defaults: [], names: new Map([[11, 'anna'], [5, 'grid']]) },
  ...changed,
})

/** What the lines of a meter's bill come to, of quarters that are billed at one tariff. */
function naive(meter: number, quarters: readonly number[], set: number): bigint {
  const { retailMicrosPerKwh = 0, feedInMicrosPerKwh = 0 } = tariffs[set] ?? {}
  const intervals = quarters.map((quarter) => {
    const { importedWh, exportedWh } = energyOf(meter, quarter)
    const traded = quarter % 4 === 0 ? 200n : 0n
    return {
      ...{ meter, startMs: startMs + quarter * 900_000, wheeling: 11_003n },
      ...{ imported: BigInt(importedWh), exported: BigInt(exportedWh) },
      ...{ sold: meter === 2 ? traded : 0n, bought: meter === 1 ? traded : 0n },
      ...{ auctionSold: 0n, auctionBought: 0n },
    }
  })
  const sums = naiveSums(intervals, {
    ...{ timeZone, fees: [] },
    import: [{ name: 'energy', microsPerKwh: retailMicrosPerKwh }],
    export: [{ name: 'feed-in', microsPerKwh: feedInMicrosPerKwh }],
  }, 2_000n)
  return Object.values(sums).reduce((sum, one) => sum + one, 0n)
}

const linesOf = (draft: ReturnType<typeof draftBills>): readonly (readonly [number, bigint])[] =>
  draft.run.bills.map(({ account, sum }) => [account, sum])

describe('bills of a period so far', () => {
  test('are those of the period once all of it is final, each price from its interval on', () => {
    const draft = draftBills(input())
    deepEqual([draft.intervals, draft.final, draft.open], [192, 192, 0])
    const [before, after] = [all.slice(0, 96), all.slice(96)]
    deepEqual(linesOf(draft), [1, 2].map((meter) =>
      [meter + 10, naive(meter, before, 0) + naive(meter, after, 1)]))
    equal(draft.run.bills[0]?.lines[0]?.text, 'energy')
  })

  test('have nothing of an interval of which one meter is open', () => {
    const energies = input().energies.map((one) =>
      one.interval === first + 3 && one.meter === 2
        ? { ...one, runKind: 'provisional' as const }
        : one)
    const declarations = input().declarations.filter(({ interval }) => interval < first + 8)
    const draft = draftBills(input({
      energies: energies.filter(({ interval }) => interval < first + 8), declarations,
    }))
    deepEqual([draft.intervals, draft.final, draft.open], [192, 7, 1])
    const final = all.slice(0, 8).filter((quarter) => quarter !== 3)
    deepEqual(linesOf(draft), [1, 2].map((meter) => [meter + 10, naive(meter, final, 0)]))
  })

  test('are none where what is declared contradicts itself', () => {
    const [one, ...rest] = input().declarations
    if (one === undefined) throw new Error('something is declared')
    const forged = [{ ...one, wheelingMicros: 2_200 }, ...rest]
    throws(() => draftBills(input({ declarations: forged })), { code: 'BILLS_PROOF_INVALID' })
    const sold = [{ ...one, boughtWh: 301, wheelingMicros: 3_312 }, ...rest]
    throws(() => draftBills(input({ declarations: sold })), { code: 'BILLS_ENERGY_UNEXPLAINED' })
  })

  test('begin where those before have ended', () => {
    const { record } = draftBills(input({ through: '2026-03-02' })).run
    const next = input({ from: '2026-03-03', previous: record })
    equal(draftBills(next).run.bills[0]?.carriedIn, BigInt(record.carriedMicros[11] ?? -1))
    throws(() => draftBills({ ...next, from: '2026-03-02' }), { code: 'BILLS_INPUT_INVALID' })
  })
})

describe('what was collected', () => {
  const of = { market: 'm', retailer: 9, intervalSeconds }
  const fileOf = (from: number, count: number, importedWh: number, changed = {}) => {
    const isIn = ({ interval }: { readonly interval: number }): boolean =>
      interval >= first + from && interval < first + from + count
    const evidence: Evidence = {
      ...{ market: 'm', chainId: 1, verifyingContract: '', intervalLog: '', operator: '' },
      ...{ intervalSeconds, overDeviationBasisPoints: 2_000, retailer: 9, retailerName: '' },
      ...{ fromInterval: first + from, count, roots: [], customers: [], utilities: [], meters: [] },
      energies: input().energies.filter(isIn).map((one) => ({ ...one, importedWh })),
      declarations: input().declarations.filter(isIn),
      ...{ defaults: [], ...changed },
    }
    return { name: `${from}.json`, evidence }
  }
  const now = { energies: [energyOf(1, 6)], declarations: [] }

  test('counts by the last word on each interval, the exchange’s above all', () => {
    const files = [fileOf(0, 6, 1), fileOf(4, 4, 2)]
    const { energies, declarations } = withCollected(files, of, now)
    const shown = energies.filter(({ meter }) => meter === 1).map(({ interval, importedWh }) =>
      [interval - first, importedWh])
    deepEqual(shown, [[0, 1], [1, 1], [2, 1], [3, 1], [4, 2], [5, 2], [7, 2], [6, 306]])
    deepEqual(declarations.map(({ meter, interval }) => [meter, interval - first]), [
      [1, 0], [2, 0], [1, 4], [2, 4],
    ])
  })

  test('makes a period whole that the exchange has forgotten the beginning of', () => {
    const { energies, declarations } = input()
    const old = fileOf(0, 100, 0).evidence
    const file = { name: '0.json', evidence: { ...old, energies: energies.slice(0, 200) } }
    const remembered = {
      energies: energies.filter(({ interval }) => interval >= first + 90),
      declarations: declarations.filter(({ interval }) => interval >= first + 90),
    }
    const draft = draftBills(input(withCollected([file], of, remembered)))
    deepEqual([draft.final, linesOf(draft)], [192, linesOf(draftBills(input()))])
  })

  test('is refused where it is of somebody else', () => {
    const file = fileOf(0, 4, 1, { retailer: 8 })
    throws(() => withCollected([file], of, now), { code: 'BILLS_INPUT_INVALID' })
  })
})
