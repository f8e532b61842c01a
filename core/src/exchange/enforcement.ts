import type { Default } from '../credit/index.ts'
import type { Effect } from './outcome.ts'
import type { State } from './state.ts'

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
