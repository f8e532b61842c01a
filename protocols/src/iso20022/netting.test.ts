/**
 * Goal: netting loses nothing: what is transferred and what is carried on is what was owed, for
 * each pair, in whatever portions and order it comes.
 * Method: cases as a table, a second implementation, and properties over any debts. Replay with
 * `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  microsPerCent,
  type Netting,
  netPairs,
  netPairsNaive,
  type Owed,
  type PairBalance,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

type Line = readonly [payer: number, payee: number, micros: bigint]

const owed = (...lines: readonly Line[]): readonly Owed[] =>
  lines.map(([payer, payee, amountMicros]) => ({ payer, payee, amountMicros }))

const cases: readonly {
  readonly what: string
  readonly owed: readonly Line[]
  readonly carried?: readonly Line[]
  readonly transfers: readonly Line[]
  readonly left: readonly Line[]
}[] = [
  { what: 'nothing', owed: [], transfers: [], left: [] },
  { what: 'one debt in cents', owed: [[4, 5, 70_000n]], transfers: [[4, 5, 70_000n]], left: [] },
  { what: 'below a cent', owed: [[4, 5, 9_999n]], transfers: [], left: [[4, 5, 9_999n]] },
  {
    what: 'both ways',
    owed: [
      [4, 5, 7_009_000n],
      [5, 4, 3_000_000n],
    ],
    carried: [[4, 5, 4_000n]],
    transfers: [[4, 5, 4_010_000n]],
    left: [[4, 5, 3_000n]],
  },
  {
    what: 'the higher number owes',
    owed: [[5, 4, 25_001n]],
    transfers: [[5, 4, 20_000n]],
    left: [[4, 5, -5_001n]],
  },
  {
    what: 'even',
    owed: [
      [4, 5, 10n],
      [5, 4, 10n],
    ],
    transfers: [],
    left: [],
  },
  {
    what: 'a rest that turns',
    owed: [[5, 4, 30_000n]],
    carried: [[4, 5, 9_000n]],
    transfers: [[5, 4, 20_000n]],
    left: [[4, 5, -1_000n]],
  },
  { what: 'to itself', owed: [[4, 4, 50_000n]], transfers: [], left: [] },
  {
    what: 'three in a ring stay three',
    owed: [
      [4, 5, 10_000n],
      [5, 6, 10_000n],
      [6, 4, 10_000n],
    ],
    transfers: [
      [4, 5, 10_000n],
      [6, 4, 10_000n],
      [5, 6, 10_000n],
    ],
    left: [],
  },
  { what: 'a rest alone', owed: [], carried: [[4, 5, 5n]], transfers: [], left: [[4, 5, 5n]] },
]

const balances = (lines: readonly Line[]): readonly PairBalance[] =>
  lines.map(([low, high, balanceMicros]) => ({ low, high, balanceMicros }))

const engines = { netPairs, netPairsNaive }

for (const [name, engine] of Object.entries(engines)) {
  describe(name, () => {
    for (const { what, owed: lines, carried = [], transfers, left } of cases) {
      test(what, () =>
        deepEqual(engine(owed(...lines), balances(carried)), {
          transfers: transfers.map(([debtor, creditor, amountMicros]) => ({
            debtor,
            creditor,
            amountMicros,
          })),
          carried: balances(left),
        }),
      )
    }
  })
}

const party = fc.integer({ min: 3, max: 7 })
const debts = fc.array(
  fc.record({ payer: party, payee: party, amountMicros: fc.bigInt({ min: 0n, max: 10n ** 8n }) }),
  { maxLength: 30 },
)
const rests: fc.Arbitrary<readonly PairBalance[]> = fc
  .uniqueArray(
    fc.record({ low: party, high: party, balanceMicros: fc.bigInt({ min: -9_999n, max: 9_999n }) }),
    {
      selector: ({ low, high }) => `${low}:${high}`,
      maxLength: 6,
    },
  )
  .map((all) => all.filter(({ low, high }) => low < high))

/** What each party has after all this: above zero it is owed. */
function standing(owed: readonly Owed[], carried: readonly PairBalance[]): Map<number, bigint> {
  const sums = new Map<number, bigint>()
  const add = (who: number, micros: bigint): void =>
    void sums.set(who, (sums.get(who) ?? 0n) + micros)
  for (const { payer, payee, amountMicros } of owed) {
    add(payer, -amountMicros)
    add(payee, amountMicros)
  }
  for (const { low, high, balanceMicros } of carried) {
    add(low, -balanceMicros)
    add(high, balanceMicros)
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => a - b))
}

const asOwed = ({ transfers }: Netting): readonly Owed[] =>
  transfers.map(({ debtor, creditor, amountMicros }) => ({
    payer: debtor,
    payee: creditor,
    amountMicros,
  }))

describe('any debts', () => {
  test('both ways of netting agree', () =>
    fc.assert(
      fc.property(debts, rests, (all, carried) => {
        deepEqual(netPairs(all, carried), netPairsNaive(all, carried))
      }),
      { ...replay, numRuns: 500 },
    ))

  test('every party stands as before, and less than a cent is left', () =>
    fc.assert(
      fc.property(debts, rests, (all, carried) => {
        const netted = netPairs(all, carried)
        deepEqual(standing(asOwed(netted), netted.carried), standing(all, carried))
        for (const { balanceMicros } of netted.carried) {
          ok(balanceMicros > -microsPerCent && balanceMicros < microsPerCent)
        }
        for (const { amountMicros } of netted.transfers) equal(amountMicros % microsPerCent, 0n)
      }),
      { ...replay, numRuns: 500 },
    ))

  test('the order does not matter, and portions leave each party where one netting does', () =>
    fc.assert(
      fc.property(debts, fc.nat(30), (all, cut) => {
        deepEqual(netPairs(all.toReversed()), netPairs(all))
        const first = netPairs(all.slice(0, cut))
        const second = netPairs(all.slice(cut), first.carried)
        const paid = [...asOwed(first), ...asOwed(second)]
        deepEqual(standing(paid, second.carried), standing(all, []))
      }),
      { ...replay, numRuns: 300 },
    ))
})
