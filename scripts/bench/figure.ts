import { createHash } from 'node:crypto'

/** One measured figure: `npm run bench` prints each as a line of JSON. */
export type FigureLine = {
  readonly figure: string
  readonly value: number
  /** What the value has to be, in words: `<= 1.5`. */
  readonly bar: string
  /** Whether it is, or that this machine could not run it (then `detail` says why). */
  readonly holds: boolean | 'not run'
  /** What was compared, on what data, and how far the measurements spread. */
  readonly detail: object
}

export type Paired = {
  /** Milliseconds, the median over the pairs. */
  readonly oursMs: number
  readonly peerMs: number
  /** Ours divided by the peer's, pair by pair. */
  readonly ratio: { readonly median: number; readonly p10: number; readonly p90: number }
  readonly pairs: number
  /** Runs of each program in a pair, of which the fastest counts. */
  readonly tries: number
  /** By how much the fixed work moved that was timed beside every pair. */
  readonly calibrationSpread: number
}

/**
 * Times two programs side by side: ours, peer, ours, peer. A machine that others use makes both
 * slower alike, so the ratio of a pair is worth more than either time. With several `tries` the
 * fastest of each program counts in a pair: what disturbs a run only ever adds to it.
 */
export function pairUp(ours: () => void, peer: () => void, pairs: number, tries = 1): Paired {
  const oursMs: number[] = []
  const peerMs: number[] = []
  const probeMs: number[] = []
  for (let i = 0; i < pairs; i += 1) {
    probeMs.push(milliseconds(probe))
    let ownBest = Infinity
    let peerBest = Infinity
    for (let k = 0; k < tries; k += 1) {
      ownBest = Math.min(ownBest, milliseconds(ours))
      peerBest = Math.min(peerBest, milliseconds(peer))
    }
    oursMs.push(ownBest)
    peerMs.push(peerBest)
  }
  const ratios = oursMs.map((own, i) => own / (peerMs[i] ?? Number.NaN))
  return {
    oursMs: rounded(quantile(oursMs, 0.5)),
    peerMs: rounded(quantile(peerMs, 0.5)),
    ratio: {
      median: rounded(quantile(ratios, 0.5)),
      p10: rounded(quantile(ratios, 0.1)),
      p90: rounded(quantile(ratios, 0.9)),
    },
    pairs,
    tries,
    calibrationSpread: rounded(quantile(probeMs, 0.9) / quantile(probeMs, 0.1) - 1),
  }
}

export function milliseconds(work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** The value below which the share `at` of `values` lies, between neighbours in proportion. */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * at
  const low = sorted[Math.floor(position)] ?? Number.NaN
  const high = sorted[Math.ceil(position)] ?? Number.NaN
  return low + (high - low) * (position - Math.floor(position))
}

/** The exponent of growth: the slope of the straight line through (log size, log time). */
export function logLogSlope(points: readonly { size: number; ms: number }[]): number {
  const x = points.map((point) => Math.log(point.size))
  const y = points.map((point) => Math.log(point.ms))
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  const covariance = x.reduce((sum, xi, i) => sum + (xi - meanX) * ((y[i] ?? 0) - meanY), 0)
  return covariance / x.reduce((sum, xi) => sum + (xi - meanX) ** 2, 0)
}

/** Three significant figures more than anybody should believe. */
export const rounded = (value: number): number => Number(value.toPrecision(4))

const probed = Buffer.alloc(1 << 20, 7)

/** Work that is always the same, to see whether the machine is. */
function probe(): void {
  createHash('sha256').update(probed).digest()
}
