import type { ContractVersion, Trade } from '../trades/index.ts'
import type { Posting } from '../ledger/index.ts'
import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import type { Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** Books what a trade owes outside of the ledger. */
export function bookDues(state: State, _trade: number, net: readonly Posting[]): void {
  let sum = 0n
  for (const { account, amount } of net) {
    sum += amount
    state.trading.dues.set(account, Micros.add(state.trading.dues.get(account) ?? Micros.zero, amount))
  }
  assert(sum === 0n, 'what a trade owes sums to zero')
}

export const reserveOutside = (
  _state: State,
  _at: number,
  _trade: Trade,
  _version: ContractVersion,
): Rejected | undefined => undefined
