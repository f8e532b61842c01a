/**
 * Goal: a list that is followed interval by interval ends where asking for all of it again does,
 * and asks for no more intervals than have changed, or in columns than lie between them.
 * Method: a market by chance that goes on and settles what is behind it; each list is read once,
 * then by what has changed, and compared with the market. `SEED=…` replays.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PublicInterval, Series } from '@busbar/protocols/api'
import fc from 'fast-check'
import { chosenSeries, newestIntervals, newestSeries } from './newest.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const listed = 6
const first = 100

/** Of each interval how often it has changed. */
type Market = Map<number, number>

type Asked = { readonly from?: number; readonly limit?: number; readonly points?: number }

/** As the exchange answers: from an interval on, without one the newest; ascending. */
class Exchange {
  readonly market: Market
  readonly asked: number[] = []

  constructor(market: Market) {
    this.market = market
  }

  readonly intervals = async ({ from, limit = 0 }: Asked) => ({
    intervals: this.#of(from, limit).map(([interval, changes]) =>
      ({ interval, energyWh: changes }) as PublicInterval),
    nextFrom: null,
  })

  readonly series = async ({ from, points = 0 }: Asked): Promise<Series> => {
    const found = this.#of(from, points)
    const [interval, tradedWh] = [found.map(([one]) => one), found.map(([, changes]) => changes)]
    const none = interval.map(() => 0)
    return {
      ...{ zone: 0, step: 1, interval, tradedWh, priceMicrosPerKwh: none, orderCount: none },
      ...{ injectedWh: none, consumedWh: none, selfSuppliedWh: none, voidCount: none },
      ...{ estimatedMeterCount: none, correctionCount: none },
      status: interval.map(() => 'final'), proof: interval.map(() => 'proven'),
    }
  }

  #of(from: number | undefined, count: number): (readonly [number, number])[] {
    this.asked.push(count)
    const all = [...this.market].sort(([a], [b]) => a - b)
    if (from === undefined) return all.slice(-count)
    return all.filter(([interval]) => from <= interval && interval < from + count)
  }
}

const context = { signal: new AbortController().signal }

/** Each time some intervals up to the next one, which has just begun. */
const steps = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }), {
  maxLength: 12,
})

async function follow<Data>(
  back: readonly (readonly number[])[],
  of: (exchange: Exchange) => {
    readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Data>
    readonly meta: {
      readonly readIntervals: (changed: readonly number[]) => Promise<(before: Data) => Data>
    }
  },
  isExact: boolean,
): Promise<void> {
  const exchange = new Exchange(new Map(Array.from({ length: 8 }, (_, i) => [first + i, 1])))
  const { queryFn, meta } = of(exchange)
  let shown: Data = await queryFn(context)
  for (const [turn, ago] of back.entries()) {
    const next = first + 8 + turn
    const changed = [next, ...ago.map((one) => next - one - 1)].filter((one) => one >= first)
    for (const one of changed) exchange.market.set(one, (exchange.market.get(one) ?? 0) + 1)
    exchange.asked.length = 0
    shown = (await meta.readIntervals(changed))(shown)
    const most = isExact ? new Set(changed).size : next - Math.min(...changed) + 1
    const asked = exchange.asked.reduce((sum, count) => sum + count, 0)
    ok(asked <= Math.min(most, listed), `${asked} intervals of ${most}`)
  }
  deepEqual(shown, await queryFn(context))
}

describe('a list that is followed', () => {
  const lists = {
    'the newest intervals': (one: Exchange) => newestIntervals(one as never, 0, listed),
    'the newest in columns': (one: Exchange) => newestSeries(one as never, 0, listed),
    'those that were chosen': (one: Exchange) =>
      chosenSeries(one as never, { zone: 0, from: first + 3, points: listed }),
  }
  for (const [what, of] of Object.entries(lists)) {
    test(`ends where asking for all of it does: ${what}`, async () => {
      await fc.assert(
        fc.asyncProperty(steps, (back) =>
          follow<unknown>(back, of as never, what === 'the newest intervals')),
        { ...replay, numRuns: 60 },
      )
    })
  }

  test('asks for nothing that is not in it', async () => {
    const exchange = new Exchange(new Map([[first, 1]]))
    const chosen = chosenSeries(exchange as never, { zone: 0, from: first, points: listed })
    const before = await chosen.queryFn(context)
    exchange.asked.length = 0
    deepEqual((await chosen.meta.readIntervals([first - 1, first + listed]))(before), before)
    deepEqual(exchange.asked, [])
  })
})
