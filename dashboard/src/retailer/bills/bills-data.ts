import { type BusbarClient, type CallOptions, pagesOf } from '@busbar/client'
import {
  type Bill,
  type BillDraft,
  type BilledInterval,
  draftBills,
  type LineKind,
  LocalClock,
  microsPerCent,
  parseEvidence,
  parseRecord,
  parseTariff,
  periodOf,
  type TariffFile,
  tariffAsSet,
  withCollected,
} from '@busbar/client/bills'
import { Fault } from '@busbar/core/errors'
import type {
  Declaration,
  DefaultView,
  Market,
  MeteredEnergyLine,
  RetailerTariff,
} from '@busbar/protocols/api'
import { namesOf } from '../../lib/names.ts'
import { type Progress, readMetered, type Span } from '../bill-check.ts'

/** The first local day of a period and the last, as `2026-03-01`. */
export type Days = { readonly from: string; readonly through: string }

/** All that the exchange says of a period for a retailer's bills. */
export type BillSources = {
  readonly energies: readonly MeteredEnergyLine[]
  readonly declarations: readonly Declaration[]
  readonly defaults: readonly DefaultView[]
  /** What the retailer has set, ascending. */
  readonly tariffs: readonly RetailerTariff[]
  readonly names: ReadonlyMap<number, string>
}

/** Files of the retailer's own, which stay in the browser: their texts, empty without one. */
export type OwnFiles = {
  readonly tariff: string
  readonly previous: string
  /** What was collected, in its order. */
  readonly collected: readonly { readonly name: string; readonly text: string }[]
}

/** What the files are called where something in them is wrong. */
export const fileNames = { tariff: 'tariff.json', previous: 'run.json' } as const

/**
 * Reads what there is of some days, a month in many pages.
 *
 * @throws Fault BILLS_INPUT_INVALID for days that are none; BusbarError where it cannot be read
 */
export async function readSources(
  client: BusbarClient,
  market: Market,
  retailer: number,
  days: Days,
  options: CallOptions & { readonly signal: AbortSignal },
  tell: (progress: Progress) => void,
): Promise<BillSources> {
  const span = spanOfDays(market, days)
  const { trades } = client
  const [{ metered, declared }, { tariffs }, defaults] = await Promise.all([
    readMetered(client, retailer, span, options, tell),
    trades.customers(retailer, { limit: 1 }, options),
    defaultsOf(client, retailer, options),
  ])
  const accounts = [
    ...metered.map(({ account }) => account),
    ...declared.flatMap(({ utility }) => utility ?? []),
    ...defaults.flatMap(({ account }) => account ?? []),
  ]
  const wanted = [...new Set(accounts)].sort((a, b) => a - b)
  const names = await namesOf(client, wanted, options.signal)
  return { energies: metered, declarations: declared, defaults, tariffs, names }
}

/** @throws Fault BILLS_INPUT_INVALID for days that are none */
function spanOfDays({ display, rulebook }: Market, { from, through }: Days): Span {
  const clock = new LocalClock(display.timeZone, fileNames.tariff)
  const period = periodOf(from, through, clock, rulebook.intervalSeconds)
  return { from: period.fromInterval, count: period.untilInterval - period.fromInterval }
}

/** What there is of the same days when some intervals were settled, by those intervals alone. */
export async function readIntervals(
  client: BusbarClient,
  market: Market,
  retailer: number,
  days: Days,
  intervals: readonly number[],
): Promise<(before: BillSources) => BillSources> {
  const { from, count } = spanOfDays(market, days)
  const wanted = new Set(intervals.filter((one) => one >= from && one < from + count))
  const found = await Promise.all(
    [...wanted].map((interval) => readMetered(client, retailer, { from: interval, count: 1 })),
  )
  const rest = <Line extends { readonly interval: number }>(lines: readonly Line[]) =>
    lines.filter(({ interval }) => !wanted.has(interval))
  return (before) => ({
    ...before,
    energies: inOrder([...rest(before.energies), ...found.flatMap(({ metered }) => metered)]),
    declarations: inOrder([
      ...rest(before.declarations), ...found.flatMap(({ declared }) => declared),
    ]),
  })
}

const inOrder = <Line extends { readonly interval: number; readonly meter: number }>(
  lines: readonly Line[],
): readonly Line[] => lines.toSorted((a, b) => a.interval - b.interval || a.meter - b.meter)

