/**
 * Goal: an interval counts as anchored only when all that the chain was told of it is final there.
 * Method: intervals whose transactions are in each state, and what comes of them.
 */
import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChainTransaction, PublicInterval } from '@busbar/protocols/api'
import { checkpointsOf } from './checkpoints.ts'

type Status = ChainTransaction['status']
const transaction = (status: Status | null) =>
  status === null ? null : { status, txHash: `0x${status}`, blockNumber: 7 }

/** An interval with its commitment and, of each run, the transactions, by how they stand. */
const interval = (commitment: Status | null, ...runs: readonly (readonly Status[])[]) =>
  ({
    ...{ zone: 0, interval: 5, startMs: 1, endMs: 2, ordersRoot: '0x01', fillsRoot: '0x02' },
    commitment: transaction(commitment),
    runs: runs.map((statuses, run) => ({
      run, readingsRoot: `0xa${run}`, postingsRoot: `0xb${run}`,
      transactions: statuses.map(transaction),
    })),
  }) as unknown as PublicInterval

describe('checkpoints', () => {
  const cases: readonly (readonly [PublicInterval, string | undefined])[] = [
    [interval(null), undefined],
    [interval('final'), 'anchored'],
    [interval('final', ['final', 'final']), 'anchored'],
    [interval('mined', ['final']), 'waiting'],
    [interval('final', ['final'], ['queued']), 'waiting'],
    [interval('final', ['final'], ['failed', 'queued']), 'failed'],
    [interval('failed'), 'failed'],
  ]
  for (const [index, [given, state]] of cases.entries()) {
    test(`case ${index + 1} is ${state ?? 'none'}`, () => {
      deepEqual(checkpointsOf([given]).map((one) => one.state), state === undefined ? [] : [state])
    })
  }

  test('hold the roots of the latest run', () => {
    const [found] = checkpointsOf([interval('final', ['final'], ['final'])])
    deepEqual(
      [found?.run, found?.readingsRoot, found?.postingsRoot, found?.ordersRoot, found?.txHash],
      [1, '0xa1', '0xb1', '0x01', '0xfinal'],
    )
    const [before] = checkpointsOf([interval('final')])
    deepEqual([before?.run, before?.postingsRoot, before?.blockNumber], [null, null, 7])
  })
})
