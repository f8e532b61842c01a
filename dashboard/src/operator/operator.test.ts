/**
 * Goal: what operators judge by is worked out right: how each part of the machine stands, and
 * which fields of two rulebooks differ.
 * Method: tables.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash, interRetailer } from '@busbar/core/rulebook'
import type { Operations, RulebookDocument } from '@busbar/protocols/api'
import { listedOf } from './pipeline-list.ts'
import { machineParts, toneOf, troubledOf } from './machine.ts'
import { anybody, queryOf, type Wanted } from './participant-search.ts'
import { compare } from './rulebook-fields.ts'

const good: Operations['parts'] = {
  outbox: { pending: 0, sinceFinalMs: 400 },
  chain: { chainId: 1, block: 9, answerMs: 3 },
  database: { sequence: 9, waiting: 0, commits: { count: 1, medianMs: 4, mostMs: 900 } },
  committee: { waiting: 0, lateMs: 0 },
  prover: { unproven: 0, waiting: 0, oldestMs: null },
  disk: { freeBytes: 50, sizeBytes: 100 },
}

describe('the list of intervals', () => {
  const interval = (zone: number, number: number, exceptions: readonly string[] = []) =>
    ({ zone, interval: number, exceptions }) as unknown as Operations['intervals'][number]
  const intervals = [
    interval(0, 3, ['run_overdue']), interval(1, 7, ['orders_void']), interval(1, 9),
    interval(0, 9), interval(0, 8, ['orders_void']),
  ]
  const shown = (list: 'all' | 'exceptions', exceptionCount: number) => {
    const found = listedOf({ intervals, exceptionCount }, list)
    return [found.intervals.map(({ zone, interval: number }) => [zone, number]), found.left]
  }

  test('is by time, or of what somebody should look at in the order of the server', () => {
    deepEqual(shown('all', 3), [[[0, 9], [1, 9], [0, 8], [1, 7], [0, 3]], 0])
    deepEqual(shown('exceptions', 3), [[[0, 3], [1, 7], [0, 8]], 0])
  })

  test('says how many are not in it', () => {
    deepEqual(shown('exceptions', 400).at(-1), 397)
  })
})

describe('who is looked for', () => {
  test('is asked for as the interface takes it, and not where nobody can be meant', () => {
    const cases: readonly (readonly [Partial<Wanted>, ReturnType<typeof queryOf>])[] = [
      [{}, {}], [{ text: ' Home-1 ' }, { find: 'home-1' }], [{ text: '12' }, { find: '12' }],
      [{ role: 'retailer', status: 'active' }, { role: 'retailer', status: 'active' }],
      [{ role: 'nobody', status: 'gone' }, {}], [{ text: 'home 1' }, null],
      [{ text: 'müller', role: 'retailer' }, null],
    ]
    for (const [wanted, query] of cases) deepEqual(queryOf({ ...anybody, ...wanted }), query)
  })
})

describe('a part of the machine', () => {
  for (const part of machineParts) {
    test(`${part} is good where nothing is wrong`, () => {
      equal(toneOf(part, { parts: good }), 'good')
    })
  }

  const cases: readonly (readonly [keyof typeof good, object, string])[] = [
    ['outbox', { pending: 32 }, 'warn'], ['outbox', { pending: 128 }, 'bad'],
    ['chain', { answerMs: 500 }, 'warn'], ['chain', { answerMs: null, block: null }, 'bad'],
    ['database', { commits: { count: 1, medianMs: 1_000, mostMs: 1_000 } }, 'bad'],
    ['committee', { lateMs: 60_000 }, 'bad'], ['prover', { oldestMs: 300_000 }, 'warn'],
    ['disk', { freeBytes: 5 }, 'bad'], ['disk', { freeBytes: 15 }, 'warn'],
  ]
  for (const [part, change, tone] of cases) {
    test(`${part} with ${JSON.stringify(change)} is ${tone}`, () => {
      const parts = { ...good, [part]: { ...good[part], ...change } }
      equal(toneOf(part, { parts }), tone)
    })
  }

  test('of provers is judged by how late a proof may be', () => {
    const parts = { ...good, prover: { unproven: 4, waiting: 4, oldestMs: 900_000 } }
    equal(toneOf('prover', { parts }), 'bad')
    equal(toneOf('prover', { parts }, 216_000), 'good')
  })

  test('counts once that is not good, or that the server finds wrong', () => {
    const check = (name: string, ok: boolean) => ({ name, ok, detail: '' })
    const parts = { ...good, outbox: { ...good.outbox, pending: 40 } }
    const checks = [check('outbox', false), check('rail card', false), check('proving', true)]
    deepEqual([...troubledOf({ parts, checks })], ['outbox', 'rail card'])
    deepEqual([...troubledOf({ parts: good, checks: [check('proving', false)] })], ['prover'])
  })

  test('of which nothing is known is to be looked at', () => {
    equal(toneOf('disk', { parts: { ...good, disk: null } }), 'warn')
  })
})

test('two rulebooks differ in the fields that differ, however deep', () => {
  const trades = interRetailer.trades as NonNullable<RulebookDocument['trades']>
  const one = { ...interRetailer, trades } as RulebookDocument
  const enforcement = { ...trades.enforcement, fineMicros: 7 }
  const other = { ...one, feeMicrosPerKwh: 1, trades: { ...trades, enforcement } }
  const differing = compare(one, other).filter(({ differs }) => differs)
  deepEqual(differing.map(({ field, other: value }) => [field, value]), [
    ['feeMicrosPerKwh', '1'], ['trades.enforcement.fineMicros', '7'],
  ])
  const { trades: _gone, ...without } = one
  const lacking = compare(one, without as RulebookDocument).filter(({ other: value }) =>
    value === null)
  equal(lacking.length, compare(one, one).length - compare(derToCash, derToCash).length)
  deepEqual(compare(one, one).filter(({ differs }) => differs), [])
})
