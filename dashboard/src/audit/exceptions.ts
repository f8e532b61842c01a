import type { Series } from '@busbar/protocols/api'

/** An interval in which something was not as it should be, and what. */
export type Exception = {
  readonly zone: number
  readonly interval: number
  readonly proof: Series['proof'][number]
  readonly voids: number
  readonly estimated: number
  readonly corrections: number
}

/** Those of all series, the newest first, and zone by zone; what is only on its way is none. */
export const exceptionsOf = (all: readonly Series[]): readonly Exception[] =>
  all.flatMap(exceptionsIn).sort((a, b) => b.interval - a.interval || a.zone - b.zone)

const exceptionsIn = (series: Series): readonly Exception[] =>
  series.interval
    .map((interval, i) => ({
      ...{ zone: series.zone, interval },
      proof: series.proof[i] ?? 'none',
      voids: series.voidCount[i] ?? 0,
      estimated: series.estimatedMeterCount[i] ?? 0,
      corrections: series.correctionCount[i] ?? 0,
    }))
    .filter(
      ({ proof, voids, estimated, corrections }) =>
        proof === 'overdue' || proof === 'faulty' || voids + estimated + corrections > 0,
    )
