import { bilateralZone, participantOf, type State } from '@busbar/core/exchange'
import type { AccountSeriesView, StandingView } from '../../ports/trading-views.ts'
import { holdingsOf, ownInterval, type OwnInterval } from './own-interval.ts'

/** An account's energy and money, interval by interval; undefined if there is no such account. */
export function accountSeriesView(
  state: State,
  account: number,
  period: { readonly from: number; readonly intervals: number },
): AccountSeriesView | undefined {
  if (participantOf(state, account) === undefined) return undefined
  const holdings = holdingsOf(state, account)
  const rows: (OwnInterval & { readonly interval: number })[] = []
  for (let index = 0; index < period.intervals; index += 1) {
    const interval = period.from + index
    const row = ownInterval(state, holdings, interval)
    if (row !== undefined) rows.push({ ...row, interval })
  }
  const column = <Value>(read: (row: (typeof rows)[number]) => Value): Value[] => rows.map(read)
  return {
    account,
    interval: column(({ interval }) => interval),
    status: column(({ status }) => status),
    isEstimated: column(({ isEstimated }) => isEstimated),
    correctionCount: column(({ correctionCount }) => correctionCount),
    priceMicrosPerKwh: column(({ price }) => price),
    importedWh: column(({ isMetered, energy }) => (isMetered ? energy.imported : null)),
    exportedWh: column(({ isMetered, energy }) => (isMetered ? energy.exported : null)),
    boughtWh: column(({ energy }) => energy.bought),
    soldWh: column(({ energy }) => energy.sold),
    tradeBoughtWh: column(({ energy }) => energy.tradeBought),
    tradeSoldWh: column(({ energy }) => energy.tradeSold),
    bookedMicros: column(({ booked }) => booked),
    worthMicros: column(({ worth }) => worth),
    tariffMicros: column(({ tariff }) => tariff),
    deliveries: rows.flatMap(({ deliveries }) => deliveries),
  }
}

/** How far an account's money is, over all intervals that the state still has. */
export function standingView(state: State, account: number): StandingView | undefined {
  if (participantOf(state, account) === undefined) return undefined
  const holdings = holdingsOf(state, account)
  const intervals = new Set(
    [...holdings.zones, bilateralZone].flatMap((zone) => [
      ...(state.intervals.get(zone)?.keys() ?? []),
    ]),
  )
  const stages = {
    awaited: { intervals: 0, worthMicros: 0n },
    provisional: { intervals: 0, worthMicros: 0n },
    final: { intervals: 0, worthMicros: 0n },
  }
  const sums = { correctionCount: 0, correctedMicros: 0n, mayRiseMicros: 0n, mayFallMicros: 0n }
  let [untilMs, estimatedIntervals]: [number | null, number] = [null, 0]
  for (const interval of intervals) {
    const own = ownInterval(state, holdings, interval)
    if (own === undefined) continue
    const { status, worth, isEstimated } = own
    const isSettled = worth !== null && (status === 'provisional' || status === 'final')
    const stage = stages[isSettled ? status : 'awaited']
    stage.intervals += 1
    stage.worthMicros += worth ?? 0n
    sums.correctionCount += own.correctionCount
    sums.correctedMicros += own.corrected
    sums.mayRiseMicros += own.mayRise
    sums.mayFallMicros += own.mayFall
    if (isEstimated) estimatedIntervals += 1
    if (own.mayRise + own.mayFall > 0n) untilMs = Math.max(untilMs ?? 0, own.untilMs)
  }
  const { awaited, provisional, final } = stages
  const { intervals: count } = awaited
  return {
    ...{ account, awaited: { intervals: count }, provisional, final },
    ...{ ...sums, untilMs, estimatedIntervals },
  }
}
