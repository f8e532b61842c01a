import {
  type FaultOrder,
  type FaultState,
  type FaultSwitch,
  type Operations,
  type Proposals,
  routes,
  type RulebookDocument,
  type Rulebooks,
  type WhatIfAnswer,
} from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import { withQuery } from './requests.ts'

/** For those who run a market: `client.operator`. */
export class OperatorClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** What waits for a second person, and what was decided lately; see `isAsProposed`. */
  proposals(options?: CallOptions): Promise<Proposals> {
    return this.#calls.getPrivate<Proposals>(routes.proposals.path, options)
  }

  /** What is broken on purpose, in a market that is brought up to be looked at. */
  faults(options?: CallOptions): Promise<FaultState> {
    return this.#calls.getPrivate<FaultState>(routes.faults.path, options)
  }

  /** Breaks one thing, or no longer; from the machine of the server alone. */
  setFault(fault: FaultSwitch, isOn: boolean, options?: CallOptions): Promise<FaultState> {
    const order: FaultOrder = { fault, isOn }
    return this.#calls.postPrivate<FaultState>(routes.setFault.path, order, options)
  }

  /** Every rulebook that the market has or had. For everybody. */
  rulebooks(options?: CallOptions): Promise<Rulebooks> {
    return this.#calls.get<Rulebooks>(routes.rulebooks.path, options)
  }

  /**
   * What the past would have come to by another rulebook: asked again, how far it is, until its
   * `state` is `done`. What nobody asks for in fifteen seconds ends.
   *
   * @param asked `from` and `to` are the first and last interval: without them the last 30 days
   */
  whatIf(
    asked: {
      readonly rulebook: RulebookDocument
      readonly zone?: number
      readonly from?: number
      readonly to?: number
    },
    options?: CallOptions,
  ): Promise<WhatIfAnswer> {
    const { rulebook, ...rest } = asked
    const query = { rulebook: encodeURIComponent(JSON.stringify(rulebook)), ...rest }
    return this.#calls.getPrivate<WhatIfAnswer>(withQuery(routes.whatIf.path, query), options)
  }

  /** How the market runs: intervals by phase, rates, parts. */
  operations(options?: CallOptions): Promise<Operations> {
    return this.#calls.getPrivate<Operations>(routes.operations.path, options)
  }
}
