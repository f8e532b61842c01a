import type { Rulebook } from '@busbar/core/rulebook'
import type {
  FaultSwitch, Operations, Proposals, Rulebooks, WhatIfAnswer,
} from '@busbar/protocols/api'

/** What those who run a market see of it, and others do not. */
export type OperatorViews = {
  /** What is broken on purpose; undefined where nothing may be. */
  readonly faults:
    | {
        readonly on: readonly FaultSwitch[]
        /** What this market has that can be broken. */
        readonly offered: readonly FaultSwitch[]
        turn(one: FaultSwitch, isOn: boolean): void
      }
    | undefined
  /** What waits for a second person, and what was decided lately. */
  readonly proposals: () => Proposals
  /** How the market runs. Asked again within a moment it is the same answer. */
  readonly operations: () => Promise<Operations>
  /** Undefined before the market is open. */
  readonly rulebooks: () => Rulebooks | undefined
  /** As far as it is. */
  readonly whatIf: (asked: WhatIfAsked) => WhatIfAnswer | WhatIfRefused
}

export type WhatIfAsked = {
  readonly rulebook: Rulebook
  /** The first and the last interval: the last thirty days where nothing is said. */
  readonly from: number | undefined
  readonly to: number | undefined
  /** All of them where nothing is said. */
  readonly zone: number | undefined
}

/** Why a question cannot be answered. */
export type WhatIfRefused = {
  readonly refused: 'market_not_open' | 'not_found' | 'field_invalid' | 'rulebook_incomparable'
  readonly field?: string
  readonly limit?: string
}
