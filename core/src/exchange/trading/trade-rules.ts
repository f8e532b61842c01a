import { assert } from '../../errors/index.ts'
import type { TradeRules } from '../../rulebook/index.ts'
import type { ContractTerms, Trade } from '../../trades/index.ts'
import { rulebookFor } from '../lookups.ts'
import type { State } from '../state.ts'

/** The contract of a trade that was agreed. */
export function contractOf(trade: Trade): ContractTerms {
  const terms = trade.versions.at(-1)?.terms
  assert(terms !== undefined, 'a trade that owes was agreed')
  return terms
}

export function agreedTrade(state: State, number: number): Trade {
  const trade = state.trading.trades.get(number)
  assert(trade !== undefined, 'a trade is kept while something of it can change')
  return trade
}

/** The rules that a contract is under: those of its first interval. */
export function rulesFor(state: State, { fromInterval }: ContractTerms): TradeRules {
  const { trades } = rulebookFor(state, fromInterval)
  assert(trades !== undefined, 'a contract has rules')
  return trades
}

export const tradeRulesOf = (state: State, number: number): TradeRules =>
  rulesFor(state, contractOf(agreedTrade(state, number)))
