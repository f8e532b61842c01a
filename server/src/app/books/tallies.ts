import { assert } from '@busbar/core/errors'
import {
  type Effect,
  type IntervalRecord,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import { ledgerTotal, outsideAccount } from '@busbar/core/ledger'
import type { Run } from '@busbar/core/settlement'
import { runRoots } from '../commitments.ts'
import type { Tally } from '../ports/tallies.ts'

/** Where the books stand after `run` was posted, and before anything else is. */
export function tallyOf(state: State, record: IntervalRecord, run: Run): Tally {
  const { ledger, totals } = state
  let [posted, moved] = [0n, 0n]
  for (const { amount } of run.items) posted += amount
  for (const { amount } of run.net) if (amount > 0n) moved += amount
  return {
    ...{ journalSequence: run.sequence, at: run.at, kind: run.kind },
    ...{ zone: record.zone, interval: record.interval, run: run.run },
    money: {
      ...{ deposited: totals.deposited, withdrawn: totals.withdrawn },
      balances: ledgerTotal(ledger),
      outside: ledger.balances.get(outsideAccount) ?? 0n,
      ...{ posted, moved },
    },
    energy: run.energy,
    metered: meteredIn(run),
    traded: tradedIn(run),
    ...runRoots(state, record, run),
  }
}

/** Of an effect that posted a run, right after its command was applied. */
export function tallyOfEffect(state: State, effect: Effect): Tally | undefined {
  if (effect.kind !== 'run_posted') return undefined
  const record = recordOf(state, effect.zone, effect.interval)
  const run = record?.runs[effect.run]
  assert(record !== undefined && run !== undefined, 'a posted run is in the state')
  return tallyOf(state, record, run)
}

function meteredIn({ metered }: Run): Tally['metered'] {
  let [exported, imported] = [0n, 0n]
  for (const one of metered) {
    exported += one.exported
    imported += one.imported
  }
  return { exported, imported, count: metered.length }
}

/** What a meter sold or bought beyond what it shows, no meter had. */
function tradedIn({ metered, traded }: Run): Tally['traded'] {
  const shown = new Map(metered.map((one) => [one.meter, one]))
  let [sold, bought, lacking] = [0n, 0n, 0n]
  for (const one of traded) {
    sold += one.sold
    bought += one.bought
    lacking += beyond(one.sold, shown.get(one.meter)?.exported)
    lacking += beyond(one.bought, shown.get(one.meter)?.imported)
  }
  return { sold, bought, lacking }
}

const beyond = (wanted: bigint, had: bigint = 0n): bigint => (wanted > had ? wanted - had : 0n)
