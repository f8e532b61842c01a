import type { BookClient, CallOptions } from '@busbar/client'
import { type SpanEntry, spanFault } from '@busbar/protocols/journal'

/** As much as a browser holds in one file. */
export const spanMost = 20_000
const atOnce = 500

export type Span = {
  /** An entry a line, as JSON. */
  readonly lines: string
  readonly count: number
  /** The first entry that does not follow the one before it; null where all do. */
  readonly broken: number | null
}

/**
 * Entries from `from` to `to`, as far as there are any, at most `spanMost`; each is checked against
 * the one before it, and what does not hold is kept all the same: it is evidence.
 */
export async function readSpan(
  books: Pick<BookClient, 'journal'>,
  from: number,
  to: number,
  hear: (done: number) => void = () => undefined,
  options: CallOptions = {},
): Promise<Span> {
  const lines: string[] = []
  const last = Math.min(to, from + spanMost - 1)
  let broken: number | null = null
  let before: SpanEntry | undefined
  for (let next: number | null = from; next !== null && next <= last; ) {
    const limit = Math.min(atOnce, last - next + 1)
    const page: Awaited<ReturnType<typeof books.journal>> =
      await books.journal({ from: next, limit }, options)
    for (const entry of page.entries) {
      if (broken === null && spanFault(before, entry) !== undefined) broken = entry.sequence
      before = entry
      lines.push(`${JSON.stringify(entry)}\n`)
    }
    hear(lines.length)
    next = page.nextFrom
  }
  return { lines: lines.join(''), count: lines.length, broken }
}
