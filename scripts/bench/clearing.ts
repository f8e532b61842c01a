import { deepEqual, equal } from 'node:assert/strict'
import {
  clear,
  clearColumns,
  clearNaive,
  type Order,
  type OrderColumns,
  type RankOrders,
  sortByUtf8,
} from '@busbar/core/clearing'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { OrderBook } from 'nodejs-order-book'
import {
  type FigureLine, logLogSlope, milliseconds, type Paired, pairUp, quantile, rounded,
} from './figure.ts'

/** How often each is timed; the figures of a short run are as much coarser, and say so. */
const repetitions = {
  long: { large: 31, small: 301, book: 7, bookOfObjects: 3, slope: 31 },
  short: { large: 7, small: 61, book: 3, bookOfObjects: 1, slope: 9 },
}
const argsortTries = 3
const slopeSizes = [10_000, 31_623, 100_000, 316_228, 1_000_000]

const tickBits = 17
const tickMicrosPerKwh = 10
const lowestMicrosPerKwh = -500_000
const energyMaxWh = 10_000

/** A batch as the engine takes it, and what is sorted for comparison. */
type Batch = {
  readonly columns: OrderColumns
  /** The limits as ticks from zero. */
  readonly ticks: Uint32Array
  /** Digests: eight words for each order. */
  readonly idWords: Uint32Array
}

/**
 * The figures of clearing. Each batch is random (by seed), half buys, half sells, on 131,072 ticks,
 * with ids like digests; each program's result on it is checked before it is timed.
 */
export async function benchClearing({ short }: { readonly short: boolean }): Promise<FigureLine[]> {
  const often = short ? repetitions.short : repetitions.long
  const large = makeBatch(1_000_000)
  const small = headOf(large, 10_000)
  for (const batch of [large, small]) checkAgainstReference(batch)
  return [
    againstArgsort('clear_1m_vs_argsort', large, often.large, 1.5),
    againstArgsort('clear_10k_vs_argsort', small, often.small, 4),
    growth(large, often.slope),
    againstOrderBook(large, often),
  ]
}

function againstArgsort(figure: string, batch: Batch, pairs: number, bar: number): FigureLine {
  const rank = rankOf(batch)
  const ours = (): unknown => clearColumns(batch.columns, rank)
  const peer = (): unknown => argsort(batch.ticks)
  warmUp(ours, peer)
  const paired = pairUp(ours, peer, pairs, argsortTries)
  return {
    figure,
    value: paired.ratio.median,
    bar: `<= ${bar}`,
    holds: paired.ratio.median <= bar,
    detail: {
      compared:
        'time of a full clear (checks, price, every fill, shares at the price, assertions)' +
        ' divided by the time of an LSD radix argsort of the same prices as 17-bit ticks',
      peer: 'two passes of 9 bits, keys carried along, on typed arrays',
      orders: batch.ticks.length,
      ...paired,
    },
  }
}

function againstOrderBook(
  batch: Batch,
  often: { readonly book: number; readonly bookOfObjects: number },
): FigureLine {
  const orders = ordersOf(batch)
  const rank = rankOf(batch)
  const inserted = orders.map((order, i) => ({
    type: 'limit' as const,
    id: order.id,
    side: order.side,
    size: batch.columns.energy[i],
    // The book takes positive prices.
    price: (batch.ticks[i] ?? 0) + 1,
  }))
  const fromColumns = (): unknown => clearColumns(batch.columns, rank)
  const fromObjects = (): unknown => clear(orders)
  const peer = (): void => insertAll(inserted)
  const columns = pairUp(fromColumns, peer, often.book)
  const objects = pairUp(fromObjects, peer, often.bookOfObjects)
  const speedUp = (paired: Paired): number => rounded(1 / paired.ratio.median)
  return {
    figure: 'clear_1m_vs_npm_order_book',
    value: speedUp(columns),
    bar: '>= 50',
    holds: speedUp(columns) >= 50,
    detail: {
      compared: 'time to insert the same orders divided by the time of a full clear of columns',
      peer: 'nodejs-order-book 10.1.1, createOrder of limit orders one by one',
      caveat: 'the book does another job: continuous matching, each trade at the resting price;' +
        ' no npm book clears a batch at one price',
      orders: batch.ticks.length,
      ...columns,
      // From objects with bigint and text in, to objects by ascending id out.
      fromObjects: { speedUp: speedUp(objects), ...objects },
    },
  }
}

/** Inserts every order into a new book, and checks that the book took them. */
function insertAll(inserted: readonly object[]): void {
  const book = new OrderBook()
  for (const order of inserted) {
    const result = book.createOrder(order as Parameters<typeof book.createOrder>[0])
    if (result.err !== null) throw result.err
  }
}

function growth(largest: Batch, rounds: number): FigureLine {
  const batches = slopeSizes.map((size) => headOf(largest, size))
  const times = batches.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, batch] of batches.entries()) {
      const { columns } = batch
      const rank = rankOf(batch)
      // Small batches are over in microseconds: each round takes as many as fill the time.
      const repeats = Math.ceil(100_000 / columns.side.length)
      const ms = milliseconds(() => {
        for (let k = 0; k < repeats; k += 1) clearColumns(columns, rank)
      })
      times[i]?.push(ms / repeats)
    }
  }
  // The fastest round of each size: what disturbs only adds, and adds more to what lasts longer.
  const points = slopeSizes.map((size, i) => ({ size, ms: Math.min(...(times[i] ?? [])) }))
  const slope = rounded(logLogSlope(points))
  return {
    figure: 'clear_growth_slope',
    value: slope,
    bar: '<= 1.05',
    holds: slope <= 1.05,
    detail: {
      compared: 'slope of log time over log orders, by least squares, from the fastest of the' +
        ' rounds, each of which visits all sizes',
      rounds,
      points: points.map(({ size, ms }, i) => {
        const medianMs = rounded(quantile(times[i] ?? [], 0.5))
        return { orders: size, fastestMs: rounded(ms), medianMs }
      }),
    },
  }
}

