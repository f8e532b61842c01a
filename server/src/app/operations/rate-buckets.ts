/** Counts by second, of the newest seconds alone: what it holds does not grow. */
export class RateBuckets {
  readonly #seconds: number
  readonly #counts: number[]
  /** The second that the newest count is of. */
  #newest = 0

  constructor(seconds: number) {
    this.#seconds = seconds
    this.#counts = Array.from({ length: seconds }, () => 0)
  }

  add(nowMs: number, count: number): void {
    const second = this.#forward(nowMs)
    const place = second % this.#seconds
    this.#counts[place] = (this.#counts[place] ?? 0) + count
  }

  /** One count a second, ascending; the last is of the second before that of `nowMs`. */
  view(nowMs: number): readonly number[] {
    const second = this.#forward(nowMs)
    return Array.from({ length: this.#seconds - 1 }, (_, i) =>
      this.#counts[(second + 1 + i) % this.#seconds] ?? 0)
  }

  /** Seconds in which nothing came have nothing in them, and none of a round before. */
  #forward(nowMs: number): number {
    const second = Math.max(this.#newest, Math.floor(nowMs / 1_000))
    const passed = Math.min(second - this.#newest, this.#seconds)
    for (let i = 0; i < passed; i += 1) this.#counts[(second - i) % this.#seconds] = 0
    this.#newest = second
    return second
  }
}
