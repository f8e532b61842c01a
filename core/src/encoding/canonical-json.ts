import { Fault } from '../errors/index.ts'

/** Deeper than anything we write; a bound, so that hostile nesting ends in a Fault. */
export const canonicalJsonDepthMax = 64

/** What canonical JSON reads back as. Bigints come back as numbers. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

const safeMax = BigInt(Number.MAX_SAFE_INTEGER)

/** Strings of these need no escape: most of ours, and checking is faster than escaping. */
const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/**
 * One text for each value: keys ascending by UTF-16 code unit, no spaces, integers only.
 *
 * The journal's hash chain, instructions that people sign and the state's hash stand on it, so it
 * refuses what JSON would change without a word: undefined, fractions, NaN, integers that a number
 * cannot hold, dates, maps, class instances. A bigint is written as the integer it is; -0 as 0.
 *
 * @example canonicalJson({ b: 2n, a: ['x', null] }) // {"a":["x",null],"b":2}
 * @throws Fault JSON_UNSUPPORTED with the path of what it refuses
 */
export function canonicalJson(value: unknown): string {
  return isCanonicalAsItIs(value, 0) ? JSON.stringify(value) : write(value, [], 0)
}

/**
 * Reads a text that must be canonical, so that what was hashed or signed is what is understood: no
 * key twice, no second spelling of a number.
 *
 * @throws Fault JSON_NOT_CANONICAL
 */
export function parseCanonicalJson(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault('JSON_NOT_CANONICAL', { reason: 'not JSON' }, { cause })
  }
  let canonical: string
  try {
    canonical = canonicalJson(value)
  } catch (cause) {
    throw new Fault('JSON_NOT_CANONICAL', { reason: 'no canonical form' }, { cause })
  }
  if (canonical !== text) throw new Fault('JSON_NOT_CANONICAL', { reason: 'another spelling' })
  return value as Json
}

/**
 * Whether the engine's own JSON.stringify, several times faster than any of ours, gives the
 * canonical text of `value`: keys in order, safe integers, nothing that JSON would change.
 */
function isCanonicalAsItIs(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (value === null) return true
  if (typeof value !== 'object' || depth >= canonicalJsonDepthMax) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) {
    const items = value as readonly unknown[]
    for (let i = 0; i < items.length; i += 1) {
      if (!isCanonicalAsItIs(items[i], depth + 1)) return false
    }
    return true
  }
  if (prototype !== Object.prototype) return false
  let previous = ''
  for (const key of Object.keys(value)) {
    // At least, not above: '' is a key too, and no two keys of an object are equal.
    if (key < previous) return false
    previous = key
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (!isCanonicalAsItIs(member, depth + 1)) return false
  }
  return true
}

/** `path` holds the keys that lead to `value`, of which the first `depth` count. */
function write(value: unknown, path: (string | number)[], depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      if (!Number.isSafeInteger(value)) throw unsupported(`the number ${value}`, path, depth)
      return value === 0 ? '0' : String(value)
    case 'bigint':
      if (value > safeMax || value < -safeMax) throw unsupported('a bigint', path, depth)
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth >= canonicalJsonDepthMax) throw unsupported('nesting', path, depth)
      return Array.isArray(value)
        ? writeArray(value, path, depth)
        : writeObject(value, path, depth)
    default:
      throw unsupported(typeof value, path, depth)
  }
}

function writeArray(items: readonly unknown[], path: (string | number)[], depth: number): string {
  if (items.length === 0) return '[]'
  let text = '['
  // By index: `for … of` and `map` would pass over the holes of a sparse array differently.
  for (let i = 0; i < items.length; i += 1) {
    path[depth] = i
    text += i === 0 ? write(items[i], path, depth + 1) : `,${write(items[i], path, depth + 1)}`
  }
  return `${text}]`
}

function writeObject(value: object, path: (string | number)[], depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw unsupported('an object of a class', path, depth)
  }
  let text = '{'
  for (const key of sortedKeys(value, depth)) {
    path[depth] = key
    text += text.length === 1 ? quoteKey(key) : `,${quoteKey(key)}`
    text += write((value as Readonly<Record<string, unknown>>)[key], path, depth + 1)
  }
  return `${text}}`
}

/** Keys come back again and again, so their quoted form is kept, up to a bound. */
const quotedKeys = new Map<string, string>()
const quotedKeysMax = 1_024
const quotedKeyLengthMax = 64

function quoteKey(key: string): string {
  const kept = quotedKeys.get(key)
  if (kept !== undefined) return kept
  const quoted = `${quote(key)}:`
  if (quotedKeys.size < quotedKeysMax && key.length <= quotedKeyLengthMax) {
    quotedKeys.set(key, quoted)
  }
  return quoted
}

/** By depth, the last key order that had to be sorted: the items of a list mostly share it. */
const sortedBefore: { readonly keys: readonly string[]; readonly sorted: readonly string[] }[] = []

function sortedKeys(value: object, depth: number): readonly string[] {
  const keys = Object.keys(value)
  if (isAscending(keys)) return keys
  const before = sortedBefore[depth]
  if (before !== undefined && sameKeys(before.keys, keys)) return before.sorted
  const sorted = keys.toSorted()
  if (keys.length <= 64) sortedBefore[depth] = { keys, sorted }
  return sorted
}

function isAscending(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i += 1) {
    if ((keys[i - 1] as string) > (keys[i] as string)) return false
  }
  return true
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) {
    if (a[i] !== b[i]) return false
  }
  return true
}

const quote = (text: string): string => (plainText.test(text) ? `"${text}"` : JSON.stringify(text))

function unsupported(what: string, path: readonly (string | number)[], depth: number): Fault {
  const where = path.slice(0, depth).map((key) => String(key).slice(0, 40))
  return new Fault('JSON_UNSUPPORTED', { path: ['value', ...where].join('.'), what })
}
