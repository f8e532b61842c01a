/**
 * Goal: a meter's energy is given to its trades by the rule, as those who trade read it.
 * Method: a table of cases that a market operator argues about, for both implementations and all
 * rules. What holds of every market is in `allocate.test.ts`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../errors/index.ts'
import { WattHours } from '../units/index.ts'
import {
  allocate,
  allocateNaive,
  type Allocation,
  type AllocationInput,
  type AllocationRule,
  type MeteredTrades,
} from './index.ts'

// sell/buy meters energy(Wh); trade number seller buyer owes(Wh)  →  rule, Wh of each trade, cut
const cases: Readonly<Record<string, string>> = {
  'all there is owed is there': `
    sell a 10
    buy  x y 10
    trade 1 a x 6
    trade 2 a y 4
    --
    pro-rata             6 4
    maximal-proportional 6 4
    max-flow             6 4  cut 1 2
    fifo                 6 4
  `,
  'one of ten sellers delivers, and each side by itself sees a tenth of the buyer': `
    sell a b c e f g h i j 0
    sell d 10
    buy  x 10
    trade 1 a x 10
    trade 2 b x 10
    trade 3 c x 10
    trade 4 d x 10
    trade 5 e x 10
    trade 6 f x 10
    trade 7 g x 10
    trade 8 h x 10
    trade 9 i x 10
    trade 10 j x 10
    --
    pro-rata             0 0 0  1 0 0 0 0 0 0
    maximal-proportional 0 0 0 10 0 0 0 0 0 0
    max-flow             0 0 0 10 0 0 0 0 0 0  cut x
    fifo                 0 0 0 10 0 0 0 0 0 0
  `,
  'one of ten buyers takes': `
    sell a 10
    buy  v w y z 0
    buy  x 10
    trade 1 a v 10
    trade 2 a w 10
    trade 3 a x 10
    trade 4 a y 10
    trade 5 a z 10
    --
    pro-rata             0 0  2 0 0
    maximal-proportional 0 0 10 0 0
    max-flow             0 0 10 0 0  cut v w x y z
    fifo                 0 0 10 0 0
  `,
  'a short seller is shared in proportion, to the watt-hour': `
    sell a 10
    buy  x y z 5
    trade 1 a x 5
    trade 2 a y 5
    trade 3 a z 5
    --
    pro-rata             3 3 4
    maximal-proportional 3 3 4
    max-flow             3 3 4  cut a
    fifo                 5 5 0
  `,
  'a short buyer is shared in proportion to what is owed': `
    sell a b c 100
    buy  x 12
    trade 1 a x 12
    trade 2 b x 6
    trade 3 c x 18
    --
    pro-rata              4 2 6
    maximal-proportional  4 2 6
    max-flow              4 2 6  cut x
    fifo                 12 0 0
  `,
  'what one buyer cannot take goes to the others in equal parts': `
    sell a 12
    buy  x 0
    buy  y z 12
    trade 1 a x 12
    trade 2 a y 12
    trade 3 a z 12
    --
    pro-rata             0  4 4
    maximal-proportional 0  6 6
    max-flow             0  6 6  cut a x
    fifo                 0 12 0
  `,
  'so it does if the first shares find no place at all': `
    sell a 3
    sell b 0
    buy  x 0
    buy  y z 3
    trade 1 a x 9
    trade 2 a y 1
    trade 3 a z 1
    trade 4 b y 9
    trade 5 b z 9
    --
    pro-rata             0 0 0 0 0
    maximal-proportional 0 1 1 0 0
    max-flow             0 1 1 0 0  cut b x 2 3
    fifo                 0 1 1 0 0
  `,
  'an odd watt-hour that each side gives to another trade is placed after all': `
    sell a b 1
    buy  x y 1
    trade 1 a x 1
    trade 2 a y 1
    trade 3 b x 1
    trade 4 b y 1
    --
    pro-rata             0 0 0 1
    maximal-proportional 1 0 0 1
    max-flow             1 0 0 1  cut x y
    fifo                 1 0 0 1
  `,
  'who stands between two gives way to both where the most counts': `
    sell a b 10
    buy  x y 10
    trade 1 a x 10
    trade 2 a y 10
    trade 3 b x 10
    --
    pro-rata              5  5  5
    maximal-proportional  5  5  5
    max-flow              0 10 10  cut x y
    fifo                 10  0  0
  `,
  'energy moves along a chain of five trades': `
    sell a b c 10
    buy  x y z 10
    trade 1 b x 10
    trade 2 c y 10
    trade 3 a x 10
    trade 4 b y 10
    trade 5 c z 10
    --
    pro-rata              5  5  5  5  5
    maximal-proportional  5  5  5  5  5
    max-flow              0  0 10 10 10  cut x y z
    fifo                 10 10  0  0  0
  `,
  'of two sellers that could move a watt-hour the lower number does': `
    sell a b c 5
    buy  x y 5
    trade 1 c x 5
    trade 2 b x 5
    trade 3 a x 5
    trade 4 c y 5
    --
    pro-rata             1 2 2 3
    maximal-proportional 1 2 2 4
    max-flow             0 2 3 5  cut x y
    fifo                 5 0 0 0
  `,
  'of two trades that could give way the lower number does': `
    sell a 3
    sell b c 4
    buy  x 4
    buy  y 10
    trade 1 b x 4
    trade 2 c x 4
    trade 3 b y 4
    trade 4 c y 4
    trade 5 a x 4
    --
    pro-rata             1 1 2 2 2
    maximal-proportional 1 1 3 3 2
    max-flow             0 1 4 3 3  cut a b c
    fifo                 4 0 0 4 0
  `,
  'a meter sells and buys in one interval': `
    sell a m 5
    buy  m 7
    buy  x 4
    trade 1 m x 5
    trade 2 a m 6
    --
    pro-rata             4 5
    maximal-proportional 4 5
    max-flow             4 5  cut a x
    fifo                 4 5
  `,
  'nothing owed is nothing delivered': `
    sell a 5
    buy  x 5
    trade 1 a x 0
    --
    pro-rata             0
    maximal-proportional 0
    max-flow             0  cut 1
    fifo                 0
  `,
  'no trades, no energy': `
    sell a 5
    buy  x 0
    --
    pro-rata
    maximal-proportional
    max-flow              cut x
    fifo
  `,
  'a meter at its limit is shared exactly': `
    sell a 999999999999999
    buy  x y z 1000000000000000
    trade 1 a x 333333333333333
    trade 2 a y 333333333333333
    trade 3 a z 333333333333334
    --
    pro-rata             333333333333332 333333333333333 333333333333334
    maximal-proportional 333333333333332 333333333333333 333333333333334
    max-flow             333333333333332 333333333333333 333333333333334  cut a
    fifo                 333333333333333 333333333333333 333333333333333
  `,
}

const implementations = { allocate, allocateNaive }

for (const [implementation, run] of Object.entries(implementations)) {
  describe(implementation, () => {
    for (const [name, table] of Object.entries(cases)) {
      test(name, () => {
        const [given = '', want = ''] = table.split('--')
        const { input, names } = parse(lines(given))
        const shown = rulesShown.map((rule) => show(rule, run({ ...input, rule }), names))
        deepEqual(shown, lines(want))
      })
    }

    test('bad input is refused by field and limit', () => {
      const a = { meter: 1, energy: wh(5n) }
      const own = { trade: 1, seller: 1, buyer: 1, energy: wh(5n) }
      const good = { sellers: [a], buyers: [a], trades: [own], rule: 'fifo' as const }
      const bad = (changed: Partial<AllocationInput>, field: string): void =>
        refused(() => run({ ...good, ...changed }), field)
      const trade = (changed: object): Partial<AllocationInput> => ({
        trades: [{ ...own, ...changed }],
      })
      bad({ sellers: [a, a] }, 'sellers.meter')
      bad({ buyers: [{ ...a, meter: -1 }] }, 'buyers.meter')
      bad({ buyers: [{ ...a, energy: wh(-1n) }] }, 'buyers.energy')
      bad({ sellers: [{ ...a, energy: wh(10n ** 15n + 1n) }] }, 'sellers.energy')
      bad(trade({ trade: 0.5 }), 'trade')
      bad({ trades: [own, own] }, 'trade')
      bad(trade({ energy: -1n }), 'energy')
      bad(trade({ energy: 10n ** 15n + 1n }), 'energy')
      bad(trade({ seller: 2 }), 'seller')
      bad(trade({ buyer: 2 }), 'buyer')
      const half = { ...own, energy: wh(5n * 10n ** 14n) }
      run({ ...good, trades: [half, { ...half, trade: 2 }] })
      bad({ trades: [half, { ...half, trade: 2, energy: wh(half.energy + 1n) }] }, 'energy')
      bad({ trades: Array(4_000_001).fill(own) }, 'trades')
    })
  })
}

const rulesShown: readonly AllocationRule[] = [
  'pro-rata', 'maximal-proportional', 'max-flow', 'fifo',
]

/** Without a check: what is no energy is refused later. */
const wh = (energy: bigint): WattHours => energy as WattHours

