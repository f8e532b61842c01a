import { firstParticipantAccount, type Participant } from '../registry/index.ts'
import { assert } from '../errors/index.ts'
import { participantOf } from './lookups.ts'
import { dropDealings } from './trading/offers.ts'
import { dropOpenOrders } from './orders.ts'
import type { Effect } from './outcome.ts'
import type { State } from './state.ts'

/** Suspends or reinstates, whoever decided it: the chain's registry does the same. */
export function changeStatus(
  state: State,
  at: number,
  account: number,
  status: Participant['status'],
): Effect[] {
  const participant = participantOf(state, account)
  assert(participant !== undefined, 'who is suspended is in the registry')
  state.participants[account - firstParticipantAccount] = { ...participant, status }
  if (status === 'active') return [{ kind: 'participant_reinstated', account }]
  dropOpenOrders(state, at, account, 'suspended')
  return [{ kind: 'participant_suspended', account }, ...dropDealings(state, account)]
}

/** An authority has decided about an account: no cure of a default undoes that. */
export function takeOverSuspension(state: State, account: number): void {
  for (const one of state.trading.defaults.values()) {
    if (one.account === account) one.suspends = false
  }
}
