import { bilateralZone } from '@busbar/core/exchange'
import { Micros } from '@busbar/core/units'
import type { BookViews, CheckpointView } from '../../app/ports/book-views.ts'
import type { AnchoredTally } from '../../app/ports/tallies.ts'
import * as views from './views.ts'

const hash = (digit: string): string => digit.repeat(64)

/** Of interval 100: sound, and on the chain. */
export const anchored: AnchoredTally = {
  tally: {
    ...{ journalSequence: 380, at: 1_000, zone: 0, interval: 100, run: 0, kind: 'provisional' },
    money: {
      ...{ deposited: 10_000_000n, withdrawn: 1_000_000n, balances: 9_000_000n },
      ...{ outside: -9_000_000n, posted: 0n, moved: 42n },
    },
    energy: {
      ...{ injected: 700n, consumed: 650n, imported: 0n, exported: 50n, imbalanceBought: 0n },
      ...{ imbalanceSold: 0n, tradeBought: 0n, tradeSold: 0n, unexplained: 0n },
    },
    metered: { exported: 700n, imported: 650n, count: 2 },
    traded: { sold: 0n, bought: 0n, lacking: 0n },
    ...{ readingsRoot: `0x${hash('a')}`, postingsRoot: `0x${hash('b')}` },
  },
  anchor: {
    ...{ journalSequence: 380, at: 2_000, hasRoots: true },
    ...{ custody: 9_000_000n, ledger: 9_000_000n },
  },
  isFailed: false,
}

const checkpoint: CheckpointView = {
  ...{ sequence: 380, at: 1_000, kind: 'settle_interval' },
  ...{ previousHash: hash('0'), hash: hash('1') },
  transactions: [
    {
      ...{ part: 'run', zone: 0, interval: 100, run: 0, description: 'settle a run' },
      ...{ status: 'final', txHash: `0x${hash('7')}`, blockNumber: 12, gasUsed: 90_000 },
    },
  ],
}

const body = '{"interval":100,"kind":"settle_interval","zone":0}'

/** That all is well, from books of nobody. */
export const books: BookViews = {
  now: () => Promise.resolve(views.conservation),

  balances: () =>
    [0, 3, 4].map((account) => ({ account, balance: Micros.from(BigInt(account) * 7n) })),

  history: async ({ from = 96, step }) => [
    {
      ...{ interval: from, intervalCount: step, runCount: step, wrongCount: 0, waitingCount: 1 },
      ...{ energyIn: 700n, energyOut: 700n, moved: 42n, balances: 9_000_000n, custody: null },
    },
  ],

  interval: async (interval) => {
    if (interval !== 100) return undefined
    const trades = { ...anchored.tally, zone: bilateralZone }
    return [anchored, { ...anchored, tally: trades, anchor: null }]
  },

  checkpoints: async ({ from = 1, before = 400, limit }) => ({
    last: { sequence: 400, hash: hash('4') },
    heads: from <= 380 && before > 380 ? [checkpoint].slice(0, limit) : [],
  }),

  checkpoint: async (sequence) => {
    if (sequence !== 380) return undefined
    return { ...checkpoint, body, sent: [{ txHash: `0x${hash('7')}`, raw: '0x02c0' }] }
  },

  journal: async ({ from, limit }) => ({
    entries: Array.from({ length: Math.min(limit, 400 - from + 1) }, (_, n) => ({
      ...{ sequence: from + n, at: 1_000, kind: 'settle_interval', body },
      ...{ previousHash: hash('0'), hash: hash('1') },
    })),
    last: 400,
  }),
}
