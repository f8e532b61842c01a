/**
 * Goal: one text for each value, and a Fault for each value that JSON would change in silence.
 * Method: a table of texts and refusals, a slow second writer that must agree on any value, and a
 * reader that must give every value back. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../errors/index.ts'
import { canonicalJson, canonicalJsonDepthMax, parseCanonicalJson } from './canonical-json.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

describe('canonicalJson', () => {
  const texts: readonly (readonly [value: unknown, text: string])[] = [
    [null, 'null'],
    [[true, false], '[true,false]'],
    [0, '0'],
    [-0, '0'],
    [{ z: -0 }, '{"z":0}'],
    [{ b: -0, a: 1 }, '{"a":1,"b":0}'],
    [9_007_199_254_740_991, '9007199254740991'],
    [-9_007_199_254_740_991n, '-9007199254740991'],
    [1e15, '1000000000000000'],
    [{ b: 2n, a: ['x', null] }, '{"a":["x",null],"b":2}'],
    [{ a: { d: 1, c: 2 }, A: {} }, '{"A":{},"a":{"c":2,"d":1}}'],
    // Engines list keys that look like indices first and by value; as text, 10 comes before 9.
    [{ 9: 'nine', 10: 'ten' }, '{"10":"ten","9":"nine"}'],
    [{ é: 1, z: 2 }, '{"z":2,"é":1}'],
    // By UTF-16 code unit, as RFC 8785 sorts: the surrogate pair 😀 (d83d de00) before U+FB33.
    [{ '\ufb33': 1, '😀': 2 }, '{"😀":2,"\ufb33":1}'],
    ['line\n"quote" \\ \u0000 \u007f é 😀', '"line\\n\\"quote\\" \\\\ \\u0000 \u007f é 😀"'],
    // Half a pair is written as an escape, so that the text has UTF-8 bytes of its own.
    ['\ud800', '"\\ud800"'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
    [{ '': 0, a: [[], {}] }, '{"":0,"a":[[],{}]}'],
  ]
  for (const [value, text] of texts) {
    test(`writes ${text}`, () => equal(canonicalJson(value), text))
  }

  const cyclic: { self?: unknown } = {}
  cyclic.self = cyclic
  const sparse: unknown[] = []
  sparse[2] = 1
  const refused: readonly (readonly [name: string, value: unknown, path: string])[] = [
    ['undefined', undefined, 'value'],
    ['an undefined member', { a: { b: undefined } }, 'value.a.b'],
    ['a hole in an array', { list: sparse }, 'value.list.0'],
    ['NaN', [1, Number.NaN], 'value.1'],
    ['infinity', Number.POSITIVE_INFINITY, 'value'],
    ['a fraction', { price: 0.5 }, 'value.price'],
    ['a number beyond the safe integers', 2 ** 53, 'value'],
    ['a bigint beyond the safe integers', { sum: 2n ** 53n }, 'value.sum'],
    ['a bigint below the safe integers', -(2n ** 53n), 'value'],
    ['a function', { a: () => 1 }, 'value.a'],
    ['a symbol', Symbol('a'), 'value'],
    ['a map', { accounts: new Map([[1, 2]]) }, 'value.accounts'],
    ['a set', new Set(), 'value'],
    ['a date', new Date(0), 'value'],
    ['bytes', new Uint8Array(2), 'value'],
    ['a boxed number', Object(1), 'value'],
    ['an instance of a class', new (class Meter {})(), 'value'],
    ['a cycle', cyclic, `value${'.self'.repeat(canonicalJsonDepthMax)}`],
  ]
  for (const [name, value, path] of refused) {
    test(`refuses ${name} and says where`, () => {
      throws(
        () => canonicalJson(value),
        (error) => {
          if (!(error instanceof Fault) || error.code !== 'JSON_UNSUPPORTED') return false
          return error.details.path === path
        },
      )
    })
  }

  test('agrees with the slow writer on any value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(arbitraryValue, fc.integer(), (value, seed) => {
        const text = slowText(value)
        equal(canonicalJson(value), text)
        equal(canonicalJson(shuffleKeys(value, seed)), text)
      }),
      { ...replay, numRuns: 500 },
    )
  })

  test('can be read back, by its own reader and by JSON', () => {
    fc.assert(
      fc.property(arbitraryValue, (value) => {
        const text = canonicalJson(value)
        deepEqual(parseCanonicalJson(text), JSON.parse(text))
        equal(canonicalJson(JSON.parse(text)), text)
      }),
      { ...replay, numRuns: 500 },
    )
  })
})

describe('parseCanonicalJson', () => {
  const refused: readonly string[] = [
    '',
    '{',
    ' {}',
    '{}\n',
    '{"b":1,"a":2}',
    '{"a": 1}',
    '{"a":1,"a":1}',
    '1.0',
    '1e3',
    '-0',
    '0.5',
    '01',
    '9007199254740993',
    '1e400',
    '"\\u0041"',
    '"\\/"',
    '"\ud800"',
    '[1,]',
    'undefined',
    `${'['.repeat(canonicalJsonDepthMax + 1)}${']'.repeat(canonicalJsonDepthMax + 1)}`,
  ]
  for (const text of refused) {
    test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      throws(() => parseCanonicalJson(text), { code: 'JSON_NOT_CANONICAL' })
    })
  }
})

type Value = string | number | bigint | boolean | null | Value[] | { [key: string]: Value }

const safeMax = BigInt(Number.MAX_SAFE_INTEGER)
const arbitraryKey = fc.oneof(
  fc.constantFrom('a', 'b', 'aa', '9', '10', '', '__proto__', 'toJSON', 'é', '"'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const arbitraryValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -0),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -safeMax, max: safeMax }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(arbitraryKey, tie('value')), { maxLength: 5 }).map(objectOf),
  ),
})).value

/** `Object.fromEntries` defines members, so that even `__proto__` becomes one. */
function objectOf(entries: readonly (readonly [string, Value])[]): { [key: string]: Value } {
  return Object.fromEntries(entries)
}

/** The definition, word for word. */
function slowText(value: Value): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return `[${value.map(slowText).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${slowText(member)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value)
}

function shuffleKeys(value: Value, seed: number): Value {
  if (Array.isArray(value)) return value.map((item) => shuffleKeys(item, seed))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => {
    return [key, shuffleKeys(member, seed)] as const
  })
  const turn = entries.length === 0 ? 0 : Math.abs(seed) % entries.length
  const turned = [...entries.slice(turn), ...entries.slice(0, turn)]
  return objectOf(seed % 2 === 0 ? turned : turned.reverse())
}
