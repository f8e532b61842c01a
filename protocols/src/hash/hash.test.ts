/**
 * Goal: the compiled and the plain Keccak-256 are the same function, and hex has one spelling.
 * Method: published vectors, properties over any bytes, and tables of what is refused. Replay one
 * failure with `SEED=…`.
 */
import { deepEqual, equal, notEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  bytesToHex,
  hexToBytes,
  isHex,
  keccak256,
  keccak256Kind,
  keccak256Plain,
  textToBytes,
  writeInt64,
  writeUint32,
  writeUint64,
  writeUint8,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

describe('keccak256', () => {
  const vectors: readonly (readonly [text: string, hash: string])[] = [
    ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    [
      'Transfer(address,address,uint256)',
      '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
    ],
  ]
  for (const [text, hash] of vectors) {
    test(`of "${text}"`, () => {
      equal(bytesToHex(keccak256(textToBytes(text))), hash)
      equal(bytesToHex(keccak256Plain(textToBytes(text))), hash)
    })
  }

  test('is the compiled one here, and the same as the plain one at every length', () => {
    equal(keccak256Kind, 'wasm')
    // Around the block of 136 bytes and around the 16 KiB which the compiled one takes at once.
    for (const length of [...Array(300).keys(), 16_383, 16_384, 16_385, 40_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256)
      deepEqual(keccak256(bytes), keccak256Plain(bytes))
    }
  })

  test('gives each caller an array of its own', () => {
    const first = keccak256(new Uint8Array(1))
    const copy = first.slice()
    notEqual(keccak256(new Uint8Array(2)), first)
    deepEqual(first, copy)
  })

  test('hashes the view, not the buffer under it', () => {
    const bytes = Uint8Array.from([9, 9, 1, 2, 3, 9])
    deepEqual(keccak256(bytes.subarray(2, 5)), keccak256(Uint8Array.from([1, 2, 3])))
  })

  test('falls back where WebAssembly is missing', async () => {
    const original = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly')
    Reflect.deleteProperty(globalThis, 'WebAssembly')
    try {
      // The query makes it another module, which looks at the environment again.
      const again: unknown = await import(`${import.meta.resolve('./keccak.ts')}?plain`)
      equal(Reflect.get(again as object, 'keccak256Kind'), 'plain')
      equal(Reflect.get(again as object, 'keccak256').length, 1)
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', original ?? {})
    }
  })
})

describe('hex', () => {
  test('there and back for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const hex = bytesToHex(bytes)
        equal(hex, `0x${Buffer.from(bytes).toString('hex')}`)
        deepEqual(hexToBytes(hex), bytes)
        deepEqual(hexToBytes(hex, bytes.length), bytes)
        equal(isHex(hex, bytes.length), true)
      }),
      replay,
    )
  })

  const refused: readonly (readonly [hex: string, length?: number])[] = [
    [''],
    ['0'],
    ['0x0'],
    ['0X00'],
    ['00'],
    ['0xAB'],
    ['0xag'],
    ['0x 1'],
    ['0x+1'],
    ['0x0é'],
    ['0x0\uff11'],
    ['0x00\n'],
    [' 0x00'],
    ['0x00', 2],
    ['0x0000', 1],
    ['0x', 1],
  ]
  for (const [hex, length] of refused) {
    const size = length === undefined ? 'any' : String(length)
    test(`refuses ${JSON.stringify(hex)} as ${size} bytes`, () => {
      throws(() => hexToBytes(hex, length, 'id'), { code: 'HEX_MALFORMED' })
      equal(isHex(hex, length ?? Math.floor(hex.length / 2) - 1), false)
    })
  }

  test('refuses any other character in any place', () => {
    for (let code = 0; code < 0x180; code += 1) {
      const digit = String.fromCharCode(code)
      const valid = /^[0-9a-f]$/.test(digit)
      for (const hex of [`0x${digit}0`, `0x0${digit}`]) {
        if (valid) equal(hexToBytes(hex, 1).length, 1)
        else throws(() => hexToBytes(hex, 1), { code: 'HEX_MALFORMED' })
      }
    }
  })
})

