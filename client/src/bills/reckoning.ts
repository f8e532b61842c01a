import { Micros } from '@busbar/core/units'
import type { DefaultView } from '@busbar/protocols/api'
import { type Bill, billOf, type BillInput } from './bill.ts'
import type { BillableInterval } from './billable.ts'
import { inputInvalid } from './bills-fault.ts'
import { finesDue } from './fines.ts'
import type { LocalClock } from './local-time.ts'
import type { BillingPeriod } from './period.ts'
import type { BillRecord } from './record.ts'
import { planOf, type TariffFile } from './tariff.ts'

/** All that bills are made from, checked or not. */
export type Reckoning = {
  readonly market: string
  readonly retailer: number
  readonly intervalSeconds: number
  readonly clock: LocalClock
  readonly period: BillingPeriod
  readonly tariff: TariffFile
  /** What the bills before have left. */
  readonly before: BillRecord
  readonly intervals: readonly BillableInterval[]
  /** Of the customers as they stood last, one for each number. */
  readonly defaults: readonly DefaultView[]
  /** What customers and utilities are called. */
  readonly names: ReadonlyMap<number, string>
  /** Of the rulebook of the interval. */
  readonly overDeviationBasisPoints: (interval: number) => number
}

export type BillRun = Pick<
  Reckoning,
  'period' | 'market' | 'retailer' | 'intervalSeconds' | 'clock' | 'tariff'
> & {
  readonly bills: readonly Bill[]
  /** What the next run has to know. */
  readonly record: BillRecord
}

/**
 * The bills of all customers that have energy or a fine in the period: by account, ascending.
 *
 * @throws Fault BILLS_INPUT_INVALID for a record that ends elsewhere than the period begins;
 * BILLS_ENERGY_UNEXPLAINED naming meter and interval
 */
export function reckon(input: Reckoning): BillRun {
  const { market, retailer, intervalSeconds, clock, period, tariff, before, names } = input
  const isSame = before.market === market && before.retailer === retailer
  if (!isSame || before.untilMs !== period.startMs) {
    const limit = `of ${market}, retailer ${retailer}, until ${period.from}`
    throw inputInvalid('previous', 'period', limit, `${before.market}, ${before.through}`)
  }
  const fines = finesDue(
    input.defaults, before.finesBilled, before.finesSinceMs, period.endMs,
  )
  const byAccount = Map.groupBy(input.intervals, ({ account }) => account)
  const charged = [...fines.fines, ...fines.lifted].map(({ account }) => account)
  const bills = [...new Set([...byAccount.keys(), ...charged])]
    .sort((a, b) => a - b)
    .map((account) => {
      const isOwn = (one: { readonly account: number }): boolean => one.account === account
      const own: BillInput = {
        ...{ account, name: names.get(account) ?? '', plan: planOf(tariff, account) },
        overDeviationBasisPoints: input.overDeviationBasisPoints,
        intervals: (byAccount.get(account) ?? []).map((one) => ({
          ...one,
          local: clock.at(one.interval * intervalSeconds * 1_000),
        })),
        utilityName: (utility) => names.get(utility) ?? `utility ${utility}`,
        ...{ fines: fines.fines.filter(isOwn), lifted: fines.lifted.filter(isOwn) },
        carriedIn: Micros.from(BigInt(before.carriedMicros[account] ?? 0)),
      }
      return billOf(own)
    })
  const carried = bills.map(({ account, carriedOut }) => [account, Number(carriedOut)])
  const record: BillRecord = {
    ...before,
    ...{ from: period.from, through: period.through, untilMs: period.endMs },
    carriedMicros: { ...before.carriedMicros, ...Object.fromEntries(carried) },
    finesBilled: fines.billed,
  }
  return { period, market, retailer, intervalSeconds, clock, tariff, bills, record }
}
