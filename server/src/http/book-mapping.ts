import type {
  CheckpointPart,
  ConservationHistory,
  JournalHead,
  JournalHeads,
  JournalSpan,
  Tally,
} from '@busbar/protocols/api'
import { tallyState, unexplainedIn } from '../app/ports/tally-rules.ts'
import type {
  CheckpointDetail, CheckpointPart as PartView, CheckpointView,
} from '../app/ports/book-views.ts'
import type { JournalEnd, JournalEntry } from '../app/ports/journal.ts'
import type { AnchoredTally, TallyPoint } from '../app/ports/tallies.ts'
import { sentJson } from './account-mapping.ts'
import { jsonInteger } from './json-numbers.ts'
import { energyJson, nullable, transactionJson } from './mapping.ts'

/* What shows that the books are whole to JSON, each field by name. */

/** By columns: the names stand once, not once for every point. */
export const historyJson = (step: number, points: readonly TallyPoint[]): ConservationHistory => ({
  step,
  interval: points.map(({ interval }) => interval),
  intervalCount: points.map(({ intervalCount }) => intervalCount),
  runCount: points.map(({ runCount }) => runCount),
  wrongCount: points.map(({ wrongCount }) => wrongCount),
  waitingCount: points.map(({ waitingCount }) => waitingCount),
  energyInWh: points.map(({ energyIn }) => jsonInteger(energyIn, 'energyInWh')),
  energyOutWh: points.map(({ energyOut }) => jsonInteger(energyOut, 'energyOutWh')),
  movedMicros: points.map(({ moved }) => jsonInteger(moved, 'movedMicros')),
  balancesMicros: points.map(({ balances }) => jsonInteger(balances, 'balancesMicros')),
  custodyMicros: points.map(({ custody }) => nullable(custody, 'custodyMicros')),
})

export function tallyJson(one: AnchoredTally): Tally {
  const { tally, anchor, isFailed } = one
  const { money, metered, traded } = tally
  const unexplained = unexplainedIn(tally)
  return {
    sequence: tally.journalSequence,
    atMs: tally.at,
    ...{ zone: tally.zone, run: tally.run, kind: tally.kind, state: tallyState(one) },
    money: {
      depositedMicros: jsonInteger(money.deposited, 'depositedMicros'),
      withdrawnMicros: jsonInteger(money.withdrawn, 'withdrawnMicros'),
      balancesMicros: jsonInteger(money.balances, 'balancesMicros'),
      outsideMicros: jsonInteger(money.outside, 'outsideMicros'),
      postedMicros: jsonInteger(money.posted, 'postedMicros'),
      movedMicros: jsonInteger(money.moved, 'movedMicros'),
      unexplainedMicros: jsonInteger(unexplained.money, 'unexplainedMicros'),
    },
    energy: energyJson(tally.energy),
    meters: {
      count: metered.count,
      exportedWh: jsonInteger(metered.exported, 'exportedWh'),
      importedWh: jsonInteger(metered.imported, 'importedWh'),
      soldWh: jsonInteger(traded.sold, 'soldWh'),
      boughtWh: jsonInteger(traded.bought, 'boughtWh'),
      unexplainedWh: jsonInteger(unexplained.energy, 'unexplainedWh'),
    },
    readingsRoot: tally.readingsRoot,
    postingsRoot: tally.postingsRoot,
    chain: anchor && {
      atMs: anchor.at,
      hasRoots: anchor.hasRoots,
      custodyMicros: jsonInteger(anchor.custody, 'custodyMicros'),
      ledgerMicros: jsonInteger(anchor.ledger, 'ledgerMicros'),
    },
    isFailed,
  }
}

const partJson = ({ part, zone, interval, run, ...transaction }: PartView): CheckpointPart => ({
  ...{ part, zone, interval, run },
  ...transactionJson(transaction),
})

const headJson = ({ sequence, at, hash, transactions }: CheckpointView) => ({
  ...{ sequence, atMs: at, hash },
  transactions: transactions.map(partJson),
})

export const headsJson = (
  last: JournalEnd,
  heads: readonly CheckpointView[],
  nextFrom: number | null,
): JournalHeads => ({
  last: { sequence: last.sequence, hash: last.hash },
  heads: heads.map(headJson),
  nextFrom,
})

/** Of a batch in many parts the first hold its roots. */
const sentMax = 8

export const detailJson = (view: CheckpointDetail): JournalHead => ({
  ...headJson(view),
  previousHash: view.previousHash,
  kind: view.kind,
  body: view.body,
  sent: view.sent.slice(0, sentMax).map(sentJson),
})

export const spanJson = (
  entries: readonly JournalEntry[],
  nextFrom: number | null,
): JournalSpan => ({
  entries: entries.map(({ sequence, at, kind, body, previousHash, hash }) => ({
    ...{ sequence, atMs: at, kind, body, previousHash, hash },
  })),
  nextFrom,
})
