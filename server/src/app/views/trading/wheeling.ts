import {
  bilateralZone,
  type IntervalRecord,
  participantOf,
  type State,
} from '@busbar/core/exchange'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { Page } from '../../ports/exchange-service.ts'
import type { WheelingView } from '../../ports/trading-views.ts'

/** What the utility charges per kilowatt-hour in an interval; null before its first word on it. */
export const wheelingAt = (
  state: State,
  utility: number,
  { interval }: Pick<IntervalRecord, 'interval'>,
): MicrosPerKwh | null =>
  state.trading.wheeling.get(utility)?.findLast(({ from }) => from <= interval)?.rate ?? null

/**
 * What each side of trades is charged for a utility's wires, by the latest run of each interval.
 * The page is of whole intervals: the same lines that retailers are told of their own customers.
 */
export function wheelingView(state: State, utility: number, page: Page): WheelingView {
  const records = [...(state.intervals.get(bilateralZone)?.values() ?? [])]
    .filter(({ interval, runs }) => interval >= (page.from ?? 0) && runs.length > 0)
    .sort((a, b) => a.interval - b.interval)
  const lines: WheelingView['lines'][number][] = []
  for (const record of records) {
    if (lines.length >= page.limit) break
    lines.push(...linesIn(state, utility, record))
  }
  const rates = state.trading.wheeling.get(utility) ?? []
  return {
    rates: rates.map(({ from, rate }) => ({ fromInterval: from, microsPerKwh: rate })),
    lines,
  }
}

function linesIn(state: State, utility: number, record: IntervalRecord): WheelingView['lines'] {
  const run = record.runs.at(-1)
  const rate = wheelingAt(state, utility, record)
  if (run === undefined || rate === null) return []
  return run.traded.flatMap(({ meter: number, sold, bought }) => {
    const meter = state.meters[number]
    if (meter === undefined || state.trading.utilities.get(meter.zone) !== utility) return []
    const { zone, account } = meter
    return [
      {
        ...{ interval: record.interval, zone, meter: number, soldWh: sold, boughtWh: bought },
        retailer: participantOf(state, account)?.retailer ?? null,
        microsPerKwh: rate,
        amountMicros: MicrosPerKwh.valueCeil(rate, WattHours.add(sold, bought)),
        runKind: run.kind,
      },
    ]
  })
}
