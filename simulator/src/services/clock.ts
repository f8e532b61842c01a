import type { SqlStore } from './sql-store.ts'

/** A market clock stands until it is told the time, as that of the market it serves. */
export const clockKinds = ['real', 'market'] as const

export type ClockKind = (typeof clockKinds)[number]

export type ServiceClock = {
  readonly kind: ClockKind
  readonly now: () => number
  /** False for a real clock, and for a moment that is past. */
  readonly advance: (nowMs: number) => boolean
}

const name = 'clock'

/** What it was told is kept: a restart does not turn the time back. */
export function serviceClock(kind: ClockKind, store: SqlStore): ServiceClock {
  if (kind === 'real') return { kind, now: () => Date.now(), advance: () => false }
  const now = (): number => Number(store.meta(name) ?? 0)
  return {
    kind,
    now,
    advance(nowMs) {
      if (nowMs < now()) return false
      store.setMeta(name, String(nowMs))
      return true
    },
  }
}
