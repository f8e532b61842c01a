import { holdOf, releaseHold, setHold } from '../../ledger/index.ts'
import type { ContractTerms } from '../../trades/index.ts'
import type { IntervalRecord, State } from '../state.ts'
import type { Charge } from './trading-state.ts'

/*
 * What a change of a trade costs is posted with the trades of the next interval whose gate closes,
 * and set aside until then.
 */

/** Whether a charge is paid from the ledger: other rails collect it with what else is owed. */
export const chargeable = ({ rail }: ContractTerms): boolean => rail === 'clearing-house'

const chargeHoldKey = ({ sequence, trade, payer, payee }: Charge): string =>
  `charge:${sequence}:${trade}:${payer}:${payee}`

/** Books a charge that the payer has the money for, where it is paid from the ledger. */
export function bookCharge(state: State, terms: ContractTerms, charge: Charge): void {
  if (charge.amount === 0n) return
  state.trading.charges.push(charge)
  if (!chargeable(terms)) return
  setHold(state.ledger, chargeHoldKey(charge), charge.payer, charge.amount)
}

/** Books what is drawn from collateral, which is on the ledger whatever the rail. */
export function bookDrawn(state: State, charge: Charge): void {
  state.trading.charges.push(charge)
  setHold(state.ledger, chargeHoldKey(charge), charge.payer, charge.amount)
}

/** What an account has set aside for the charges of an interval. */
export function heldForCharges(state: State, { charges }: IntervalRecord, account: number): bigint {
  let held = 0n
  for (const charge of charges) {
    if (charge.payer === account) held += holdOf(state.ledger, chargeHoldKey(charge))
  }
  return held
}

/** They are posted. */
export function releaseCharges(state: State, { charges }: IntervalRecord): void {
  for (const charge of charges) releaseHold(state.ledger, chargeHoldKey(charge))
}
