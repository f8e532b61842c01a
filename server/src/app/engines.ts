import { clear, clearNaive } from '@busbar/core/clearing'
import { type Engine, openBooksOnly } from '@busbar/core/exchange'
import { reconcile, reconcileNaive } from '@busbar/core/settlement'

/** What a running market computes with. */
export const fastEngine: Engine = { clear, reconcile, commitment: openBooksOnly }

/** The second opinion: `busbar verify` replays a journal with it. */
export const naiveEngine: Engine = {
  clear: clearNaive, reconcile: reconcileNaive, commitment: openBooksOnly,
}
