import {
  type AgreementView,
  type BoardOffer,
  type ContractItemResult,
  type ContractProof,
  type ContractProofs,
  type Customer,
  type CustomerEnergies,
  type Declaration,
  type DefaultView,
  type MeterDataRequest,
  type MeteredEnergyLine,
  type NettingView,
  type OwedView,
  type PaymentView,
  routes,
  type RetailerTariff,
  type ScheduledFlow,
  type SignedAcceptance,
  type SignedProposal,
  type TradedEnergy,
  type Trade,
  type TradeDelivery,
  type WheelingLine,
  type WheelingRate,
} from '@busbar/protocols/api'
import type { Accepted, CallOptions, Calls } from './calls.ts'
import type { OrderedQuery, PageQuery, SpanQuery } from './queries.ts'
import { fill, withQuery } from './requests.ts'

/** `nextFrom` is where the next page begins, null at the end. */
type Paged<Field extends string, Item> = { readonly [Name in Field]: readonly Item[] } & {
  readonly nextFrom: number | null
}

export type TradePage = Paged<'trades', Trade>
export type DeliveryPage = Paged<'deliveries', TradeDelivery> & { readonly trade: number }
export type BoardPage = Paged<'offers', BoardOffer>
export type DefaultPage = Paged<'defaults', DefaultView> & { readonly account: number }
export type CustomerPage = Paged<'customers', Customer> & {
  readonly retailer: number
  /** What the retailer has set, ascending: each holds until the next. */
  readonly tariffs: readonly RetailerTariff[]
}
export type DeclarationPage = Paged<'declarations', Declaration> & { readonly retailer: number }
export type MeteredEnergyPage = Paged<'energies', MeteredEnergyLine> & {
  readonly retailer: number
}
export type WheelingPage = Paged<'lines', WheelingLine> & {
  readonly utility: number
  readonly rates: readonly WheelingRate[]
}
export type SchedulePage = Paged<'flows', ScheduledFlow> & {
  readonly utility: number
  /** Whose wires are the utility's. */
  readonly zones: readonly number[]
}
export type AgreementPage = Paged<'agreements', AgreementView>
/** `owed` waits for the next netting. */
export type NettingPage = Paged<'nettings', NettingView> & { readonly owed: readonly OwedView[] }
/** Below zero `duesMicros` are owed outside of the ledger and not paid yet. */
export type PaymentPage = Paged<'payments', PaymentView> & {
  readonly account: number
  readonly duesMicros: number
  readonly prepaidMicros: number
}

export type TradeQuery = OrderedQuery & { readonly relation?: Trade['relation'] }

