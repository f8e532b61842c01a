import { participantOf, type State } from '@busbar/core/exchange'
import type { Domain } from '@busbar/protocols/eip712'
import type { Page, Reader } from '../../ports/exchange-service.ts'
import type { Outbox } from '../../ports/outbox.ts'
import type { ReceiptSigner } from '../../ports/receipts.ts'
import type { TradingViews } from '../../ports/trading-views.ts'
import { accountSeriesView, standingView } from './account-series.ts'
import { boardViews, ownOfferViews } from './board.ts'
import { contractProofViews } from './contract-proofs.ts'
import { customerEnergyViews } from './customer-energy.ts'
import { customerViews, tariffViews } from './customers.ts'
import {
  declarationViews,
  meterDataRequestViews,
  scheduleViews,
  zonesOf,
} from './declarations.ts'
import { meteredEnergyViews } from './metered-energy.ts'
import { defaultViews, paymentViews } from './payments.ts'
import { agreementViews, nettingViews, owedViews } from './retailers.ts'
import { TradedEnergyAnswers } from './traded-energy.ts'
import { wheelingView } from './wheeling.ts'
import { deliveryViews, tradeView, tradeViews } from './trades.ts'

/** What is shown of trades, from the state as it is when it is asked for. */
export function tradingViews(
  stateOf: () => State,
  domain: Domain,
  signer: ReceiptSigner,
  outbox: Outbox,
): TradingViews {
  const answers = new TradedEnergyAnswers(domain, signer)
  const exists = (account: number): boolean => participantOf(stateOf(), account) !== undefined
  return {
    offers: (filter, page) => boardViews(stateOf(), filter, page),
    ownOffers: (account, page) => ownOfferViews(stateOf(), account, page),
    trades: (reader, page, relation) => tradeViews(stateOf(), reader, page, relation),
    trade: (reader: Reader, trade: number) => tradeView(stateOf(), reader, trade),
    deliveries: (reader: Reader, trade: number, page: Page) =>
      deliveryViews(stateOf(), reader, trade, page),
    contractProofs: (reader, trade) => contractProofViews(stateOf(), reader, trade, outbox),
    payments: (account: number, page: Page) => paymentViews(stateOf(), account, page),
    defaults: (reader, account, page) => defaultViews(stateOf(), reader, account, page),
    customers: (retailer: number, page: Page) =>
      exists(retailer) ? customerViews(stateOf(), retailer, page) : undefined,
    tariffs: (retailer: number) => tariffViews(stateOf(), retailer),
    declarations: (retailer, page) =>
      exists(retailer) ? declarationViews(stateOf(), retailer, page) : undefined,
    meteredEnergy: (retailer, page) =>
      exists(retailer) ? meteredEnergyViews(stateOf(), retailer, page) : undefined,
    customerEnergy: (retailer, span) =>
      exists(retailer) ? customerEnergyViews(stateOf(), retailer, span) : undefined,
    meterDataRequests: (retailer: number) =>
      exists(retailer) ? meterDataRequestViews(stateOf(), retailer) : undefined,
    tradedEnergy: (reader, asked) => answers.answer(stateOf(), reader, asked),
    wheeling: (utility: number, page: Page) =>
      exists(utility) ? wheelingView(stateOf(), utility, page) : undefined,
    zonesOf: (utility: number) => zonesOf(stateOf(), utility),
    schedule: (utility: number, page: Page) =>
      exists(utility) ? scheduleViews(stateOf(), utility, page) : undefined,
    agreements: (reader: Reader, page: Page) => agreementViews(stateOf(), reader, page),
    nettings: (reader: Reader, page: Page) => nettingViews(stateOf(), reader, page),
    owed: (reader: Reader) => owedViews(stateOf(), reader),
    accountSeries: (account, period) => accountSeriesView(stateOf(), account, period),
    standing: (account) => standingView(stateOf(), account),
  }
}