describe('text', () => {
  test('refuses half a surrogate pair', () => {
    for (const text of ['\ud83d', '\ude00', 'a\ud83db']) {
      throws(() => textToBytes(text), { code: 'TEXT_MALFORMED' })
    }
    deepEqual(textToBytes('é😀'), new Uint8Array(Buffer.from('é😀')))
  })
})

describe('writers', () => {
  const view = new DataView(new ArrayBuffer(8))
  const written = () => bytesToHex(new Uint8Array(view.buffer))

  test('numbers and bigints write the same bytes, in both signs', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        equal(writeInt64(view, 0, value, 'f'), value < 0)
        const bytes = written()
        equal(writeInt64(view, 0, BigInt(value), 'f'), value < 0)
        equal(written(), bytes)
        equal(view.getBigInt64(0), BigInt(value))
        if (value < 0) return
        writeUint64(view, 0, value, 'f')
        equal(view.getBigUint64(0), BigInt(value))
      }),
      replay,
    )
  })

  test('write the ends of their ranges', () => {
    const ends: readonly (readonly [write: () => unknown, bytes: string])[] = [
      [() => writeUint64(view, 0, 2n ** 64n - 1n, 'f'), '0xffffffffffffffff'],
      [() => writeUint64(view, 0, Number.MAX_SAFE_INTEGER, 'f'), '0x001fffffffffffff'],
      [() => writeInt64(view, 0, -(2n ** 63n), 'f'), '0x8000000000000000'],
      [() => writeInt64(view, 0, 2n ** 63n - 1n, 'f'), '0x7fffffffffffffff'],
      [() => writeInt64(view, 0, -1, 'f'), '0xffffffffffffffff'],
      [() => writeInt64(view, 0, Number.MIN_SAFE_INTEGER, 'f'), '0xffe0000000000001'],
      [() => writeInt64(view, 0, -0, 'f'), '0x0000000000000000'],
    ]
    for (const [write, bytes] of ends) {
      write()
      equal(written(), bytes)
    }
  })

  test('refuse what is outside, and name the field', () => {
    const outside: readonly (() => unknown)[] = [
      () => writeUint8(view, 0, 256, 'f'),
      () => writeUint8(view, 0, -1, 'f'),
      () => writeUint8(view, 0, 0.5, 'f'),
      () => writeUint32(view, 0, 2 ** 32, 'f'),
      () => writeUint32(view, 0, -1, 'f'),
      () => writeUint32(view, 0, Number.NaN, 'f'),
      () => writeUint64(view, 0, -1, 'f'),
      () => writeUint64(view, 0, -1n, 'f'),
      () => writeUint64(view, 0, 2n ** 64n, 'f'),
      () => writeUint64(view, 0, 2 ** 53, 'f'),
      () => writeUint64(view, 0, 1.5, 'f'),
      () => writeInt64(view, 0, 2n ** 63n, 'f'),
      () => writeInt64(view, 0, -(2n ** 63n) - 1n, 'f'),
      () => writeInt64(view, 0, -(2 ** 53), 'f'),
      () => writeInt64(view, 0, Number.POSITIVE_INFINITY, 'f'),
      // What a caller without types might pass.
      () => Reflect.apply(writeUint32, undefined, [view, 0, '7', 'f']),
      () => Reflect.apply(writeUint64, undefined, [view, 0, '7', 'f']),
      () => Reflect.apply(writeInt64, undefined, [view, 0, null, 'f']),
    ]
    for (const write of outside) {
      throws(write, (error) => {
        return error instanceof Error && /UNIT_OUT_OF_RANGE.*field=f/.test(error.message)
      })
    }
  })
})
