import type { IntervalRecord } from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import type { SentTransactionView, TransactionView } from '../ports/exchange-views.ts'
import type { Outbox, OutboxItem } from '../ports/outbox.ts'
import { provePrefix } from '../proving/proving-queue.ts'

/** Ids of chain calls begin with what they are for: see `SettlementChain.encode`. */
export const commitmentPrefix = (zone: number, interval: number): string =>
  `commit/${zone}/${interval}`
export const runPrefix = (zone: number, interval: number, run: number): string =>
  `settle/${zone}/${interval}/${run}`

export const transactionView = (item: TransactionView): TransactionView => ({
  description: item.description,
  status: item.status,
  txHash: item.txHash,
  blockNumber: item.blockNumber,
  gasUsed: item.gasUsed,
})

const belongs = (item: OutboxItem, prefix: string): boolean =>
  item.id === prefix || item.id.startsWith(`${prefix}/`)

/** The transaction that put price and fills on the chain. */
export const commitmentOf = (
  outbox: Outbox,
  record: IntervalRecord,
): Promise<TransactionView | null> =>
  newestOf(outbox, record.openedSequence, commitmentPrefix(record.zone, record.interval))

/** The transaction that put an order set, or a set of contracts, on the chain. */
export const fixedIn = (
  outbox: Outbox,
  sequence: number,
  { zone, interval }: { readonly zone: number; readonly interval: number },
): Promise<TransactionView | null> => newestOf(outbox, sequence, `fix/${zone}/${interval}`)

/** The transaction that pays a withdrawal; null where an owner took it from the chain itself. */
export const withdrawalTransaction = (
  outbox: Outbox,
  sequence: number,
  account: number,
): Promise<TransactionView | null> => newestOf(outbox, sequence, `withdraw/${account}`)

/** The newest proof that was sent. */
export const proofTransaction = (
  outbox: Outbox,
  record: IntervalRecord,
): Promise<TransactionView | null> =>
  newestOf(outbox, record.openedSequence, provePrefix(record.zone, record.interval))

async function newestOf(
  outbox: Outbox,
  sequence: number,
  prefix: string,
): Promise<TransactionView | null> {
  if (sequence < 0) return null
  const items = await outbox.ofJournalSequence(sequence)
  const item = items.findLast((candidate) => belongs(candidate, prefix))
  return item === undefined ? null : transactionView(item)
}

export async function runTransactions(
  outbox: Outbox,
  record: IntervalRecord,
  run: Run,
): Promise<readonly TransactionView[]> {
  const prefix = runPrefix(record.zone, record.interval, run.run)
  const items = await outbox.ofJournalSequence(run.sequence)
  return items.filter((item) => belongs(item, prefix)).map(transactionView)
}

/** The bytes of an interval's commitment and of its runs, as far as they are signed. */
export async function sentTransactions(
  outbox: Outbox,
  { zone, interval, openedSequence, runs }: IntervalRecord,
): Promise<readonly SentTransactionView[]> {
  const wanted = [
    { sequence: openedSequence, prefix: commitmentPrefix(zone, interval) },
    ...runs.map(({ run, sequence }) => ({ sequence, prefix: runPrefix(zone, interval, run) })),
  ]
  const found = await Promise.all(
    wanted.map(async ({ sequence, prefix }) => {
      const items = sequence < 0 ? [] : await outbox.ofJournalSequence(sequence)
      return items.filter((item) => belongs(item, prefix))
    }),
  )
  return found.flat().flatMap(({ txHash, raw }) =>
    txHash === null || raw === null ? [] : [{ txHash, raw }],
  )
}

/** The transaction that put roots on the chain: the first of a run that took effect in parts. */
export const committedIn = (transactions: readonly TransactionView[]): string | null =>
  transactions.find(({ txHash }) => txHash !== null)?.txHash ?? null
