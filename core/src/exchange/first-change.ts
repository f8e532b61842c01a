import { Fault } from '../errors/index.ts'
import { parseRulebook, type Rulebook } from '../rulebook/index.ts'
import { inRange, intervalMax, lastOpenOfAll } from './lookups.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/**
 * Rules change only for intervals that take no orders yet: what was promised was worked out by the
 * old ones. Of all rulebooks, past ones too, the one that takes orders furthest ahead decides.
 */
export const firstChangeable = (state: State, at: number): number => lastOpenOfAll(state, at) + 1

/** Why `fromInterval` is no interval. */
export const fromRejection = ({ fromInterval }: { fromInterval: number }): Rejected | undefined =>
  inRange(fromInterval, 0, intervalMax)
    ? undefined
    : reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)

/** A rulebook that keeps its schema, or which field does not. */
export function rulebookOrRejection(value: unknown): Rulebook | Rejected {
  try {
    return parseRulebook(value)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return reject('field_invalid', String(error.details.field), String(error.details.limit))
  }
}
