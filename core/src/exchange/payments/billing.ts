import { availableOf } from '../../ledger/index.ts'
import { debtsIn, pairOf, planBills, type PlannedBill } from '../../payments/index.ts'
import { systemAccounts } from '../../registry/index.ts'
import type { ContractTerms } from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { moveFlow } from './dues.ts'
import { paymentsOfTrade } from './payment-moves.ts'
import type { State } from '../state.ts'
import { bookDrawn } from '../trading/charges.ts'

/*
 * Bills are in whole cents. What is below a cent is carried between the two whom it is between,
 * and goes with the next bill between them; when their trade is over, on the ledger.
 */

export const isByBill = ({ rail }: ContractTerms): boolean =>
  rail === 'bill-seller' || rail === 'bill-platform'

/** The bills by which a trade is to be paid, with what was carried; what is left is carried on. */
export function takeBills(
  state: State,
  trade: number,
  terms: ContractTerms,
  owed: ReadonlyMap<number, Micros>,
): readonly PlannedBill[] {
  const { trading } = state
  const { bills, carried } = planBills(
    owed,
    trading.carried,
    paymentsOfTrade(state, trade),
    terms,
  )
  for (const [key, amount] of carried) {
    if (amount === 0n) trading.carried.delete(key)
    else trading.carried.set(key, amount)
  }
  return bills
}

/**
 * Posts what is carried between those of a trade that is over, with the next run of trades: no bill
 * may come between them any more. Where who owes it has not so much on the ledger it is carried on.
 */
export function endCarried(
  state: State,
  sequence: number,
  trade: number,
  { seller, buyer, platform }: ContractTerms,
): void {
  const { carried } = state.trading
  const { rounding, fees } = systemAccounts
  const accounts = [rounding, fees, ...(platform === null ? [] : [platform]), seller, buyer]
  for (const key of pairsOf(accounts)) {
    for (const flow of debtsIn(new Map([[key, carried.get(key) ?? Micros.zero]]))) {
      const { from: payer, to: payee, amount } = flow
      if (amount === 0n || availableOf(state.ledger, payer) < amount) continue
      carried.delete(key)
      moveFlow(state, flow)
      bookDrawn(state, { trade, kind: 'remainder', payer, payee, amount, sequence })
    }
  }
}

/** Of each two of some accounts. */
const pairsOf = (accounts: readonly number[]): ReadonlySet<string> =>
  new Set(
    accounts.flatMap((one, place) =>
      accounts.slice(place + 1).flatMap((other) => (one === other ? [] : [pairOf(one, other)])),
    ),
  )