/** Meters are numbered by their names in alphabetical sequence. */
function parse(rows: readonly string[]): { input: MeteredTrades; names: readonly string[] } {
  const words = rows.map((row) => row.split(' '))
  const of = (kind: string): string[][] =>
    words.filter(([first]) => first === kind).map((row) => row.slice(1))
  const metered = [...of('sell'), ...of('buy')].flatMap((row) => row.slice(0, -1))
  const names = [...new Set(metered)].sort()
  const meters = (kind: string): MeteredTrades['sellers'] =>
    of(kind).flatMap((row) =>
      row.slice(0, -1).map((name) => ({
        meter: names.indexOf(name), energy: WattHours.from(BigInt(row.at(-1) ?? '')),
      })),
    )
  const trades = of('trade').map(([trade, seller = '', buyer = '', energy = '']) => ({
    trade: Number(trade),
    seller: names.indexOf(seller),
    buyer: names.indexOf(buyer),
    energy: WattHours.from(BigInt(energy)),
  }))
  return { input: { sellers: meters('sell'), buyers: meters('buy'), trades }, names }
}

function show(rule: string, { delivered, cut }: Allocation, names: readonly string[]): string {
  const named = (meters: readonly number[]): string[] => meters.map((meter) => names[meter] ?? '?')
  const certificate =
    cut === null ? [] : ['cut', ...named(cut.sellers), ...named(cut.buyers), ...cut.trades]
  return [rule, ...delivered, ...certificate].join(' ')
}

const lines = (text: string): string[] =>
  text.trim().split('\n').map((line) => line.trim().replace(/\s+/g, ' ')).filter((line) => line)

function refused(run: () => unknown, field: string): void {
  throws(run, (error) => {
    ok(error instanceof Fault)
    equal(error.code, 'ALLOCATION_INVALID')
    equal(error.details.field, field)
    ok(String(error.details.limit).length > 0)
    return true
  })
}
