/**
 * Goal: ids rank as their UTF-8 bytes do, however many and however alike they are.
 * Method: properties against Node's own comparison of encoded bytes. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareUtf8, sortByUtf8 } from './index.ts'

test('ids compare as their bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      equal(Math.sign(compareUtf8(a, b)), byBytes(a, b))
    }),
    { numRuns: 5_000, ...replay },
  )
})

const alphabets = {
  hexadecimal: fc.constantFrom(...'0123456789abcdef'),
  'two characters': fc.constantFrom('a', 'b'),
  'the ends of ASCII and of both blocks that change places': fc.constantFrom(
    '\u0000', '\u007f', '\u0080', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}',
  ),
}

for (const [name, unit] of Object.entries(alphabets)) {
  test(`ids of ${name} sort as their bytes do`, () => {
    const tails = fc.uniqueArray(fc.string({ unit, maxLength: 12 }), {
      minLength: 150,
      maxLength: 600,
    })
    fc.assert(
      fc.property(tails, fc.constantFrom('', '0x', 'order-of-2026-'), (ends, start) => {
        const ids = ends.map((end) => start + end)
        const indices = Uint32Array.from(ids.keys())
        sortByUtf8(indices, ids)
        deepEqual(Array.from(indices, (i) => ids[i]), ids.toSorted(byBytes))
      }),
      { numRuns: 40, ...replay },
    )
  })
}

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
