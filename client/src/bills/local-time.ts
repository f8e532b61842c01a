import { inputInvalid } from './bills-fault.ts'

/** What a clock on the wall shows. */
export type LocalMoment = {
  /** `2026-03-29`. */
  readonly date: string
  /** 0 is Sunday. */
  readonly weekday: number
  /** Since the clock showed midnight: on a day on which it changes, not what has passed. */
  readonly minute: number
  readonly offsetSeconds: number
}

/** A moment at which the clock is changed: what it shows before, and the offset after. */
export type Change = {
  readonly atMs: number
  readonly before: LocalMoment
  readonly afterOffsetSeconds: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const datePattern = /^(\d{4})-(\d\d)-(\d\d)$/

/** Local time by the time zone database of the runtime. */
export class LocalClock {
  readonly timeZone: string
  readonly #format: Intl.DateTimeFormat

  /**
   * @param timeZone an IANA name, such as `Europe/Berlin`
   * @throws Fault BILLS_INPUT_INVALID for a name that is none
   */
  constructor(timeZone: string, file: string) {
    this.timeZone = timeZone
    try {
      this.#format = new Intl.DateTimeFormat('en-GB', {
        ...{ timeZone, hourCycle: 'h23', calendar: 'iso8601', numberingSystem: 'latn' },
        ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
        ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
      })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw inputInvalid(file, 'timeZone', 'an IANA time zone', timeZone)
    }
  }

  at(ms: number): LocalMoment {
    const found = new Map(this.#format.formatToParts(ms).map(({ type, value }) => [type, value]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(found.get(type))
    const [year, month, day] = [part('year'), part('month'), part('day')]
    const [hour, minute, second] = [part('hour'), part('minute'), part('second')]
    const shown = Date.UTC(year, month - 1, day, hour, minute, second)
    return {
      date: new Date(shown).toISOString().slice(0, 10),
      weekday: new Date(shown).getUTCDay(),
      minute: hour * 60 + minute,
      offsetSeconds: (shown - Math.floor(ms / 1_000) * 1_000) / 1_000,
    }
  }

  /**
   * The moment at which a local day begins, UTC milliseconds: midnight, or where the clock skips
   * midnight, when it has.
   *
   * @param date `2026-03-29`; checked before, see `isDate`
   */
  startOf(date: string): number {
    const midnight = Date.parse(`${date}T00:00:00Z`)
    let [low, high] = [midnight - 15 * hourMs, midnight + 15 * hourMs]
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000
      if (this.at(middle).date >= date) high = middle
      else low = middle
    }
    return high
  }

  /** The changes of the clock in the local year of a moment, in their order. */
  changesIn(ms: number): readonly Change[] {
    const year = this.at(ms).date.slice(0, 4)
    const end = this.startOf(`${year}-12-31`) + dayMs
    const changes: Change[] = []
    for (let hour = this.startOf(`${year}-01-01`); hour < end; hour += hourMs) {
      const [before, after] = [this.at(hour), this.at(hour + hourMs)]
      if (before.offsetSeconds !== after.offsetSeconds) changes.push(this.#changeIn(hour))
    }
    return changes
  }

  #changeIn(hour: number): Change {
    const offset = this.at(hour).offsetSeconds
    let [low, high] = [hour, hour + hourMs]
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000
      if (this.at(middle).offsetSeconds === offset) low = middle
      else high = middle
    }
    const shown = new Date(high + offset * 1_000)
    return {
      atMs: high,
      before: {
        date: shown.toISOString().slice(0, 10),
        weekday: shown.getUTCDay(),
        minute: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
        offsetSeconds: offset,
      },
      afterOffsetSeconds: this.at(high).offsetSeconds,
    }
  }
}

/** Whether a text is a day of the calendar. */
export function isDate(text: string): boolean {
  if (!datePattern.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text
}

/** The day of the calendar `days` later. */
export const laterDate = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
