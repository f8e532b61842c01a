import { fieldOrder } from '@busbar/protocols/sealed-orders'
import type { Constraint, Seen } from './observed.ts'

/** A constraint that takes more than it did; all other lines of the circuit stay as they are. */
export type Loosening = {
  readonly mark: string
  readonly how: string
  readonly takes: (value: bigint, index: number) => boolean
}

const holds = (constraint: Constraint, value: bigint): boolean => {
  if (constraint.kind === 'zero') return value === 0n
  if (constraint.kind === 'boolean') return value === 0n || value === 1n
  return value < 1n << BigInt(constraint.bits)
}

/**
 * The ways to loosen one: a range by one bit, by twenty, and to 200; an equality by one either way
 * and by a factor that a prover may set to zero; a flag by a third value. What is asked of every
 * slot is asked of all but the first as well, and of the first alone.
 */
export function looseningsOf(constraint: Constraint, isOfSlots: boolean): readonly Loosening[] {
  const { mark } = constraint
  const one = (how: string, takes: Loosening['takes']): Loosening => ({ mark, how, takes })
  const either = (other: bigint) => (value: bigint) => holds(constraint, value) || value === other
  const below = (bits: number) => (value: bigint) => value < 1n << BigInt(bits)
  const slots = isOfSlots
    ? [
        one('not in the first slot', (value, i) => i === 0 || holds(constraint, value)),
        one('in the first slot only', (value, i) => i > 0 || holds(constraint, value)),
      ]
    : []
  const byOne = { more: either(1n), less: either(fieldOrder - 1n) }
  if (constraint.kind === 'zero') {
    const free = one('times a free factor', () => true)
    return [one('or one', byOne.more), one('or minus one', byOne.less), free, ...slots]
  }
  if (constraint.kind === 'boolean') {
    return [one('or two', either(2n)), one('or minus one', byOne.less), ...slots]
  }
  return [
    one('one bit more', below(constraint.bits + 1)),
    one('twenty bits more', below(constraint.bits + 20)),
    one('200 bits', below(200)),
    ...slots,
  ]
}

/** The marks of the constraints that do not hold. */
export const brokenMarks = (constraints: readonly Constraint[], seen: Seen): readonly string[] =>
  constraints
    .filter((one) => seen.get(one.mark)?.some((value) => !holds(one, value)))
    .map(({ mark }) => mark)

/**
 * Whether a circuit with this line loosened takes what was seen, and the circuit itself does not.
 */
export function getsThrough(
  { mark, takes }: Loosening,
  constraints: readonly Constraint[],
  seen: Seen,
): boolean {
  const broken = brokenMarks(constraints, seen)
  if (broken.length !== 1 || broken[0] !== mark) return false
  return seen.get(mark)?.every(takes) ?? false
}

/**
 * By the mark, and by how the line became looser (`bits` for all ranges): why no lie gets through.
 */
export type Arguments = Readonly<Record<string, Readonly<Record<string, string>>>>

/** How a loosening is named among the arguments. */
export const argumentFor = (given: Arguments, { mark, how }: Loosening): string | undefined =>
  given[mark]?.[how] ?? (how.includes('bit') ? given[mark]?.['bits'] : undefined)
