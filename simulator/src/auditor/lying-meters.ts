import type { Energy } from './metered-energy.ts'

/**
 * What the grid operator's main meter tells about the meters behind it. A single false register
 * cannot be seen from outside, but all of them together must add up to the main meter.
 */
export type Suspicion = {
  /** Watt-hours that entered the area and that no meter reported, summed over the intervals. */
  readonly missingWh: number
  /** The meters that explain it best, worst first. */
  readonly suspects: readonly Suspect[]
  /** How much of the missing energy the suspects explain, 0 to 1. */
  readonly explained: number
}

export type Suspect = {
  readonly meter: number
  readonly register: 'import' | 'export'
  /** By how much its register is off the truth, per cent: −10 reports a tenth too little. */
  readonly percent: number
}

const suspectsMax = 20

/** A suspect must explain at least this part of what the others leave. */
const gainMin = 0.05

/**
 * Looks for the meters whose reported energy has the shape of what is missing.
 *
 * A meter that reports a constant share s of the truth hides (1 − s)/s of what it reports, in every
 * interval: the missing energy is then a sum of such multiples. The multiples are found one by one,
 * always taking the meter that explains most of the rest, and fitting all taken again by least
 * squares (orthogonal matching pursuit). With meters of the same shape the guess may be wrong: a
 * suspicion is a reason to look, not a proof.
 */
export function suspectMeters(
  mainNetImportWh: readonly number[],
  reported: ReadonlyMap<number, readonly Energy[]>,
): Suspicion {
  const usable = mainNetImportWh
    .map((_, k) => k)
    .filter((k) => [...reported.values()].every((list) => list[k]?.measured === true))
  const missing = usable.map((k) => {
    let sum = 0
    for (const list of reported.values()) sum += netOf(list[k])
    return (mainNetImportWh[k] ?? 0) - sum
  })
  const columns = columnsOf(reported, usable)
  // Each honest register loses less than a watt-hour to rounding, and only if it lies.
  const noise = norm(missing.map(() => 2))
  const taken: Column[] = []
  let weights: readonly number[] = []
  let rest = missing
  while (taken.length < suspectsMax && norm(rest) > noise) {
    const next = bestColumn(columns, taken, rest)
    if (next === undefined) break
    const fitted = leastSquares([...taken, next], missing)
    const left = residual([...taken, next], fitted, missing)
    if (norm(left) > norm(rest) * (1 - gainMin)) break
    taken.push(next)
    weights = fitted
    rest = left
  }
  const total = norm(missing)
  return {
    missingWh: missing.reduce((sum, value) => sum + value, 0),
    suspects: taken
      .map(({ meter, register }, i) => ({ meter, register, percent: percentOf(weights[i] ?? 0) }))
      .sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent)),
    explained: total === 0 ? 1 : 1 - norm(rest) / total,
  }
}

type Column = {
  readonly meter: number
  readonly register: 'import' | 'export'
  /** What the register says, as it enters the area's sum: exports are negative. */
  readonly values: readonly number[]
}

const netOf = (energy: Energy | undefined): number =>
  energy === undefined ? 0 : Number(energy.importWh - energy.exportWh)

function columnsOf(
  reported: ReadonlyMap<number, readonly Energy[]>,
  usable: readonly number[],
): readonly Column[] {
  const columns: Column[] = []
  for (const [meter, list] of reported) {
    const imports = usable.map((k) => Number(list[k]?.importWh ?? 0n))
    const exports = usable.map((k) => -Number(list[k]?.exportWh ?? 0n))
    columns.push({ meter, register: 'import', values: imports })
    columns.push({ meter, register: 'export', values: exports })
  }
  return columns.filter((column) => norm(column.values) > 0)
}

/** Missing = weight × reported, so true = (1 + weight) × reported. */
const percentOf = (weight: number): number => Math.round((1 / (1 + weight) - 1) * 1000) / 10

function bestColumn(
  columns: readonly Column[],
  taken: readonly Column[],
  rest: readonly number[],
): Column | undefined {
  let best: Column | undefined
  let bestScore = 0
  for (const column of columns) {
    if (taken.includes(column)) continue
    const score = Math.abs(dot(column.values, rest)) / norm(column.values)
    if (score > bestScore) {
      best = column
      bestScore = score
    }
  }
  return best
}

function residual(
  taken: readonly Column[],
  weights: readonly number[],
  missing: readonly number[],
): number[] {
  return missing.map((value, k) =>
    taken.reduce((left, column, i) => left - (weights[i] ?? 0) * (column.values[k] ?? 0), value),
  )
}

/** The normal equations, by elimination with pivots. */
function leastSquares(columns: readonly Column[], target: readonly number[]): readonly number[] {
  const size = columns.length
  const rows = columns.map((a) => [
    ...columns.map((b) => dot(a.values, b.values)),
    dot(a.values, target),
  ])
  for (let i = 0; i < size; i += 1) {
    let pivot = i
    for (let j = i + 1; j < size; j += 1) {
      if (Math.abs(rows[j]?.[i] ?? 0) > Math.abs(rows[pivot]?.[i] ?? 0)) pivot = j
    }
    const row = rows[pivot] ?? []
    rows[pivot] = rows[i] ?? []
    rows[i] = row
    const divisor = row[i] ?? 0
    if (divisor === 0) continue
    rows.forEach((other, j) => {
      const factor = j === i ? 0 : (other[i] ?? 0) / divisor
      if (factor !== 0) rows[j] = other.map((value, k) => value - factor * (row[k] ?? 0))
    })
  }
  return rows.map((row, i) => ((row[i] ?? 0) === 0 ? 0 : (row[size] ?? 0) / (row[i] ?? 1)))
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)

const norm = (values: readonly number[]): number => Math.sqrt(dot(values, values))