async function defaultsOf(
  { trades }: BusbarClient,
  retailer: number,
  options: CallOptions,
): Promise<readonly DefaultView[]> {
  const found: DefaultView[] = []
  type Query = { readonly from?: number }
  const read = (page: Query) => trades.defaults(retailer, { ...page, limit: 200 }, options)
  for await (const { defaults } of pagesOf(read)) found.push(...defaults)
  return found
}

/** Bills, or what is wrong with what they would be made from. */
export type Drafted =
  | { readonly kind: 'draft'; readonly draft: BillDraft }
  | { readonly kind: 'no-tariff' }
  | { readonly kind: 'fault'; readonly fault: Fault }

/** The same code that `busbar bills make` runs, over the exchange's word. */
export function draftOf(
  sources: BillSources,
  market: Market,
  retailer: number,
  days: Days,
  own: OwnFiles,
): Drafted {
  const { rulebook, display } = market
  const { intervalSeconds, reconciliation } = rulebook
  try {
    const tariff = tariffOf(sources.tariffs, own.tariff, display, intervalSeconds)
    if (tariff === undefined) return { kind: 'no-tariff' }
    const of = { market: market.market, retailer, intervalSeconds }
    const files = own.collected.map(({ name, text }) =>
      ({ name, evidence: parseEvidence(text, name) }))
    const names = new Map([
      ...files.flatMap(({ evidence: { customers, utilities } }) =>
        [...customers, ...utilities].map(({ account, name }) => [account, name] as const)),
      ...sources.names,
    ])
    const draft = draftBills({
      ...{ ...of, tariff, ...days, names, defaults: sources.defaults },
      ...withCollected(files, of, sources),
      overDeviationBasisPoints: reconciliation.overDeviationBasisPoints,
      tariffFile: fileNames.tariff,
      previous: own.previous === '' ? undefined : parseRecord(own.previous, fileNames.previous),
    })
    return { kind: 'draft', draft }
  } catch (error) {
    if (error instanceof Fault) return { kind: 'fault', fault: error }
    throw error
  }
}

/** The retailer's own file, else what it has set with the exchange; undefined without either. */
function tariffOf(
  set: readonly RetailerTariff[],
  file: string,
  { timeZone, currency }: Market['display'],
  intervalSeconds: number,
): TariffFile | undefined {
  if (file !== '') return parseTariff(file, fileNames.tariff, intervalSeconds)
  if (set.length === 0) return undefined
  // No file is written from these: a number of the currency is not asked for.
  return tariffAsSet(set, { timeZone, currency: currency ?? '', currencyNumber: 999 })
}

/** What a customer's bill comes to, for one line of the table. */
export type BillSums = {
  readonly account: number
  readonly name: string
  readonly plan: string
  readonly importedWh: number
  readonly exportedWh: number
  /** By contract, and in the auction with what the balancing authority made up of it. */
  readonly soldWh: number
  readonly boughtWh: number
  readonly auctionWh: number
  readonly billedImportWh: number
  readonly billedExportWh: number
  /** Money, micros: below zero the customer gets it. */
  readonly energyMicros: number
  readonly feedInMicros: number
  readonly wheelingMicros: number
  readonly feeMicros: number
  readonly fineMicros: number
  readonly carriedInMicros: number
  readonly carriedOutMicros: number
  readonly payableMicros: number
}

export function sumsOfBill(bill: Bill): BillSums {
  const energy = (of: (one: BilledInterval) => bigint): number =>
    Number(bill.intervals.reduce((sum, one) => sum + of(one), 0n))
  const money = (...kinds: readonly LineKind[]): number =>
    Number(bill.lines.reduce((sum, { kind, amount }) =>
      kinds.includes(kind) ? sum + amount : sum, 0n))
  return {
    ...{ account: bill.account, name: bill.name, plan: bill.plan.name },
    importedWh: energy(({ imported }) => imported),
    exportedWh: energy(({ exported }) => exported),
    soldWh: energy(({ sold }) => sold),
    boughtWh: energy(({ bought }) => bought),
    auctionWh: energy((one) =>
      one.auctionSold - one.auctionBought + one.imbalanceSold - one.imbalanceBought),
    billedImportWh: energy(({ billed }) => billed.imported),
    billedExportWh: energy(({ billed }) => billed.exported),
    energyMicros: money('energy_import'),
    feedInMicros: money('energy_export'),
    wheelingMicros: money('wheeling_sold', 'wheeling_bought'),
    feeMicros: money('fee'),
    fineMicros: money('fine', 'fine_lifted'),
    carriedInMicros: Number(bill.carriedIn),
    carriedOutMicros: Number(bill.carriedOut),
    payableMicros: Number(bill.payableCents * microsPerCent),
  }
}
