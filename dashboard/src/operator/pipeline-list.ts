import type { Operations } from '@busbar/protocols/api'

type Interval = Operations['intervals'][number]

export type Listed = {
  readonly intervals: readonly Interval[]
  /** How many more somebody should look at than are listed. */
  readonly left: number
}

/** What somebody should look at, the worst first as the server says them; or all, newest first. */
export function listedOf(
  { intervals, exceptionCount }: Pick<Operations, 'intervals' | 'exceptionCount'>,
  shown: 'all' | 'exceptions',
): Listed {
  if (shown === 'all') {
    const newest = intervals.toSorted((a, b) => b.interval - a.interval || a.zone - b.zone)
    return { intervals: newest, left: 0 }
  }
  const found = intervals.filter(({ exceptions }) => exceptions.length > 0)
  return { intervals: found, left: exceptionCount - found.length }
}
