import { assert } from '../../errors/index.ts'
import { holdOf, lowerHeld, setHold } from '../../ledger/index.ts'
import { Micros } from '../../units/index.ts'
import type { Command } from '../command.ts'
import type { Effect } from '../outcome.ts'
import type { State } from '../state.ts'

/*
 * What is held for trades is held on the chain too: an owner that asks the chain for its money
 * without the exchange gets what is not held. A larger hold is told at once, a smaller one with the
 * next gate or run, so that the chain holds enough at all times. Told holds lapse: see
 * `ITradeHolds`.
 */

export type ChainHolds = {
  /** How many lists the chain was told. */
  lists: number
  /** By account, what is held for all of its trades. Without zeros. */
  readonly held: Map<number, Micros>
  /** By account, what the chain was told last, and when. Without zeros. */
  readonly told: Map<number, { readonly amount: Micros; readonly at: number }>
  /** Accounts of which something has changed since. */
  readonly changed: Set<number>
}

export const emptyChainHolds = (): ChainHolds => ({
  lists: 0,
  held: new Map(),
  told: new Map(),
  changed: new Set(),
})

/** How many accounts one list names: one transaction, with room for what a new account costs. */
export const holdsPerList = 400

/** Half of the time after which the chain lets a hold lapse, which is seven days. */
export const holdRenewedAfterMs = 302_400_000

/** Names what is held of an account's money for a trade. */
export const tradeHoldKey = (trade: number, account: number): string => `trade:${trade}:${account}`

/** What is held of an account's money for a trade. */
export const tradeHoldOf = (state: State, trade: number, account: number): Micros =>
  holdOf(state.ledger, tradeHoldKey(trade, account))

/** Sets aside `amount` of an account's money for a trade, in place of what was. Zero ends it. */
export function setTradeHold(state: State, trade: number, account: number, amount: Micros): void {
  const { held, changed } = state.trading.chainHolds
  const before = tradeHoldOf(state, trade, account)
  if (amount === before) return
  setHold(state.ledger, tradeHoldKey(trade, account), account, amount)
  const sum = Micros.from((held.get(account) ?? 0n) + amount - before)
  assert(sum >= 0n, 'what trades hold is not negative')
  if (sum === 0n) held.delete(account)
  else held.set(account, sum)
  changed.add(account)
}

/** What the chain must be told of holds after `command`, ascending by account. */
export function tellOfHolds(state: State, at: number, command: Command): Effect[] {
  const { held, told, changed } = state.trading.chainHolds
  const isGate = command.kind === 'close_gate'
  if (isGate) {
    for (const [account, { at: since }] of told) {
      if (at - since >= holdRenewedAfterMs) changed.add(account)
    }
  }
  if (changed.size === 0) return []
  const isGrown = (account: number): boolean =>
    (held.get(account) ?? 0n) > (told.get(account)?.amount ?? 0n)
  const isTime = isGate || command.kind === 'settle_interval'
  if (!isTime && ![...changed].some(isGrown)) return []
  // What has come back to what was told is not told again before it has to be renewed.
  const isToBeTold = (account: number): boolean => {
    const known = told.get(account)
    if ((held.get(account) ?? 0n) !== (known?.amount ?? 0n)) return true
    return isGate && known !== undefined && at - known.at >= holdRenewedAfterMs
  }
  const accounts = [...changed].sort((a, b) => a - b).filter(isToBeTold)
  changed.clear()
  const effects: Effect[] = []
  for (let from = 0; from < accounts.length; from += holdsPerList) {
    state.trading.chainHolds.lists += 1
    const { lists: list } = state.trading.chainHolds
    const part = accounts.slice(from, from + holdsPerList)
    const holds = part.map((account) => ({ account, amount: held.get(account) ?? Micros.zero }))
    effects.push({ kind: 'trade_holds_changed', list, holds })
    for (const { account, amount } of holds) {
      if (amount === 0n) told.delete(account)
      else told.set(account, { amount, at })
      lowerHeld(state.ledger, account, amount)
    }
  }
  return effects
}
