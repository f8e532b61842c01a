import type { Series } from '@busbar/protocols/api'

/** An interval in which something was not as it should be, and what. */
export type Exception = {
  readonly interval: number
  readonly proof: Series['proof'][number]
  readonly voids: number
  readonly estimated: number
  readonly corrections: number
}

/** Those of a series, ascending; what is only on its way is none. */
export function exceptionsOf(series: Series): readonly Exception[] {
  return series.interval
    .map((interval, i) => ({
      interval,
      proof: series.proof[i] ?? 'none',
      voids: series.voidCount[i] ?? 0,
      estimated: series.estimatedMeterCount[i] ?? 0,
      corrections: series.correctionCount[i] ?? 0,
    }))
    .filter(
      ({ proof, voids, estimated, corrections }) =>
        proof === 'overdue' || proof === 'faulty' || voids + estimated + corrections > 0,
    )
}
