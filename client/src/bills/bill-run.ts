import { Fault } from '@busbar/core/errors'
import type { WattHours } from '@busbar/core/units'
import type { DefaultView } from '@busbar/protocols/api'
import type { BillableInterval } from './billable.ts'
import { inputInvalid } from './bills-fault.ts'
import { type Evidence, lastOf, requireSame } from './evidence.ts'
import { LocalClock } from './local-time.ts'
import { type BillingPeriod, periodOf } from './period.ts'
import { type BillRecord, firstRecord } from './record.ts'
import { type BillRun, reckon } from './reckoning.ts'
import type { TariffFile } from './tariff.ts'
import { provenIntervals } from './verified.ts'

export type NamedEvidence = { readonly name: string; readonly evidence: Evidence }

export type BillRunInput = {
  /** In the order of their collection: of an interval, the last one counts. */
  readonly files: readonly NamedEvidence[]
  readonly tariff: TariffFile
  readonly tariffFile: string
  readonly from: string
  readonly through: string
  /** The retailer's own metered energy; undefined for the exchange's. */
  readonly readings: OwnReadings | undefined
  /** Of the period before; undefined for the first of all. */
  readonly previous: BillRecord | undefined
  /** Roots that the chain has now; undefined for those of the collection. */
  readonly rootsNow: ReadonlyMap<number, string> | undefined
}

/** A retailer's own metered energy, by `meter/interval`. */
export type OwnReadings = ReadonlyMap<
  string,
  { readonly imported: WattHours; readonly exported: WattHours }
>

/**
 * The bills of all customers of a retailer for some local days, or none at all.
 *
 * @throws Fault BILLS_… naming what is wrong, and the meter
 */
export function billRun(input: BillRunInput): BillRun {
  const { files, tariff, previous } = input
  const first = files[0]?.evidence
  if (first === undefined) throw inputInvalid('evidence', 'files', 'at least one')
  requireSame(files)
  const { market, retailer, intervalSeconds } = first
  const clock = new LocalClock(tariff.timeZone, input.tariffFile)
  const period = periodOf(input.from, input.through, clock, intervalSeconds)
  return reckon({
    ...{ market, retailer, intervalSeconds, clock, period, tariff },
    before: previous ?? firstRecord(market, retailer, period.startMs),
    intervals: withOwnReadings(provenIn(input, period), input.readings),
    defaults: defaultsOf(files),
    names: namesIn(files),
    overDeviationBasisPoints: basisPointsOf(files),
  })
}

/** The file that counts for each interval: the last one that has it. */
function coveringOf(files: readonly NamedEvidence[], period: BillingPeriod): NamedEvidence[] {
  const covering: NamedEvidence[] = []
  for (let interval = period.fromInterval; interval < period.untilInterval; interval += 1) {
    const found = files.findLast(
      ({ evidence }) => evidence.fromInterval <= interval && interval <= lastOf(evidence),
    )
    if (found === undefined) {
      const reason = 'it was not collected'
      throw new Fault('BILLS_ENERGY_MISSING', { interval, reason })
    }
    covering.push(found)
  }
  return covering
}

function provenIn(
  { files, rootsNow }: BillRunInput,
  period: BillingPeriod,
): readonly BillableInterval[] {
  const covering = coveringOf(files, period)
  requireOneSecret(files)
  const fileOf = (interval: number): NamedEvidence | undefined =>
    covering[interval - period.fromInterval]
  const used = [...new Set(covering)]
  const proven = used.flatMap((file) =>
    provenIntervals(file.evidence).filter(({ interval }) => fileOf(interval) === file),
  )
  if (rootsNow !== undefined) requireRoots(covering, period, rootsNow, proven)
  requireWhole(proven, period)
  return proven
}

/** What was corrected after it was collected is to be collected again. */
function requireRoots(
  covering: readonly NamedEvidence[],
  period: BillingPeriod,
  rootsNow: ReadonlyMap<number, string>,
  proven: readonly BillableInterval[],
): void {
  for (const [i, { evidence }] of covering.entries()) {
    const interval = period.fromInterval + i
    if (evidence.roots[interval - evidence.fromInterval] === rootsNow.get(interval)) continue
    const meter = proven.find((one) => one.interval === interval)?.meter
    const reason = 'the chain has another root by now: collect it again'
    const which = meter === undefined ? {} : { meter }
    throw new Fault('BILLS_PROOF_INVALID', { ...which, interval, reason })
  }
}

/** A second secret of a meter finds no leaf, and everything seems to be absent. */
function requireOneSecret(files: readonly NamedEvidence[]): void {
  const known = new Map<number, string>()
  for (const { evidence } of files) {
    for (const { meter, secret } of evidence.meters) {
      if ((known.get(meter) ?? secret) !== secret) {
        const reason = 'its secret is another than before'
        throw new Fault('BILLS_PROOF_INVALID', { meter, interval: evidence.fromInterval, reason })
      }
      known.set(meter, secret)
    }
  }
}

/** From its first interval on a meter has its energy to the end of the period. */
function requireWhole(proven: readonly BillableInterval[], period: BillingPeriod): void {
  for (const [meter, own] of Map.groupBy(proven, (one) => one.meter)) {
    const intervals = own.map(({ interval }) => interval).sort((a, b) => a - b)
    for (const [i, interval] of intervals.entries()) {
      const next = intervals[i + 1] ?? period.untilInterval
      if (next === interval + 1) continue
      const details = { meter, interval: interval + 1, reason: 'its energy is missing' }
      throw new Fault('BILLS_ENERGY_MISSING', details)
    }
  }
}

/**
 * The retailer's own figures in the place of the exchange's. Where something was traded both have
 * to agree: what was settled by another figure cannot be told apart from what is left.
 */
function withOwnReadings(
  proven: readonly BillableInterval[],
  readings: OwnReadings | undefined,
): readonly BillableInterval[] {
  if (readings === undefined) return proven
  return proven.map((one) => {
    const { meter, interval, imported, exported } = one
    const own = readings.get(`${meter}/${interval}`)
    if (own === undefined) {
      const details = { meter, interval, reason: 'it is not in the file of readings' }
      throw new Fault('BILLS_ENERGY_MISSING', details)
    }
    if (own.imported === imported && own.exported === exported) return one
    const { sold, bought, auctionSold, auctionBought } = one
    if (sold + bought + auctionSold + auctionBought > 0n) {
      const words = `${own.imported} Wh in and ${own.exported} Wh out by the file of readings`
      const reason = `${words}, settled by ${imported} and ${exported}`
      throw new Fault('BILLS_ENERGY_UNEXPLAINED', { meter, interval, reason })
    }
    return { ...one, ...own, assurance: 'metered' }
  })
}

/** As they stood last. */
function defaultsOf(files: readonly NamedEvidence[]): readonly DefaultView[] {
  const all = new Map<number, DefaultView>()
  for (const { evidence } of files) {
    for (const one of evidence.defaults) all.set(one.default, one)
  }
  return [...all.values()].sort((a, b) => a.default - b.default)
}

function namesIn(files: readonly NamedEvidence[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const { evidence } of files) {
    for (const { account, name } of [...evidence.customers, ...evidence.utilities]) {
      names.set(account, name)
    }
  }
  return names
}

const basisPointsOf = (files: readonly NamedEvidence[]) => (interval: number): number => {
  const found = files.findLast(
    ({ evidence }) => evidence.fromInterval <= interval && interval <= lastOf(evidence),
  )
  return found?.evidence.overDeviationBasisPoints ?? 0
}
