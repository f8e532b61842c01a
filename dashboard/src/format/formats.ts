import type { Language } from '../texts/texts.ts'

/**
 * Figures as people read them, by their language. Only for showing: nothing is computed from these.
 */
export type Formats = {
  readonly count: (value: number) => string
  /** To the cent, or to the micro where it is explained. */
  readonly money: (micros: number) => string
  readonly exactMoney: (micros: number) => string
  /** The most that it can be, to the cent: rounded up, or it would be none. */
  readonly mostMoney: (micros: number) => string
  /** A price for one kilowatt-hour, without the words. */
  readonly price: (microsPerKwh: number) => string
  /** With all its digits, where somebody signs it or may work it out again. */
  readonly exactPrice: (microsPerKwh: number) => string
  readonly energy: (wattHours: number) => string
  readonly exactEnergy: (wattHours: number) => string
  readonly power: (watts: number) => string
  readonly percent: (share: number) => string
  /** To the basis point. */
  readonly exactPercent: (share: number) => string
  /** `10:35`. */
  readonly time: (atMs: number) => string
  readonly timeWithSeconds: (atMs: number) => string
  /** `10:35–10:40`. */
  readonly span: (startMs: number, endMs: number) => string
  readonly day: (atMs: number) => string
  readonly moment: (atMs: number) => string
  /** From one moment until another, with the day of the second only where it is another. */
  readonly period: (startMs: number, endMs: number) => string
  /** From one day until another. */
  readonly days: (startMs: number, endMs: number) => string
  /** `536 ms`, `2.4 sec`, `3.5 min`: in the largest unit of which there are at least two. */
  readonly duration: (durationMs: number) => string
  /** `0.25` as somebody writes it who reads this language. */
  readonly typed: (plain: string) => string
  /** Of a day of the calendar, `2026-03-01`. */
  readonly month: (date: string) => string
  /** `2:05`, rounded down to the second, never below zero. */
  readonly countdown: (durationMs: number) => string
}

export type Display = { readonly timeZone: string; readonly currency: string | null }

const units = [
  ['day', 86_400_000, 172_800_000],
  ['hour', 3_600_000, 7_200_000],
  ['minute', 60_000, 120_000],
  ['second', 1_000, 1_000],
  ['millisecond', 1, 0],
] as const

function duration(ms: number, language: Language): string {
  const [unit, size] = units.find(([, , from]) => ms >= from) ?? units[4]
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const
  return new Intl.NumberFormat(language, options).format(ms / size)
}

/** A month stays beside its day where a line ends. */
const glued = (text: string): string =>
  text.replace(/(?<=\p{L}) (?=\d+(?:,|$| ))|(?<=\d\.?) (?=\p{L})/gu, '\u00a0')

const kilo = 1_000
const microsPerUnit = 1_000_000
const microsPerCent = 10_000

export function formatsOf(language: Language, { timeZone, currency }: Display): Formats {
  const number = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    // What is written as nothing is not less than nothing.
    const format = new Intl.NumberFormat(language, { signDisplay: 'negative', ...options })
    // A true minus: as wide as a plus, and not a hyphen.
    return (value) => format.format(value).replace('-', '−')
  }
  const clock = (options: Intl.DateTimeFormatOptions): ((atMs: number) => string) => {
    const format = new Intl.DateTimeFormat(language, { timeZone, ...options })
    return (atMs) => glued(format.format(atMs))
  }
  const range = (options: Intl.DateTimeFormatOptions): Formats['span'] => {
    const format = new Intl.DateTimeFormat(language, { timeZone, ...options })
    return (startMs, endMs) => glued(format.formatRange(startMs, endMs))
  }
  const money = (digits: number, digitsMax = digits): ((micros: number) => string) => {
    const style = currency === null ? {} : ({ style: 'currency', currency } as const)
    const format = number({
      ...style,
      minimumFractionDigits: digits,
      maximumFractionDigits: digitsMax,
    })
    return (micros) => format(micros / microsPerUnit)
  }
  const cents = money(2)
  const month = new Intl.DateTimeFormat(language, {
    ...{ timeZone: 'UTC', month: 'long', year: 'numeric' },
  })
  const hours = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const date = { weekday: 'short', day: 'numeric', month: 'short' } as const
  const time = clock(hours)
  const whole = number({ maximumFractionDigits: 0 })
  const three = number({ maximumSignificantDigits: 3 })
  const scaled = (value: number, unit: string, mega: string): string =>
    Math.abs(value) >= 10_000 * kilo
      ? `${three(value / kilo / kilo)} ${mega}`
      : `${three(value / kilo)} ${unit}`
  return {
    count: whole,
    money: cents,
    exactMoney: money(6),
    mostMoney: (micros) => cents(Math.ceil(micros / microsPerCent) * microsPerCent),
    price: money(3),
    exactPrice: money(3, 6),
    energy: (wattHours) => scaled(wattHours, 'kWh', 'MWh'),
    exactEnergy: (wattHours) => `${whole(wattHours)} Wh`,
    power: (watts) => scaled(watts, 'kW', 'MW'),
    percent: number({ style: 'percent', maximumFractionDigits: 0 }),
    exactPercent: number({ style: 'percent', maximumFractionDigits: 2 }),
    time,
    timeWithSeconds: clock({ ...hours, second: '2-digit' }),
    span: (startMs, endMs) => `${time(startMs)}–${time(endMs)}`,
    day: clock(date),
    moment: clock({ ...date, ...hours }),
    period: range({ ...date, ...hours }),
    days: range({ ...date }),
    duration: (durationMs) => duration(durationMs, language),
    typed: (plain) => plain.replace('.', /[.,]/.exec(three(0.5))?.[0] ?? '.'),
    month: (date) => month.format(Date.parse(`${date}T00:00:00Z`)),
    countdown: (durationMs) => {
      const seconds = Math.max(0, Math.floor(durationMs / kilo))
      const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
      const [hour, minute] = [Math.floor(minutes / 60), minutes % 60]
      const two = (value: number): string => String(value).padStart(2, '0')
      return hour === 0 ? `${minute}:${two(rest)}` : `${hour}:${two(minute)}:${two(rest)}`
    },
  }
}
