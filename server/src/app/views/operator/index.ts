import type { State } from '@busbar/core/exchange'
import type { Rulebooks } from '@busbar/protocols/api'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { OperatorViews } from '../../ports/operator-views.ts'
import { operationsView, type OperationsParts } from './operations.ts'
import { proposalViews } from './proposals.ts'
import type { WhatIfDesk } from '../../what-if/what-if-desk.ts'

const rulebooksOf = ({ rulebooks }: State): Rulebooks => ({
  rulebooks: rulebooks.map(({ from, rulebook }) => ({
    fromInterval: from, hash: rulebookHash(rulebook), rulebook,
  })),
})

/** What is shown to those who run the market, from the state as it is when it is asked for. */
export function operatorViews(
  parts: OperationsParts & Pick<OperatorViews, 'faults'> & { readonly whatIf: WhatIfDesk },
): OperatorViews {
  return {
    faults: parts.faults,
    proposals: () => proposalViews(parts.lane.state, parts.clock.now()),
    operations: operationsView(parts),
    rulebooks: () => (parts.lane.state.market === null ? undefined : rulebooksOf(parts.lane.state)),
    whatIf: (asked) => parts.whatIf.ask(asked),
  }
}
