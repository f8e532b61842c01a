import type { ContractTerms, LadderStep, OfferContent } from '../../trades/index.ts'
import type { Command } from '../index.ts'
import {
  firstInterval,
  hex,
  type Market,
  meters,
  type Person,
  testContract,
} from './market.ts'
import type { Case } from './rejection-case.ts'
import { acceptance, agree, openTradeMarket, proposal, termsOf } from './trade-market.ts'

/** What is asked of the small market with contracts, in short words for tables. */

type Side = 'alice' | 'bob' | 'carol'

export const open = (): Market => openTradeMarket()

/** A case on the small market with contracts. */
export const tradeCase = (one: Omit<Case, 'open' | 'options'>): Case => ({ open, ...one })

/** alice proposes a contract to bob with something wrong in it. */
export const propose = (change: Partial<ContractTerms>, by: Person = 'alice') =>
  (market: Market): Command => proposal(market, by, termsOf(market, 'alice', 'bob', change))

/** A case of `propose`: the field named is that of the terms. */
export const wrongTerms = (
  name: string,
  change: Partial<ContractTerms>,
  field: string,
): Case => tradeCase({ name, ask: propose(change), field: `terms.${field}` })

export const anyone: LadderStep = {
  with: 'anyone', number: null, source: 'any', priceMicrosPerKwh: 200_000,
}

export const placing = (change: Partial<OfferContent>, by: Side = 'alice') =>
  (market: Market): Command =>
    market.instruction('place_offer', by, {
      meter: meters[by],
      side: 'sell',
      source: 'any',
      fromInterval: firstInterval + 3,
      ...{ intervals: 1, energyWhPerInterval: 400 },
      ladder: [anyone],
      rails: ['clearing-house'],
      ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 1_000 },
      expiresAt: (firstInterval + 3) * 300_000 - 60_000,
      ...change,
    })

/** A case of `placing`. */
export const wrongOffer = (
  name: string,
  change: Partial<OfferContent>,
  field: string,
): Case => tradeCase({ name, ask: placing(change), field })

/** alice has invited bob: the contract that waits. */
export function invited(market: Market, change: Partial<ContractTerms> = {}): string {
  const terms = termsOf(market, 'alice', 'bob', change)
  market.must(proposal(market, 'alice', terms))
  return testContract(terms)
}

/** Both have signed: the contract in force. */
export function inForce(market: Market, change: Partial<ContractTerms> = {}): string {
  const terms = termsOf(market, 'alice', 'bob', change)
  agree(market, terms)
  return testContract(terms)
}

/** bob asks for a change of a contract. */
export const changing = (
  market: Market,
  replaces: string,
  change: Partial<ContractTerms> = {},
  by: Side = 'bob',
): Command =>
  proposal(market, by, termsOf(market, 'alice', 'bob', { id: hex(9, 32), replaces, ...change }))

export const accepting = (market: Market, contract: string, by: Side = 'bob'): Command =>
  acceptance(market, by, contract)

export const answering = (
  kind: 'decline_trade' | 'withdraw_trade' | 'exit_trade',
  market: Market,
  contract: string,
  by: Side = 'bob',
): Command => market.instruction(kind, by, { contract })

export const limiting = (market: Market, change: object = {}, by: Person = 'grid'): Command =>
  market.instruction('limit_delivery', by, {
    trade: 1, fromInterval: firstInterval + 2, intervals: 1, energyWh: 0, reason: 'fault',
    ...change,
  })
