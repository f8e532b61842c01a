import { holdOf, releaseHold, setHold } from '../../ledger/index.ts'
import type { ContractTerms } from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import type { IntervalRecord, State } from '../state.ts'
import type { Charge } from './trading-state.ts'

/*
 * What a change of a trade costs is posted with the trades of the next interval whose gate closes,
 * and set aside until then.
 */

/** Whether a charge is paid from the ledger: other rails collect it with what else is owed. */
export const chargeable = ({ rail }: ContractTerms): boolean => rail === 'clearing-house'

const chargeHoldKey = ({ sequence, trade, kind, payer, payee }: Charge): string =>
  `charge:${sequence}:${trade}:${kind}:${payer}:${payee}`

/** Books a charge that the payer has the money for, where it is paid from the ledger. */
export function bookCharge(state: State, terms: ContractTerms, charge: Charge): void {
  if (charge.amount === 0n) return
  state.trading.charges.push(charge)
  if (!chargeable(terms)) return
  setHold(state.ledger, chargeHoldKey(charge), charge.payer, charge.amount)
}

/**
 * Books what is drawn from collateral, or left below what a bill can carry, which is on the ledger
 * whatever the rail. Two of a kind between the same two are one.
 */
export function bookDrawn(state: State, charge: Charge): void {
  const { charges } = state.trading
  const key = chargeHoldKey(charge)
  const place = charges.findIndex((one) => chargeHoldKey(one) === key)
  const before = charges[place]?.amount ?? Micros.zero
  const whole = { ...charge, amount: Micros.add(before, charge.amount) }
  if (place < 0) charges.push(whole)
  else charges[place] = whole
  setHold(state.ledger, key, whole.payer, whole.amount)
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
