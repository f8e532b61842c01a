/** How long something took lately. */
export type TimesView = {
  readonly count: number
  /** Milliseconds, rounded; null before the first. */
  readonly medianMs: number | null
  readonly mostMs: number | null
}

/** The newest times of something: their number has a bound, and so has looking at them. */
export class RecentTimes {
  readonly #kept: number
  readonly #times: number[] = []
  #next = 0

  constructor(kept: number) {
    this.#kept = kept
  }

  add(ms: number): void {
    this.#times[this.#next] = ms
    this.#next = (this.#next + 1) % this.#kept
  }

  view(): TimesView {
    const sorted = this.#times.toSorted((a, b) => a - b)
    const rounded = (ms: number | undefined): number | null =>
      ms === undefined ? null : Math.round(ms)
    return {
      count: sorted.length,
      medianMs: rounded(sorted[Math.floor(sorted.length / 2)]),
      mostMs: rounded(sorted.at(-1)),
    }
  }
}
