import type { PartyTrade } from '@busbar/protocols/api'
import type { Correction } from './corrections.ts'
import type { Dealings } from './dealings.ts'
import type { Enforcement } from './enforcement.ts'
import type { Homes } from './homes.ts'
import type { MeterData } from './meter-data.ts'
import type { Audit } from './observer.ts'
import type { Postponements } from './postponements.ts'

type Money = { readonly buyers: number; readonly sellers: number }

export type TradeDaySummary = {
  readonly source: string
  readonly homes: number
  readonly intervals: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly declined: number
  readonly refused: Readonly<Record<string, number>>
  readonly matched: number
  readonly contractedWh: number
  readonly obligedWh: number
  readonly deliveredWh: number
  readonly complete: number
  readonly partial: number
  readonly failed: number
  readonly byRail: Readonly<Record<string, Money>>
  readonly readings: Readonly<Record<string, number>>
  readonly answeredReadings: number
  /** By steps taken and how it ended, such as `warning, fine: cured`. */
  readonly defaults: Readonly<Record<string, number>>
  readonly recoveredMicros: number
  /** Bills that were given another term before they were due, and what that cost. */
  readonly postponed: { readonly bills: number; readonly feeMicros: number }
  /** Contracts for which both sides left collateral, and what was drawn from it. */
  readonly collateral: { readonly contracts: number; readonly drawnMicros: number }
  readonly corrections: readonly Correction[]
  readonly audit: Audit
}

export function summaryOf(run: {
  readonly homes: Homes
  readonly trades: readonly PartyTrade[]
  readonly dealings: Dealings
  readonly matched: number
  readonly meters: MeterData
  readonly enforcement: Enforcement
  readonly postponements: Postponements
  readonly corrections: readonly Correction[]
  readonly audit: Audit
}): TradeDaySummary {
  const { homes, dealings, meters, enforcement, postponements } = run
  const defaults = new Map<string, number>()
  for (const { steps, status } of enforcement.stories) {
    const story = `${steps.join(', ')}: ${status}`
    defaults.set(story, (defaults.get(story) ?? 0) + 1)
  }
  const recovered = [...enforcement.recoveredMicros.values()]
  return {
    ...{ source: homes.source, homes: homes.names.length, intervals: homes.intervals },
    ...{ matched: run.matched, declined: dealings.declined },
    ...figuresOf(run.trades.filter(({ versions }) => versions.length > 0)),
    refused: sorted(dealings.refused),
    readings: sorted(meters.outcomes),
    answeredReadings: meters.answered,
    defaults: sorted(defaults),
    recoveredMicros: Number(recovered.reduce((sum, micros) => sum + micros, 0n)),
    postponed: { bills: postponements.count, feeMicros: postponements.feeMicros },
    collateral: {
      contracts: dealings.unbound,
      drawnMicros: Number(enforcement.drawnMicros),
    },
    ...{ corrections: run.corrections, audit: run.audit },
  }
}

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))

function figuresOf(trades: readonly PartyTrade[]) {
  const sum = (pick: (totals: PartyTrade['totals']) => number): number =>
    trades.reduce((all, { totals }) => all + pick(totals), 0)
  const byStatus: Record<string, number> = {}
  const byRail: Record<string, { buyers: number; sellers: number }> = {}
  for (const { status, versions, totals } of trades) {
    byStatus[status] = (byStatus[status] ?? 0) + 1
    const rail = versions.at(-1)?.terms.rail
    if (rail === undefined) continue
    const money = byRail[rail] ?? { buyers: 0, sellers: 0 }
    byRail[rail] = {
      buyers: money.buyers + totals.buyerMicros,
      sellers: money.sellers + totals.sellerMicros,
    }
  }
  return {
    byStatus,
    byRail,
    contractedWh: sum(({ contractedWh }) => contractedWh),
    obligedWh: sum(({ obligedWh }) => obligedWh),
    deliveredWh: sum(({ deliveredWh }) => deliveredWh),
    complete: sum(({ complete }) => complete),
    partial: sum(({ partial }) => partial),
    failed: sum(({ failed }) => failed),
  }
}
