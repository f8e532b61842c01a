import type { ContractTerms, PartyTrade } from '@busbar/protocols/api'

export type TradeAction = 'accept' | 'counter' | 'decline' | 'withdraw' | 'cancel' | 'exit'

/** The terms that a trade is about: what waits for an answer, else what is in force. */
export const shownTerms = ({ proposal, versions }: PartyTrade): ContractTerms | undefined =>
  proposal?.terms ?? versions.at(-1)?.terms

/** Which side of a trade an account is. */
export const sideOf = (terms: ContractTerms, account: number): 'seller' | 'buyer' =>
  terms.seller === account ? 'seller' : 'buyer'

/**
 * What a side may do now. Who has signed a proposal waits, and can take it back; who has not is
 * asked. What two offers met in nobody has signed yet.
 */
export function actionsOf(trade: PartyTrade, account: number): readonly TradeAction[] {
  const { proposal, versions, status } = trade
  if (proposal !== null) {
    const side = sideOf(proposal.terms, account)
    const own = side === 'seller' ? proposal.sellerSignature : proposal.buyerSignature
    if (own === null) {
      const isMatch = proposal.proposer === null
      return isMatch ? ['accept', 'decline'] : ['accept', 'counter', 'decline']
    }
    return ['withdraw']
  }
  const terms = versions.at(-1)?.terms
  if (status !== 'agreed' || terms === undefined) return []
  return terms.exitFeeMicros === null ? ['cancel'] : ['cancel', 'exit']
}

/** Energy of each interval, where it is the same in all; else of the whole window. */
export const energyOf = ({ profile, intervals }: ContractTerms): {
  readonly eachWh: number | null
  readonly totalWh: number
} =>
  profile.kind === 'per-interval'
    ? { eachWh: profile.energyWh, totalWh: profile.energyWh * intervals }
    : { eachWh: null, totalWh: profile.energyWh }

/** Trades that ask for something first, then those in force, then those that are over. */
export function inOrder(trades: readonly PartyTrade[], account: number): readonly PartyTrade[] {
  const rank = (trade: PartyTrade): number => {
    const actions = actionsOf(trade, account)
    if (actions.includes('accept')) return 0
    if (actions.includes('withdraw')) return 1
    return trade.status === 'agreed' ? 2 : 3
  }
  return trades.toSorted((a, b) => rank(a) - rank(b) || b.trade - a.trade)
}

/** What a signature binds to besides energy, price, time and rail. */
export type Condition =
  | { readonly kind: 'meter'; readonly meter: number }
  | { readonly kind: 'short'; readonly tolerance: number; readonly penalty: number }
  | { readonly kind: 'contracted' }
  | { readonly kind: 'exit'; readonly feeMicros: number }
  | { readonly kind: 'platform'; readonly platform: number; readonly feeMicrosPerKwh: number }

/** All of them, as they are for one side: nobody signs what was not shown. Parts are of 1. */
export function conditionsOf(terms: ContractTerms, account: number): readonly Condition[] {
  const { toleranceBasisPoints, penaltyBasisPoints, exitFeeMicros, platform } = terms
  const isSeller = sideOf(terms, account) === 'seller'
  return [
    { kind: 'meter', meter: isSeller ? terms.sellerMeter : terms.buyerMeter },
    ...(penaltyBasisPoints === 0 ? [] : [{
      ...{ kind: 'short' as const, tolerance: toleranceBasisPoints / 10_000 },
      penalty: penaltyBasisPoints / 10_000,
    }]),
    ...(terms.buyerShort === 'contracted' ? [{ kind: 'contracted' as const }] : []),
    ...(exitFeeMicros === null ? [] : [{ kind: 'exit' as const, feeMicros: exitFeeMicros }]),
    ...(platform === null ? [] : [{
      kind: 'platform' as const, platform, feeMicrosPerKwh: terms.platformFeeMicrosPerKwh,
    }]),
  ]
}
