import type { CheckpointPart, JournalHeads } from '@busbar/protocols/api'

/** How far what fixes something is on its way to the chain. */
export type Anchored = 'anchored' | 'waiting' | 'failed'

/** All that the chain was told must be final: a batch in parts waits for its last. */
export function anchoredOf(transactions: readonly Pick<CheckpointPart, 'status'>[]): Anchored {
  if (transactions.some(({ status }) => status === 'failed')) return 'failed'
  const areFinal = transactions.every(({ status }) => status === 'final')
  return areFinal ? 'anchored' : 'waiting'
}

/** What was put on the chain, each once however many transactions it took. */
export function partsOf(transactions: readonly CheckpointPart[]): readonly CheckpointPart[] {
  const found = new Map(
    transactions.map((one) => [`${one.part}/${one.zone}/${one.interval}/${one.run ?? ''}`, one]),
  )
  return [...found.values()]
}

/** The same of several zones, as one thing to read. */
export type PartGroup = Pick<CheckpointPart, 'part' | 'interval' | 'run'> & {
  readonly zones: readonly number[]
}

/** What was put on the chain, what is of one interval and many zones together. */
export function groupsOf(transactions: readonly CheckpointPart[]): readonly PartGroup[] {
  const found = new Map<string, PartGroup>()
  for (const { part, zone, interval, run } of partsOf(transactions)) {
    const key = `${part}/${interval}/${run ?? ''}`
    const zones = found.get(key)?.zones ?? []
    found.set(key, { part, interval, run, zones: [...zones, zone] })
  }
  return [...found.values()]
}

export const headsPerPage = 8

/** Where the page before ends; undefined where this one was not full: there is none. */
export const pageBefore = (
  { heads }: JournalHeads,
  limit = headsPerPage,
): { readonly before: number } | undefined => {
  const first = heads[0]
  return first === undefined || heads.length < limit ? undefined : { before: first.sequence }
}
