import type { Series } from '@busbar/protocols/api'

/** Which intervals are looked at: those before one of them, those whose proof is so far. */
export type IntervalSearch = {
  readonly before: number | null
  readonly proof: Series['proof'][number] | null
}

const states = ['proven', 'none', 'awaited', 'overdue', 'faulty'] as const

/** What stands behind the question mark; what makes no sense counts as if it were not there. */
export function wantedOf(search: string): IntervalSearch {
  const given = new URLSearchParams(search)
  const before = given.get('before') ?? ''
  return {
    before: /^\d{1,12}$/.test(before) ? Number(before) : null,
    proof: states.find((state) => state === given.get('proof')) ?? null,
  }
}

export function searchOf({ before, proof }: IntervalSearch): string {
  const given = new URLSearchParams({
    ...(before === null ? {} : { before: String(before) }),
    ...(proof === null ? {} : { proof }),
  })
  return given.size === 0 ? '' : `?${given}`
}
