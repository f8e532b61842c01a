/**
 * Goal: the public curves tell no more energy than changed hands, never rise against their side,
 * and let nobody read off what one or two accounts had asked for.
 * Method: a table of small sides, and random ones whose steps are looked for once more, slowly, by
 * trying every way to cut the levels. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { curvesOf, type FilledOrder, stepAccountsMin, stepsMax } from './curves.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

type Row = readonly [account: number, limit: number, filled: number]

const orders = (side: 'buy' | 'sell', rows: readonly Row[]): FilledOrder[] =>
  rows.map(([account, limit, filled]) => ({
    ...{ account, side },
    limit: MicrosPerKwh.from(BigInt(limit)),
    filled: WattHours.from(BigInt(filled)),
  }))

const steps = (side: 'buy' | 'sell', rows: readonly Row[]): (readonly number[])[] | null =>
  curvesOf(orders(side, rows))[side]
    ?.map(({ energy, limit }) => [Number(energy), Number(limit)]) ?? null

describe('a side of the curves', () => {
  const cases: readonly (readonly [
    what: string, side: 'buy' | 'sell', rows: readonly Row[], told: readonly number[][] | null,
  ])[] = [
    ['of nobody is empty', 'buy', [], []],
    ['of two says nothing', 'buy', [[1, 30, 10], [2, 20, 10]], null],
    ['of two with many orders says nothing',
      'buy', [[1, 30, 10], [2, 20, 10], [1, 20, 10], [2, 10, 5]], null],
    ['of three says one thing', 'buy', [[1, 30, 10], [2, 20, 10], [3, 10, 10]], [[30, 20]]],
    ['of three says nothing where one has more than half',
      'buy', [[1, 30, 21], [2, 20, 10], [3, 10, 10]], null],
    ['of three says it where one has just half',
      'buy', [[1, 30, 20], [2, 20, 10], [3, 10, 10]], [[40, 22]]],
    ['of sellers begins with the lowest, and rounds towards the price',
      'sell', [[1, 31, 1], [2, 20, 1], [3, 10, 1], [4, 90, 1], [5, 91, 1], [6, 90, 1]],
      [[3, 21], [3, 91]]],
    ['of buyers below nothing rounds towards the price',
      'buy', [[1, -30, 1], [2, -20, 1], [3, -10, 2]], [[4, -18]]],
    ['has what is left over in the step before',
      'buy', [[1, 50, 5], [2, 50, 5], [3, 50, 5], [4, 20, 5]], [[20, 42]]],
    ['never parts equal limits',
      'buy', [[1, 50, 5], [2, 50, 5], [3, 50, 5], [4, 50, 5], [5, 50, 5], [6, 50, 5]], [[30, 50]]],
    ['has one with half of the last step in a longer one',
      'buy', [[1, 50, 5], [2, 50, 5], [3, 50, 5], [4, 20, 15]], [[30, 35]]],
    ['says nothing where one has most of the only two',
      'buy', [[1, 50, 5], [2, 50, 5], [3, 50, 5], [4, 20, 16]], null],
    ['says nothing of the last step and the one before where one has most of both',
      'buy', [[1, 50, 5], [2, 50, 5], [3, 50, 5], [4, 40, 5], [5, 40, 5], [6, 40, 5], [7, 20, 90]],
      [[15, 50]]],
  ]
  for (const [what, side, rows, told] of cases) {
    test(what, () => {
      deepEqual(steps(side, rows), told)
    })
  }
})

/** Whether orders may be told of together, as the sentence says it. */
const mayBeTold = (rows: readonly Row[]): boolean => {
  const accounts = new Set(rows.map(([account]) => account))
  const energyOf = (wanted: number): number =>
    rows.reduce((sum, [account, , filled]) => sum + (account === wanted ? filled : 0), 0)
  const all = rows.reduce((sum, [, , filled]) => sum + filled, 0)
  return accounts.size >= stepAccountsMin && [...accounts].every((one) => 2 * energyOf(one) <= all)
}

/** Cuts each step at the first limit where it may be told, and judges the last two together. */
function slowly(rows: readonly Row[]): (readonly number[])[] | null {
  const limits = [...new Set(rows.map(([, limit]) => limit))].sort((a, b) => b - a)
  const levels = limits.map((limit) => rows.filter((row) => row[1] === limit))
  const energyOf = (some: readonly Row[]): number =>
    some.reduce((sum, [, , filled]) => sum + filled, 0)
  const cut: Row[][] = []
  let from = 0
  for (let to = 1; to <= levels.length; to += 1) {
    const step = levels.slice(from, to).flat()
    if (!mayBeTold(step) || energyOf(step) * stepsMax < energyOf(rows)) continue
    cut.push(step)
    from = to
  }
  if (from < levels.length) {
    const last = [...(cut.pop() ?? []), ...levels.slice(from).flat()]
    if (mayBeTold(last)) cut.push(last)
    if (cut.length === 0) return null
  }
  return cut.map((step) => {
    const energy = energyOf(step)
    const value = step.reduce((sum, [, limit, filled]) => sum + limit * filled, 0)
    return [energy, Math.floor(value / energy)]
  })
}

test('a side of very many has few steps, of about the same energy', () => {
  const rows = Array.from({ length: 3_000 }, (_, i): Row => [i % 999, i % 701, 1 + (i % 7)])
  const found = steps('buy', rows) ?? []
  ok(found.length > stepsMax / 2 && found.length <= stepsMax, `${found.length} steps`)
})

test('a side is what the rule says, whoever reads it in whatever order', () => {
  const row = fc.tuple(
    fc.integer({ min: 1, max: 9 }), fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: 1, max: 12 }),
  )
  let told = 0
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      const found = steps('buy', rows)
      deepEqual(found, slowly(rows))
      deepEqual(steps('buy', [...rows].reverse()), found)
      // Sellers of the opposite limits are the same curve upside down.
      const mirrored = rows.map(([account, limit, filled]): Row => [account, -limit, filled])
      const upsideDown = found?.map(([energy, limit = 0]) => [energy, 0 - limit]) ?? null
      deepEqual(steps('sell', mirrored)?.map(([e, l = 0]) => [e, l + 0]) ?? null, upsideDown)
      if (found === null) return
      told += found.length
      ok(found.length <= stepsMax)
      const all = rows.reduce((sum, [, , filled]) => sum + filled, 0)
      ok(found.reduce((sum, [energy = 0]) => sum + energy, 0) <= all)
      const limits = found.map(([, limit = 0]) => limit)
      ok(limits.every((limit, i) => i === 0 || limit <= (limits[i - 1] ?? 0)), 'it falls')
    }),
    { numRuns: 2_000, ...replay },
  )
  ok(told > 1_000, 'the random sides have steps')
})
