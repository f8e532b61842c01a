import type { Declaration, DefaultView, MeteredEnergyLine } from '@busbar/protocols/api'
import type { NamedEvidence } from './bill-run.ts'
import { billableOf } from './billable.ts'
import { inputInvalid } from './bills-fault.ts'
import { lastOf } from './evidence.ts'
import { LocalClock } from './local-time.ts'
import { type BillingPeriod, periodOf } from './period.ts'
import { type BillRecord, firstRecord } from './record.ts'
import { type BillRun, reckon } from './reckoning.ts'
import type { TariffFile } from './tariff.ts'

export type DraftInput = {
  readonly market: string
  readonly retailer: number
  readonly intervalSeconds: number
  readonly overDeviationBasisPoints: number
  readonly tariff: TariffFile
  readonly tariffFile: string
  readonly from: string
  readonly through: string
  /** Of the period before; undefined for the first of all. */
  readonly previous: BillRecord | undefined
  /** As the exchange says it, of any intervals. */
  readonly energies: readonly MeteredEnergyLine[]
  readonly declarations: readonly Declaration[]
  readonly defaults: readonly DefaultView[]
  readonly names: ReadonlyMap<number, string>
}

/** Bills of what is final of a period. They are the bills of the period once all of it is. */
export type BillDraft = {
  readonly run: BillRun
  /** Intervals of the period: all of them, those that are billed, those that may still change. */
  readonly intervals: number
  readonly final: number
  readonly open: number
}

/**
 * What bills come to as far as the exchange has settled a period, by its word alone: nothing is
 * proven here, and nothing is left for the next run to know while a part is missing.
 *
 * @throws Fault BILLS_… naming what is wrong, and the meter
 */
export function draftBills(input: DraftInput): BillDraft {
  const { market, retailer, intervalSeconds, tariff, names } = input
  const clock = new LocalClock(tariff.timeZone, input.tariffFile)
  const period = periodOf(input.from, input.through, clock, intervalSeconds)
  const isIn = withinPeriod(period)
  const key = ({ meter, interval }: MeteredEnergyLine | Declaration): string =>
    `${meter}/${interval}`
  const declared = new Map(input.declarations.map((one) => [key(one), one]))
  const energies = input.energies.filter(isIn)
  const open = new Set(
    [...energies, ...input.declarations.filter(isIn)]
      .filter(({ runKind }) => runKind === 'provisional')
      .map(({ interval }) => interval),
  )
  // Final is an interval of all meters, or of none: so a bill has the same days for everybody.
  const final = energies.filter(({ interval }) => !open.has(interval))
  const run = reckon({
    ...{ market, retailer, intervalSeconds, clock, period, tariff, names },
    before: input.previous ?? firstRecord(market, retailer, period.startMs),
    intervals: final.map((one) => billableOf(one, declared.get(key(one)))),
    defaults: input.defaults,
    overDeviationBasisPoints: () => input.overDeviationBasisPoints,
  })
  return {
    run,
    intervals: period.untilInterval - period.fromInterval,
    final: new Set(final.map(({ interval }) => interval)).size,
    open: open.size,
  }
}

type Said = {
  readonly energies: readonly MeteredEnergyLine[]
  readonly declarations: readonly Declaration[]
}

/**
 * What was collected earlier, and what the exchange says now of what it remembers: of each interval
 * the last word, and nothing of those before.
 *
 * @param files in the order of their collection
 * @throws Fault BILLS_INPUT_INVALID for a file of another market or retailer
 */
export function withCollected(
  files: readonly NamedEvidence[],
  of: { readonly market: string; readonly retailer: number; readonly intervalSeconds: number },
  now: Said,
): Said {
  const newest = new Map<number, number>()
  for (const [place, { name, evidence }] of files.entries()) {
    for (const field of ['market', 'retailer', 'intervalSeconds'] as const) {
      if (evidence[field] === of[field]) continue
      throw inputInvalid(name, field, `${of[field]}`, evidence[field])
    }
    const { fromInterval } = evidence
    for (let i = fromInterval; i <= lastOf(evidence); i += 1) newest.set(i, place)
  }
  for (const { interval } of now.energies) newest.set(interval, files.length)
  const sources: readonly Said[] = [...files.map(({ evidence }) => evidence), now]
  const lastWord = <One extends { readonly interval: number }>(
    rowsOf: (said: Said) => readonly One[],
  ): readonly One[] =>
    sources.flatMap((said, place) =>
      rowsOf(said).filter(({ interval }) => (newest.get(interval) ?? files.length) === place))
  return {
    energies: lastWord(({ energies }) => energies),
    declarations: lastWord(({ declarations }) => declarations),
  }
}

const withinPeriod =
  ({ fromInterval, untilInterval }: BillingPeriod) =>
  ({ interval }: { readonly interval: number }): boolean =>
    interval >= fromInterval && interval < untilInterval
