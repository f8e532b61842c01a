import type { State } from '@busbar/core/exchange'
import type { Clock } from '../../ports/clock.ts'
import type { OperatorViews } from '../../ports/operator-views.ts'
import { proposalViews } from './proposals.ts'

/** What is shown to those who run the market, from the state as it is when it is asked for. */
export function operatorViews(stateOf: () => State, clock: Clock): OperatorViews {
  return {
    proposals: () => proposalViews(stateOf(), clock.now()),
  }
}
