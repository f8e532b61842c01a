import {
  type Bill,
  type BilledInterval,
  type BillRun,
  type Change,
  type LineKind,
  type LocalClock,
  microsPerCent,
} from '@busbar/client/bills'
import {
  type BilledDay,
  type BilledFlow,
  type Charge,
  type ChargeKind,
  type GreenButtonBill,
  greenButtonFile,
  type LocalTime,
  type ReadingQuality,
} from '@busbar/protocols/green-button'

const kinds: Readonly<Record<LineKind, ChargeKind>> = {
  energy_import: 'usage',
  energy_export: 'generation_credit',
  wheeling_sold: 'delivery',
  wheeling_bought: 'delivery',
  fee: 'administrative',
  fine: 'administrative',
  fine_lifted: 'administrative_credit',
}

const qualities: Readonly<Record<BilledInterval['assurance'], ReadingQuality>> = {
  ...{ metered: 'valid', interpolated: 'interpolated', repeated: 'estimated' },
  absent: 'questionable',
}

/** A customer's bill as a Green Button file. */
export function customerFile(bill: Bill, run: BillRun): string {
  const { account, intervals, lines, plan, carriedIn, carriedOut, payableCents } = bill
  const { period, market, intervalSeconds, tariff, clock } = run
  const meters = [...new Set(intervals.map(({ meter }) => meter))]
  const file: GreenButtonBill = {
    ...{ market, account, intervalSeconds, currencyNumber: tariff.currencyNumber },
    title: `Bill of ${bill.name}, ${period.from} to ${period.through}`,
    period: periodOf(period.startMs, period.endMs),
    tariff: plan.name,
    localTime: localTimeOf(clock, period.startMs),
    meters: meters.map((meter) => {
      const own = intervals.filter((one) => one.meter === meter)
      return { meter, flows: [flowOf(own, run, 'delivered'), flowOf(own, run, 'received')] }
    }),
    charges: [
      ...lines.map(({ kind, text, amount, energy }): Charge => ({
        ...{ kind: kinds[kind], note: text, amountMicros: amount, energyWh: energy },
      })),
      ...carriedCharge('Less than a cent, from the bill before', carriedIn),
      ...carriedCharge('Less than a cent, for the next bill', -carriedOut),
    ],
    payableMicros: payableCents * microsPerCent,
  }
  return greenButtonFile(file)
}

const periodOf = (startMs: number, endMs: number) => ({
  startSeconds: startMs / 1_000,
  durationSeconds: (endMs - startMs) / 1_000,
})

function carriedCharge(note: string, amountMicros: bigint): readonly Charge[] {
  if (amountMicros === 0n) return []
  return [{ kind: 'administrative', note, amountMicros, energyWh: null }]
}

/** Day by day, as the clock on the wall has them: of 23, 24 or 25 hours. */
function flowOf(
  intervals: readonly BilledInterval[],
  { intervalSeconds }: BillRun,
  direction: BilledFlow['direction'],
): BilledFlow {
  const title =
    direction === 'delivered'
      ? 'Delivered by the retailer, without what was traded'
      : 'Received by the retailer, without what was traded'
  const byDay = Map.groupBy(intervals, ({ local }) => local.date)
  const days = [...byDay.values()].map((own): BilledDay => {
    const readings = own.map(({ interval, billed, assurance }) => ({
      startSeconds: interval * intervalSeconds,
      durationSeconds: intervalSeconds,
      energyWh: direction === 'delivered' ? billed.imported : billed.exported,
      quality: qualities[assurance],
    }))
    return {
      startSeconds: readings[0]?.startSeconds ?? 0,
      durationSeconds: readings.length * intervalSeconds,
      readings,
    }
  })
  return { direction, title, days }
}

/** The two changes of the clock in a year, where it has just two. */
function localTimeOf(clock: LocalClock, ms: number): LocalTime {
  const changes = clock.changesIn(ms)
  const start = changes.find(({ before, afterOffsetSeconds }) => {
    return afterOffsetSeconds > before.offsetSeconds
  })
  const end = changes.find((one) => one !== start)
  if (changes.length !== 2 || start === undefined || end === undefined) {
    return { standardOffsetSeconds: clock.at(ms).offsetSeconds, summer: null }
  }
  const standardOffsetSeconds = start.before.offsetSeconds
  return {
    standardOffsetSeconds,
    summer: {
      offsetSeconds: start.afterOffsetSeconds - standardOffsetSeconds,
      ...{ start: shownAt(start), end: shownAt(end) },
    },
  }
}

const shownAt = ({ before: { date, minute } }: Change) => ({
  month: Number(date.slice(5, 7)),
  day: Number(date.slice(8, 10)),
  hour: Math.floor(minute / 60),
  second: (minute % 60) * 60,
})
