/**
 * Goal: what a proof says about is one number for each clearing, and one clearing for each number.
 * Method: the bits written a second way, properties, refusals. Replay with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fieldToHex, type Header, packHeader, publicInputsOf, unpackHeader } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const header: Header = { orderCount: 5, voidCount: 2, priceMicrosPerKwh: -3, energyWh: 9 }

const arbitraryHeader: fc.Arbitrary<Header> = fc.nat({ max: 2 ** 24 - 1 }).chain((orderCount) =>
  fc.record(
    {
      orderCount: fc.constant(orderCount),
      voidCount: fc.nat({ max: orderCount }),
      priceMicrosPerKwh: fc.option(fc.integer({ min: -(10 ** 12), max: 10 ** 12 })),
      energyWh: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    },
    { noNullPrototype: true },
  ),
)

describe('header', () => {
  test('has its bits where the contract and the circuit have them', () => {
    const bits = (value: bigint, from: bigint): bigint => value * 2n ** from
    const word = 5n + bits(2n, 24n) + bits(1n, 48n) + bits(2n ** 40n - 3n, 49n) + bits(9n, 90n)
    equal(packHeader(header), fieldToHex(word))
    equal(
      packHeader({ ...header, priceMicrosPerKwh: null }),
      fieldToHex(5n + bits(2n, 24n) + bits(9n, 90n)),
    )
    equal(
      packHeader({ orderCount: 0, voidCount: 0, priceMicrosPerKwh: null, energyWh: 0 }),
      fieldToHex(0n),
    )
  })

  test('there and back for any clearing', () => {
    fc.assert(
      fc.property(arbitraryHeader, (one) => deepEqual(unpackHeader(packHeader(one)), one)),
      replay,
    )
  })

  test('of anything is the header it was packed from, or none', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 150n }), (word) => {
        let read: Header
        try {
          read = unpackHeader(fieldToHex(word))
        } catch {
          return
        }
        equal(packHeader(read), fieldToHex(word))
      }),
      replay,
    )
    // A price where there is none, and a bit above the energy.
    for (const word of [2n ** 49n, 2n ** 146n, 1n + 2n ** 25n]) {
      throws(() => unpackHeader(fieldToHex(word)), { code: 'HEADER_INVALID' })
    }
    throws(() => unpackHeader('0x0'), { code: 'FIELD_MALFORMED' })
  })

  const refused: readonly (readonly [field: string, change: object])[] = [
    ['orderCount', { orderCount: 2 ** 24 }],
    ['orderCount', { orderCount: -1 }],
    ['voidCount', { voidCount: 6 }],
    ['voidCount', { voidCount: 0.5 }],
    ['priceMicrosPerKwh', { priceMicrosPerKwh: 10 ** 12 + 1 }],
    ['priceMicrosPerKwh', { priceMicrosPerKwh: Number.NaN }],
    ['energyWh', { energyWh: -1 }],
    ['energyWh', { energyWh: 2 ** 53 }],
  ]
  for (const [field, change] of refused) {
    test(`refuses ${JSON.stringify(change)}`, () => {
      throws(() => packHeader({ ...header, ...change }), new RegExp(`HEADER_INVALID.*=${field}`))
    })
  }
})

test('public inputs stand in the order of the circuit', () => {
  const [context, ordersRoot, fillsRoot] = [1n, 2n, 3n].map((value) => fieldToHex(value)) as [
    string,
    string,
    string,
  ]
  const inputs = publicInputsOf({ context, ordersRoot, fillsRoot, header })
  deepEqual(inputs, [context, ordersRoot, fillsRoot, packHeader(header)])
})
