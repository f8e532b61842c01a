import {
  type ItemResult,
  type MeterDataRequest,
  routes,
  type SignedAcceptance,
  type SignedProposal,
  type Trade,
} from '@busbar/protocols/api'
import type { Accepted, CallOptions, Calls } from './calls.ts'
import { fill, withQuery } from './requests.ts'

/** `nextFrom` is where the next page begins, null at the end. */
export type TradePage = { readonly trades: readonly Trade[]; readonly nextFrom: number | null }

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

  /** The trades that concern the reader, each as far as they do. */
  list(
    page: { readonly from?: number; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<TradePage> {
    return this.#calls.getPrivate<TradePage>(withQuery(routes.trades.path, page), options)
  }

  /** Readings of trading customers that a retailer still has to send. */
  async meterDataRequests(
    retailer: number,
    options?: CallOptions,
  ): Promise<readonly MeterDataRequest[]> {
    type Answer = { readonly requests: readonly MeterDataRequest[] }
    const path = fill(routes.meterDataRequests.path, { account: retailer })
    return (await this.#calls.getPrivate<Answer>(path, options)).requests
  }
}
