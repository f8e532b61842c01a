import type { State } from '@busbar/core/exchange'
import type { Reader } from '../../ports/exchange-service.ts'
import type { Outbox } from '../../ports/outbox.ts'
import type { ContractProofView } from '../../ports/trading-views.ts'
import { contractProof } from '../proofs.ts'
import { relationOf } from './relation.ts'

/**
 * Of each contract of a trade, that it is on the chain: to its parties, and to the retailers and
 * utilities that it concerns. A digest tells nothing to who does not have the terms.
 */
export async function contractProofViews(
  state: State,
  reader: Reader,
  number: number,
  outbox: Outbox,
): Promise<readonly ContractProofView[] | undefined> {
  const trade = state.trading.trades.get(number)
  if (trade === undefined || relationOf(state, reader, trade) === undefined) return undefined
  return await Promise.all(trade.versions.map(async ({ contract }) => ({
    contract,
    proof: await contractProof(state, contract, outbox),
  })))
}
