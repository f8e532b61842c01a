/** The server's one source of time. */
export interface Clock {
  /** UTC milliseconds. */
  now(): number
}

/** A clock that stands still until it is told the time: a scenario as fast as it can. */
export interface ManualClock extends Clock {
  /** Time does not go back: an earlier moment is ignored. */
  advance(to: number): void
}
