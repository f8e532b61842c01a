import { jsonInteger } from './json-numbers.ts'

/** A view as JSON: every bigint a number, nothing else changed. */
export type PlainJson<T> = T extends bigint
  ? number
  : T extends readonly (infer Item)[]
    ? PlainJson<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: PlainJson<T[Key]> }
      : T

/**
 * Writes the quantities of a view as JSON numbers.
 *
 * @throws Fault UNIT_OUT_OF_RANGE naming the field, beyond 2^53 − 1
 */
export function plainJson<T>(value: T, field = ''): PlainJson<T> {
  return plain(value, field) as PlainJson<T>
}

function plain(value: unknown, field: string): unknown {
  if (typeof value === 'bigint') return jsonInteger(value, field)
  if (Array.isArray(value)) return value.map((item) => plain(item, field))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, key)]))
}
