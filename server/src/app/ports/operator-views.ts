import type { Rulebook } from '@busbar/core/rulebook'
import type {
  FaultSwitch, Operations, Proposals, Rulebooks, WhatIfAnswer,
} from '@busbar/protocols/api'

/** What those who run a market see of it, and others do not. */
export type OperatorViews = {
  /** What is broken on purpose; undefined where nothing may be. */
  readonly faults:
    | { readonly on: readonly FaultSwitch[]; set(on: readonly FaultSwitch[]): void }
    | undefined
  /** What waits for a second person, and what was decided lately. */
  readonly proposals: () => Proposals
  /** How the market runs. Asked again within a moment it is the same answer. */
  readonly operations: () => Promise<Operations>
  /** Undefined before the market is open. */
  readonly rulebooks: () => Rulebooks | undefined
  /** Undefined where there is no such zone. */
  readonly whatIf: (zone: number, rulebook: Rulebook) => WhatIfAnswer | undefined
}
