/**
 * Goal: a retailer is told the sums of what it is told line by line, of its own customers and of
 * the intervals that it asks for, and each watt-hour ends once.
 * Method: a state of two retailers' customers made by hand, by chance: lines are summed up by a
 * second computation, in floating point. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bilateralZone, type State } from '@busbar/core/exchange'
import { emptyReadings, type MeterReadings } from '@busbar/core/metering'
import fc from 'fast-check'
import { customerEnergyViews } from './customer-energy.ts'
import { declarationViews } from './declarations.ts'
import { meteredEnergyViews } from './metered-energy.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const [north, south, grid] = [6, 7, 8]
const first = 100
const intervals = [0, 1, 2, 3]

/** Accounts 3 and 4 are north's, with meters 0 and 1, and 2; 5 is south's, with meter 3. */
const owners = [3, 3, 4, 5]

/** What a meter did in each interval. */
type Did = {
  readonly taken: number
  readonly given: number
  readonly sold: number
  readonly bought: number
  readonly auction: number
  readonly isRead: boolean
}

const did: fc.Arbitrary<Did> = fc.record({
  ...{ taken: fc.nat(500), given: fc.nat(500), sold: fc.nat(90), bought: fc.nat(90) },
  ...{ auction: fc.integer({ min: -90, max: 90 }), isRead: fc.boolean() },
})

function readingsOf(all: readonly Did[]): MeterReadings {
  const readings: MeterReadings = { ...emptyReadings(96), latest: first + all.length }
  let [importWh, exportWh] = [1_000n, 1_000n]
  const read = (boundary: number): void => {
    const registers = { importWh, exportWh }
    readings.boundaries.set(boundary, { version: 1, closing: registers, opening: registers })
  }
  read(first)
  for (const [index, { taken, given, isRead }] of all.entries()) {
    importWh += BigInt(taken)
    exportWh += BigInt(given)
    if (isRead || index === all.length - 1) read(first + index + 1)
  }
  return readings
}

function stateOf(meters: readonly (readonly Did[])[]): State {
  const auctioned = intervals.map((index) => {
    const contracts = new Map(meters.map((all, meter) => {
      const { auction = 0 } = all[index] ?? {}
      const [sold, bought] = [BigInt(Math.max(0, auction)), BigInt(Math.max(0, -auction))]
      return [meter, { sold, bought }] as const
    }))
    const runs = [{ kind: index < 2 ? 'final' : 'provisional', metered: owners.map((_a, meter) =>
      ({ meter, imported: 0n, exported: 0n, assurance: 'metered' })) }]
    const interval = first + index
    return [interval, { zone: 0, interval, contracts, posted: new Map(), runs }] as const
  })
  const traded = intervals.map((index) => {
    const interval = first + index
    const own = meters.map((all, meter) => {
      const { sold = 0, bought = 0 } = all[index] ?? {}
      return { meter, sold: BigInt(sold), bought: BigInt(bought) }
    })
    const runs = [{ kind: 'final', metered: [], traded: own }]
    const record = { zone: bilateralZone, interval, status: 'final', runs, obligations: new Map() }
    return [interval, record] as const
  })
  return {
    participants: [[3, north], [4, north], [5, south]].map(([account, retailer]) =>
      ({ account, retailer })),
    meters: owners.map((account, meter) => ({ meter, account, kind: 'physical', zone: 0 })),
    zones: [{ zone: 0 }],
    intervals: new Map<number, unknown>([
      [0, new Map(auctioned)], [bilateralZone, new Map(traded)],
    ]),
    readings: new Map(meters.map((all, meter) => [meter, readingsOf(all)])),
    dirty: new Map(),
    trading: {
      trades: new Map(), utilities: new Map([[0, grid]]),
      wheeling: new Map([[grid, [{ from: 0, rate: 11_000n }]]]),
    },
  } as unknown as State
}

type Naive = Record<string, number>

/** Line by line, as somebody would who has both lists before them. */
function naiveSums(state: State, retailer: number, from: number, count: number): Naive[] {
  const all = { from: undefined, limit: 10_000 }
  const declared = declarationViews(state, retailer, all)
  const sums = new Map<number, Naive>()
  for (const line of meteredEnergyViews(state, retailer, all)) {
    if (line.interval < from || line.interval >= from + count) continue
    const own = declared.find((one) => one.meter === line.meter && one.interval === line.interval)
    ok(own !== undefined)
    const net = Number(line.exportedWh) - Number(line.importedWh)
    const auction = Number(own.auctionSoldWh) - Number(own.auctionBoughtWh)
    const left = net - auction - Number(own.soldWh) + Number(own.boughtWh)
    const found: Naive = {
      importedWh: Number(line.importedWh), exportedWh: Number(line.exportedWh),
      soldWh: Number(own.soldWh), boughtWh: Number(own.boughtWh), auctionWh: auction,
      leftImportWh: left < 0 ? -left : 0, leftExportWh: left > 0 ? left : 0,
      wheelingMicros: Number(own.wheelingMicros), intervals: 1,
      estimated: line.assurance === 'metered' ? 0 : 1, open: line.runKind === 'provisional' ? 1 : 0,
    }
    const before = sums.get(line.account) ?? {}
    sums.set(line.account, Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, (before[name] ?? 0) + value]),
    ))
  }
  return [...sums].sort(([a], [b]) => a - b).map(([account, own]) => ({ account, ...own }))
}

describe('the energy of a retailer’s customers', () => {
  test('is the sum of its lines, and all of it went somewhere', () => {
    let seen = 0
    const meters = fc.tuple(...owners.map(() =>
      fc.array(did, { minLength: intervals.length, maxLength: intervals.length })))
    fc.assert(
      fc.property(meters, fc.integer({ min: 98, max: 104 }), fc.nat(6), (all, from, count) => {
        const state = stateOf(all)
        for (const retailer of [north, south]) {
          const found = customerEnergyViews(state, retailer, { from, intervals: count })
          const plain = found.map((one) => Object.fromEntries(
            Object.entries(one).map(([name, value]) => [name, Number(value)]),
          ))
          deepEqual(plain, naiveSums(state, retailer, from, count))
          seen += found.length
          for (const one of found) {
            const traded = one.soldWh - one.boughtWh + one.auctionWh
            const left = one.leftExportWh - one.leftImportWh
            equal(left + traded, one.exportedWh - one.importedWh)
          }
        }
      }),
      replay,
    )
    ok(seen >= 30, `${seen} sums are too few to say anything`)
  })

  test('is of its own customers, in the intervals that are asked for', () => {
    const one: Did = { taken: 9, given: 0, sold: 0, bought: 4, auction: 0, isRead: true }
    const state = stateOf(owners.map(() => intervals.map(() => one)))
    const accountsOf = (retailer: number, from = first): readonly number[] =>
      customerEnergyViews(state, retailer, { from, intervals: 2 }).map(({ account }) => account)
    deepEqual([accountsOf(north), accountsOf(south), accountsOf(9)], [[3, 4], [5], []])
    deepEqual(accountsOf(north, first + intervals.length), [])
    const [home] = customerEnergyViews(state, north, { from: first + 1, intervals: 2 })
    deepEqual([home?.intervals, home?.open, home?.importedWh, home?.leftImportWh], [4, 2, 36n, 20n])
  })
})
