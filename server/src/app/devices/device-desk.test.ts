/**
 * Goal: a gateway tells of the homes that it reads and of nobody else, once, and nothing of it
 * moves the market; what is kept is what a day is shown by, for so long and no longer.
 * Method: a small market with real signatures over the plainest book; a table of what a reading
 * may be refused for, and the journal before and after.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import { type DeviceReadingItem, deviceLimits } from '@busbar/protocols/api'
import { pureVerifier } from '../../adapters/signatures/index.ts'
import { MemoryDevices } from '../../testing/memory-devices.ts'
import { accountOf, first, SmallMarket, smallRulebook } from '../../testing/small-market.ts'
import { DeviceDesk } from './device-desk.ts'

const [alice, bob] = [accountOf('alice'), accountOf('bob')]

let market: SmallMarket
let book: MemoryDevices
let desk: DeviceDesk

beforeEach(async () => {
  market = await SmallMarket.open()
  await market.to(3)
  book = new MemoryDevices()
  desk = deskOver(book)
})

const deskOver = (devices: MemoryDevices): DeviceDesk =>
  new DeviceDesk({
    ...{ lane: market.lane, clock: { now: () => market.now }, domain: market.domain },
    ...{ verifier: pureVerifier(), book: devices },
  })

/** A battery that took in 10 Wh more with each boundary, and is a tenth fuller. */
const battery = (n: number, change: Partial<DeviceReadingItem> = {}): DeviceReadingItem => ({
  ...{ account: alice, device: 1, kind: 'battery', boundary: first + n, version: 0 },
  ...{ inWh: 1_000 + 10 * n, outWh: 400, chargeBasisPoints: 5_000 + 1_000 * n },
  ...{ isPluggedIn: null, ...change },
})

async function outcomes(...readings: DeviceReadingItem[]): Promise<readonly string[]> {
  const [answer] = await desk.submit([market.deviceBatch(readings)])
  if (answer?.kind !== 'accepted') throw new Error(JSON.stringify(answer))
  return answer.outcomes
}

const daySpan = { from: first, intervals: 3 }
const shown = () => desk.series(alice, daySpan.from, daySpan.intervals)

