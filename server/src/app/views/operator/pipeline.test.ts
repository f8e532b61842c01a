/**
 * Goal: an interval is shown in the phase that it is in, since when it is, and with what somebody
 * should look at, and with nothing else.
 * Method: a small market led through a day's beginning step by step; and the measures by second,
 * held against a list of everything that came.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { intervalPhases } from '@busbar/protocols/api'
import { OperationsMeter } from '../../operations/operations-meter.ts'
import { RateBuckets } from '../../operations/rate-buckets.ts'
import { RecentTimes } from '../../operations/recent-times.ts'
import { first, SmallMarket, smallRulebook, startMs } from '../../../testing/small-market.ts'
import { exceptionsShown, newestShown, phases, pipelineOf } from './pipeline.ts'

const minute = 60_000
const gateMs = startMs - minute
const endMs = startMs + 5 * minute

const shown = (market: SmallMarket, now = market.now) => {
  const found = pipelineOf(market.state, now, () => undefined)
  const one = found.intervals.find(({ interval }) => interval === first)
  return [one?.phase, one?.sinceMs, one?.exceptions]
}

describe('the pipeline', () => {
  test('has every phase of the interface, in order', () => {
    deepEqual([...phases], [...intervalPhases])
  })

  test('follows an interval from its orders to its final run', async () => {
    const market = await SmallMarket.open()
    await market.intake.orders([market.order('alice')])
    deepEqual(shown(market), ['orders', gateMs - 5 * minute, []])
    deepEqual(shown(market, gateMs + 10_000), ['orders', gateMs - 5 * minute, ['gate_overdue']])
    market.now = gateMs
    await market.scheduler.run()
    deepEqual(shown(market), ['scheduled', gateMs, []])
    deepEqual(shown(market, startMs), ['delivery', startMs, []])
    await market.to(0)
    await market.read(0, { alice: [0, 0], bob: [0, 0] })
    deepEqual(shown(market, endMs), ['metering', endMs, ['readings_missing']])
    deepEqual(shown(market, endMs + 130_000), [
      'metering', endMs, ['run_overdue', 'readings_missing'],
    ])
    await market.to(1, 125)
    deepEqual(shown(market), [
      'provisional', market.now, ['readings_missing', 'meters_estimated'],
    ])
    await market.read(1, { alice: [0, 10], bob: [10, 0] })
    deepEqual(shown(market).at(-1), ['meters_estimated', 'correction_waits'])
    await market.scheduler.run()
    deepEqual(shown(market).at(-1), [])
    await market.to(4)
    deepEqual(shown(market), ['final', market.now, []])
    await market.read(1, { alice: [0, 12], bob: [10, 0] }, 1)
    await market.scheduler.run()
    deepEqual(shown(market), ['final', market.now, ['resettled']])
    const { stages } = pipelineOf(market.state, market.now, () => undefined)
    equal(stages.find(({ phase }) => phase === 'final')?.count, 1)
    equal(stages.reduce((sum, { count }) => sum + count, 0), pipelineOf(
      market.state, market.now, () => undefined,
    ).intervals.length)
  })
})

/** Settled so long ago that only the list of what somebody should look at reaches back to it. */
const backMax = newestShown + 80

