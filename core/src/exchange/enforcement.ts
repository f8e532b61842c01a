import type { Default } from '../credit/index.ts'
import type { Applied, Effect } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import type { TradeInstructionContent } from './trade-command.ts'

export type DefaultCause = Pick<
  Default,
  'account' | 'creditor' | 'trade' | 'payment' | 'cause' | 'amount'
>

export const openDefault = (
  _state: State,
  _at: number,
  _sequence: number,
  _cause: DefaultCause,
): Effect[] => []

export const collateralNeeded = (
  _state: State,
  _sellerRetailer: number,
  _buyerRetailer: number,
  _interval: number,
): boolean => true

type Handled = Applied | Rejected
type Content = TradeInstructionContent

export const recordAgreement = (
  _state: State, _sequence: number, _by: number, _content: Content['record_agreement'],
): Handled => reject('trades_not_offered')
export const appealDefault = (
  _state: State, _at: number, _sequence: number, _by: number, _content: Content['appeal_default'],
): Handled => reject('default_unknown')
export const decideAppeal = (
  _state: State, _at: number, _sequence: number, _by: number, _content: Content['decide_appeal'],
): Handled => reject('default_unknown')
export const recordEnforcement = (
  _state: State, _sequence: number, _by: number, _content: Content['record_enforcement'],
): Handled => reject('default_unknown')
