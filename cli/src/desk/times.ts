import type { Market } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { number } from './quantities.ts'

/** The market's clock and intervals, as far as times are read and shown by them. */
export type Calendar = Pick<Market, 'interval' | 'clock'> & {
  readonly rulebook: Pick<Market['rulebook'], 'intervalSeconds' | 'gateLeadSeconds'>
}

const lengthMs = ({ rulebook }: Calendar): number => rulebook.intervalSeconds * 1_000

export const startOf = (calendar: Calendar, interval: number): number =>
  interval * lengthMs(calendar)

export const gateOf = (calendar: Calendar, interval: number): number =>
  startOf(calendar, interval) - calendar.rulebook.gateLeadSeconds * 1_000

/** `2026-06-01T14:00Z`, with seconds where there are some: as it is also read. */
export function timeText(ms: number): string {
  const text = new Date(ms).toISOString()
  return ms % 60_000 === 0 ? `${text.slice(0, 16)}Z` : `${text.slice(0, 19)}Z`
}

/** A moment as `2026-06-01T14:00Z`, in milliseconds. @throws UsageError */
export function momentOf(text: string, what: string): number {
  const hasZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/
  const ms = hasZone.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isSafeInteger(ms) && ms >= 0) return ms
  throw new UsageError(`${what} is ${text}; it takes a time with its zone: 2026-06-01T14:00Z`)
}

/**
 * An interval by number, by the time it begins at, or by how many come before it among those that
 * are open: `+0` is the next whose gate is open.
 *
 * @throws UsageError naming the times on either side of one that begins none
 */
export function intervalOf(text: string, calendar: Calendar, what: string): number {
  if (/^\+\d{1,6}$/.test(text)) return calendar.interval.openFrom + Number(text.slice(1))
  if (/^\d{1,12}$/.test(text)) return Number(text)
  if (!text.includes('T')) {
    const takes = 'it takes a number, a time such as 2026-06-01T14:00Z, or +N from the next one on'
    throw new UsageError(`${what} is ${text}; ${takes}`)
  }
  const ms = momentOf(text, what)
  const length = lengthMs(calendar)
  if (ms % length === 0) return ms / length
  const before = Math.floor(ms / length) * length
  const near = `${timeText(before)} and ${timeText(before + length)}`
  throw new UsageError(`${what} is ${text}, when no interval begins; they begin at ${near}`)
}

export type Window = { readonly fromInterval: number; readonly intervals: number }

/** The options that name a window, or what stands in for each that is not given. */
export function windowOf(values: Values, calendar: Calendar, instead: Partial<Window>): Window {
  const from = values.text('from')
  const fromInterval = from === undefined
    ? instead.fromInterval
    : intervalOf(from, calendar, '--from')
  if (fromInterval === undefined) throw new UsageError('--from is missing: where the window begins')
  const [until, count] = [values.text('until'), values.text('intervals')]
  if (until !== undefined && count !== undefined) {
    throw new UsageError('--until and --intervals say the same: one of them is enough')
  }
  const intervals = until !== undefined
    ? intervalOf(until, calendar, '--until') - fromInterval
    : count === undefined ? instead.intervals : number(count, '--intervals')
  if (intervals === undefined) throw new UsageError('--until or --intervals is missing')
  if (intervals < 1) throw new UsageError('--until must be after --from')
  return { fromInterval, intervals }
}

export const windowText = (calendar: Calendar, { fromInterval, intervals }: Window): string => {
  const [start, end] = [fromInterval, fromInterval + intervals].map((interval) =>
    timeText(startOf(calendar, interval)),
  )
  const many = intervals === 1 ? '1 interval' : `${intervals} intervals`
  return `${start} to ${end}: ${many} from ${fromInterval}`
}
