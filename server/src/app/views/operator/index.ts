import type { OperatorViews } from '../../ports/operator-views.ts'
import { operationsView, type OperationsParts } from './operations.ts'
import { proposalViews } from './proposals.ts'

/** What is shown to those who run the market, from the state as it is when it is asked for. */
export function operatorViews(parts: OperationsParts): OperatorViews {
  return {
    proposals: () => proposalViews(parts.lane.state, parts.clock.now()),
    operations: operationsView(parts),
  }
}
