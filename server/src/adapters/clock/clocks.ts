import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, ManualClock } from '../../app/ports/clock.ts'

/** The machine's time, or `notBefore` while the machine's is behind it. */
export const realClock = (notBefore = 0): Clock => ({
  now: () => Math.max(Date.now(), notBefore),
})

/**
 * Market time that begins at `startMs` and runs `speed` times as fast as the machine's. It follows
 * the monotonic clock, so a correction of the machine's time does not move it.
 */
export function acceleratedClock(startMs: number, speed: number): Clock {
  const from = performance.now()
  return { now: () => Math.floor(startMs + (performance.now() - from) * speed) }
}

/**
 * Stands still at `startMs` until it is advanced. What it shows is kept in `directory`, and a clock
 * that is made there again goes on from it: a market that is killed and started again gives its
 * commands the times that it would have given them.
 *
 * Not forced to the disk, where each step would cost as much as a commit. After a power cut it may
 * show an earlier moment; the journal's last is the least that a server gives it.
 */
export function manualClock(startMs: number, directory: string): ManualClock {
  const path = join(directory, 'clock.json')
  let now = Math.max(startMs, keptMoment(path))
  return {
    now: () => now,
    advance(to) {
      if (to <= now) return
      writeFileSync(`${path}.new`, `${JSON.stringify({ nowMs: to })}\n`, { mode: 0o600 })
      renameSync(`${path}.new`, path)
      now = to
    },
  }
}

/** 0 where none was kept, or a power cut left only the name of the file. */
function keptMoment(path: string): number {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof kept !== 'object' || kept === null || !('nowMs' in kept)) return 0
    return Number.isSafeInteger(kept.nowMs) ? Number(kept.nowMs) : 0
  } catch (error) {
    if (error instanceof SyntaxError) return 0
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
