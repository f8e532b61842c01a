import type { RulebookDocument } from '@busbar/protocols/api'

/** A field of a rulebook, wherever it stands, and what it says. */
export type FieldValue = readonly [field: string, value: string]

/** Every field by its path, such as `reconciliation.policy`, in the rulebook's own order. */
export function fieldsOf(rulebook: RulebookDocument): readonly FieldValue[] {
  return fieldsIn('', rulebook)
}

function fieldsIn(path: string, value: unknown): readonly FieldValue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[path, Array.isArray(value) ? value.join(', ') : String(value)]]
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    fieldsIn(path === '' ? name : `${path}.${name}`, inner))
}

export type Compared = {
  readonly field: string
  readonly one: string | null
  readonly other: string | null
  readonly differs: boolean
}

/** Field by field; what only one of them has stands behind what both have. */
export function compare(one: RulebookDocument, other: RulebookDocument): readonly Compared[] {
  const first = new Map(fieldsOf(one))
  const second = new Map(fieldsOf(other))
  const names = [...new Set([...first.keys(), ...second.keys()])]
  return names.map((field) => {
    const values = [first.get(field) ?? null, second.get(field) ?? null] as const
    return { field, one: values[0], other: values[1], differs: values[0] !== values[1] }
  })
}
