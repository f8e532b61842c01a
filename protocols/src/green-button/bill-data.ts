/*
 * One customer's bill as its Green Button file shows it. Energy in watt-hours, never negative;
 * money in micros, below zero where the customer gets it; times in seconds since 1970, UTC.
 */

export type Period = { readonly startSeconds: number; readonly durationSeconds: number }

/** How an interval's energy is known; `valid` is not said again at each reading. */
export type ReadingQuality = 'valid' | 'estimated' | 'interpolated' | 'questionable'

export type BilledReading = Period & {
  readonly energyWh: bigint
  readonly quality: ReadingQuality
}

/** The readings of one local day, one after the other. */
export type BilledDay = Period & { readonly readings: readonly BilledReading[] }

/** `delivered` to the customer, or `received` from it. */
export type FlowDirection = 'delivered' | 'received'

export type BilledFlow = {
  readonly direction: FlowDirection
  readonly title: string
  readonly days: readonly BilledDay[]
}

export type BilledMeter = { readonly meter: number; readonly flows: readonly BilledFlow[] }

/** What a line of the bill is for; see ItemKind of the schema. */
export type ChargeKind =
  | 'usage'
  | 'generation_credit'
  | 'delivery'
  | 'administrative'
  | 'administrative_credit'
  | 'information'

export type Charge = {
  readonly kind: ChargeKind
  readonly note: string
  readonly amountMicros: bigint
  /** Null where the charge is for no energy. */
  readonly energyWh: bigint | null
}

/** Offsets in seconds; the two changes of the period's year, or null where the clock stays. */
export type LocalTime = {
  readonly standardOffsetSeconds: number
  readonly summer: {
    readonly offsetSeconds: number
    readonly start: ClockChange
    readonly end: ClockChange
  } | null
}

/** Local time on the clock before the change. */
export type ClockChange = {
  readonly month: number
  readonly day: number
  readonly hour: number
  /** Within the hour. */
  readonly second: number
}

export type GreenButtonBill = {
  /** Whose file it is: makes the ids, which are the same however often it is written. */
  readonly market: string
  readonly account: number
  readonly title: string
  readonly period: Period
  readonly intervalSeconds: number
  /** Of ISO 4217, such as 978. */
  readonly currencyNumber: number
  readonly tariff: string
  readonly localTime: LocalTime
  readonly meters: readonly BilledMeter[]
  readonly charges: readonly Charge[]
  /** What the charges come to; the file's items add up to it. */
  readonly payableMicros: bigint
}
