/** Intervals that a limit may begin at, as many as a list shows. */
const startsMax = 96

/**
 * Where a limit on a trade may begin, from the next gate on, and where it does: at what was chosen,
 * or at the first that is still open once the gate of that has closed.
 */
export function limitStarts(
  trade: { readonly fromInterval: number; readonly endsAt: number },
  open: number,
  chosen: number | undefined,
): { readonly starts: readonly number[]; readonly start: number } {
  const earliest = Math.max(open, trade.fromInterval)
  const length = Math.max(0, Math.min(startsMax, trade.endsAt - earliest))
  return {
    starts: Array.from({ length }, (_, n) => earliest + n),
    start: Math.max(earliest, chosen ?? earliest),
  }
}
