import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import { deviceKinds } from '@busbar/protocols/device-readings'
import type { StoredDeviceReading } from '../../app/ports/devices.ts'
import { MemoryDevices } from '../../testing/memory-devices.ts'
import { limits } from './limits.ts'
import { faults, type Harness } from './store-suite-harness.ts'

const reading = (
  boundary: number,
  change: Partial<StoredDeviceReading> = {},
): StoredDeviceReading => ({
  ...{ account: 7, device: 0, kind: 'battery', boundary, version: 0, inWh: 10 * boundary },
  ...{ outWh: 3, chargeBasisPoints: null, isPluggedIn: null, ...change },
})

/** The last of those with the same name. */
const once = <Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] => [
  ...new Map(items.map((item) => [nameOf(item), item])).values(),
]

export function deviceTests({ withStore, reopened }: Harness): void {
  test('are there again, as they were given, by device and boundary', () =>
    withStore(async (store, market) => {
      const car = { device: 1, kind: 'car_charger', chargeBasisPoints: 10_000 } as const
      const large = { inWh: 10 ** 15, outWh: 0, boundary: 4_000_000_000 }
      const all = [
        reading(1), reading(2), reading(3, large),
        reading(1, { ...car, isPluggedIn: true }), reading(2, { ...car, isPluggedIn: false }),
      ]
      await store.devices.put(all.toReversed())
      await store.devices.put([reading(2, { account: 8 })])
      await store.close()
      await reopened(market, async ({ devices }) => {
        deepEqual(await devices.list(7, 0, large.boundary), all)
        deepEqual(await devices.list(7, 2, 2), [all[1], all[4]])
        deepEqual(await devices.list(9, 0, large.boundary), [])
        const asked = [0, 1, 2].map((device) => ({ account: 7, device }))
        const newest = [...(await devices.newest(asked))]
        deepEqual(newest.sort((a, b) => a.device - b.device), [all[2], all[4]])
      })
    }))

  test('are more than one statement carries', () =>
    withStore(async ({ devices }) => {
      const many = Array.from({ length: limits.statementRowsMax + 5 }, (_, n) => reading(n))
      await devices.put(many)
      deepEqual((await devices.list(7, 0, many.length)).length, many.length)
    }))

  test('that are malformed are refused, and nothing of their batch is kept', () =>
    withStore(async ({ devices }) => {
      const malformed: readonly Partial<StoredDeviceReading>[] = [
        { account: -1 }, { device: 0.5 }, { boundary: -1 }, { version: Number.NaN },
        { inWh: -1 }, { outWh: 2 ** 53 }, { chargeBasisPoints: -2 },
        { kind: 'toaster' as 'solar' },
      ]
      for (const change of malformed) {
        const put = () => devices.put([reading(1), reading(2, change)])
        await faults('DEVICE_READING_INVALID', put, JSON.stringify(change))
      }
      deepEqual(await devices.list(7, 0, 9), [])
    }))

  test('are replaced, found and removed as a plain list would say, whatever happened', () =>
    withStore(async ({ devices }) => {
      const plain = new MemoryDevices()
      let draw = 17
      const random = (below: number): number => {
        draw = (draw * 48_271) % 2_147_483_647
        return draw % below
      }
      const some = (): StoredDeviceReading => ({
        ...{ account: random(3), device: random(3), boundary: random(12), version: random(4) },
        ...{ kind: deviceKinds[random(4)] ?? 'solar', inWh: random(100), outWh: random(100) },
        chargeBasisPoints: random(2) === 0 ? null : random(10_001),
        isPluggedIn: [null, true, false][random(3)] ?? null,
      })
      const keyOf = ({ account, device, boundary }: StoredDeviceReading): string =>
        `${account}/${device}/${boundary}`
      const sorted = (list: readonly StoredDeviceReading[]): readonly StoredDeviceReading[] =>
        list.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      for (let turn = 1; turn <= 40; turn += 1) {
        const batch = once([some(), some(), some(), some()], keyOf)
        const keys = once([some(), some(), some()], keyOf)
        const owners = once(keys, ({ account, device }) => `${account}/${device}`)
        const [before, limit] = [random(6), 1 + random(3)]
        for (const book of [devices, plain]) {
          await book.put(batch)
          if (turn % 5 === 0) await book.removeBefore(before, limit)
        }
        const at = `turn ${turn}`
        for (const account of [0, 1, 2]) {
          deepEqual(await devices.list(account, 0, 12), await plain.list(account, 0, 12), at)
        }
        deepEqual(sorted(await devices.at(keys)), sorted(await plain.at(keys)), at)
        deepEqual(sorted(await devices.newest(owners)), sorted(await plain.newest(owners)), at)
      }
    }))
}