export type BoardQuery = OrderedQuery & {
  readonly side?: 'buy' | 'sell'
  readonly zone?: number
  readonly source?: BoardOffer['content']['source']
  /** Only offers whose window holds it. */
  readonly interval?: number
}

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
  ): Promise<ContractItemResult[]> {
    const { path } = routes.submitContracts
    return this.#calls.submit<ContractItemResult>(path, 'contracts', contracts, options)
  }

  /**
   * An invitation, a counter-offer or a change of what is in force, by what the terms replace. The
   * answer has the number of the trade.
   */
  propose(contract: SignedProposal, options?: CallOptions): Promise<Accepted<ContractItemResult>> {
    const { path } = routes.submitContracts
    return this.#calls.one<ContractItemResult>(path, 'contracts', contract, options)
  }

  submitAcceptances(
    acceptances: readonly SignedAcceptance[],
    options?: CallOptions,
  ): Promise<ContractItemResult[]> {
    const { path } = routes.submitAcceptances
    return this.#calls.submit<ContractItemResult>(path, 'acceptances', acceptances, options)
  }

  accept(
    acceptance: SignedAcceptance,
    options?: CallOptions,
  ): Promise<Accepted<ContractItemResult>> {
    const { path } = routes.submitAcceptances
    return this.#calls.one<ContractItemResult>(path, 'acceptances', acceptance, options)
  }

  /** The trades that concern the reader, each as far as they do. */
  list(page: TradeQuery = {}, options?: CallOptions): Promise<TradePage> {
    return this.#calls.getPrivate<TradePage>(withQuery(routes.trades.path, page), options)
  }

  /** One trade, as far as it concerns the reader. Check its contracts: `checkContract`. */
  get(trade: number, options?: CallOptions): Promise<Trade> {
    return this.#calls.getPrivate<Trade>(fill(routes.trade.path, { trade }), options)
  }

  /** What the trade owed in each interval, and what was delivered. */
  deliveries(trade: number, page: PageQuery = {}, options?: CallOptions): Promise<DeliveryPage> {
    const path = withQuery(fill(routes.tradeDeliveries.path, { trade }), page)
    return this.#calls.getPrivate<DeliveryPage>(path, options)
  }

  /** Where the contracts of a trade are on the chain. Check each: `verifyContractProof`. */
  async proofs(trade: number, options?: CallOptions): Promise<readonly ContractProof[]> {
    const path = fill(routes.contractProofs.path, { trade })
    return (await this.#calls.getPrivate<ContractProofs>(path, options)).contracts
  }

  /** Standing offers and requests, for everybody to read. */
  board(query: BoardQuery = {}, options?: CallOptions): Promise<BoardPage> {
    return this.#calls.get<BoardPage>(withQuery(routes.offers.path, query), options)
  }

  /** What an account has on the board itself, with every step of its ladders. */
  offers(account: number, page: OrderedQuery = {}, options?: CallOptions): Promise<BoardPage> {
    const path = withQuery(fill(routes.accountOffers.path, { account }), page)
    return this.#calls.getPrivate<BoardPage>(path, options)
  }

  /** Payments of an account on rails outside of the ledger. */
  payments(account: number, page: PageQuery = {}, options?: CallOptions): Promise<PaymentPage> {
    const path = withQuery(fill(routes.payments.path, { account }), page)
    return this.#calls.getPrivate<PaymentPage>(path, options)
  }

  /** Defaults of an account, or of the customers of a retailer. */
  defaults(account: number, page: PageQuery = {}, options?: CallOptions): Promise<DefaultPage> {
    const path = withQuery(fill(routes.defaults.path, { account }), page)
    return this.#calls.getPrivate<DefaultPage>(path, options)
  }

  /** Whom a retailer supplies now. */
  customers(retailer: number, page: PageQuery = {}, options?: CallOptions): Promise<CustomerPage> {
    const path = withQuery(fill(routes.customers.path, { account: retailer }), page)
    return this.#calls.getPrivate<CustomerPage>(path, options)
  }

  /** What a retailer's customers have traded, which it must not bill; whole intervals a page. */
  declarations(
    retailer: number,
    page: SpanQuery = {},
    options?: CallOptions,
  ): Promise<DeclarationPage> {
    const path = withQuery(fill(routes.declarations.path, { account: retailer }), page)
    return this.#calls.getPrivate<DeclarationPage>(path, options)
  }

  /** What the meters of a retailer's customers showed; whole intervals a page. */
  meteredEnergy(
    retailer: number,
    page: SpanQuery = {},
    options?: CallOptions,
  ): Promise<MeteredEnergyPage> {
    const path = withQuery(fill(routes.meteredEnergy.path, { account: retailer }), page)
    return this.#calls.getPrivate<MeteredEnergyPage>(path, options)
  }

  /** Where customers' energy went in some intervals, and what is left to bill, in sums. */
  customerEnergy(
    retailer: number,
    asked: { readonly from: number; readonly intervals: number },
    options?: CallOptions,
  ): Promise<CustomerEnergies> {
    const path = withQuery(fill(routes.customerEnergy.path, { account: retailer }), asked)
    return this.#calls.getPrivate<CustomerEnergies>(path, options)
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

  /** Signed proofs of what a meter traded. They say nothing before `verifyTradedEnergy`. */
  tradedEnergy(
    meter: number,
    period: { readonly from: number; readonly count: number },
    options?: CallOptions,
  ): Promise<TradedEnergy> {
    const path = withQuery(fill(routes.tradedEnergy.path, { meter }), period)
    return this.#calls.getPrivate<TradedEnergy>(path, options)
  }

  /** What a utility charges for what trades delivered over its wires; whole intervals a page. */
  wheeling(utility: number, page: PageQuery = {}, options?: CallOptions): Promise<WheelingPage> {
    const path = withQuery(fill(routes.wheeling.path, { account: utility }), page)
    return this.#calls.getPrivate<WheelingPage>(path, options)
  }

  /** What trades will put in and take out in a utility's zones. */
  schedule(utility: number, page: PageQuery = {}, options?: CallOptions): Promise<SchedulePage> {
    const path = withQuery(fill(routes.schedule.path, { account: utility }), page)
    return this.#calls.getPrivate<SchedulePage>(path, options)
  }

  /** What binds the reader to other retailers; to operators and auditors all there is. */
  agreements(page: PageQuery = {}, options?: CallOptions): Promise<AgreementPage> {
    return this.#calls.getPrivate<AgreementPage>(withQuery(routes.agreements.path, page), options)
  }

  /** The reader's transfers with other retailers; to operators and auditors all there are. */
  nettings(page: PageQuery = {}, options?: CallOptions): Promise<NettingPage> {
    return this.#calls.getPrivate<NettingPage>(withQuery(routes.nettings.path, page), options)
  }
}

/**
 * All items of a read that comes in pages, page by page.
 *
 *     for await (const { trades } of pagesOf((page) => client.trades.list(page))) …
 *
 * @param from where the first page begins; at the first item if undefined
 */
export async function* pagesOf<Page extends { readonly nextFrom: number | null }>(
  read: (query: PageQuery) => Promise<Page>,
  from?: number,
): AsyncGenerator<Page, void, undefined> {
  for (let next: number | null | undefined = from; next !== null; ) {
    const page: Page = await read(next === undefined ? {} : { from: next })
    yield page
    next = page.nextFrom
  }
}
