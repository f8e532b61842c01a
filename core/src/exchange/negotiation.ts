import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import type { AcceptTrade, ProposeTrade } from './trade-command.ts'

export const proposeTrade = (_s: State, _at: number, _q: number, _c: ProposeTrade): Applied | Rejected =>
  reject('trades_not_offered')
export const acceptTrade = (_s: State, _at: number, _q: number, _c: AcceptTrade): Applied | Rejected =>
  reject('trades_not_offered')
