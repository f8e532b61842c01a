import type { Lane } from '../lane.ts'
import type { BookViews } from '../ports/book-views.ts'
import type { OutboxSender, SettlementChain } from '../ports/chain.ts'
import type { Snapshots } from '../snapshots.ts'
import { conservationView } from './conservation-now.ts'

export type BookParts = {
  readonly lane: Lane
  readonly chain: SettlementChain
  readonly sender: OutboxSender
  readonly snapshots: Snapshots
}

/** What shows that the books are whole, from the state as it is when it is asked for. */
export const bookViews = ({ lane, chain, sender, snapshots }: BookParts): BookViews => ({
  now: () => conservationView(lane.state, chain, sender.pending, snapshots.newest),
})
