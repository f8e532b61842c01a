import {
  type ItemResult,
  routes,
  type SignedAcceptance,
  type SignedProposal,
} from '@busbar/protocols/api'
import type { Accepted, CallOptions, Calls } from './calls.ts'

/**
 * Contracts between named parties: `client.trades`. Refusing, taking back and leaving, offers and
 * limits are instructions: see `Signer.instruction` and `BusbarClient.instruct`.
 */
export class TradeClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** Any number of contracts that one side has signed; `digest` of a result is the contract's. */
  submitProposals(
    contracts: readonly SignedProposal[],
    options?: CallOptions,
  ): Promise<ItemResult[]> {
    const { path } = routes.submitContracts
    return this.#calls.submit<ItemResult>(path, 'contracts', contracts, options)
  }

  /** An invitation, a counter-offer or a change of what is in force, by what the terms replace. */
  propose(contract: SignedProposal, options?: CallOptions): Promise<Accepted<ItemResult>> {
    const { path } = routes.submitContracts
    return this.#calls.one<ItemResult>(path, 'contracts', contract, options)
  }

  submitAcceptances(
    acceptances: readonly SignedAcceptance[],
    options?: CallOptions,
  ): Promise<ItemResult[]> {
    const { path } = routes.submitAcceptances
    return this.#calls.submit<ItemResult>(path, 'acceptances', acceptances, options)
  }

  accept(acceptance: SignedAcceptance, options?: CallOptions): Promise<Accepted<ItemResult>> {
    const { path } = routes.submitAcceptances
    return this.#calls.one<ItemResult>(path, 'acceptances', acceptance, options)
  }
}
