import type { Lane } from '../lane.ts'
import { railsMissing, railsNeeded } from '../payments/rails-offered.ts'
import type { NoticeDelivery } from '../notices/notice-delivery.ts'
import type { RailParts } from '../payments/rail-parts.ts'
import type { Openings } from '../opening/openings.ts'
import type { OutboxSender } from '../ports/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { HealthView } from '../ports/exchange-views.ts'
import type { OutboxItem } from '../ports/outbox.ts'
import type { Demands } from '../proving/demands.ts'
import type { Disputes } from '../proving/disputes.ts'
import type { ProofWatch } from '../proving/proof-watch.ts'
import type { ProvingQueue } from '../proving/proving-queue.ts'
import type { Scheduler } from '../scheduler.ts'

/** The sender looks at so many at a time: when all of them wait, the chain does not keep up. */
const outboxPendingHigh = 128

/** A batch that has used up this part of its deadline, and no prover has it, needs somebody. */
const provingLatePart = 1 / 4

type Check = HealthView['checks'][number]

type WatchedNotices = { readonly delivery: Pick<NoticeDelivery, 'lines'> }

type Parts = {
  readonly lane: Lane
  readonly clock: Clock
  readonly sender: OutboxSender
  readonly scheduler: Scheduler
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly demands: Demands
  readonly disputes: Disputes
  readonly rails: RailParts
  readonly noticeParts: WatchedNotices
}

/** Everything that an operator should look at, with what is wrong in words. */
export function healthChecks(
  parts: Parts,
  failed: readonly OutboxItem[],
): readonly Check[] {
  const { lane, clock, sender, scheduler, openings, proofs, proving, demands, disputes } = parts
  const { broken } = lane
  const { pending } = sender
  const { unbookable, unsettled, overdue } = scheduler
  return [
    {
      name: 'journal',
      ok: broken === undefined,
      detail: broken?.message ?? `at ${lane.end.sequence}`,
    },
    { name: 'outbox', ok: pending < outboxPendingHigh, detail: `${pending} not final` },
    failedCheck(failed),
    {
      name: 'withdrawals',
      ok: unbookable === 0,
      detail: `${unbookable} paid by the chain and not covered by the ledger`,
    },
    {
      name: 'settlement',
      ok: overdue === 0,
      detail: `${unsettled} intervals before their final run, ${overdue} of them overdue`,
    },
    committeeCheck(openings),
    provingCheck(proving, proofs, clock.now()),
    {
      name: 'demands',
      ok: demands.unanswerable === 0,
      detail: `${demands.unanswerable} for the place of an order that is in no set`,
    },
    {
      name: 'disputes',
      ok: disputes.open.length === 0,
      detail: `${disputes.open.length} before the auditor${disputedIn(disputes.open)}`,
    },
    ...railChecks(lane, parts.rails),
    webhookCheck(parts.noticeParts),
  ]
}

/** One line for each rail outside of the ledger that the rules offer or that is set up. */
function railChecks(
  { state }: Lane,
  { payments, netting, offered }: RailParts,
): Check[] {
  const lines = payments.lines.map(({ name, waiting, troubled, lastError }) => ({
    name: `rail ${name}`,
    ok: troubled === 0,
    detail: withError(`${waiting} payments wait for it`, lastError),
  }))
  const missing = railsMissing(railsNeeded(state), offered).map((rail) => ({
    name: `rail ${rail}`,
    ok: false,
    detail: 'not offered: it is not set up',
  }))
  const { waiting, lastError } = netting
  const detail = withError(`${waiting} transfers that no bank has answered`, lastError)
  const bank = { name: 'rail prepaid', ok: lastError === '', detail }
  return [...lines, ...(offered.has('prepaid') ? [bank] : []), ...missing]
}

/** Receivers that are not reached, or did not take a notice that was tried for too long. */
function webhookCheck({ delivery: { lines } }: WatchedNotices): Check {
  const named = lines.filter(({ webhook }) => webhook.url !== '')
  const waiting = named.reduce((sum, { counts }) => sum + counts.waiting, 0)
  const troubled = named.filter(({ failures, counts }) => failures >= 3 || counts.givenUp > 0)
  const shown = troubled.slice(0, 5).map(({ webhook, failures, lastError, counts }) => {
    const about = `account ${webhook.account}: ${counts.givenUp} given up, ${failures} failures`
    return withError(about, lastError)
  })
  const detail = [`${named.length} webhooks, ${waiting} notices wait`, ...shown].join('; ')
  return { name: 'webhooks', ok: troubled.length === 0, detail }
}

const withError = (detail: string, error: string): string =>
  error === '' ? detail : `${detail}; ${error}`

/** The first few, by zone and interval. */
function disputedIn(open: Disputes['open']): string {
  const shown = open.slice(0, 5).map(({ zone, interval, commitment }) => {
    return `${zone}/${interval}${commitment === null ? '' : ` void ${commitment.slice(0, 10)}…`}`
  })
  return shown.length === 0 ? '' : `: ${shown.join(', ')}`
}

/** What the contracts refused for good: money or proofs that are not where they should be. */
function failedCheck(failed: readonly OutboxItem[]): Check {
  const shown = failed.slice(0, 5).map(({ id, error }) => `${id} (${error ?? 'no reason'})`)
  const detail = failed.length === 0 ? 'none refused' : `${failed.length}: ${shown.join(', ')}`
  return { name: 'refused transactions', ok: failed.length === 0, detail }
}

/** Members that failed the last opening they were asked for, by name. */
function committeeCheck({ waiting, failures, lateMs }: Openings): Check {
  const named = failures.map(
    ({ name, kind, interval, count }) =>
      `${name} ${kind === 'absent' ? 'absent' : 'sent a wrong share'} ${count} times, ` +
      `last for interval ${interval}`,
  )
  const detail = [`${waiting} intervals to be opened`, ...named].join('; ')
  return { name: 'committee', ok: failures.length === 0 && lateMs < openingLateMs, detail }
}

/** An opening that takes longer than this is stuck. */
const openingLateMs = 60_000

function provingCheck(proving: ProvingQueue, proofs: ProofWatch, now: number): Check {
  const { count, oldest } = proving.waiting
  const { sinceMs, deadlineMs } = oldest ?? { sinceMs: now, deadlineMs: now + 1 }
  const ageMs = Math.max(0, now - sinceMs)
  const age = `the oldest for ${Math.floor(ageMs / 1_000)} s`
  const detail = `${proofs.unproven} not proven, ${count} wait for a prover, ${age}`
  const isLate = ageMs >= provingLatePart * (deadlineMs - sinceMs)
  return { name: 'proving', ok: !isLate, detail }
}
