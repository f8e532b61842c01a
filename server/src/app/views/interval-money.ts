import {
  bilateralZone,
  type IntervalRecord,
  recordOf,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import type { Meter, Tariff } from '@busbar/core/registry'
import {
  deviationsOf,
  noTrade,
  type Reason,
  type Run,
  type SettlementItem,
  type TradedMeter,
} from '@busbar/core/settlement'
import { Micros, MicrosPerKwh, type WattHours } from '@busbar/core/units'

/*
 * What an interval comes to for an account, and where: on the exchange's ledger, by the rails that
 * trades have outside of it, and on the retailer's bill. What is shown as a day and what is
 * explained line by line are both made from this.
 */

/**
 * What moves a debt and earns or costs nothing: somebody stands in, is paid back, or takes what was
 * due before out of collateral.
 */
const debts: ReadonlySet<Reason> = new Set([
  ...(['arrears_covered', 'arrears_cover', 'arrears_repaid', 'arrears_received'] as const),
  ...(['collateral_paid', 'collateral_received'] as const),
  ...(['remainder_paid', 'remainder_received'] as const),
])

export const isDebt = ({ reason }: Pick<SettlementItem, 'reason'>): boolean => debts.has(reason)

const isCover = ({ reason }: SettlementItem): boolean => reason.startsWith('arrears_')

/**
 * What of a run's net sum moved debts with it: the lines of who stood in for whom, which are its
 * last, so that nobody reads all of them for one account.
 */
export function coveredIn({ items }: Run, account: number): bigint {
  let sum = 0n
  for (let place = items.length - 1; place >= 0; place -= 1) {
    const item = items[place]
    if (item === undefined || !isCover(item)) break
    if (item.account === account) sum += item.amount
  }
  return sum
}

/** Of a meter's interval as its last run counted it. */
export type CountedMeter = {
  readonly imported: bigint
  readonly exported: bigint
  readonly tradeBought: bigint
  readonly tradeSold: bigint
  readonly bought: bigint
  readonly sold: bigint
}

/**
 * What of a meter's interval its retailer bills, where the exchange only counts it: in the words
 * and by the rounding that the exchange itself would have.
 */
export function billedItems(
  state: State,
  { interval }: Pick<IntervalRecord, 'interval'>,
  meter: Meter,
  counted: CountedMeter,
  tariff: Tariff | null,
): readonly SettlementItem[] {
  const { policy, overDeviationBasisPoints } = rulebookFor(state, interval).reconciliation
  if (policy !== 'retailer-bill' || meter.kind !== 'physical' || tariff === null) return []
  const left = counted.exported - counted.tradeSold - counted.imported + counted.tradeBought
  const apart = deviationsOf(counted.sold - counted.bought, left, overDeviationBasisPoints)
  const of = { account: meter.account, meter: meter.meter, trade: noTrade }
  const line = (reason: Reason, energy: WattHours, price: MicrosPerKwh, amount: Micros) =>
    energy === 0n ? [] : [{ ...of, reason, energy, price, amount }]
  const { retail, feedIn } = tariff
  const { retailImport, retailExport } = apart
  const paid = Micros.negate(MicrosPerKwh.valueCeil(retail, retailImport))
  const received = MicrosPerKwh.valueFloor(feedIn, retailExport)
  return [
    ...line('retail_import', retailImport, retail, paid),
    ...line('retail_export', retailExport, feedIn, received),
  ]
}

/** A meter's interval by its zone's last run; undefined before the first. */
export function countedMeter(
  state: State,
  record: IntervalRecord,
  meter: number,
): CountedMeter | undefined {
  const run = record.runs.at(-1)
  if (run === undefined) return undefined
  const contract = record.contracts.get(meter)
  const metered = foundIn(run.metered, meter, (one) => one.meter)
  const traded = tradedBy(state, record.interval, meter)
  return {
    ...{ imported: metered?.imported ?? 0n, exported: metered?.exported ?? 0n },
    ...{ bought: contract?.bought ?? 0n, sold: contract?.sold ?? 0n },
    ...{ tradeBought: traded?.bought ?? 0n, tradeSold: traded?.sold ?? 0n },
  }
}

/** What a meter's contracts got of it, by the last run of trades. */
export function tradedBy(
  state: State,
  interval: number,
  meter: number,
): TradedMeter | undefined {
  const traded = recordOf(state, bilateralZone, interval)?.runs.at(-1)?.traded ?? []
  return foundIn(traded, meter, (one) => one.meter)
}

/** In a list that ascends by the key. */
export function foundIn<Item>(
  list: readonly Item[],
  key: number,
  keyOf: (item: Item) => number,
): Item | undefined {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = list[middle]
    if (item !== undefined && keyOf(item) < key) low = middle + 1
    else high = middle
  }
  const item = list[low]
  return item !== undefined && keyOf(item) === key ? item : undefined
}

export const sumOf = (values: readonly bigint[]): bigint =>
  values.reduce((sum, one) => sum + one, 0n)