/** Both programs reach the code they will be timed with. */
function warmUp(...programs: readonly (() => unknown)[]): void {
  for (let i = 0; i < 10; i += 1) for (const run of programs) run()
}

function checkAgainstReference(batch: Batch): void {
  const { columns, ticks } = batch
  const orders = ordersOf(batch)
  const expected = clearNaive(orders)
  deepEqual(clear(orders), expected)

  const { priceMicrosPerKwh, energyWh, fills } = clearColumns(columns, rankOf(batch))
  equal(BigInt(priceMicrosPerKwh ?? Number.NaN), expected.price)
  equal(BigInt(energyWh), expected.energy)
  const energyOf = new Map(expected.fills.map((fill) => [fill.orderId, Number(fill.energy)]))
  const differs = orders.findIndex((order, i) => (energyOf.get(order.id) ?? 0) !== fills[i])
  equal(differs, -1, 'every fill is that of the reference')

  const sorted = argsort(ticks)
  const inOrder = Uint32Array.from(ticks.keys()).sort((a, b) => {
    return (ticks[a] ?? 0) - (ticks[b] ?? 0) || a - b
  })
  deepEqual(sorted, inOrder)
}

/** The indices that sort `keys` of 17 bits, stably: least significant digit first. */
function argsort(keys: Uint32Array): Uint32Array {
  const digitBits = Math.ceil(tickBits / 2)
  const mask = 2 ** digitBits - 1
  const count = keys.length
  const half = new Uint32Array(count)
  const halfKeys = new Uint32Array(count)
  const sorted = new Uint32Array(count)

  const low = startsOfDigits(keys, 0, mask)
  for (let i = 0; i < count; i += 1) {
    const key = keys[i]!
    const place = low[key & mask]!++
    half[place] = i
    halfKeys[place] = key
  }
  const high = startsOfDigits(halfKeys, digitBits, mask)
  for (let i = 0; i < count; i += 1) {
    const place = high[(halfKeys[i]! >>> digitBits) & mask]!++
    sorted[place] = half[i]!
  }
  return sorted
}

function startsOfDigits(keys: Uint32Array, shift: number, mask: number): Uint32Array {
  const starts = new Uint32Array(mask + 1)
  for (let i = 0; i < keys.length; i += 1) starts[(keys[i]! >>> shift) & mask]!++
  let next = 0
  for (let digit = 0; digit <= mask; digit += 1) {
    const of = starts[digit]!
    starts[digit] = next
    next += of
  }
  return starts
}

const wordsOfId = 8

function makeBatch(count: number): Batch {
  const draw = drawer(1)
  const ticks = Uint32Array.from({ length: count }, () => draw(2 ** tickBits))
  return {
    columns: {
      side: Uint8Array.from({ length: count }, (_, i) => i % 2),
      energy: Float64Array.from({ length: count }, () => 1 + draw(energyMaxWh)),
      limit: Float64Array.from(ticks, (tick) => lowestMicrosPerKwh + tick * tickMicrosPerKwh),
    },
    ticks,
    idWords: Uint32Array.from({ length: count * wordsOfId }, () => draw(2 ** 32)),
  }
}

/** The first `count` orders, in columns of their own. */
const headOf = ({ columns, ticks, idWords }: Batch, count: number): Batch => ({
  columns: {
    side: columns.side.slice(0, count),
    energy: columns.energy.slice(0, count),
    limit: columns.limit.slice(0, count),
  },
  ticks: ticks.slice(0, count),
  idWords: idWords.slice(0, count * wordsOfId),
})

function idOf({ idWords }: Batch, order: number): string {
  const words = idWords.subarray(order * wordsOfId, (order + 1) * wordsOfId)
  return `0x${Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')}`
}

/** Sorts orders by id; writes the ids of those it is asked for only. */
const rankOf = (batch: Batch): RankOrders => (orders) => {
  const given = orders.slice()
  const places = Uint32Array.from(given.keys())
  sortByUtf8(places, Array.from(given, (order) => idOf(batch, order)))
  for (const [i, place] of places.entries()) orders[i] = given[place] ?? 0
}

/** As objects. They are made for those who want them: a full heap would slow down the others. */
const ordersOf = (batch: Batch): Order[] =>
  Array.from(batch.ticks, (_, i): Order => ({
    id: idOf(batch, i),
    side: batch.columns.side[i] === 0 ? 'buy' : 'sell',
    energy: WattHours.from(BigInt(batch.columns.energy[i] ?? 0)),
    limit: MicrosPerKwh.from(BigInt(batch.columns.limit[i] ?? 0)),
  }))

/** SplitMix32: integers from 0 up to `end`, which is at most 2^32. */
function drawer(seed: number): (end: number) => number {
  let state = seed >>> 0
  return (end) => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * end)
  }
}

if (import.meta.main) {
  const short = process.argv.includes('--short')
  for (const line of await benchClearing({ short })) console.log(JSON.stringify(line))
}
