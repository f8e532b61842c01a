import type { BookClient } from '@busbar/client'
import { type ConservationHistory, historyLimits } from '@busbar/protocols/api'
import type { Columns } from '../../lib/csv.ts'
import { dayOf } from '../../time/phases.ts'

/** `waiting`: sound on the ledger, and the chain does not have it for good yet. */
export type BookState = 'holds' | 'waiting' | 'wrong'

/** One interval, or several together. */
export type BookPoint = {
  readonly interval: number
  readonly state: BookState
  readonly intervals: number
  readonly runs: number
  readonly wrong: number
  readonly waiting: number
  readonly inWh: number
  readonly outWh: number
  readonly movedMicros: number
  readonly balancesMicros: number
  readonly custodyMicros: number | null
}

/** From columns to points. */
export const pointsOf = (history: ConservationHistory): readonly BookPoint[] =>
  history.interval.map((interval, i) => {
    const [wrong, waiting] = [history.wrongCount[i] ?? 0, history.waitingCount[i] ?? 0]
    return {
      ...{ interval, wrong, waiting },
      state: wrong > 0 ? 'wrong' : waiting > 0 ? 'waiting' : 'holds',
      intervals: history.intervalCount[i] ?? 0,
      runs: history.runCount[i] ?? 0,
      inWh: history.energyInWh[i] ?? 0,
      outWh: history.energyOutWh[i] ?? 0,
      movedMicros: history.movedMicros[i] ?? 0,
      balancesMicros: history.balancesMicros[i] ?? 0,
      custodyMicros: history.custodyMicros[i] ?? null,
    }
  })

/** How all of them stand together: null of nothing. */
export function stateOf(points: readonly BookPoint[]): BookState | null {
  if (points.length === 0) return null
  if (points.some(({ state }) => state === 'wrong')) return 'wrong'
  return points.some(({ state }) => state === 'waiting') ? 'waiting' : 'holds'
}

export const runsIn = (points: readonly BookPoint[], what: 'runs' | 'wrong' | 'waiting'): number =>
  points.reduce((sum, point) => sum + point[what], 0)

/** A day of the market's zone, and the intervals that begin in it. */
export type BookDay = { readonly startMs: number; readonly from: number; readonly count: number }

type Terms = { readonly intervalMs: number; readonly timeZone: string }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const daysMost = 7

/** Intervals of a cell of a day: an hour, or one interval that is longer. */
export const intervalsOfHour = (intervalMs: number): number =>
  Math.max(1, Math.round(hourMs / intervalMs))

/** As many days as one answer may span, up to a week; `back` of them ago. */
export function daysBefore(nowMs: number, back: number, terms: Terms): readonly BookDay[] {
  const { intervalMs, timeZone } = terms
  const spanned = Math.floor((historyLimits.intervals.max * intervalMs) / dayMs)
  const many = Math.min(daysMost, Math.max(1, spanned))
  let day = dayOf(nowMs, timeZone)
  for (let n = 0; n < back * many; n += 1) day = dayOf(day.startMs - 1, timeZone)
  const days: BookDay[] = []
  while (days.length < many) {
    const from = Math.ceil(day.startMs / intervalMs)
    const count = Math.ceil(day.endMs / intervalMs) - from
    days.unshift({ startMs: day.startMs, from, count })
    day = dayOf(day.startMs - 1, timeZone)
  }
  return days
}

type History = Pick<BookClient, 'history'>

/** The days by the hour. */
export async function readDays(
  books: History,
  days: readonly BookDay[],
  step: number,
  signal?: AbortSignal,
): Promise<readonly BookPoint[]> {
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return []
  const points = Math.ceil((last.from + last.count - first.from) / step)
  return readPoints(books, { from: first.from, points, step }, signal)
}

/** Every interval of a day. */
export const readDay = (
  books: History,
  { from, count }: BookDay,
  signal?: AbortSignal,
): Promise<readonly BookPoint[]> => readPoints(books, { from, points: count, step: 1 }, signal)

/** In as many answers as it takes. */
async function readPoints(
  books: History,
  asked: { readonly from: number; readonly points: number; readonly step: number },
  signal: AbortSignal | undefined,
): Promise<readonly BookPoint[]> {
  const { from, points, step } = asked
  const { points: limits, intervals } = historyLimits
  const most = Math.min(limits.max, Math.floor(intervals.max / step))
  const found: BookPoint[] = []
  for (let done = 0; done < points; done += most) {
    const part = { from: from + done * step, points: Math.min(most, points - done), step }
    found.push(...pointsOf(await books.history(part, signal === undefined ? {} : { signal })))
  }
  return found
}

/** Exact, in the units of the interface, for other programs. */
export const bookColumns = (points: readonly BookPoint[], intervalMs: number): Columns => ({
  interval: points.map(({ interval }) => interval),
  start: points.map(({ interval }) => new Date(interval * intervalMs).toISOString()),
  state: points.map(({ state }) => state),
  runs: points.map(({ runs }) => runs),
  runs_wrong: points.map(({ wrong }) => wrong),
  runs_waiting: points.map(({ waiting }) => waiting),
  energy_in_wh: points.map(({ inWh }) => inWh),
  energy_out_wh: points.map(({ outWh }) => outWh),
  moved_micros: points.map(({ movedMicros }) => movedMicros),
  balances_micros: points.map(({ balancesMicros }) => balancesMicros),
  custody_micros: points.map(({ custodyMicros }) => custodyMicros),
})
