/**
 * Goal: a reading has one leaf and one wire form, and each can be shown alone under its batch.
 * Method: a recorded leaf, round trips over any readings, a proof for each of a batch and none for
 * a changed one, and a table of malformed JSON with the field that is named. Replay with `SEED=…`.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import { createDomain, readingBatchDigest } from '../eip712/index.ts'
import { bytesToHex } from '../hash/index.ts'
import {
  batchToSign,
  provesReading,
  type Reading,
  readingFromJson,
  readingLeaf,
  readingLeafLength,
  readingSalt,
  readingsFromJson,
  readingsRoot,
  readingsTree,
  readingToJson,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const energy = fc.bigInt({ min: 0n, max: 10n ** 15n })
const arbitraryReading: fc.Arbitrary<Reading> = fc.record(
  {
    meter: fc.integer({ min: 0, max: 0xffff_ffff }),
    boundary: fc.maxSafeNat(),
    version: fc.integer({ min: 0, max: 255 }),
    importWh: energy,
    exportWh: energy,
  },
  { noNullPrototype: true },
)

describe('a reading', () => {
  const reading = { meter: 7, boundary: 5_900_000, version: 1, importWh: 123_456n, exportWh: 0n }

  test('has its recorded leaf', () => {
    equal(
      bytesToHex(readingLeaf(reading)),
      `0x${'00000007'}${'00000000005a06e0'}${'01'}${'000000000001e240'}${'0000000000000000'}`,
    )
    equal(readingLeafLength, 29)
  })

  test('has the same leaf with numbers and with bigints', () => {
    deepEqual(readingLeaf({ ...reading, importWh: 123_456, exportWh: 0 }), readingLeaf(reading))
  })

  test('goes to JSON and back, for any reading', () => {
    fc.assert(
      fc.property(arbitraryReading, (some) => {
        const text = JSON.stringify(readingToJson(some))
        deepEqual(readingFromJson(JSON.parse(text)), some)
      }),
      replay,
    )
  })

  test('differs in its leaf wherever it differs in a field', () => {
    fc.assert(
      fc.property(arbitraryReading, arbitraryReading, (a, b) => {
        const same = Object.keys(a).every((key) => Reflect.get(a, key) === Reflect.get(b, key))
        equal(bytesToHex(readingLeaf(a)) === bytesToHex(readingLeaf(b)), same)
      }),
      replay,
    )
    const swapped = { ...reading, importWh: reading.exportWh, exportWh: reading.importWh }
    notEqual(bytesToHex(readingLeaf(swapped)), bytesToHex(readingLeaf(reading)))
  })

  test('outside its ranges has no leaf', () => {
    const changes = [
      { meter: -1 },
      { meter: 2 ** 32 },
      { boundary: -1 },
      { boundary: 0.5 },
      { version: 256 },
      { importWh: -1n },
      { exportWh: 2n ** 64n },
    ]
    for (const change of changes) {
      const [field] = Object.keys(change)
      throws(() => readingLeaf({ ...reading, ...change }), (error) => {
        return error instanceof Fault && error.details.field === field
      })
    }
  })
})

describe('a batch', () => {
  test('proves each of its readings alone, and no changed one', () => {
    const batches = fc.array(arbitraryReading, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(batches, (readings) => {
        const tree = readingsTree(readings)
        const count = readings.length
        deepEqual(tree.root, readingsRoot(readings))
        for (const [index, reading] of readings.entries()) {
          const place = { index, count, path: tree.proof(index) }
          equal(provesReading(tree.root, reading, place), true)
          const raised = { ...reading, exportWh: BigInt(reading.exportWh) + 1n }
          equal(provesReading(tree.root, raised, place), false)
        }
      }),
      replay,
    )
  })

  test('with a blind has a salt for each place, and shows one with its own alone', () => {
    const blind = `0x${'5e'.repeat(32)}`
    const readings = [0, 1, 2].map((meter) => {
      return { meter, boundary: 9, version: 0, importWh: 5, exportWh: 6 }
    })
    const tree = readingsTree(readings, blind)
    notEqual(bytesToHex(tree.root), bytesToHex(readingsRoot(readings)))
    const [first, second] = readings
    const place = { index: 1, count: 3, path: tree.proof(1) }
    const salt = readingSalt(blind, 1)
    equal(bytesToHex(salt), '0xe94d3983bcc3140fd1658e08e97c3e3d')
    ok(first !== undefined && second !== undefined)
    equal(provesReading(tree.root, second, { ...place, salt }), true)
    equal(provesReading(tree.root, second, place), false)
    equal(provesReading(tree.root, second, { ...place, salt: readingSalt(blind, 0) }), false)
    equal(provesReading(tree.root, first, { ...place, salt }), false)
    equal(provesReading(tree.root, second, { ...place, salt, index: 0 }), false)
    const salts = [readingSalt(blind, 0), salt, readingSalt(`0x${'5f'.repeat(32)}`, 1)]
    equal(new Set(salts.map((one) => bytesToHex(one))).size, 3)
    throws(() => readingSalt('0x5e', 0), { code: 'HEX_MALFORMED' })
  })

  test('is signed over id, gateway, root and count', () => {
    const domain = createDomain({
      market: 'm',
      chainId: 1,
      verifyingContract: `0x${'11'.repeat(20)}`,
    })
    const id = `0x${'22'.repeat(16)}`
    const readings = [0, 1, 2].map((meter) => {
      return { meter, boundary: 9, version: 0, importWh: 5, exportWh: 6 }
    })
    const signed = batchToSign(domain, { id, gateway: 4, readings })
    equal(signed.count, 3)
    equal(signed.root, bytesToHex(readingsRoot(readings)))
    const { root, count } = signed
    deepEqual(signed.digest, readingBatchDigest(domain, { id, gateway: 4, root, count }))
    const others = [
      { id, gateway: 5, readings },
      { id: `0x${'23'.repeat(16)}`, gateway: 4, readings },
      { id, gateway: 4, readings: readings.toReversed() },
      { id, gateway: 4, readings: readings.slice(1) },
      { id, gateway: 4, readings, blind: `0x${'24'.repeat(32)}` },
    ]
    for (const other of others) {
      notEqual(bytesToHex(batchToSign(domain, other).digest), bytesToHex(signed.digest))
    }
  })
})

describe('malformed JSON', () => {
  const good = { meter: 7, boundary: 9, version: 0, importWh: 5, exportWh: 6 }
  const { meter: _, ...incomplete } = good
  const bad: readonly (readonly [value: unknown, field: string])[] = [
    [null, 'readings[1]'],
    ['7', 'readings[1]'],
    [[7, 9, 0, 5, 6], 'readings[1]'],
    [incomplete, 'readings[1].meter'],
    [{ ...good, meter: -1 }, 'readings[1].meter'],
    [{ ...good, meter: 2 ** 32 }, 'readings[1].meter'],
    [{ ...good, meter: '7' }, 'readings[1].meter'],
    [{ ...good, boundary: 2 ** 53 }, 'readings[1].boundary'],
    [{ ...good, boundary: null }, 'readings[1].boundary'],
    [{ ...good, version: 256 }, 'readings[1].version'],
    [{ ...good, version: 0.5 }, 'readings[1].version'],
    [{ ...good, importWh: -5 }, 'readings[1].importWh'],
    [{ ...good, importWh: 10 ** 15 + 1 }, 'readings[1].importWh'],
    [{ ...good, exportWh: Number.NaN }, 'readings[1].exportWh'],
    [{ ...good, exportWh: 6n }, 'readings[1].exportWh'],
    [{ ...good, exportWh: [6] }, 'readings[1].exportWh'],
    [{ ...good, powerW: 1 }, 'readings[1].powerW'],
    [JSON.parse('{"__proto__":{"meter":1}}'), 'readings[1].__proto__'],
    [Object.create(good), 'readings[1].meter'],
  ]
  for (const [value, field] of bad) {
    test(`names ${field} in ${show(value)}`, () => {
      throws(() => readingsFromJson([good, value], 10), (error) => {
        return (
          error instanceof Fault &&
          error.code === 'READING_MALFORMED' &&
          error.details.field === field
        )
      })
    })
  }

  test('a list is an array of one to the limit', () => {
    for (const value of [{}, 'x', undefined, [], Array(11).fill(good)]) {
      throws(() => readingsFromJson(value, 10), { code: 'READING_MALFORMED' })
    }
    equal(readingsFromJson(Array(10).fill(good), 10).length, 10)
  })

  test('minus zero is zero', () => {
    deepEqual(readingFromJson({ ...good, meter: -0, importWh: -0 }), {
      ...good,
      meter: 0,
      importWh: 0n,
      exportWh: 6n,
    })
  })
})

function show(value: unknown): string {
  const plain = (_: string, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)
  return String(JSON.stringify(value, plain))
}
