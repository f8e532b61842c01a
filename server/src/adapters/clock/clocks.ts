import type { Clock, ManualClock } from '../../app/ports/clock.ts'

/** The machine's time. */
export const realClock = (): Clock => ({ now: () => Date.now() })

/**
 * Market time that begins at `startMs` and runs `speed` times as fast as the machine's. It follows the
 * monotonic clock, so a correction of the machine's time does not move it.
 */
export function acceleratedClock(startMs: number, speed: number): Clock {
  const from = performance.now()
  return { now: () => Math.floor(startMs + (performance.now() - from) * speed) }
}

/** Stands still at `startMs` until it is advanced. */
export function manualClock(startMs: number): ManualClock {
  let now = startMs
  return {
    now: () => now,
    advance(to) {
      if (to > now) now = to
    },
  }
}
