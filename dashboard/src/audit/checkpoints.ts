import type { ChainTransaction, PublicInterval } from '@busbar/protocols/api'

/** How far what fixes an interval is on its way to the chain. */
export type Anchored = 'anchored' | 'waiting' | 'failed'

/** What the chain holds of an interval, so that the journal cannot say otherwise later. */
export type Checkpoint = {
  readonly zone: number
  readonly interval: number
  readonly startMs: number
  readonly endMs: number
  readonly state: Anchored
  readonly txHash: string | null
  readonly blockNumber: number | null
  readonly ordersRoot: string | null
  readonly fillsRoot: string | null
  /** Of the latest run that has one. */
  readonly run: number | null
  readonly readingsRoot: string | null
  readonly postingsRoot: string | null
}

function stateOf(transactions: readonly ChainTransaction[]): Anchored {
  if (transactions.some(({ status }) => status === 'failed')) return 'failed'
  return transactions.every(({ status }) => status === 'final') ? 'anchored' : 'waiting'
}

/**
 * Of the intervals that the chain is told of, in their order. One is anchored when all that it was
 * told of it is final there: an interval with a correction on its way waits again.
 */
export function checkpointsOf(intervals: readonly PublicInterval[]): readonly Checkpoint[] {
  return intervals.flatMap((one) => {
    const { commitment, runs, zone, interval, startMs, endMs, ordersRoot, fillsRoot } = one
    if (commitment === null) return []
    const last = runs.findLast(({ postingsRoot }) => postingsRoot !== null)
    const state = stateOf([commitment, ...runs.flatMap(({ transactions }) => transactions)])
    return [{
      ...{ zone, interval, startMs, endMs, state, ordersRoot, fillsRoot },
      ...{ txHash: commitment.txHash, blockNumber: commitment.blockNumber },
      run: last?.run ?? null,
      readingsRoot: last?.readingsRoot ?? null,
      postingsRoot: last?.postingsRoot ?? null,
    }]
  })
}
