import { inputInvalid } from './bills-fault.ts'
import { isDate, laterDate, type LocalClock } from './local-time.ts'

/** A billing period: whole local days, and the intervals that they are made of. */
export type BillingPeriod = {
  /** The first day and the last, as `2026-03-01`. */
  readonly from: string
  readonly through: string
  readonly startMs: number
  readonly endMs: number
  readonly fromInterval: number
  /** The first that is not in it any more. */
  readonly untilInterval: number
}

const daysMax = 400

/** The first day and the last of a month, `2026-03`. */
export function daysOfMonth(month: string): readonly [from: string, through: string] | undefined {
  const from = `${month}-01`
  if (!/^\d{4}-\d\d$/.test(month) || !isDate(from)) return undefined
  const next = laterDate(from, 31).slice(0, 7)
  return [from, laterDate(`${next}-01`, -1)]
}

/**
 * The period from one local day through another.
 *
 * @throws Fault BILLS_INPUT_INVALID for days that are none, are in the wrong sequence, or begin
 * within an interval of the market
 */
export function periodOf(
  from: string,
  through: string,
  clock: LocalClock,
  intervalSeconds: number,
): BillingPeriod {
  const where = 'command line'
  for (const [field, day] of Object.entries({ from, through })) {
    if (!isDate(day)) throw inputInvalid(where, field, 'a day as 2026-03-31', day)
  }
  if (through < from || through > laterDate(from, daysMax)) {
    throw inputInvalid(where, 'through', `${from} to ${daysMax} days later`, through)
  }
  const startMs = clock.startOf(from)
  const endMs = clock.startOf(laterDate(through, 1))
  const lengthMs = intervalSeconds * 1_000
  if (startMs % lengthMs !== 0 || endMs % lengthMs !== 0) {
    const limit = `one in which days begin with an interval of ${intervalSeconds} seconds`
    throw inputInvalid('tariff', 'timeZone', limit, clock.timeZone)
  }
  const [fromInterval, untilInterval] = [startMs / lengthMs, endMs / lengthMs]
  return { from, through, startMs, endMs, fromInterval, untilInterval }
}
