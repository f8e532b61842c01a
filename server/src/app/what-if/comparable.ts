import type { Rulebook } from '@busbar/core/rulebook'

/**
 * Fields by which there would have been other orders, other contracts or other intervals: nobody
 * can tell from a journal what those would have been.
 */
const incomparable = [
  'intervalSeconds', 'gateLeadSeconds', 'horizonIntervals', 'orderBook', 'trades',
] as const satisfies readonly (keyof Rulebook)[]

/** Fields that a settled interval does not depend on: they change when, and not how much. */
const unheard = [
  'readingDeadlineSeconds', 'finalAfterIntervals', 'correctionIntervals', 'revealSeconds',
  'bondMicros', 'proof', 'proofDeadlineSeconds', 'fourEyes',
] as const satisfies readonly (keyof Rulebook)[]

const differs = (one: Rulebook, other: Rulebook, field: keyof Rulebook): boolean =>
  textOf(one[field]) !== textOf(other[field])

/** Whatever sequence fields of an object were written in. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner) ?? ''

/** The first field that keeps `other` from being compared, and what `held` has there. */
export function incomparableField(
  held: Rulebook,
  other: Rulebook,
): { readonly field: string; readonly held: string } | undefined {
  const field = incomparable.find((one) => differs(held, other, one))
  return field === undefined ? undefined : { field, held: textOf(held[field]) || 'none' }
}

/** Fields in which they differ and which the comparison knows nothing of. */
export const unheardFields = (held: Rulebook, other: Rulebook): readonly string[] =>
  unheard.filter((field) => differs(held, other, field))
