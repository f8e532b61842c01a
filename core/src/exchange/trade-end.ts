import type { Trade } from '../trades/index.ts'
import type { Effect } from './outcome.ts'
import type { State } from './state.ts'

/** The window of a trade has passed, or was cut short: it owes nothing more. */
export function endTrade(state: State, trade: Trade): Effect[] {
  state.trading.inForce.delete(trade.trade)
  if (trade.status !== 'agreed') return []
  trade.status = 'completed'
  return [{ kind: 'trade_changed', trade: trade.trade, what: 'completed' }]
}

/** Cuts a trade short: the gate of `interval` is the first at which it owes nothing. */
export function cutShort(
  trade: Trade,
  interval: number,
  status: Extract<Trade['status'], 'cancelled' | 'exited' | 'terminated'>,
  reason: string,
): Effect {
  if (interval < trade.endsAt) trade.endsAt = interval
  trade.status = status
  trade.reason = reason
  return { kind: 'trade_changed', trade: trade.trade, what: status }
}
