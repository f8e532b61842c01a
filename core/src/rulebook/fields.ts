import { Fault } from '../errors/index.ts'

/** The limits of a numeric field, and what it is for. */
export type Bound = { readonly min: number; readonly max: number; readonly means: string }

export type Fields = Readonly<Record<string, unknown>>

export const invalid = (field: string, limit: string): Fault =>
  new Fault('RULEBOOK_INVALID', { field, limit })

/** @throws Fault RULEBOOK_INVALID, naming the field; so do all of these */
export function record(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(field, 'must be an object')
  }
  return value as Fields
}

/** `within` stands before the field's name: where in the rulebook it is. */
export function unknownField(source: Fields, known: readonly string[], within = ''): void {
  const unknown = Object.keys(source).find((field) => !known.includes(field))
  if (unknown !== undefined) throw invalid(`${within}${unknown}`, 'is not a field of a rulebook')
}

export function bounded(source: Fields, field: string, { min, max }: Bound, within = ''): number {
  const value = source[field]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw invalid(`${within}${field}`, `must be an integer from ${min} to ${max}`)
  }
  return value
}

export function oneOf<Value extends string>(
  source: Fields,
  field: string,
  values: readonly Value[],
  within = '',
): Value {
  const value = values.find((one) => one === source[field])
  if (value === undefined) throw invalid(`${within}${field}`, `must be one of ${values.join(', ')}`)
  return value
}

/** At least one of `values`, none of them twice. */
export function listOf<Value extends string>(
  source: Fields,
  field: string,
  values: readonly Value[],
  within = '',
): readonly Value[] {
  const value = source[field]
  const known = (one: unknown): one is Value => values.some((other) => other === one)
  const isList = Array.isArray(value) && value.length > 0 && value.every(known)
  if (!isList || new Set(value).size !== value.length) {
    throw invalid(`${within}${field}`, `must list some of ${values.join(', ')}, none twice`)
  }
  return value
}
