import { Micros } from '../units/index.ts'
import type { Ledger } from './ledger.ts'

const key = (debtor: number, creditor: number): string => `${debtor}:${creditor}`

/** Notes that `creditor` paid `amount` in the place of `debtor`. */
export function addArrears(ledger: Ledger, debtor: number, creditor: number, amount: Micros): void {
  const at = key(debtor, creditor)
  const total = Micros.add(ledger.arrears.get(at) ?? Micros.zero, amount)
  if (total === 0n) ledger.arrears.delete(at)
  else ledger.arrears.set(at, total)
}

export const arrearsOf = (ledger: Ledger, debtor: number, creditor: number): Micros =>
  ledger.arrears.get(key(debtor, creditor)) ?? Micros.zero
