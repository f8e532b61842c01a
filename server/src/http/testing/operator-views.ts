import { derToCash } from '@busbar/core/rulebook'
import { FaultSwitches } from '../../app/operations/fault-switches.ts'
import type { OperatorViews, WhatIfAsked } from '../../app/ports/operator-views.ts'
import type { WhatIfAnswer } from '@busbar/protocols/api'

/* Fixed answers for those who run a market: what the routes must carry over. */

const hex = (byte: string, count: number): string => `0x${byte.repeat(count)}`

const faults = new FaultSwitches(() => false)

const whatIfAnswer = ({ rulebook, from = 90, to = 120, zone }: WhatIfAsked): WhatIfAnswer => {
  const own = { energyWh: 700, meanPriceMicrosPerKwh: 100_000, feesMicros: 350 }
  const other = { energyWh: 0, meanPriceMicrosPerKwh: null, feesMicros: 0 }
  const sums = {
    ...{ intervals: 29, own, other, refusedOrders: rulebook.version, movedMicros: 70_000 },
  }
  return {
    ...{ from, to, zone: zone ?? null, state: 'done', failure: null, reproducedIntervals: 29 },
    progress: { day: 2, days: 2, intervals: 29, of: 31, replayed: 400, entries: 400 },
    unheardFields: ['finalAfterIntervals'],
    zones: [{ zone: 0, ...sums }],
    days: [{ day: '1970-01-01', zone: 0, ...sums }],
    accounts: [
      { account: 4, name: 'alice', differenceMicros: -70_000 },
      { account: 1, name: null, differenceMicros: 70_000 },
    ],
    accountCount: 2,
    notReached: [{ zone: 0, reason: 'not_settled', intervals: 2 }],
  }
}

export const operator: OperatorViews = {
  faults,
  rulebooks: () => ({
    rulebooks: [{ fromInterval: 0, hash: hex('ab', 32), rulebook: derToCash }],
  }),
  whatIf: (asked) => {
    if (asked.zone === 9) return { refused: 'not_found', field: 'zone' }
    return whatIfAnswer(asked)
  },
  proposals: () => ({
    proposals: [
      {
        ...{ proposal: 2, status: 'refused', sequence: 40, atMs: 1_700_000_000_000 },
        ...{ expiresAtMs: 1_700_003_600_000, reason: 'not him' },
        decided: { account: 4, sequence: 41, atMs: 1_700_000_001_000 },
        instruction: {
          ...{ id: hex('1d', 16), account: 3, kind: 'suspend_participant' },
          ...{ content: { participant: 5 }, digest: hex('d1', 32), signature: hex('51', 65) },
        },
      },
    ],
    deadlineSeconds: 3_600,
  }),
  operations: async () => ({
    clock: { mode: 'real', nowMs: 1_700_000_000_000, speed: 1 },
    stages: [{ phase: 'delivery', count: 1, oldestMs: 1_700_000_000_000 }],
    exceptionCount: 3,
    intervals: [
      {
        ...{ zone: 0, interval: 120, startMs: 36_000_000, phase: 'metering', status: 'cleared' },
        ...{ sinceMs: 36_300_000, proof: 'overdue', orderCount: 4, voidCount: 1, meterCount: 2 },
        ...{ readCount: 1, estimatedCount: 1, runCount: 1, workMs: 812 },
        exceptions: ['proof_overdue', 'readings_missing'],
      },
    ],
    ordersPerSecond: [0, 4, 0],
    readingsPerSecond: [2, 0, 2],
    gateToReceipt: { count: 3, medianMs: 800, mostMs: 912 },
    parts: {
      outbox: { pending: 2, sinceFinalMs: 400 },
      chain: { chainId: 31_337, block: 90, answerMs: 3 },
      database: {
        ...{ sequence: 400, waiting: 0, commits: { count: 9, medianMs: 4, mostMs: 31 } },
      },
      committee: { waiting: 0, lateMs: 0 },
      prover: { unproven: 1, waiting: 1, oldestMs: 60_000 },
      disk: { freeBytes: 5_000_000_000, sizeBytes: 9_000_000_000 },
    },
    checks: [{ name: 'journal', ok: true, detail: 'at 400' }],
  }),
}
