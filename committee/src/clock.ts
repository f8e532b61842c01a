/** Where a member has its time from. */
export interface MemberClock {
  readonly kind: 'real' | 'market'
  /** UTC milliseconds. */
  now(): number
}

/** A clock of market time that stands until it is told; it never goes back. */
export type MarketClock = MemberClock & { readonly advance: (toMs: number) => void }

export const realClock: MemberClock = { kind: 'real', now: () => Date.now() }

export function marketClock(startMs = 0): MarketClock {
  let now = startMs
  return {
    kind: 'market',
    now: () => now,
    advance(toMs) {
      now = Math.max(now, toMs)
    },
  }
}
