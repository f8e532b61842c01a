/**
 * Goal: whoever verifies a large set is told all the proofs it takes, or that the parts are not its
 * parts. Method: one example, and each way in which it may not fit.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { fieldToHex, packHeader, rootOfParts } from '@busbar/protocols/sealed-orders'
import { type PartStatement, proofsNeeded } from './part-proofs.ts'

const field = (value: number): string => fieldToHex(BigInt(value))
const part = (n: number): PartStatement => ({
  ordersRoot: field(n),
  fillsRoot: field(n + 1),
  before: field(n + 2),
  after: field(n + 3),
})
const parts = [part(10), part(20), part(30)]
const clearing = (count: number, of: readonly PartStatement[] = parts): readonly string[] => [
  field(7),
  rootOfParts(of.map(({ ordersRoot }) => ordersRoot)),
  rootOfParts(of.map(({ fillsRoot }) => fillsRoot)),
  packHeader({ orderCount: count, voidCount: 0, priceMicrosPerKwh: null, energyWh: 0 }),
]

test('each part has its proof, and one joins them', () => {
  const needed = proofsNeeded(clearing(8_193), parts)
  deepEqual(
    needed?.map(({ circuit }) => circuit),
    ['clearing-part', 'clearing-part', 'clearing-part', 'clearing-join'],
  )
  deepEqual(needed?.[1]?.publicInputs, [7, 20, 21, 22, 23].map(field))
  const join = needed?.at(-1)?.publicInputs ?? []
  equal(join.length, 4 + 4 * 16)
  deepEqual(join.slice(0, 4), clearing(8_193))
  const none = new Array<number>(13).fill(0)
  deepEqual(join.slice(4, 20), [10, 20, 30, ...none].map(field))
  deepEqual(join.slice(52), [13, 23, 33, ...none].map(field))
})

const misfits: readonly (readonly [string, readonly string[], readonly PartStatement[]])[] = [
  ['too few parts for the count', clearing(12_289), parts],
  ['too many parts for the count', clearing(8_192), parts],
  ['a part left out', clearing(8_193), parts.slice(0, 2)],
  ['parts in another order', clearing(8_193), parts.toReversed()],
  ['other fills', clearing(8_193), parts.with(1, { ...part(20), fillsRoot: field(1) })],
  ['one part', clearing(4_096, parts.slice(0, 1)), parts.slice(0, 1)],
  ['seventeen', clearing(69_000, new Array(17).fill(part(1))), new Array(17).fill(part(1))],
  ['an input too few', clearing(8_193).slice(0, 3), parts],
]
for (const [what, of, given] of misfits) {
  test(`${what}: no proofs would do`, () => equal(proofsNeeded(of, given), undefined))
}
