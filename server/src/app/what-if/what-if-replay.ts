import { assert } from '@busbar/core/errors'
import {
  emptyState,
  type Engine,
  type IntervalRecord,
  type OpenOrder,
} from '@busbar/core/exchange'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { journalStart } from '../journal-chain.ts'
import { journalledOpenings } from '../opening/journalled-openings.ts'
import type { Journal } from '../ports/journal.ts'
import type { Vault } from '../ports/vault.ts'
import type {
  ReplayedJournal, WhatIfFound, WhatIfProgress, WhatIfQuestion,
} from '../ports/what-if.ts'
import { fromSnapshot, journalThrough, replay } from '../recover.ts'
import { WhatIfJudge } from './what-if-judge.ts'

export type WhatIfReplayParts = {
  readonly question: WhatIfQuestion
  readonly journal: ReplayedJournal
  readonly engine: Engine
  readonly vault: Vault
  /** When it begins, and after every page. */
  readonly progress: (progress: WhatIfProgress) => void
}

/**
 * Replays a market's journal and tries another rulebook on it. Begins at the newest snapshot from
 * before the span, where there is one, else at the first entry; ends at `until`, where it must come
 * to the balances that the market had then. Holds one state and one page.
 *
 * Faults: those of `replay`, and WHAT_IF_DIFFERS.
 */
export async function whatIfReplay(parts: WhatIfReplayParts): Promise<WhatIfFound> {
  const { question, journal, engine, vault, progress } = parts
  const judge = new WhatIfJudge({
    ...{ question, engine },
    ordersOf: (record) => ordersOf(journal, vault, record),
  })
  const snapshot = await journal.snapshotBefore(question.gateMs)
  const start = await fromSnapshot(journal, snapshot, vault) ??
    { state: emptyState(), end: journalStart }
  assert(start.state.clearedThrough < question.from, 'no gate closes before its time')
  const begin = start.end.sequence
  const tell = (through: number): void =>
    progress({ ...judge.progress, replayed: through - begin, entries: question.until - begin })
  tell(begin)
  const { state } = await replay(
    journalThrough(journal, question.until), engine, start, vault, tell,
    (at, { command, outcome }) => judge.hear(at, command, outcome),
  )
  return judge.finish(state)
}

/** Of a sealed book from the journal, because the state keeps nothing of them. */
async function ordersOf(
  journal: Pick<Journal, 'read'>,
  vault: Vault,
  record: IntervalRecord,
): Promise<readonly OpenOrder[]> {
  if (record.sealed.size === 0) return [...record.orders.values()].flat()
  const { openings } = await journalledOpenings(journal, vault, record)
  return [...record.sealed.values()].flatMap(({ id, commitment, account, sequence }) => {
    const opening = openings.get(commitment)
    if (opening === undefined || record.voids.has(commitment)) return []
    return [{
      ...{ id, digest: commitment, account, sequence },
      ...{ meter: opening.meter, side: opening.side },
      energy: WattHours.from(BigInt(opening.energyWh)),
      limit: MicrosPerKwh.from(BigInt(opening.limitMicrosPerKwh)),
    }]
  })
}
