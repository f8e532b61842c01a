import type { StreamEvent } from '@busbar/protocols/api'

/** What an event makes old of what was read before. */
export type Change =
  | { readonly kind: 'interval'; readonly zone: number; readonly interval: number }
  /** Rules, committee, zones. */
  | { readonly kind: 'market' }
  /** Money of one account. */
  | { readonly kind: 'account'; readonly account: number }
  /** What waits for a second person. */
  | { readonly kind: 'proposals' }
  /** Events were missed for good: nothing that was read can be relied on. */
  | { readonly kind: 'everything' }

export function changesOf(event: StreamEvent): readonly Change[] {
  switch (event.name) {
    case 'clock':
      return []
    case 'orders_fixed':
    case 'interval_cleared':
    case 'interval_committed':
    case 'interval_proven':
    case 'run_posted':
    case 'run_final': {
      const { zone, interval } = event.data
      return [{ kind: 'interval', zone, interval }]
    }
    case 'deposit':
    case 'withdrawal':
    case 'participant_admitted':
    case 'participant_suspended':
    case 'participant_reinstated':
      return [{ kind: 'account', account: event.data.account }]
    case 'rulebook_scheduled':
    case 'committee_appointed':
      return [{ kind: 'market' }]
    case 'proposal_changed':
      return [{ kind: 'proposals' }]
    case 'stream_reset':
      return [{ kind: 'everything' }]
  }
}

const nameOf = (change: Change): string => JSON.stringify(change)

/** Each change once: an interval that several events tell of is read again once. */
export const together = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [nameOf(change), change])).values(),
]
