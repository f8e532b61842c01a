/**
 * Goal: a market that runs for years can be asked about its last days at the price of those days,
 * and keeps few snapshots for it.
 * Method: journals of random steps whose snapshots are thinned out at every one; what is kept is
 * held against all that ever were. `SEED` replays one.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keptSnapshots } from './kept-snapshots.ts'

const seeded = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }

const steps = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 300 })

/** The last of these that is no later than `sequence`; the start of the journal is before all. */
const startOf = (snapshots: readonly number[], sequence: number): number =>
  snapshots.findLast((one) => one <= sequence) ?? 0

test('no end of a journal is more than twice as much to replay from the snapshot before it', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const taken: number[] = []
      let kept: readonly number[] = []
      let end = 0
      for (const step of all) {
        end += step
        taken.push(end)
        kept = keptSnapshots([...kept, end], end)
        for (const sequence of taken) {
          const from = startOf(kept, sequence)
          ok(end - from <= 2 * (end - sequence), `${sequence} of ${end} begins at ${from}`)
        }
        deepEqual(kept.slice(-3), taken.slice(-3))
      }
      ok(kept.length <= 3 + 2 * Math.ceil(Math.log2(end + 1)), `${kept.length} for ${end}`)
    }),
    { ...seeded, numRuns: 100 },
  )
})

test('a year of a snapshot a day leaves some dozen', () => {
  let kept: readonly number[] = []
  for (let day = 1; day <= 365; day += 1) kept = keptSnapshots([...kept, day * 1_000], day * 1_000)
  const ages = kept.map((sequence) => 365 - sequence / 1_000)
  deepEqual(ages, [203, 122, 68, 41, 23, 14, 8, 5, 3, 2, 1, 0])
})
