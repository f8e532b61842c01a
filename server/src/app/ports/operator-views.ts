import type { Rulebook } from '@busbar/core/rulebook'
import type { Operations, Proposals, Rulebooks, WhatIfAnswer } from '@busbar/protocols/api'

/** What those who run a market see of it, and others do not. */
export type OperatorViews = {
  /** What waits for a second person, and what was decided lately. */
  readonly proposals: () => Proposals
  /** How the market runs. Asked again within a moment it is the same answer. */
  readonly operations: () => Promise<Operations>
  /** Undefined before the market is open. */
  readonly rulebooks: () => Rulebooks | undefined
  /** Undefined where there is no such zone. */
  readonly whatIf: (zone: number, rulebook: Rulebook) => WhatIfAnswer | undefined
}
