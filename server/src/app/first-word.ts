import { participantOf } from '@busbar/core/exchange'
import type { Lane } from './lane.ts'

/**
 * Has the journal say, once, that an account is there which has signed what stands in no journal: a
 * credential, a grant, a webhook. So a desk that was told otherwise waits. Accounts without a desk
 * need it not.
 */
export function recordFirstWord(lane: Lane, account: number): void {
  const { state } = lane
  if (state.spoken.has(account) || lane.broken !== undefined) return
  if (participantOf(state, account)?.retailer == null) return
  lane.applyNow({ kind: 'record_word', account })
}
