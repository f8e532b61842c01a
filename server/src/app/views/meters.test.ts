/**
 * Goal: everybody is shown the meters that concern them and no other; each filter lets through what
 * it says; how well a meter is read is what `meteredEnergy` says of each interval; pages join.
 * Method: a state made by hand; a naive count that asks the core interval by interval; every
 * filter with a meter that meets it and one that does not.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { emptyState, type State } from '@busbar/core/exchange'
import { emptyReadings, meteredEnergy, type MeterReadings } from '@busbar/core/metering'
import type { Meter, Participant, Role } from '@busbar/core/registry'
import { derToCash } from '@busbar/core/rulebook'
import type { MeterQuery } from '@busbar/protocols/api'
import { meterList } from './meters.ts'

const [operator, north, south, grid, alice, bob, trader] = [3, 4, 5, 6, 7, 8, 9]
const lengthMs = 300_000
const now = 1_000
const at = now * lengthMs + 200_000
const rulebook = {
  ...derToCash, intervalSeconds: 300, readingDeadlineSeconds: 150, correctionIntervals: 20,
}
const key = (byte: string): string => `0x02${byte.repeat(32)}`

const person = (account: number, name: string, roles: Role[], retailer: number | null) =>
  ({ account, name, roles, retailer, status: 'active' }) as unknown as Participant

const meter = (number: number, account: number, change: Partial<Meter> = {}): Meter => ({
  ...{ meter: number, name: `m${number}`, kind: 'physical', account, zone: 0, gateway: 0 },
  ...{ importWattsMax: 9_000, exportWattsMax: 9_000, digits: 6 },
  ...change,
})

/** Read at these boundaries, ten watt-hours each. */
function readAt(boundaries: readonly number[], latest = Math.max(-1, ...boundaries)) {
  const readings: MeterReadings = { ...emptyReadings(6), latest }
  for (const boundary of boundaries) {
    const registers = { importWh: BigInt(boundary * 10), exportWh: 0n }
    readings.boundaries.set(boundary, { version: 1, closing: registers, opening: registers })
  }
  return readings
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

function stateOf(): State {
  const state = emptyState()
  const replaced = readAt(span(900, 1_000))
  replaced.digits.push({ from: 990, digits: 8 })
  const gateway = { gateway: 0, name: 'old', curve: 'p256', publicKey: key('aa'), owner: grid }
  const other = { gateway: 1, name: 'new', curve: 'secp256k1', publicKey: key('bb'), owner: grid }
  Object.assign(state, { market: 'm' })
  state.rulebooks.push({ from: 0 as never, rulebook })
  state.participants.push(
    person(operator, 'operator', ['operator'], null),
    person(north, 'north', ['retailer'], null),
    person(south, 'south', ['retailer'], null),
    person(grid, 'grid', ['distribution-utility'], null),
    person(alice, 'alice', ['prosumer'], north),
    person(bob, 'bob', ['prosumer'], south),
    person(trader, 'trader', ['trader'], null),
  )
  state.gateways.push(gateway as never, other as never)
  state.meters.push(
    meter(0, alice),
    meter(1, bob, { zone: 1, gateway: 1, exportWattsMax: 0, name: 'bobs-house' }),
    meter(2, trader, { kind: 'virtual', gateway: null, importWattsMax: 0, exportWattsMax: 0 }),
    meter(3, alice, { importWattsMax: 0 }),
    meter(4, bob),
    meter(5, bob, { zone: 1 }),
  )
  state.meterFrom.push(0, 0, 0, 985, 0, 1_001)
  state.trading.utilities.set(1, grid)
  const gaps = [...span(900, 983), 988, ...span(990, 996)]
  const read = [replaced, readAt(gaps), undefined, readAt([]), readAt(span(984, 999)), readAt([])]
  for (const [number, readings] of read.entries()) {
    state.readings.set(number, readings ?? emptyReadings(6))
  }
  return state
}

const state = stateOf()
const asOf = (account: number) => ({
  account, roles: state.participants.find((one) => one.account === account)?.roles ?? [],
})
const numbers = (account: number, asked: MeterQuery = {}): readonly number[] =>
  meterList(state, at, asOf(account), { limit: 100, ...asked }).meters.map((one) => one.meter)

describe('meters', () => {
  test('are shown to those whom they concern', () => {
    deepEqual(numbers(operator), [0, 1, 2, 3, 4, 5])
    deepEqual(numbers(north), [0, 3])
    deepEqual(numbers(south), [1, 4, 5])
    deepEqual(numbers(grid), [1, 5])
    deepEqual(numbers(alice), [0, 3])
    deepEqual(numbers(trader), [2])
    // What somebody may not see is not found by asking for it either.
    deepEqual(numbers(alice, { account: bob }), [])
  })

  test('are found by each of their features', () => {
    const cases: readonly (readonly [MeterQuery, readonly number[]])[] = [
      [{ name: 'house' }, [1]],
      [{ account: alice }, [0, 3]],
      [{ retailer: south }, [1, 4, 5]],
      [{ utility: grid }, [1, 5]],
      [{ zone: 0 }, [0, 2, 3, 4]],
      [{ kind: 'virtual' }, [2]],
      [{ flows: 'import' }, [1]],
      [{ flows: 'export' }, [3]],
      [{ flows: 'both' }, [0, 4, 5]],
      [{ gateway: 1 }, [1]],
      [{ gatewayKey: key('aa') }, [0, 3, 4, 5]],
      [{ form: 'signed-batch/secp256k1' }, [1]],
      [{ standing: 'replaced' }, [0]],
      [{ standing: 'awaited' }, [5]],
      [{ standing: 'in_force' }, [1, 2, 3, 4]],
      [{ registeredSince: 985 }, [3, 5]],
      [{ registeredSince: 986 }, [5]],
      [{ silentIntervals: 1 }, [1, 3, 4, 5]],
      [{ silentIntervals: 2 }, [1, 3, 5]],
      [{ zone: 0, flows: 'both', silentIntervals: 1 }, [4]],
    ]
    for (const [asked, wanted] of cases) {
      deepEqual(numbers(operator, asked), wanted, JSON.stringify(asked))
    }
  })

  test('are known as the core knows each interval', () => {
    const { meters } = meterList(state, at, asOf(operator), { limit: 100 })
    for (const { meter: number, window, fromInterval } of meters) {
      const readings = state.readings.get(number)
      if (window === null || readings === undefined) continue
      const naive = { intervals: 0, interpolated: 0, repeated: 0, absent: 0, metered: 0 }
      // The last interval that ended is due: its deadline passed fifty seconds ago.
      for (let one = Math.max(now - 20, fromInterval); one < now; one += 1) {
        naive.intervals += 1
        naive[meteredEnergy(readings, one).assurance] += 1
      }
      const { metered, ...known } = naive
      deepEqual(window, known, `meter ${number}, of which ${metered} were metered`)
    }
    deepEqual(meters[1]?.window, { intervals: 20, interpolated: 7, repeated: 4, absent: 0 })
    equal(meters[2]?.window, null)
    deepEqual(meters[3]?.window, { intervals: 15, interpolated: 0, repeated: 0, absent: 15 })
  })

  test('wait for what is not due yet', () => {
    const early = at - 100_000
    const [first] = meterList(state, early, asOf(operator), { limit: 1 }).meters
    equal(first?.window?.intervals, 19)
  })

  test('are found by how much of them is estimated', () => {
    // Meter 1 in eleven of twenty, meter 3 in all, meter 4 in the four before it was read.
    deepEqual(numbers(operator, { estimatedPercent: 1 }), [1, 3, 4])
    deepEqual(numbers(operator, { estimatedPercent: 25 }), [1, 3, 4])
    deepEqual(numbers(operator, { estimatedPercent: 26 }), [1, 3])
    deepEqual(numbers(operator, { estimatedPercent: 55 }), [1, 3])
    deepEqual(numbers(operator, { estimatedPercent: 56 }), [3])
  })

  test('are told with what reads them', () => {
    const [one, other] = meterList(state, at, asOf(operator), { limit: 2 }).meters
    deepEqual(one, {
      ...{ meter: 0, name: 'm0', kind: 'physical', flows: 'both', account: alice, owner: 'alice' },
      ...{ retailer: north, zone: 0, utility: null },
      gateway: {
        ...{ gateway: 0, name: 'old', form: 'signed-batch/p256', publicKey: key('aa') },
        owner: grid,
      },
      ...{ importWattsMax: 9_000, exportWattsMax: 9_000, digits: 8, standing: 'replaced' },
      ...{ fromInterval: 0, deviceFrom: 990 },
      lastReading: { boundary: 1_000, atMs: 1_000 * lengthMs, version: 1, ageIntervals: 0 },
      window: { intervals: 20, interpolated: 0, repeated: 0, absent: 0 },
    })
    deepEqual(other?.utility, grid)
  })

  test('come in pages that join', () => {
    const found: number[] = []
    for (let from: number | null = 0; from !== null;) {
      const page = meterList(state, at, asOf(south), { from, limit: 1 })
      found.push(...page.meters.map((one) => one.meter))
      from = page.nextFrom
    }
    deepEqual(found, [1, 4, 5])
  })

  test('are looked at closely only so many at once', () => {
    const many = { ...state, meters: span(0, 1_199).map((number) => meter(number, alice)) }
    const looked = (from: number) =>
      meterList(many, at, asOf(operator), { from, limit: 100, estimatedPercent: 100 })
    deepEqual(looked(200), { meters: [], nextFrom: 700 })
    deepEqual(looked(700), { meters: [], nextFrom: null })
  })

  test('are none before the market is open', () => {
    deepEqual(meterList(emptyState(), at, asOf(operator), {}), { meters: [], nextFrom: null })
  })
})
