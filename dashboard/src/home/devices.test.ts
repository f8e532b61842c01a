/**
 * Goal: what devices say is put beside what the meter shows to one sum, where they contradict it
 * beyond what counters may differ by that is said, and what is not known is never a nought.
 * Method: a day by hand, the edges of the tolerance, a property over homes that are consistent, and
 * intervals read again in any order. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountSeries, DeviceOfSeries, DeviceSeries } from '@busbar/protocols/api'
import fc from 'fast-check'
import {
  behindMeter,
  isSilent,
  newestKnown,
  placeAmong,
  powersAt,
  toleranceWh,
  withDeviceIntervals,
} from './devices.ts'
import { savedOf } from './home-columns.ts'
import { homeFlowOf } from './home-flow.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

type Meter = { readonly importedWh: number | null; readonly exportedWh: number | null }

const dayOf = (from: number, meters: readonly Meter[]): AccountSeries => {
  const noughts = meters.map(() => 0)
  return {
    ...{ account: 7, interval: meters.map((_, i) => from + i), deliveries: [] },
    status: meters.map(() => 'provisional'),
    ...{ isEstimated: meters.map(() => false), correctionCount: noughts },
    priceMicrosPerKwh: meters.map(() => null),
    importedWh: meters.map(({ importedWh }) => importedWh),
    exportedWh: meters.map(({ exportedWh }) => exportedWh),
    ...{ boughtWh: noughts, soldWh: noughts, tradeBoughtWh: noughts, tradeSoldWh: noughts },
    ...{ bookedMicros: noughts, worthMicros: noughts, tariffMicros: noughts },
  }
}

const device = (
  number: number,
  kind: DeviceOfSeries['kind'],
  flows: readonly (readonly [inWh: number | null, outWh: number | null])[],
  charges: readonly (number | null)[] = flows.map(() => null),
): DeviceOfSeries => ({
  ...{ device: number, kind, lastBoundary: 110, isPluggedIn: null },
  lastChargeBasisPoints: charges.at(-1) ?? null,
  inWh: flows.map(([inWh]) => inWh),
  outWh: flows.map(([, outWh]) => outWh),
  chargeBasisPoints: [...charges],
})

const told = (from: number, ...devices: DeviceOfSeries[]): DeviceSeries => ({
  ...{ account: 7, interval: (devices[0]?.inWh ?? []).map((_, i) => from + i), devices },
})

const meter = (importedWh: number | null, exportedWh: number | null): Meter => ({
  importedWh, exportedWh,
})

describe('a day of a home', () => {
  const series = dayOf(100, [meter(100, 0), meter(0, 250), meter(20, 0), meter(null, null)])
  const said = told(
    100,
    device(0, 'solar', [[0, 0], [0, 500], [0, 80], [0, 10]]),
    device(1, 'battery', [[0, 60], [100, 0], [0, 0], [0, 0]], [4_000, 5_000, 5_000, 5_000]),
    device(2, 'car_charger', [[30, 0], [0, 0], [null, null], [0, 0]]),
    device(3, 'heat_pump', [[50, 0], [40, 0], [10, 0], [0, 0]]),
  )

  test('is what came in and was made, less what left', () => {
    const behind = behindMeter(series, said)
    deepEqual(behind.generatedWh, [0, 500, 80, 10])
    // 100 + 60, and 500 − 250 − 100; what the car took in the third nobody said.
    deepEqual(behind.usedWh, [160, 150, null, null])
    deepEqual(behind.houseWh, [130, 150, null, null])
    deepEqual(behind.ownWh, [60, 150, null, null])
    deepEqual(behind.batteryInWh, [0, 100, 0, 0])
    deepEqual(behind.batteryBasisPoints, [4_000, 5_000, 5_000, 5_000])
    deepEqual(behind.carInWh, [30, 0, null, 0])
    deepEqual(behind.heatPumpWh, [50, 40, 10, 0])
    deepEqual(behind.contradicted, [])
    equal(newestKnown(behind), 1)
  })

  test('is not known where devices say nothing', () => {
    const behind = behindMeter(series, told(200, device(0, 'solar', [[0, 5]])))
    const nobody = behindMeter(series, { account: 7, interval: [], devices: [] })
    for (const column of ['usedWh', 'ownWh', 'generatedWh'] as const) {
      deepEqual(behind[column], [null, null, null, null])
      deepEqual(nobody[column].slice(-1), [null])
    }
    equal(newestKnown(behind), -1)
  })

  test('is not known where the meter was not read, whatever it is taken to have read', () => {
    const estimated = { ...series, isEstimated: [false, true, false, false] }
    const behind = behindMeter(estimated, told(
      100, device(0, 'solar', [[0, 0], [0, 0]]), device(1, 'battery', [[0, 60], [900, 0]]),
    ))
    deepEqual(behind.usedWh, [160, null, null, null])
    deepEqual(behind.ownWh, [60, null, null, null])
    deepEqual(behind.batteryInWh, [0, 900, null, null])
    deepEqual(behind.contradicted, [])
  })

  test('is saved with its columns, and without devices as before', () => {
    deepEqual(savedOf(undefined), {})
    const saved = savedOf(behindMeter(series, said))
    deepEqual(saved['used_wh'], [160, 150, null, null])
    deepEqual(saved['contradicts_meter'], [0, 0, null, null])
    equal(Object.keys(saved).length, 9)
  })

  test('shows the newest power that is known of both', () => {
    const shown = homeFlowOf(series, { state: 'known', series: said }, 900)
    deepEqual([shown?.flow.interval, shown?.usedW], [101, 600])
    deepEqual(shown?.powers, [
      { kind: 'solar', watts: 2_000 }, { kind: 'battery', watts: -400 },
      { kind: 'car_charger', watts: 0 }, { kind: 'heat_pump', watts: -160 },
    ])
    deepEqual(powersAt(said, 99, 900), [])
  })

  test('shows the meter alone where devices are asked, failed, silent or long silent', () => {
    const old = { state: 'known', series: told(90, device(0, 'solar', [[0, 5]])) } as const
    const long = dayOf(100, [100, 101, 102, 103, 104].map(() => meter(10, 0)))
    const once = { state: 'known', series: told(100, device(0, 'solar', [[0, 5]])) } as const
    for (const state of [{ state: 'asked' }, { state: 'failed' }, old, once] as const) {
      const shown = homeFlowOf(long, state, 900)
      deepEqual([shown?.flow.interval, shown?.usedW, shown?.powers], [104, null, []])
    }
  })
})

describe('devices that contradict the meter', () => {
  const contradicts = (importedWh: number, exportedWh: number, solarWh: number): boolean => {
    const said = told(100, device(0, 'solar', [[0, solarWh]]))
    return behindMeter(dayOf(100, [meter(importedWh, exportedWh)]), said).contradicted.length > 0
  }

  test('are said to, beyond what counters may differ by', () => {
    equal(toleranceWh(0), 10)
    equal(toleranceWh(5_001), 101)
    equal(contradicts(0, 110, 100), false)
    equal(contradicts(0, 111, 100), true)
    equal(contradicts(0, 10_200, 10_000), false)
    equal(contradicts(0, 10_201, 10_000), true)
  })

  test('are never below nothing in what was used', () => {
    const said = told(100, device(0, 'solar', [[0, 100]]))
    const behind = behindMeter(dayOf(100, [meter(0, 500)]), said)
    deepEqual([behind.usedWh, behind.houseWh, behind.ownWh], [[0], [0], [0]])
  })

  test('do where a heat pump takes more than was used', () => {
    const pump = (inWh: number) => told(100, device(0, 'heat_pump', [[inWh, 0]]))
    const day = dayOf(100, [meter(100, 0)])
    deepEqual(behindMeter(day, pump(110)).contradicted, [])
    deepEqual(behindMeter(day, pump(111)).contradicted, [100])
  })

  test('are none of a home whose figures make one sum', () => {
    const energy = fc.nat({ max: 50_000 })
    fc.assert(
      fc.property(energy, energy, energy, energy, energy, (load, sun, into, out, car) => {
        const net = sun + out - load - into - car
        const [importedWh, exportedWh] = [Math.max(0, -net), Math.max(0, net)]
        const said = told(
          100,
          device(0, 'solar', [[0, sun]]),
          device(1, 'battery', [[into, out]]),
          device(4, 'car_charger', [[car, 0]]),
        )
        const behind = behindMeter(dayOf(100, [meter(importedWh, exportedWh)]), said)
        deepEqual([behind.usedWh, behind.houseWh], [[load + car], [load]])
        deepEqual(behind.contradicted, [])
      }),
      replay,
    )
  })
})

describe('one interval read again', () => {
  const flows = [[0, 1], [0, 2], [0, 3]] as const
  const day = told(100, device(0, 'solar', flows), device(1, 'battery', flows, [1, 2, 3]))
  const fresh = (interval: number, outWh: number): DeviceSeries =>
    told(interval, device(0, 'solar', [[0, outWh]]), device(1, 'battery', [[9, outWh]], [99]))

  test('takes the place of what was known of it, or its own', () => {
    const later = withDeviceIntervals(day, fresh(103, 4), { from: 103, intervals: 1 })
    deepEqual(later?.interval, [100, 101, 102, 103])
    deepEqual(later?.devices[0]?.outWh, [1, 2, 3, 4])
    const again = withDeviceIntervals(day, fresh(101, 7), { from: 101, intervals: 1 })
    deepEqual(again?.interval, [100, 101, 102])
    deepEqual(again?.devices[1]?.outWh, [1, 7, 3])
    deepEqual(again?.devices[1]?.chargeBasisPoints, [1, 99, 3])
    const none = { ...fresh(101, 7), interval: [], devices: fresh(101, 7).devices.map((one) => ({
      ...one, inWh: [], outWh: [], chargeBasisPoints: [],
    })) }
    deepEqual(withDeviceIntervals(day, none, { from: 101, intervals: 1 })?.interval, [100, 102])
  })

  test('is of no use where there are other devices now', () => {
    const other = told(103, device(0, 'solar', [[0, 4]]))
    equal(withDeviceIntervals(day, other, { from: 103, intervals: 1 }), undefined)
  })
})

test('a device is silent when it has said nothing for six intervals', () => {
  const one = device(0, 'solar', [])
  equal(isSilent(one, 116 * 1_000, 1_000), false)
  equal(isSilent(one, 116 * 1_000 + 1, 1_000), true)
  equal(isSilent({ ...one, lastBoundary: null }, 0, 1_000), true)
})

test('devices of one kind are counted, and one alone is not', () => {
  const [a, b, c] = [device(0, 'solar', []), device(1, 'battery', []), device(2, 'solar', [])]
  deepEqual([a, b, c].map((one) => placeAmong([a, b, c], one)), [1, undefined, 2])
})
