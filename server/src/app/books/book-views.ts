import type { Lane } from '../lane.ts'
import type {
  BookViews, CheckpointDetail, CheckpointPart, CheckpointView,
} from '../ports/book-views.ts'
import type { OutboxSender, SettlementChain } from '../ports/chain.ts'
import type { Store } from '../ports/store.ts'
import type { JournalHead, OutboxSummary } from '../ports/tallies.ts'
import type { Snapshots } from '../snapshots.ts'
import { auditBalances } from '../views/audit.ts'
import { transactionView } from '../views/transactions.ts'
import { conservationView } from './conservation-now.ts'

export type BookParts = {
  readonly lane: Lane
  readonly store: Store
  readonly chain: SettlementChain
  readonly sender: OutboxSender
  readonly snapshots: Snapshots
}

/** What shows that the books are whole: now from the state, before from what was written then. */
export function bookViews(parts: BookParts): BookViews {
  const { lane, store, chain, sender, snapshots } = parts
  const { tallies } = store
  return {
    now: () => conservationView(lane.state, chain, sender.pending, snapshots.newest),

    balances: () => auditBalances(lane.state),

    async history({ from, points, step }) {
      if (lane.state.market === null) return undefined
      if (from !== undefined) return tallies.points(from, points, step)
      const newest = await tallies.newestInterval()
      if (newest === undefined) return []
      const last = Math.floor(newest / step) * step
      return tallies.points(Math.max(0, last - (points - 1) * step), points, step)
    },

    async interval(interval) {
      const found = await tallies.ofInterval(interval)
      return found.length === 0 ? undefined : found
    },

    async checkpoints({ limit, ...span }) {
      const heads = await tallies.checkpoints(span, limit)
      return { last: lane.end, heads: await withTransactions(store, heads) }
    },

    async journal({ from, limit }) {
      const last = lane.end.sequence
      return { entries: await store.read(Math.max(0, from - 1), limit), last }
    },

    checkpoint: (sequence) => checkpointOf(store, sequence),
  }
}

async function withTransactions(
  store: Store,
  heads: readonly JournalHead[],
): Promise<readonly CheckpointView[]> {
  const found = await store.tallies.transactionsOf(heads.map(({ sequence }) => sequence))
  const bySequence = Map.groupBy(found, ({ journalSequence }) => journalSequence)
  return heads.map((head) => ({
    ...head,
    transactions: (bySequence.get(head.sequence) ?? []).flatMap((one) => partOf(one) ?? []),
  }))
}

const partNames: Readonly<Record<string, CheckpointPart['part']>> = {
  ...{ fix: 'orders', commit: 'clearing', settle: 'run', prove: 'proof', 'prove-part': 'proof' },
}

/** Ids of chain calls begin with what they are for: see `SettlementChain.encode`. */
function partOf(item: OutboxSummary): CheckpointPart | undefined {
  const [name = '', zone, interval, run] = item.id.split('/')
  const part = partNames[name]
  if (part === undefined) return undefined
  return {
    ...transactionView(item),
    ...{ part, zone: Number(zone), interval: Number(interval) },
    run: part === 'run' ? Number(run) : null,
  }
}

/** Entries of the market's own clockwork: what they say, everybody may know. */
const openKinds: ReadonlySet<string> = new Set(['close_gate', 'settle_interval'])

async function checkpointOf(
  store: Store,
  sequence: number,
): Promise<CheckpointDetail | undefined> {
  const [head] = await store.tallies.checkpoints({ from: sequence }, 1)
  if (head?.sequence !== sequence) return undefined
  const [view] = await withTransactions(store, [head])
  if (view === undefined) return undefined
  const [entry] = openKinds.has(head.kind) ? await store.read(sequence - 1, 1) : []
  const items = await store.ofJournalSequence(sequence)
  const own = items.filter((item) => partOf(item) !== undefined)
  const sent = own.flatMap(({ txHash, raw }) =>
    txHash === null || raw === null ? [] : [{ txHash, raw }])
  return { ...view, body: entry?.body ?? null, sent }
}
