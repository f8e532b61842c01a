import { assert } from '@busbar/core/errors'
import { floorDivide, Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { BillableInterval } from './billable.ts'
import { type BilledEnergy, billedEnergy } from './energy.ts'
import type { LocalMoment } from './local-time.ts'
import { type Band, bandAt, type Plan } from './tariff.ts'

export type LineKind =
  | 'energy_import' | 'energy_export' | 'wheeling_sold' | 'wheeling_bought'
  | 'fee' | 'fine' | 'fine_lifted'

/** A line of a bill: above zero the customer pays, below it gets. */
export type BillLine = {
  readonly kind: LineKind
  readonly text: string
  /** Null where it is for no meter, or no energy. */
  readonly meter: number | null
  readonly utility: number | null
  readonly energy: WattHours | null
  readonly price: MicrosPerKwh | null
  readonly amount: Micros
}

/** An interval of a meter with what of it is on the bill. */
export type BilledInterval = BillableInterval & {
  readonly billed: BilledEnergy
  readonly local: LocalMoment
}

export type Bill = {
  readonly account: number
  readonly name: string
  readonly plan: Plan
  readonly intervals: readonly BilledInterval[]
  readonly lines: readonly BillLine[]
  /** What the lines come to. */
  readonly sum: Micros
  /** Less than a cent: left from the bill before, and left for the next. */
  readonly carriedIn: Micros
  readonly carriedOut: Micros
  /** Whole cents; below zero the customer gets them. */
  readonly payableCents: bigint
}

/** A fine, or one that was billed and is lifted since. */
export type FineOnBill = { readonly default: number; readonly amount: Micros; readonly at: string }

export type BillInput = {
  readonly account: number
  readonly name: string
  readonly plan: Plan
  readonly overDeviationBasisPoints: (interval: number) => number
  /** Of all meters of the customer, in any sequence. */
  readonly intervals: readonly (BillableInterval & { readonly local: LocalMoment })[]
  readonly utilityName: (account: number) => string
  readonly fines: readonly FineOnBill[]
  readonly lifted: readonly FineOnBill[]
  readonly carriedIn: Micros
}

export const microsPerCent = 10_000n

/**
 * One customer's bill. Each line is rounded once, to the micro: the customer pays the ceiling and
 * is paid the floor. The bill is in whole cents; what is less than one is carried to the next, so
 * that over all bills nothing is rounded at all.
 *
 * @throws Fault BILLS_ENERGY_UNEXPLAINED naming meter and interval
 */
export function billOf(input: BillInput): Bill {
  const intervals = input.intervals
    .map((one) => {
      const billed = billedEnergy(one, input.overDeviationBasisPoints(one.interval))
      return { ...one, billed }
    })
    .sort((a, b) => a.meter - b.meter || a.interval - b.interval)
  const lines = [
    ...meterLines(input, intervals),
    ...feeLines(input.plan, intervals),
    ...input.fines.map((fine) => fineLine('fine', fine)),
    ...input.lifted.map((fine) => fineLine('fine_lifted', fine)),
  ]
  const sum = Micros.from(lines.reduce((all, { amount }) => all + amount, 0n))
  const due = sum + input.carriedIn
  const payableCents = floorDivide(due, microsPerCent)
  const carriedOut = Micros.from(due - payableCents * microsPerCent)
  assert(carriedOut >= 0n && carriedOut < microsPerCent, 'less than a cent is carried')
  requireAllBilled(intervals, lines)
  const { account, name, plan, carriedIn } = input
  return { account, name, plan, intervals, lines, sum, carriedIn, carriedOut, payableCents }
}

/** Every watt-hour that is the retailer's stands on one line. */
function requireAllBilled(
  intervals: readonly BilledInterval[],
  lines: readonly BillLine[],
): void {
  const sides = [['energy_import', 'imported'], ['energy_export', 'exported']] as const
  for (const [kind, side] of sides) {
    const found = intervals.reduce((all, { billed }) => all + billed[side], 0n)
    const own = lines.filter((line) => line.kind === kind)
    const onLines = own.reduce((all, { energy }) => all + (energy ?? 0n), 0n)
    assert(found === onLines, 'what is billed is on the lines')
  }
}

function meterLines(
  { plan, utilityName }: BillInput,
  intervals: readonly BilledInterval[],
): readonly BillLine[] {
  const meters = [...new Set(intervals.map(({ meter }) => meter))]
  return meters.flatMap((meter) => {
    const own = intervals.filter((one) => one.meter === meter)
    return [
      ...bandLines('energy_import', meter, plan.import, own),
      ...bandLines('energy_export', meter, plan.export, own),
      ...wheelingLines(meter, own, utilityName),
    ]
  })
}

function bandLines(
  kind: 'energy_import' | 'energy_export',
  meter: number,
  bands: readonly Band[],
  intervals: readonly BilledInterval[],
): readonly BillLine[] {
  const sums = new Map<Band, bigint>()
  for (const { billed, interval, local } of intervals) {
    const energy = kind === 'energy_import' ? billed.imported : billed.exported
    if (energy === 0n) continue
    const band = bandAt(bands, local, interval)
    sums.set(band, (sums.get(band) ?? 0n) + energy)
  }
  return bands.flatMap((band) => {
    const energy = sums.get(band)
    if (energy === undefined) return []
    const wattHours = WattHours.from(energy)
    const { price, name: text } = band
    const amount =
      kind === 'energy_import'
        ? MicrosPerKwh.valueCeil(price, wattHours)
        : Micros.negate(MicrosPerKwh.valueFloor(price, wattHours))
    return [{ kind, text, meter, utility: null, energy: wattHours, price, amount }]
  })
}

/** A line for each utility, price and side: sums of what was rounded interval by interval. */
function wheelingLines(
  meter: number,
  intervals: readonly BilledInterval[],
  utilityName: BillInput['utilityName'],
): readonly BillLine[] {
  const lines = new Map<string, BillLine>()
  for (const { wheeling, sold, bought } of intervals) {
    if (wheeling === null) continue
    for (const side of ['sold', 'bought'] as const) {
      const energy = side === 'sold' ? sold : bought
      if (energy === 0n) continue
      const { utility, price } = wheeling
      const key = `${utility}/${price}/${side}`
      const before = lines.get(key)
      lines.set(key, {
        kind: `wheeling_${side}`,
        text: `${utilityName(utility)}: wheeling of what was ${side}`,
        ...{ meter, utility, price },
        energy: WattHours.from((before?.energy ?? 0n) + energy),
        amount: Micros.from((before?.amount ?? 0n) + wheeling[side]),
      })
    }
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line)
}

function feeLines({ fees }: Plan, intervals: readonly BilledInterval[]): readonly BillLine[] {
  const meters = [...new Set(intervals.map(({ meter }) => meter))]
  const line = (text: string, meter: number | null, amount: bigint): BillLine => ({
    ...{ kind: 'fee', text, meter, utility: null, energy: null, price: null },
    amount: Micros.from(amount),
  })
  return fees.flatMap(({ name, amount, per }) => {
    if (per === 'bill') return [line(name, null, amount)]
    return meters.map((meter) => {
      if (per === 'meter') return line(name, meter, amount)
      const own = intervals.filter((one) => one.meter === meter)
      const days = BigInt(new Set(own.map(({ local }) => local.date)).size)
      return line(`${name}, ${days} ${days === 1n ? 'day' : 'days'}`, meter, days * amount)
    })
  })
}

function fineLine(kind: 'fine' | 'fine_lifted', fine: FineOnBill): BillLine {
  const words = kind === 'fine' ? `Fine of ${fine.at}` : 'Fine given back'
  return {
    ...{ kind, text: `${words}, default ${fine.default}` },
    ...{ meter: null, utility: null, energy: null, price: null },
    amount: kind === 'fine' ? fine.amount : Micros.negate(fine.amount),
  }
}
