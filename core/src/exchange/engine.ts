import type { Clearing, Order } from '../clearing/index.ts'
import { assert } from '../errors/index.ts'
import type { Allocation, AllocationInput, MeteredTrades, Shortages } from '../metering/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import type {
  ActualsInput,
  ActualsOutcome,
  Reconciliation,
  ReconciliationInput,
} from '../settlement/index.ts'
import type { ContractTerms } from '../trades/index.ts'
import type { Opening } from './command.ts'

/** What a commitment is bound to, beside the market that the engine is made for. */
export type CommitmentContext = {
  readonly zone: number
  readonly interval: number
  /** The one in force for the interval. */
  readonly rulebook: Rulebook
}

/** What decides who is paid exists twice, fast and obvious; and what the market names things by. */
export type Engine = {
  readonly clear: (orders: readonly Order[]) => Clearing
  readonly reconcile: (input: ReconciliationInput) => Reconciliation
  readonly allocate: (input: AllocationInput) => Allocation
  readonly shortages: (input: MeteredTrades) => Shortages
  readonly settleActuals: (input: ActualsInput) => ActualsOutcome
  /** The identity of a contract, which both sides sign: `0x` and 64 lower-case hex. */
  readonly contract: (terms: ContractTerms) => string
  /**
   * The commitment that an opening has, `0x` and 64 lower-case hex. Only asked about openings whose
   * numbers a commitment can hold: see `isOpening`.
   */
  readonly commitment: (context: CommitmentContext, opening: Opening) => string
}

/** For markets whose offers never meet: a match is what a contract is named for here. */
export const withoutMatches: Engine['contract'] = () => {
  assert(false, 'nobody proposes a contract for others')
}

/** For markets all of whose books are open: there is nothing to ask it about. */
export const openBooksOnly: Engine['commitment'] = () => {
  assert(false, 'an open book has no commitments')
}
