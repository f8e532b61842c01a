/**
 * Goal: an answer says of each interval what its proof shows, for just what was asked, and stands
 * under the operator's signature; whatever is changed on its way is refused.
 * Method: answers through JSON from random months, and a table of changes.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import {
  answerTradedEnergy,
  readTradedEnergy,
  type TradedEnergyAnswer,
  type TradedEnergyQuestion,
} from './answer.ts'
import type { Hex } from '../hash/index.ts'
import { meterSecret, TradedEnergyTree } from './energy.ts'
import { tradedEnergyIntervalsMax } from './statement.ts'
import { domain, operator, operatorKey, salt, sign, zone } from './testing/world.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const from = 1_900_000
const energy = (soldWh: bigint, boughtWh: bigint) => ({
  soldWh: WattHours.from(soldWh),
  boughtWh: WattHours.from(boughtWh),
})

/** What meters 1 to 5 traded in an interval; null where nothing is settled. */
type Interval = readonly (readonly [meter: number, sold: bigint, bought: bigint])[] | null

const treesOf = (intervals: readonly Interval[]): readonly (TradedEnergyTree | null)[] =>
  intervals.map((some, i) =>
    some === null
      ? null
      : new TradedEnergyTree(
          { zone, interval: from + i, run: 0 },
          salt,
          some.map(([meter, sold, bought]) => ({ meter, ...energy(sold, bought) })),
        ),
  )

const month: readonly Interval[] = [
  [[1, 100n, 0n], [2, 0n, 100n]],
  [],
  null,
  [[2, 5n, 0n], [3, 0n, 5n]],
]
const trees = treesOf(month)
const question = { zone, meter: 2, fromInterval: from, count: month.length }
const secret = meterSecret(salt, 2)
const answer = answerTradedEnergy(domain, { ...question, secret, sequence: 77 }, trees, sign)

const read = (
  given: unknown,
  asked: TradedEnergyQuestion = question,
  by = operator,
  known = secret,
) => readTradedEnergy(domain, by, asked, known, given as TradedEnergyAnswer)

describe('an answer', () => {
  test('says of each interval what was traded, nothing, or that it is not settled', () => {
    const found = read(JSON.parse(JSON.stringify(answer)))
    deepEqual(found?.statements, [
      { root: trees[0]?.root, energy: energy(0n, 100n) },
      { root: trees[1]?.root, energy: null },
      { root: null, energy: null },
      { root: trees[3]?.root, energy: energy(5n, 0n) },
    ])
    equal(found?.message.sequence, 77)
    equal(answer.proofs[2], '0x')
  })

  test('of any month and meter is read as what the trees were made of', () => {
    const wattHours = fc.bigInt({ min: 0n, max: WattHours.max })
    const interval = fc.option(
      fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 5 }), wattHours, wattHours), {
        selector: ([meter]) => meter,
      }),
    )
    const months = fc.array(interval, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(months, fc.integer({ min: 1, max: 6 }), (some, meter) => {
        const asked = { zone, meter, fromInterval: from, count: some.length }
        const known = meterSecret(salt, meter)
        const made = treesOf(some)
        const asking = { ...asked, secret: known, sequence: 1 }
        const given = answerTradedEnergy(domain, asking, made, sign)
        const found = read(JSON.parse(JSON.stringify(given)), asked, operator, known)
        const expected = some.map((list, i) => {
          const own = list?.find(([number]) => number === meter)
          return {
            root: made[i]?.root ?? null,
            energy: own === undefined ? null : energy(own[1], own[2]),
          }
        })
        deepEqual(found?.statements, expected)
      }),
      { ...replay, numRuns: 30 },
    )
  })

  const other = operatorKey(9)
  const [first = '', second = ''] = answer.proofs
  const changed: readonly (readonly [what: string, change: object])[] = [
    ['another meter', { meter: 3 }],
    ['another beginning', { fromInterval: from + 1 }],
    ['another place in the journal', { sequence: 78 }],
    ['no place in the journal', { sequence: 0.5 }],
    ['a place before the journal', { sequence: -1 }],
    ['fewer intervals', { proofs: answer.proofs.slice(0, -1) }],
    ['more intervals', { proofs: [...answer.proofs, '0x'] }],
    ['intervals exchanged', { proofs: answer.proofs.with(0, second).with(1, first) }],
    ['an interval made unsettled', { proofs: answer.proofs.with(0, '0x') }],
    ['an interval made settled', { proofs: answer.proofs.with(2, first) }],
    ['a proof of nothing', { proofs: answer.proofs.with(0, '0x00') }],
    ['a proof with odd digits', { proofs: answer.proofs.with(0, `${first}0`) }],
    ['a proof in capitals', { proofs: answer.proofs.with(0, first.toUpperCase()) }],
    ['no text as a proof', { proofs: [7, ...answer.proofs.slice(1)] }],
    ['no list of proofs', { proofs: null }],
    ['no signature', { signature: undefined }],
    ['a short signature', { signature: answer.signature.slice(0, -2) }],
    ['a signature of nobody', { signature: `0x${'00'.repeat(65)}` }],
    ['another’s signature', { signature: other.signed(answer, secret, trees, question) }],
  ]
  for (const [what, change] of changed) {
    test(`is refused with ${what}`, () => equal(read({ ...answer, ...change }), undefined))
  }

  test('is refused for what was not asked, of another operator or with another secret', () => {
    equal(read(answer, { ...question, meter: 3 }), undefined)
    equal(read(answer, { ...question, count: 3 }), undefined)
    equal(read(answer, { ...question, fromInterval: from - 1 }), undefined)
    equal(read(answer, { ...question, zone: 0 }), undefined)
    equal(read(answer, question, other.address), undefined)
    equal(read(answer, question, operator, meterSecret(salt, 3)), undefined)
    equal(read(answer, question, operator.toUpperCase() as Hex) === undefined, false)
  })

  test('is of a period that has its limit, and of its own trees', () => {
    const none = (count: number) => Array.from({ length: count }, () => null)
    const ask = (count: number, some: readonly (TradedEnergyTree | null)[]) =>
      answerTradedEnergy(domain, { ...question, count, secret, sequence: 1 }, some, sign)
    const limit = tradedEnergyIntervalsMax
    equal(ask(limit, none(limit)).proofs.length, limit)
    const code = { code: 'TRADED_ENERGY_INVALID' }
    throws(() => ask(0, []), code)
    throws(() => ask(limit + 1, none(limit + 1)), code)
    throws(() => ask(2, none(3)), code)
    throws(() => ask(2, [null, trees[0] ?? null]), code)
    const zoned = new TradedEnergyTree({ zone: 0, interval: from, run: 0 }, salt, [])
    throws(() => ask(1, [zoned]), code)
  })
})
