/**
 * Goal: a commitment binds an order to one place, hides all of it, and its owner alone reads what
 * it got. Method: vectors, a second writing of each formula, properties over any order, tables of
 * what is refused. Replay one failure with `SEED=…`.
 */
import { deepEqual, doesNotThrow, equal, notEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { permute, poseidon2Hash } from '@zkpassport/poseidon2'
import fc from 'fast-check'
import { bytesToHex, keccak256 } from '../hash/index.ts'
import {
  blindOf,
  ciphertextHash,
  commitmentAndPad,
  commitmentOf,
  contextOf,
  type ContextParts,
  decodeOpening,
  emptyLeaf,
  encodeOpening,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  fillLeaf,
  fillLeafOf,
  hashFields,
  isField,
  newSalt,
  openFill,
  type Opening,
  openingBytes,
  voidLeaf,
  wordFields,
  wordOf,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const parts: ContextParts = {
  chainId: 31_337,
  intervalLog: `0x${'1b'.repeat(20)}`,
  zone: 1,
  interval: 5_900_000,
  rulebookHash: `0x${'a7'.repeat(32)}`,
}
const opening: Opening = {
  account: 4,
  meter: 2,
  side: 'sell',
  energyWh: 1_500,
  limitMicrosPerKwh: -7,
  salt: `0x${'5a'.repeat(32)}`,
}
const context = contextOf(parts)

/** Worked out once: a change here is another market. */
const golden = {
  context: '0x000bc5bfd2b7049fa6a8504009039e73d6f9280017bb447753606717949b1c62',
  blind: '0x00933366b2ed48ca1aac1d8fbb81911e0a8a29cc2f4290e75453b9ca7fea62de',
  commitment: '0x177a6e670fc175e9e7a78ad6b3aadbafbaa42d82a1493115b5df35e0947e0d91',
}

const arbitraryOpening: fc.Arbitrary<Opening> = fc.record(
  {
    account: fc.nat({ max: 2 ** 32 - 1 }),
    meter: fc.nat({ max: 2 ** 32 - 1 }),
    side: fc.constantFrom('buy', 'sell'),
    energyWh: fc.integer({ min: 1, max: 2 ** 28 - 1 }),
    limitMicrosPerKwh: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
    salt: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex),
  },
  { noNullPrototype: true },
)

/** Another order in one of its fields. */
const neighbours: readonly (readonly [field: string, other: Opening])[] = [
  ['account', { ...opening, account: 5 }],
  ['meter', { ...opening, meter: 3 }],
  ['side', { ...opening, side: 'buy' }],
  ['energyWh', { ...opening, energyWh: 1_501 }],
  ['limitMicrosPerKwh', { ...opening, limitMicrosPerKwh: -6 }],
  ['salt', { ...opening, salt: `0x${'5a'.repeat(31)}5b` }],
]

const places: readonly (readonly [what: string, other: ContextParts])[] = [
  ['chain', { ...parts, chainId: 1 }],
  ['contract', { ...parts, intervalLog: `0x${'1b'.repeat(19)}1c` }],
  ['zone', { ...parts, zone: 2 }],
  ['interval', { ...parts, interval: 5_900_001 }],
  ['rulebook', { ...parts, rulebookHash: `0x${'a7'.repeat(31)}a8` }],
]

describe('field elements', () => {
  test('have one spelling', () => {
    for (const value of [0n, 1n, 2n ** 253n, fieldOrder - 1n]) {
      equal(fieldFromHex(fieldToHex(value)), value)
      equal(isField(fieldToHex(value)), true)
    }
    const order = `0x${fieldOrder.toString(16)}`
    for (const hex of [order, '0x1', `0x${'f'.repeat(64)}`, fieldToHex(10n).toUpperCase(), '']) {
      equal(isField(hex), false)
      throws(() => fieldFromHex(hex, 'leaf'), { code: 'FIELD_MALFORMED' })
    }
    for (const value of [-1n, fieldOrder]) {
      throws(() => fieldToHex(value), { code: 'FIELD_MALFORMED' })
      throws(() => hashFields([value]), { code: 'FIELD_MALFORMED' })
      throws(() => commitmentAndPad(1n, value, 1n), { code: 'FIELD_MALFORMED' })
    }
  })

  test('the permutation is the published one', () => {
    // From the reference implementation of Poseidon2 over BN254 with four elements.
    deepEqual(permute([0n, 1n, 2n, 3n]), [
      0x01bd538c2ee014ed5141b29e9ae240bf8db3fe5b9a38629a9647cf8d76c01737n,
      0x239b62e7db98aa3a2a8f6a0d2fa1709e7a35959aa6c7034814d9daa90cbac662n,
      0x04cbb44c61d928ed06808456bf758cbf0c18d1e15a7b6dbc8245fa7515d5e3cbn,
      0x2e11c5cff2a22c64d01304b778d78f6998eff1ab73163a35603f54794c30847an,
    ])
  })
})

describe('context', () => {
  const abi = (hex: string): string => hex.replace('0x', '').padStart(64, '0')

  test('is the hash of the ABI encoding of its parts', () => {
    const type = keccak256(new TextEncoder().encode('Busbar sealed orders 1'))
    const encoded = [
      bytesToHex(type),
      parts.chainId.toString(16),
      parts.intervalLog,
      parts.zone.toString(16),
      parts.interval.toString(16),
      parts.rulebookHash,
    ]
    const bytes = Buffer.from(encoded.map(abi).join(''), 'hex')
    equal(context, fieldToHex(BigInt(bytesToHex(keccak256(bytes))) >> 8n))
  })

  const refused: readonly (readonly [field: string, other: ContextParts])[] = [
    ['chainId', { ...parts, chainId: -1 }],
    ['intervalLog', { ...parts, intervalLog: `0x${'1B'.repeat(20)}` }],
    ['zone', { ...parts, zone: 2 ** 32 }],
    ['interval', { ...parts, interval: 0.5 }],
    ['rulebookHash', { ...parts, rulebookHash: '0x' }],
  ]
  for (const [field, other] of refused) {
    test(`refuses ${field}`, () => {
      throws(() => contextOf(other), new RegExp(`(HEX_MALFORMED|UNIT_OUT_OF_RANGE).*=${field}`))
    })
  }
})

describe('word', () => {
  const words: readonly (readonly [order: Parameters<typeof wordOf>[0], word: bigint])[] = [
    [{ side: 'buy', energyWh: 1, limitMicrosPerKwh: 0 }, 2n ** 42n + 2n ** 41n],
    [{ side: 'sell', energyWh: 3, limitMicrosPerKwh: -5 }, 3n * 2n ** 42n + 2n ** 41n - 10n + 1n],
    [
      { side: 'buy', energyWh: 2 ** 28 - 1, limitMicrosPerKwh: 10 ** 12 },
      (2n ** 28n - 1n) * 2n ** 42n + 2n * (10n ** 12n + 2n ** 40n),
    ],
  ]
  for (const [order, word] of words) {
    test(`of ${order.side} ${order.energyWh} at ${order.limitMicrosPerKwh}`, () => {
      equal(wordOf(order), word)
      deepEqual(wordFields(word), order)
    })
  }

  test('there and back for any order, in 70 bits', () => {
    fc.assert(
      fc.property(arbitraryOpening, ({ side, energyWh, limitMicrosPerKwh }) => {
        const word = wordOf({ side, energyWh, limitMicrosPerKwh })
        equal(word < 2n ** 70n, true)
        deepEqual(wordFields(word), { side, energyWh, limitMicrosPerKwh })
      }),
      replay,
    )
  })

  test('of no order is refused', () => {
    const limit = (value: bigint): bigint => 2n * (value + 2n ** 40n)
    const words = [
      0n,
      // No energy; too much; a limit beyond either end; a negative number.
      limit(5n),
      limit(5n) + 2n ** 70n,
      limit(10n ** 12n + 1n) + 2n ** 42n,
      limit(-(10n ** 12n) - 1n) + 2n ** 42n,
      -1n,
    ]
    for (const word of words) throws(() => wordFields(word), { code: 'OPENING_INVALID' })
  })
})

const invalid: readonly (readonly [field: string, change: object])[] = [
  ['side', { side: 'both' }],
  ['side', { side: undefined }],
  ['energyWh', { energyWh: 0 }],
  ['energyWh', { energyWh: -1 }],
  ['energyWh', { energyWh: 2 ** 28 }],
  ['energyWh', { energyWh: 1.5 }],
  ['energyWh', { energyWh: '5' }],
  ['limitMicrosPerKwh', { limitMicrosPerKwh: 10 ** 12 + 1 }],
  ['limitMicrosPerKwh', { limitMicrosPerKwh: -(10 ** 12) - 1 }],
  ['limitMicrosPerKwh', { limitMicrosPerKwh: Number.NaN }],
  ['account', { account: 2 ** 32 }],
  ['meter', { meter: -1 }],
  ['salt', { salt: `0x${'5a'.repeat(31)}` }],
  ['salt', { salt: `0x${'5A'.repeat(32)}` }],
]

describe('commitment', () => {
  test('is the hash of word, blind and context', () => {
    fc.assert(
      fc.property(arbitraryOpening, (order) => {
        const values = [wordOf(order), blindOf(order), fieldFromHex(context)]
        equal(commitmentOf(context, order), fieldToHex(poseidon2Hash(values)))
      }),
      { ...replay, numRuns: 25 },
    )
  })

  test('has its golden value', () => {
    equal(context, golden.context)
    equal(fieldToHex(blindOf(opening)), golden.blind)
    equal(commitmentOf(context, opening), golden.commitment)
  })

  test('the blind is the hash of its tag and who stands behind the order', () => {
    const tag = Buffer.from('Busbar order blind 1').toString('hex')
    const hex = `${tag}0000000400000002${'5a'.repeat(32)}`
    const hash = bytesToHex(keccak256(Buffer.from(hex, 'hex')))
    equal(blindOf(opening), BigInt(hash) >> 8n)
  })

  for (const [field, other] of neighbours) {
    test(`differs with ${field}, and so does the pad`, () => {
      notEqual(commitmentOf(context, other), commitmentOf(context, opening))
      notEqual(fillLeafOf(context, other, 0n), fillLeafOf(context, opening, 0n))
    })
  }

  for (const [what, other] of places) {
    test(`cannot be replayed under another ${what}`, () => {
      notEqual(commitmentOf(contextOf(other), opening), commitmentOf(context, opening))
      // What it got there cannot be read as what it got here.
      const elsewhere = fillLeafOf(contextOf(other), opening, 10n)
      throws(() => openFill(opening, context, elsewhere), { code: 'FILL_NOT_OF_ORDER' })
    })
  }

  for (const [field, change] of invalid) {
    test(`refuses ${field} ${JSON.stringify(change)}`, () => {
      const wrong = { ...opening, ...change } as Opening
      const named = new RegExp(`(OPENING_INVALID|UNIT_OUT_OF_RANGE|HEX_MALFORMED).*=${field}`)
      throws(() => commitmentOf(context, wrong), named)
      throws(() => encodeOpening(wrong), named)
    })
  }

  test('is not found by trying every order, without the salt', () => {
    const target = commitmentOf(context, opening)
    const pads = new Set<string>()
    // An eavesdropper knows all but the salt: trader, meter, side, and that the price is near.
    for (let limitMicrosPerKwh = -20; limitMicrosPerKwh <= 20; limitMicrosPerKwh += 1) {
      for (const salt of [`0x${'00'.repeat(32)}`, `0x${'ff'.repeat(32)}`]) {
        const guess = commitmentOf(context, { ...opening, limitMicrosPerKwh, salt })
        notEqual(guess, target)
        pads.add(guess)
      }
    }
    equal(pads.size, 82)
  })
})

describe('a fill', () => {
  test('is read by its owner, for any order and fill', () => {
    const filled = arbitraryOpening.chain((order) =>
      fc.tuple(fc.constant(order), fc.nat({ max: order.energyWh })),
    )
    fc.assert(
      fc.property(filled, ([order, energyWh]) => {
        const leaf = fillLeafOf(context, order, BigInt(energyWh))
        deepEqual(openFill(order, context, leaf), { kind: 'filled', energyWh })
      }),
      { ...replay, numRuns: 25 },
    )
  })

  test('of nothing looks like any other, and a void one says so', () => {
    const leaf = fillLeafOf(context, opening, 0n)
    notEqual(leaf, emptyLeaf)
    notEqual(leaf, voidLeaf)
    deepEqual(openFill(opening, context, leaf), { kind: 'filled', energyWh: 0 })
    deepEqual(openFill(opening, context, voidLeaf), { kind: 'void' })
  })

  test('wraps round the field and is read all the same', () => {
    const { pad } = commitmentAndPad(1n, 2n, 3n)
    equal(fillLeaf(fieldOrder - 1n, 3n), fieldToHex(2n))
    equal(fillLeaf(pad, 5n), fieldToHex((pad + 5n) % fieldOrder))
    throws(() => fillLeaf(pad, -1n), { code: 'OPENING_INVALID' })
    throws(() => fillLeaf(pad, 2n ** 28n), { code: 'OPENING_INVALID' })
  })

  test('of another order, or beyond the order, is refused', () => {
    const refused = { code: 'FILL_NOT_OF_ORDER' }
    for (const [, other] of neighbours) {
      throws(() => openFill(other, context, fillLeafOf(context, opening, 0n)), refused)
    }
    throws(() => openFill(opening, context, fillLeafOf(context, opening, 1_501n)), refused)
    throws(() => openFill(opening, context, emptyLeaf), refused)
    throws(() => openFill(opening, context, '0x1'), { code: 'FIELD_MALFORMED' })
  })
})

describe('an opening as bytes', () => {
  test('has one length and comes back, for any order', () => {
    fc.assert(
      fc.property(arbitraryOpening, (order) => {
        const bytes = encodeOpening(order)
        equal(bytes.length, 57)
        equal(bytes.length, openingBytes)
        deepEqual(decodeOpening(bytes), order)
        // A view into a larger buffer is the same opening.
        const larger = new Uint8Array(100)
        larger.set(bytes, 30)
        deepEqual(decodeOpening(larger.subarray(30, 87)), order)
      }),
      replay,
    )
  })

  test('any 57 bytes are an opening in its one spelling, or none', () => {
    const any = fc.oneof(
      fc.uint8Array({ minLength: 57, maxLength: 57 }),
      // Near a right one, where the mistakes are.
      fc
        .tuple(arbitraryOpening, fc.nat({ max: 24 }), fc.nat({ max: 255 }))
        .map(([order, at, byte]) => {
          const bytes = encodeOpening(order)
          bytes[at] = byte
          return bytes
        }),
    )
    fc.assert(
      fc.property(any, (bytes) => {
        const read = decodeOpening(bytes)
        if (read === undefined) return
        deepEqual(encodeOpening(read), bytes)
        doesNotThrow(() => commitmentOf(context, read))
      }),
      { ...replay, numRuns: 300 },
    )
  })

  const whole = encodeOpening(opening)
  const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = whole.slice()
    copy.set(bytes, at)
    return copy
  }
  const none: readonly (readonly [what: string, bytes: Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['a byte too few', whole.subarray(0, 56)],
    ['a byte too many', Uint8Array.from([...whole, 0])],
    ['a third side', changed(0, 2)],
    ['no energy', changed(1, 0, 0, 0, 0, 0, 0, 0, 0)],
    ['an energy beyond the word', changed(1, 0, 0, 0, 0, 0x10, 0, 0, 0)],
    ['an energy beyond 2^53', changed(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a limit beyond its range', changed(9, 0, 0, 1)],
    ['the lowest limit of 64 bits', changed(9, 0x80, 0, 0, 0, 0, 0, 0, 0)],
  ]
  for (const [what, bytes] of none) {
    test(`is none of ${what}`, () => equal(decodeOpening(bytes), undefined))
  }
})

describe('what goes with an order', () => {
  test('the hash of a ciphertext, and zeros where there is none', () => {
    equal(ciphertextHash('0x'), `0x${'00'.repeat(32)}`)
    equal(ciphertextHash(''), `0x${'00'.repeat(32)}`)
    equal(ciphertextHash('0x00'), bytesToHex(keccak256(new Uint8Array(1))))
    throws(() => ciphertextHash('0xAB'), { code: 'HEX_MALFORMED' })
  })

  test('a salt is as much as it was given', () => {
    equal(
      newSalt((bytes) => bytes.fill(7)),
      `0x${'07'.repeat(32)}`,
    )
  })
})
