import { assert } from '../errors/index.ts'
import {
  addArrears,
  arrearsOf,
  leavingOf,
  type Ledger,
  unheldOf,
} from '../ledger/index.ts'
import { systemAccounts } from '../registry/index.ts'
import { netOf, noTrade, type Reason, type SettlementItem } from '../settlement/index.ts'
import { Micros, MicrosPerKwh } from '../units/index.ts'
import { participantOf } from './lookups.ts'
import type { State } from './state.ts'

/**
 * The extra items by which a payer that lacks money is stood in for: first by its retailer, then by
 * the guarantee. What they paid stands as arrears and is repaid first, out of the next credits.
 * Undefined if even the guarantee lacks it.
 *
 * @param ownHeld what an account has set aside for just this run
 */
export function coverShortfalls(
  state: State,
  ownHeld: (account: number) => bigint,
  items: readonly SettlementItem[],
): SettlementItem[] | undefined {
  const covers: SettlementItem[] = []
  const left = new Map<number, bigint>()
  const leftOf = (account: number): bigint =>
    left.get(account) ?? availableAtRun(state.ledger, ownHeld(account), account)
  const move = (from: number, to: number, amount: bigint, paid: Reason, received: Reason): void => {
    left.set(from, leftOf(from) - amount)
    left.set(to, leftOf(to) + amount)
    covers.push(moneyItem(from, paid, -amount), moneyItem(to, received, amount))
  }
  const net = netOf(items)
  for (const { account, amount } of net) left.set(account, leftOf(account) + amount)
  for (const { account } of net) {
    for (const creditor of creditorsOf(state, account)) {
      const short = -leftOf(account)
      if (short <= 0n) break
      const given = short < leftOf(creditor) ? short : leftOf(creditor)
      if (given > 0n) move(creditor, account, given, 'arrears_cover', 'arrears_covered')
    }
    if (leftOf(account) < 0n) return undefined
  }
  for (const { account, amount } of net) {
    let free: bigint = amount
    for (const creditor of creditorsOf(state, account)) {
      const owed = arrearsOf(state.ledger, account, creditor)
      const most = free < leftOf(account) ? free : leftOf(account)
      const repaid = owed < most ? owed : most
      if (repaid <= 0n) continue
      free -= repaid
      move(account, creditor, repaid, 'arrears_repaid', 'arrears_received')
    }
  }
  return covers
}

/**
 * Available to this interval: its own hold is there to be used, and so is what its owner has asked
 * the chain for, until the chain may pay it. Nothing if the chain has paid what was set aside.
 */
function availableAtRun(ledger: Ledger, own: bigint, account: number): bigint {
  const available = unheldOf(ledger, account) + own - leavingOf(ledger, account)
  return available > 0n ? available : 0n
}

function creditorsOf(state: State, account: number): readonly number[] {
  if (account === systemAccounts.guarantee) return []
  const retailer = participantOf(state, account)?.retailer ?? null
  return retailer === null ? [systemAccounts.guarantee] : [retailer, systemAccounts.guarantee]
}

export const moneyItem = (account: number, reason: Reason, amount: bigint): SettlementItem => ({
  account,
  meter: -1,
  trade: noTrade,
  reason,
  energy: 0n,
  price: MicrosPerKwh.zero,
  amount: Micros.from(amount),
})

/** Books what stands as arrears after the items of `coverShortfalls` were posted. */
export function noteArrears(ledger: Ledger, covers: readonly SettlementItem[]): void {
  for (let i = 0; i < covers.length; i += 2) noteArrearsOf(ledger, covers[i], covers[i + 1])
}

function noteArrearsOf(
  ledger: Ledger,
  payer: SettlementItem | undefined,
  payee: SettlementItem | undefined,
): void {
  assert(payer !== undefined && payee !== undefined, 'covers come in pairs')
  if (payer.reason === 'arrears_cover') {
    addArrears(ledger, payee.account, payer.account, payee.amount)
  } else addArrears(ledger, payer.account, payee.account, payer.amount)
}
