import type { Language } from '../texts/texts.ts'

/**
 * Figures as people read them, by their language. Only for showing: nothing is computed from these.
 */
export type Formats = {
  readonly count: (value: number) => string
  /** To the cent, or to the micro where it is explained. */
  readonly money: (micros: number) => string
  readonly exactMoney: (micros: number) => string
  /** A price for one kilowatt-hour, without the words. */
  readonly price: (microsPerKwh: number) => string
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
  /** `2:05`, rounded down to the second, never below zero. */
  readonly countdown: (durationMs: number) => string
}

export type Display = { readonly timeZone: string; readonly currency: string | null }

const kilo = 1_000
const microsPerUnit = 1_000_000

export function formatsOf(language: Language, { timeZone, currency }: Display): Formats {
  const number = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const format = new Intl.NumberFormat(language, options)
    // A true minus: as wide as a plus, and not a hyphen.
    return (value) => format.format(value).replace('-', '−')
  }
  const clock = (options: Intl.DateTimeFormatOptions): ((atMs: number) => string) => {
    const format = new Intl.DateTimeFormat(language, { timeZone, ...options })
    return (atMs) => format.format(atMs)
  }
  const money = (digits: number): ((micros: number) => string) => {
    const style = currency === null ? {} : ({ style: 'currency', currency } as const)
    const format = number({
      ...style,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    return (micros) => format(micros / microsPerUnit)
  }
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
    money: money(2),
    exactMoney: money(6),
    price: money(3),
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
    countdown: (durationMs) => {
      const seconds = Math.max(0, Math.floor(durationMs / kilo))
      const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
      const [hour, minute] = [Math.floor(minutes / 60), minutes % 60]
      const two = (value: number): string => String(value).padStart(2, '0')
      return hour === 0 ? `${minute}:${two(rest)}` : `${hour}:${two(minute)}:${two(rest)}`
    },
  }
}