describe('a gateway', () => {
  test('tells of a home that it reads, and the home sees what its devices did', async () => {
    deepEqual(await outcomes(...[0, 1, 2, 3].map((n) => battery(n))), Array(4).fill('counted'))
    deepEqual(await shown(), {
      ...{ account: alice, interval: [first, first + 1, first + 2] },
      devices: [
        {
          ...{ device: 1, kind: 'battery', lastBoundary: first + 3, isPluggedIn: null },
          ...{ lastChargeBasisPoints: 8_000, inWh: [10, 10, 10], outWh: [0, 0, 0] },
          chargeBasisPoints: [6_000, 7_000, 8_000],
        },
      ],
    })
    deepEqual(await desk.series(bob, first, 3), { account: bob, interval: [], devices: [] })
    equal(await desk.series(99, first, 3), undefined)
  })

  test('tells of nobody else, and learns nothing of who there is', async () => {
    for (const account of [accountOf('retailer'), accountOf('operator'), 99, 0]) {
      deepEqual(await outcomes(battery(0, { account })), ['gateway_foreign'])
    }
    equal(book.kept.size, 0)
  })

  test('that says the same again changes nothing', async () => {
    const batch = market.deviceBatch([battery(0), battery(1), battery(1)])
    const [answer] = await desk.submit([batch])
    const [again] = await desk.submit([batch])
    deepEqual(answer?.kind === 'accepted' && answer.outcomes, ['counted', 'counted', 'duplicate'])
    deepEqual(again?.kind === 'accepted' && again.outcomes, Array(3).fill('duplicate'))
    equal(book.kept.size, 2)
  })

  test('corrects by a higher version, and by nothing else', async () => {
    deepEqual(await outcomes(battery(0), battery(1)), ['counted', 'counted'])
    deepEqual(await outcomes(battery(1, { inWh: 1_020 })), ['conflicting'])
    deepEqual(await outcomes(battery(1, { inWh: 1_020, version: 2 })), ['counted'])
    deepEqual(await outcomes(battery(1, { inWh: 1_015, version: 1 })), ['superseded'])
    deepEqual((await shown())?.devices[0]?.inWh, [20])
  })

  test('is refused a reading for what is wrong with it', async () => {
    const wrong: readonly (readonly [Partial<DeviceReadingItem>, string])[] = [
      [{ boundary: first + 4 }, 'too_early'],
      [{ boundary: first + 3 - keptIntervals - 1 }, 'too_late'],
      [{ boundary: first + 3 - keptIntervals }, 'counted'],
      [{ kind: 'solar' }, 'charge_unexpected'],
      [{ kind: 'heat_pump', chargeBasisPoints: null, isPluggedIn: true }, 'charge_unexpected'],
      [{ isPluggedIn: false }, 'charge_unexpected'],
      [{ kind: 'car_charger', isPluggedIn: true }, 'kind_differs'],
      [{ kind: 'solar', chargeBasisPoints: null }, 'kind_differs'],
      [{ chargeBasisPoints: null }, 'counted'],
    ]
    for (const [change, outcome] of wrong) {
      deepEqual(await outcomes(battery(3, change)), [outcome], JSON.stringify(change))
    }
    // Within one batch too: what came first counts.
    const two = [battery(2, { device: 2 }), battery(3, { device: 2, kind: 'car_charger' })]
    deepEqual(await outcomes(...two), ['counted', 'kind_differs'])
  })

  test('is believed by its own key, for what it signed', async () => {
    const good = market.deviceBatch([battery(0)])
    const other = market.deviceBatch([battery(1)])
    const meters = market.batch(0, { alice: [0, 0] })
    const refusals = [
      [{ ...good, gateway: 7 }, 'gateway_unknown'],
      [{ ...good, readings: other.readings }, 'signature_invalid'],
      [{ ...good, id: other.id }, 'signature_invalid'],
      [{ ...good, signature: meters.signature }, 'signature_invalid'],
      [{ ...good, signature: `0x${'5a'.repeat(65)}` }, 'signature_invalid'],
    ] as const
    for (const [batch, reason] of refusals) {
      const [answer] = await desk.submit([batch])
      equal(answer?.kind === 'rejected' && answer.reason, reason)
    }
    // One that is refused keeps no other out.
    const both = await desk.submit([{ ...good, gateway: 7 }, good])
    deepEqual(both.map(({ kind }) => kind), ['rejected', 'accepted'])
  })

  test('of a suspended owner is not heard', async () => {
    await market.instruct('operator', 'suspend_participant', { participant: accountOf('grid') })
    const [answer] = await desk.submit([market.deviceBatch([battery(0)])])
    equal(answer?.kind === 'rejected' && answer.reason, 'account_suspended')
  })
})

describe('what devices said', () => {
  test('is no command: state, journal and effects stay as they are', async () => {
    await market.lane.durable()
    const before = [market.store.entries.length, market.store.batches.length, market.told.length]
    const { sequence, at } = market.state
    const money = canonicalJson([...market.state.ledger.balances])
    await outcomes(battery(0), battery(1), battery(2))
    await market.lane.durable()
    deepEqual(
      [market.store.entries.length, market.store.batches.length, market.told.length],
      before,
    )
    deepEqual([market.state.sequence, market.state.at], [sequence, at])
    equal(canonicalJson([...market.state.ledger.balances]), money)
  })

  test('has no figure where a register is missing or began again', async () => {
    await outcomes(battery(0), battery(2), battery(3, { inWh: 5 }))
    const series = await shown()
    deepEqual(series?.interval, [first + 1, first + 2])
    deepEqual(series?.devices[0]?.inWh, [null, null])
    deepEqual(series?.devices[0]?.chargeBasisPoints, [7_000, 8_000])
  })

  test('is kept for its time: what is older goes as newer comes', async () => {
    await outcomes(battery(0), battery(1))
    await market.to(keptIntervals + 1)
    await outcomes(battery(keptIntervals + 1, { chargeBasisPoints: 1 }))
    deepEqual([...book.kept.values()].map(({ boundary }) => boundary - first), [
      1, keptIntervals + 1,
    ])
  })

  test('that could not be written is not answered, and the next is', async () => {
    const put = book.put.bind(book)
    book.put = () => Promise.reject(new Error('the disk is full'))
    await rejects(outcomes(battery(0)), /the disk is full/)
    book.put = put
    deepEqual(await outcomes(battery(0)), ['counted'])
  })
})

const keptIntervals = (deviceLimits.keptDays * 86_400) / smallRulebook.intervalSeconds
