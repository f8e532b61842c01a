import type { NoticeKind, StreamEvent } from '@busbar/protocols/api'

/** How far an interval has come with an event. */
export type Step = 'fixed' | 'cleared' | 'committed' | 'proven' | 'posted' | 'final'

/** What makes old what was read before. */
export type Change =
  | {
      readonly kind: 'interval'
      readonly step: Step
      readonly zone: number
      readonly interval: number
    }
  /** Rules, committee, zones. */
  | { readonly kind: 'market' }
  /** Money of one account. */
  | { readonly kind: 'money'; readonly account: number }
  /** Who takes part, and whether they may. */
  | { readonly kind: 'participant'; readonly account: number }
  /** What waits for a second person. */
  | { readonly kind: 'proposals' }
  /** What stands on the board for everybody. */
  | { readonly kind: 'board' }
  /** There are notices of an account up to this one. */
  | { readonly kind: 'notices'; readonly account: number; readonly lastSequence: number }
  /** An account was told something of this kind. */
  | { readonly kind: 'told'; readonly of: NoticeKind }
  /** A command of who is signed in was taken: whatever is its own may be another now. */
  | { readonly kind: 'own' }
  /** Events were missed for good: nothing that was read can be relied on. */
  | { readonly kind: 'everything' }

const steps = {
  orders_fixed: 'fixed',
  interval_cleared: 'cleared',
  interval_committed: 'committed',
  interval_proven: 'proven',
  run_posted: 'posted',
  run_final: 'final',
} as const satisfies Partial<Record<StreamEvent['name'], Step>>

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
      return [{ kind: 'interval', step: steps[event.name], zone, interval }]
    }
    case 'deposit':
    case 'withdrawal':
    case 'withdrawal_final':
      return [{ kind: 'money', account: event.data.account }]
    case 'participant_admitted':
    case 'participant_suspended':
    case 'participant_reinstated':
      return [{ kind: 'participant', account: event.data.account }]
    case 'rulebook_scheduled':
    case 'committee_appointed':
      return [{ kind: 'market' }]
    case 'proposal_changed':
      return [{ kind: 'proposals' }]
    case 'board_changed':
      return [{ kind: 'board' }]
    case 'notices_written':
      return [{ kind: 'notices', ...event.data }]
    case 'stream_reset':
      return [{ kind: 'everything' }]
  }
}