describe('what somebody should look at', () => {
  const open = async (): Promise<SmallMarket> => {
    const rules = { ...smallRulebook, finalAfterIntervals: 300, correctionIntervals: 600 }
    const market = await SmallMarket.open(rules)
    await market.to(0)
    await market.read(0, { alice: [0, 0], bob: [0, 0] })
    for (let interval = 1; interval <= backMax; interval += 1) {
      await market.to(interval)
      await market.read(interval, { alice: [0, 10 * interval], bob: [10 * interval, 0] })
    }
    await market.to(backMax)
    return market
  }

  test('is listed however old it is, and stands before the newest', async () => {
    const market = await open()
    const seen = (now = market.now) => pipelineOf(market.state, now, () => undefined)
    deepEqual([seen().exceptionCount, seen().intervals.length], [0, newestShown])
    await market.read(1, { alice: [0, 12], bob: [10, 0] }, 1)
    const waits = seen()
    equal(waits.exceptionCount, 2)
    deepEqual(
      waits.intervals.slice(0, 3).map(({ interval, exceptions }) => [interval, exceptions]),
      [
        [first + 1, ['correction_waits']],
        [first, ['correction_waits']],
        [first + backMax, []],
      ],
    )
    equal(waits.intervals.length, newestShown + 2)
  })

  test('is the worst of it where it is more than is shown, and its number', async () => {
    const market = await open()
    const { readingDeadlineSeconds, intervalSeconds } = smallRulebook
    const records = [...market.state.intervals.get(0)?.values() ?? []]
    for (const { voids } of records) voids.set('0x01', 'collateral_short')
    const old = records.find(({ interval }) => interval === first)
    ok(old !== undefined)
    old.status = 'cleared'
    const now = market.now
    ok(now > startMs + (readingDeadlineSeconds + intervalSeconds) * 1_000)
    const { exceptionCount, intervals } = pipelineOf(market.state, now, () => undefined)
    equal(exceptionCount, backMax + 1)
    deepEqual(intervals[0]?.interval, first)
    deepEqual(intervals[0]?.exceptions, ['run_overdue', 'orders_void'])
    deepEqual(
      intervals.slice(1, exceptionsShown).map(({ interval }) => interval),
      Array.from({ length: exceptionsShown - 1 }, (_, i) => first + backMax - i),
    )
    equal(intervals.length, newestShown + 1)
  })
})

describe('measures', () => {
  test('count by second what came in these seconds, whatever came when', () => {
    const came = fc.array(fc.record({ after: fc.nat(4_000), count: fc.nat(9) }), { maxLength: 40 })
    fc.assert(fc.property(came, fc.nat(9_000), (list, wait) => {
      const buckets = new RateBuckets(6)
      const all: { second: number; count: number }[] = []
      let now = 5_000
      for (const { after, count } of list) {
        now += after
        buckets.add(now, count)
        all.push({ second: Math.floor(now / 1_000), count })
      }
      now += wait
      const last = Math.floor(now / 1_000)
      const expected = [5, 4, 3, 2, 1].map((back) =>
        all.filter(({ second }) => second === last - back)
          .reduce((sum, { count }) => sum + count, 0))
      deepEqual(buckets.view(now), expected)
    }), { numRuns: 300 })
  })

  test('keep the newest times', () => {
    const times = new RecentTimes(3)
    deepEqual(times.view(), { count: 0, medianMs: null, mostMs: null })
    for (const ms of [900, 10, 30.4, 20]) times.add(ms)
    deepEqual(times.view(), { count: 3, medianMs: 20, mostMs: 30 })
  })

  test('add up the work of an interval, from gate and run to the last receipt of each', () => {
    let now = 1_000
    const meter = new OperationsMeter(() => now)
    const told = (effect: object, begunMs: number) =>
      [{ sequence: 1, at: 0, begunMs, effect }] as never
    const where = { zone: 0, interval: 7 }
    meter.hear(told({ kind: 'interval_cleared', ...where }, 900), ['commit/0/7'])
    equal(meter.hearFinal('commit/0/7'), undefined)
    now = 9_000
    const run = { kind: 'run_posted', ...where, run: 0, runKind: 'provisional' }
    meter.hear(told(run, 8_800), ['settle/0/7/0/stage/0', 'settle/0/7/0/stage/1'])
    equal(meter.hearFinal('settle/0/7/0/stage/0'), undefined)
    now = 9_400
    equal(meter.hearFinal('settle/0/7/0/stage/1'), 700)
    equal(meter.workOf(where), 700)
    now = 9_500
    equal(meter.measures().sinceFinalMs, 100)
  })
})
