/**
 * Goal: what the exchange is measured by is what happened: money and energy that moved between the
 * first run and the last, the time to the chain, what became of readings, gas, hours.
 * Method: a market of two homes lives through hours drawn at random, with readings that are late,
 * wrong, repeated or corrected; a naive model replays its journal and counts everything again
 * (replay with `SEED=…`). Durations and grids by table.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { first, meters, SmallMarket, startMs, testVault } from '../../testing/small-market.ts'
import type { Submission } from '../ports/exchange-service.ts'
import type { KpisView } from '../ports/kpis.ts'
import { ChainCosts } from './chain-costs.ts'
import type { IntervalFigures } from './interval-figures.ts'
import { durations, kpis } from './kpis.ts'
import { Measures } from './measures.ts'
import { type NaiveInterval, naiveIntervals, naiveRank } from './testing/naive-kpis.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const lengthMs = 300_000
const names = ['alice', 'bob'] as const

/** What one interval brings. */
type Drawn = {
  readonly sold: number
  readonly bought: number
  readonly used: readonly [alice: number, bob: number]
  readonly reading: 'in time' | 'late' | 'missing' | 'twice' | 'corrected' | 'forged' | 'wild'
  /** After the boundary: the last that are in time are those at the deadline. */
  readonly second: number
  readonly gas: number
  readonly chainSeconds: number
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  sold: fc.integer({ min: 1, max: 900 }),
  bought: fc.integer({ min: 1, max: 900 }),
  used: fc.tuple(fc.nat(900), fc.nat(900)),
  reading: fc.constantFrom('in time', 'late', 'missing', 'twice', 'corrected', 'forged', 'wild'),
  second: fc.integer({ min: 0, max: 120 }),
  gas: fc.nat(900_000),
  chainSeconds: fc.nat(250),
})

type Counts = Map<string, number>

/** The market with its measures, and what a person beside it would have written down. */
class Watched {
  readonly market: SmallMarket
  readonly measures: Measures
  readonly settledAt = new Map<number, number>()
  readonly gas = new Map<number, number>()
  readonly arrived: Counts = new Map()
  readonly sums = { alice: 0, bob: 0 }
  #told = 0
  #queued = 0

  constructor(market: SmallMarket) {
    this.market = market
    this.measures = new Measures(() => market.state, () => market.now)
  }

