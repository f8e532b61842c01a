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

/** The differences of money and energy of one day, or of all. */
export type Sums = {
  readonly intervals: number
  readonly ownWh: number
  readonly otherWh: number
  readonly movedMicros: number
  readonly refusedOrders: number
}

type Row = {
  readonly interval: number
  readonly own: { readonly energyWh: number }
  readonly other: { readonly energyWh: number }
  readonly movedMicros: number
  readonly refusedOrders: number
}

/** By day, in the order of the intervals; `dayOf` says to which one an interval belongs. */
export function sumsByDay<Of extends Row>(
  rows: readonly Of[],
  dayOf: (interval: number) => string,
): ReadonlyMap<string, Sums> {
  const days = new Map<string, Sums>()
  for (const row of rows) {
    const day = dayOf(row.interval)
    const before = days.get(day)
    days.set(day, {
      intervals: (before?.intervals ?? 0) + 1,
      ownWh: (before?.ownWh ?? 0) + row.own.energyWh,
      otherWh: (before?.otherWh ?? 0) + row.other.energyWh,
      movedMicros: (before?.movedMicros ?? 0) + row.movedMicros,
      refusedOrders: (before?.refusedOrders ?? 0) + row.refusedOrders,
    })
  }
  return days
}
