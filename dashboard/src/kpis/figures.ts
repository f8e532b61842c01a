import type { Kpis } from '@busbar/protocols/api'

/** As long as a request for figures may span. */
const intervalsMax = 2_016

/** From the first interval of a range of points through its last, shortened to what is answered. */
export function kpiRange(range: {
  readonly from: number
  readonly points: number
  readonly step: number
}): { readonly from: number; readonly to: number } {
  const to = range.from + range.points * range.step - 1
  return { from: Math.max(range.from, to - intervalsMax + 1), to }
}

/** By the hour, as columns: shares from 0 to 1, prices in micros; null where there is none. */
export function hourColumns({ hours }: Kpis): {
  readonly timesMs: readonly number[]
  readonly carbonFree: readonly (number | null)[]
  readonly spread: readonly (number | null)[]
} {
  const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return {
    timesMs: hours.map(({ startMs }) => startMs),
    carbonFree: hours.map(({ matchedWh, consumedWh }) => ratio(matchedWh, consumedWh)),
    spread: hours.map(({ feesMicros, deviationMicros, tradedWh }) =>
      ratio((feesMicros + deviationMicros) * 1_000, tradedWh),
    ),
  }
}

/** Ether of wei, to at most six digits behind the point; exact below a safe integer of them. */
export function etherOf(wei: string): number {
  const microEther = BigInt(wei) / 10n ** 12n
  return Number(microEther) / 1_000_000
}
