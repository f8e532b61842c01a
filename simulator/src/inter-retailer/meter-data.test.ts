/**
 * Goal: what is broken on purpose is heard of nobody and of nobody else: a silent gateway keeps
 * what it reads and tells it afterwards, late readings come three intervals later, and who asks for
 * them gets them no sooner.
 * Method: three homes of three retailers over ten boundaries, with what was sent written down.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { BusbarClient } from '@busbar/client'
import { createDomain } from '@busbar/protocols/eip712'
import { type LiveFaults, nothingBroken, planFaults } from '../meters/index.ts'
import { retailers } from './cast.ts'
import { MeterData } from './meter-data.ts'

const intervals = 10
const first = 1_000
const flows = retailers.map(() => new Int32Array(intervals).fill(-50))

type Batch = { readonly readings: readonly { meter: number; boundary: number }[] }

/** Which boundary of which home's meter was sent, in this order. */
type Sent = readonly (readonly [home: number, boundary: number])[]

function meterData() {
  const sent: [number, number][] = []
  const client = {
    sendReadings: async ({ readings }: Batch) => {
      for (const { meter, boundary } of readings) sent.push([meter, boundary - first])
      return { outcomes: readings.map(() => 'counted') }
    },
  } as unknown as BusbarClient
  const zero = `0x${'00'.repeat(20)}`
  const domain = createDomain({ market: 'trades', chainId: 1, verifyingContract: zero })
  const numbers = {
    ...{ domain, account: () => 0, gateway: (name: string) => retailers.indexOf(name as never) },
    ...{ meterOf: (home: number) => home, homeOf: (meter: number) => meter },
  }
  const homes = {
    ...{ source: '', startMs: first * 900_000, intervalMs: 900_000, intervals },
    ...{ names: ['a', 'b', 'c'], hasPanels: [false, false, false], outWh: flows, pvWh: flows },
    ...{ importWattsMax: [9, 9, 9], exportWattsMax: [9, 9, 9] },
  }
  const meters = new MeterData(client, {
    ...{ seed: 1, homes, numbers, first, faults: planFaults(1, {}), retailerOf: retailers },
    hear: () => undefined,
  })
  const taken = (): Sent => sent.splice(0)
  return { meters, taken }
}

const asking = (missing: readonly number[]) => () =>
  ({
    trades: {
      meterDataRequests: async () => [{ meter: 0, missing: missing.map((n) => first + n) }],
    },
  }) as unknown as BusbarClient

test('a silent gateway keeps what it reads, and tells it when it speaks again', async () => {
  const { meters, taken } = meterData()
  const silent: LiveFaults = { isSilent: true, isLate: false }
  await meters.send(0, silent)
  await meters.send(1, silent)
  deepEqual(taken(), [[1, 0], [2, 0], [1, 1], [2, 1]])
  deepEqual([0, 1, 2].map((home) => meters.isSilent(home)), [true, false, false])
  await meters.answer(asking([0]))
  deepEqual(taken().filter(([home]) => home === 0).length, 2, 'the other two, who were asked')
  await meters.send(2, nothingBroken)
  deepEqual(taken(), [[0, 0], [0, 1], [0, 2], [1, 2], [2, 2]])
  equal(meters.isSilent(0), false)
})

test('late readings come three intervals later, for who asks as well', async () => {
  const { meters, taken } = meterData()
  const late: LiveFaults = { isSilent: false, isLate: true }
  for (const n of [0, 1, 2]) await meters.send(n, late)
  await meters.answer(asking([0, 2]))
  deepEqual(taken(), [])
  await meters.send(3, late)
  deepEqual(taken(), [[0, 0], [1, 0], [2, 0]])
  await meters.answer(asking([0, 2]))
  deepEqual(new Set(taken().map(([, boundary]) => boundary)), new Set([0]))
  await meters.send(4, nothingBroken)
  deepEqual(taken().map(([, boundary]) => boundary), [1, 1, 1, 4, 4, 4])
})
