import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

export const tendTrades = (_s: State, _at: number, _q: number): Applied | Rejected =>
  reject('nothing_to_tend')