  hear(): string[] {
    const { told, queued } = this.market
    const ids = queued.slice(this.#queued).flat()
    this.measures.hear(told.slice(this.#told), ids)
    this.#told = told.length
    this.#queued = queued.length
    return ids
  }

  /** What was queued becomes final, all at one moment. */
  finish(gas: number, seconds: number): void {
    const ids = this.hear()
    this.market.now += seconds * 1_000
    for (const id of ids) {
      this.measures.hearFinal(id, { gasUsed: gas, feeWei: BigInt(gas) * 7n })
      const [kind, , interval = '', run] = id.split('/')
      const at = Number(interval)
      if (['fix', 'commit', 'settle'].includes(kind ?? '')) {
        this.gas.set(at, (this.gas.get(at) ?? 0) + gas)
      }
      if (kind === 'settle' && run === '0') this.settledAt.set(at, this.market.now)
    }
  }

  async read(boundary: number, version = 0, change: 'none' | 'forged' | 'wild' = 'none') {
    const { alice, bob } = this.sums
    const wild = change === 'wild' ? 90_000_000 : 0
    const batch = this.market.batch(boundary, { alice: [0, alice], bob: [bob + wild, 0] }, version)
    const signature = `0x${'11'.repeat(64)}`
    const sent = [change === 'forged' ? { ...batch, signature } : batch]
    const answers = await this.market.intake.readings(sent)
    this.measures.hearReadings(sent, answers)
    for (const code of codesOf(answers[0], this.market.now, boundary)) add(this.arrived, code)
  }
}

const add = (counts: Counts, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function codesOf(answer: Submission | undefined, now: number, boundary: number): string[] {
  if (answer?.kind !== 'accepted') return [`batch ${answer?.reason}`]
  if (answer.result.kind !== 'readings_taken') return []
  const isLate = now > startMs + boundary * lengthMs + 120_000
  return answer.result.outcomes.flatMap((one) =>
    one === 'counted' && isLate ? ['counted', 'late'] : [one],
  )
}

async function live(watched: Watched, index: number, drawing: Drawn): Promise<void> {
  const { market } = watched
  const { sold, bought, used, reading, second, gas, chainSeconds } = drawing
  await market.intake.orders([
    market.order('alice', { energyWh: sold, interval: first + index + 1 }),
    market.order('bob', {
      ...{ side: 'buy', energyWh: bought, interval: first + index + 1 },
      limitMicrosPerKwh: 200_000,
    }),
  ])
  for (const [i, name] of names.entries()) watched.sums[name] += used[i] ?? 0
  await market.to(index + 1)
  const boundary = index + 1
  if (reading === 'forged' || reading === 'wild') await watched.read(boundary, 0, reading)
  await market.to(boundary, reading === 'late' ? 121 + second / 4 : second)
  if (reading !== 'missing' && reading !== 'wild') await watched.read(boundary)
  if (reading === 'twice') await watched.read(boundary)
  await market.to(boundary, reading === 'late' ? 160 : 130)
  watched.finish(gas, chainSeconds / 10)
  if (reading !== 'corrected') return
  watched.sums.alice += 5
  await watched.read(boundary, 1)
  await market.to(boundary, 170)
}

async function lived(all: readonly Drawn[]): Promise<Watched> {
  const watched = new Watched(await SmallMarket.open())
  await watched.market.to(0)
  await watched.read(0)
  for (const [index, one] of all.entries()) await live(watched, index, one)
  watched.finish(1, 1)
  return watched
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)
const total = (values: Iterable<bigint>): bigint => [...values].reduce((sum, one) => sum + one, 0n)

function naiveVariance(intervals: readonly NaiveInterval[], now: number): KpisView['variance'] {
  const isFinal = ({ runs }: NaiveInterval): boolean =>
    runs.some(({ kind }) => kind === 'final') && runs.length > 1
  const settled = intervals.filter(isFinal)
  const open = intervals.filter(({ runs }) => runs.every(({ kind }) => kind !== 'final'))
  let [initialMoney, movedMoney, initialEnergy, movedEnergy] = [0n, 0n, 0n, 0n]
  for (const { runs: [initial, ...later] } of settled) {
    if (initial === undefined) continue
    initialMoney += total([...initial.moved.values()].map(absolute))
    for (let account = 0; account < 12; account += 1) {
      movedMoney += absolute(total(later.map(({ moved }) => moved.get(account) ?? 0n)))
    }
    const newest = later.at(-1) ?? initial
    for (const [meter, was] of initial.meters) {
      const is = newest.meters.get(meter) ?? was
      initialEnergy += was.imported + was.exported
      movedEnergy += absolute(is.imported - was.imported) + absolute(is.exported - was.exported)
    }
  }
  const ages = settled.map(({ runs }) => (runs.at(-1)?.at ?? 0) - (runs[0]?.at ?? 0))
  const waits = open.map(({ runs }) => now - (runs[0]?.at ?? 0))
  const part = (some: bigint, all: bigint) => (all === 0n ? null : (some * 10_000n) / all)
  return {
    intervalCount: settled.length,
    ...{ initialMoney, movedMoney, moneyBasisPoints: part(movedMoney, initialMoney) },
    ...{ initialEnergy, movedEnergy, energyBasisPoints: part(movedEnergy, initialEnergy) },
    age: naiveDurations(ages),
    openCount: open.length,
    oldestOpenMs: waits.length === 0 ? null : Math.max(...waits),
  }
}

function naiveDurations(all: readonly number[]): KpisView['variance']['age'] {
  if (all.length === 0) return null
  const [p50, p90, p99] = [50, 90, 99].map((percent) => naiveRank(all, percent))
  return { count: all.length, p50, p90, p99, max: Math.max(...all) } as ReturnType<
    typeof naiveDurations
  >
}

const energyOf = ({ runs }: NaiveInterval, key: 'imported' | 'exported'): bigint =>
  total([...(runs.at(-1)?.meters.values() ?? [])].map((meter) => meter[key]))

/** What the market says of itself is what the naive model and the person beside it have. */
async function agree(watched: Watched): Promise<KpisView> {
  const { market, measures, arrived } = watched
  const seen = await measures.kpis({ from: first - 5, to: first + 60 })
  ok(typeof seen === 'object')
  const all = [...naiveIntervals(market.store.entries, testVault, market.engine).values()]
  equal(seen.intervalCount, all.length)
  deepEqual(seen.variance, naiveVariance(all, market.now))
  const [fees, thousandths] = [total(all.map((one) => one.fees)), total(all.map((one) =>
    one.deviationThousandths))]
  equal(seen.spread.fees, fees)
  equal(seen.spread.deviation, thousandths / 1_000n)
  equal(seen.spread.traded, total(all.map(({ traded }) => traded)))
  const took = all.flatMap(({ interval }) => watched.settledAt.get(interval) ?? []).length
  const settling = all.flatMap(({ interval }) => {
    const at = watched.settledAt.get(interval)
    return at === undefined ? [] : [Math.max(0, at - (interval + 1) * lengthMs)]
  })
  deepEqual(seen.meterToCash.durations, naiveDurations(settling))
  equal(seen.meterToCash.unknownCount, all.length - took)
  const whole = all.filter(({ interval }) => watched.settledAt.has(interval))
  const gas = whole.reduce((sum, { interval }) => sum + (watched.gas.get(interval) ?? 0), 0)
  deepEqual([seen.cost.gas, seen.cost.feeWei], [BigInt(gas), BigInt(gas) * 7n])
  const [protocol] = seen.protocols
  const counts = new Map<string, number>(
    [...(protocol?.refusedReadings ?? [])].map(({ code, count }) => [code, count]),
  )
  const repeated = (arrived.get('duplicate') ?? 0) + (arrived.get('superseded') ?? 0)
  equal(protocol?.countedReadings, arrived.get('counted') ?? 0)
  equal(protocol?.lateReadings, arrived.get('late') ?? 0)
  equal(protocol?.repeatedReadings, repeated)
  equal(counts.get('implausible') ?? 0, arrived.get('implausible') ?? 0)
  const forged = protocol?.refusedBatches.find(({ code }) => code === 'signature_invalid')
  equal(forged?.count ?? 0, arrived.get('batch signature_invalid') ?? 0)
  const sure = all.flatMap(({ runs }) => [...(runs.at(-1)?.meters.values() ?? [])])
  equal(protocol?.substitutedCount, sure.filter((one) => !one.sure).length)
  equal(protocol?.meteredCount, sure.filter((one) => one.sure).length)
  const hours = new Map<number, readonly [bigint, bigint]>()
  for (const one of all) {
    const hour = Math.floor((one.interval * lengthMs) / 3_600_000)
    const [put, taken] = hours.get(hour) ?? [0n, 0n]
    hours.set(hour, [put + energyOf(one, 'exported'), taken + energyOf(one, 'imported')])
  }
  const matched = total([...hours.values()].map(([put, taken]) => (put < taken ? put : taken)))
  equal(seen.carbonFree.matched, matched)
  deepEqual(seen.hours.map(({ injected, consumed }) => [injected, consumed]), [...hours.values()])
  return seen
}

describe('what the exchange is measured by', () => {
  test('is what a replay of the journal comes to', async () => {
    const hours = fc.array(drawn, { minLength: 1, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(hours, async (all) => void (await agree(await lived(all)))),
      { ...replay, numRuns: 25 },
    )
  })

  test('sees corrections, late and refused readings, and what is still open', async () => {
    const usual = { sold: 500, bought: 400, used: [450, 420], second: 120, gas: 9 } as const
    const readings = ['in time', 'corrected', 'late', 'missing', 'forged', 'wild', 'twice'] as const
    const days = readings.map((reading) => ({ ...usual, reading, chainSeconds: 20 }))
    const seen = await agree(await lived(days))
    ok(seen.variance.movedEnergy > 0n && seen.variance.movedMoney > 0n)
    ok(seen.variance.openCount > 0)
    ok((seen.protocols[0]?.lateReadings ?? 0) > 0)
    equal(seen.protocols[0]?.protocol, 'signed-batch/p256')
    equal(seen.protocols[0]?.meterCount, Object.keys(meters).length)
    ok((seen.spread.perKwh ?? 0n) > 1_000n)
  })

  test('a range has a beginning before its end, and is a week at most', async () => {
    const market = await SmallMarket.open()
    const measures = new Measures(() => market.state, () => market.now)
    equal(await measures.kpis({ from: 9, to: 8 }), 'range_invalid')
    equal(await measures.kpis({ from: first, to: first + 2_016 }), 'range_invalid')
    const seen = await measures.kpis({ from: first, to: first + 2_015 })
    ok(typeof seen === 'object' && seen.variance.age === null && seen.hours.length === 0)
  })

  test('begins again with what the state has', async () => {
    const market = await SmallMarket.traded()
    const measures = new Measures(() => market.state, () => market.now)
    const seen = await measures.kpis({ from: undefined, to: undefined })
    ok(typeof seen === 'object')
    equal(seen.intervalCount, 1)
    equal(seen.meterToCash.unknownCount, 1)
    equal(seen.cost.intervalCount, 0)
  })
})

describe('the way to the chain', () => {
  const cost = { gasUsed: 5, feeWei: 2n, atMs: 0 }

  test('is done with the last part of the first money', () => {
    const costs = new ChainCosts(9)
    costs.queued(['fix/0/5', 'settle/0/5/0/stage/0'])
    costs.queued(['settle/0/5/0/apply/0', 'settle/0/5/0/apply/1'])
    for (const [atMs, id] of [[1, 'fix/0/5'], [2, 'settle/0/5/0/stage/0']] as const) {
      costs.final(id, { ...cost, atMs })
    }
    costs.final('settle/0/5/0/apply/0', { ...cost, atMs: 3 })
    equal(costs.of(0, 5)?.settledAt, null)
    costs.final('settle/0/5/0/apply/1', { ...cost, atMs: 4 })
    costs.final('settle/0/5/1', { ...cost, atMs: 9 })
    costs.final('admit/7', cost)
    deepEqual(costs.of(0, 5), {
      ...{ isWhole: true, transactions: 5, gas: 25, feeWei: 10n, settling: 0, settledAt: 4 },
    })
  })

  test('is unknown of what was queued before', () => {
    const costs = new ChainCosts(9)
    costs.final('settle/0/5/0', cost)
    deepEqual([costs.of(0, 5)?.settledAt, costs.of(0, 5)?.isWhole], [null, false])
  })

  test('is forgotten with time', () => {
    const costs = new ChainCosts(2)
    for (const interval of [1, 2, 3]) costs.queued([`fix/0/${interval}`])
    const isGone = (interval: number): boolean => costs.of(0, interval) === undefined
    deepEqual([1, 2, 3].map(isGone), [true, false, false])
  })
})

test('what was final at once says nothing of how runs differ', () => {
  const one = { zone: 0, interval: 1, isFinal: true, firstAt: 5, lastAt: 5, known: new Map() }
  const money = { initialMoney: 9n, movedMoney: 0n, initialEnergy: 9n, movedEnergy: 0n }
  const rest = { traded: 0n, fees: 0n, deviationThousandths: 0n, injected: 0n, consumed: 0n }
  const { variance } = kpis({
    ...{ from: 0, to: 9, nowMs: 9, sinceMs: 0, intervalMs: lengthMs, isGrid: () => true },
    figures: [{ ...one, ...money, ...rest, accounts: 2 } satisfies IntervalFigures],
    ...{ costOf: () => undefined, arrivals: new Map(), registered: new Map() },
  })
  deepEqual([variance.intervalCount, variance.openCount, variance.age], [0, 0, null])
})

describe('durations', () => {
  test('are by nearest rank', () => {
    equal(durations([]), null)
    deepEqual(durations([7]), { count: 1, p50: 7, p90: 7, p99: 7, max: 7 })
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    deepEqual(durations(hundred), { count: 100, p50: 50, p90: 90, p99: 99, max: 100 })
  })
})
