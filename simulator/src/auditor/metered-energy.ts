import type { ObservedReading } from './observations.ts'

/** Energy of one meter in one interval, and whether both its ends were read. */
export type Energy = {
  readonly importWh: bigint
  readonly exportWh: bigint
  readonly measured: boolean
}

/** What is known of one meter: the readings that count, in the order of their boundaries. */
export type MeterBook = {
  readonly digits: number
  readonly byBoundary: Map<number, ObservedReading>
}

/**
 * Enters a reading. Returns what an honest exchange must have answered: whether it counts, or says
 * the same again, or contradicts one of the same version, or is older than what is known.
 */
export function enter(
  book: MeterBook,
  reading: ObservedReading,
): 'counted' | 'duplicate' | 'conflicting' | 'superseded' {
  const known = book.byBoundary.get(reading.boundary)
  if (known === undefined || reading.version > known.version) {
    book.byBoundary.set(reading.boundary, reading)
    return 'counted'
  }
  if (reading.version < known.version) return 'superseded'
  const same = known.importWh === reading.importWh && known.exportWh === reading.exportWh
  return same ? 'duplicate' : 'conflicting'
}

/**
 * The energy of every interval from `first` to `last`, in one walk over the boundaries.
 *
 * Between two readings, the registers' difference is spread evenly, each part rounded so that the
 * running sum is the floor of the even share. After the last reading, the interval that ends there
 * is repeated if its start was read too; else nothing is assumed, as before the first reading.
 */
export function energies(book: MeterBook, first: number, last: number): readonly Energy[] {
  const result: Energy[] = []
  const boundaries = [...book.byBoundary.keys()].sort((a, b) => a - b)
  let next = 0
  for (let interval = first; interval <= last; interval += 1) {
    while ((boundaries[next] ?? Number.POSITIVE_INFINITY) <= interval) next += 1
    result.push(energyOf(book, interval, boundaries[next - 1], boundaries[next]))
  }
  return result
}

const nothing: Energy = { importWh: 0n, exportWh: 0n, measured: false }

/** `before` is the last boundary read up to the interval's start, `after` the first later one. */
function energyOf(
  book: MeterBook,
  interval: number,
  before: number | undefined,
  after: number | undefined,
): Energy {
  if (before === undefined) return nothing
  if (after === undefined) {
    if (!book.byBoundary.has(before - 1)) return nothing
    return { ...part(book, before - 1, before, before - 1), measured: false }
  }
  return { ...part(book, before, after, interval), measured: after === before + 1 }
}

/** What interval number `interval` has of the registers' difference between two readings. */
function part(
  book: MeterBook,
  from: number,
  to: number,
  interval: number,
): { readonly importWh: bigint; readonly exportWh: bigint } {
  const opening = book.byBoundary.get(from)
  const closing = book.byBoundary.get(to)
  if (opening === undefined || closing === undefined) {
    throw new Error('invariant broken: a part lies between two readings')
  }
  const steps = BigInt(to - from)
  const done = BigInt(interval - from)
  const share = (total: bigint): bigint =>
    (total * (done + 1n)) / steps - (total * done) / steps
  return {
    importWh: share(advanced(opening.importWh, closing.importWh, book.digits)),
    exportWh: share(advanced(opening.exportWh, closing.exportWh, book.digits)),
  }
}

/** How far a register went on, if it went round at most once. */
function advanced(from: number, to: number, digits: number): bigint {
  return BigInt(to) - BigInt(from) + (to < from ? 10n ** BigInt(digits) : 0n)
}
