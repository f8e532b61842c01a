import type { Market } from '@busbar/protocols/api'

/** What the market is doing at a moment, by its rules alone: no server is asked for it. */
export type Phases = {
  readonly intervalMs: number
  /** The interval that is delivered now. */
  readonly delivering: number
  /** The first that still takes orders, and when its gate closes. */
  readonly open: number
  readonly gateMs: number
  /** The last that takes orders. */
  readonly openThrough: number
  /** From 0 to 1: how much of the time between two gates has passed. */
  readonly passed: number
}

/** What of a market says when its gates close. */
type Gates = {
  readonly rulebook: Market['rulebook']
  readonly interval: Pick<Market['interval'], 'openFrom'>
}

export function phasesAt(
  nowMs: number,
  { rulebook, interval: { openFrom } }: Gates,
): Phases {
  const intervalMs = rulebook.intervalSeconds * 1_000
  const leadMs = rulebook.gateLeadSeconds * 1_000
  const delivering = Math.floor(nowMs / intervalMs)
  // A gate whose time has come takes no more orders.
  const next = Math.floor((nowMs + leadMs) / intervalMs) + 1
  // Nor does one that has closed by the rules before these.
  const open = Math.max(next, openFrom)
  const gateMs = open * intervalMs - leadMs
  return {
    intervalMs,
    delivering,
    open,
    gateMs,
    openThrough: next + rulebook.horizonIntervals,
    passed: Math.max(0, 1 - (gateMs - nowMs) / intervalMs),
  }
}

/** The market's time at a moment of this device, from what was heard last. */
export type HeardTime = {
  readonly nowMs: number
  /** Market time per time outside; 0 where time moves by steps that somebody else takes. */
  readonly speed: number
  /** By this device's steady clock. */
  readonly heardAtMs: number
}

export const marketTime = ({ nowMs, speed, heardAtMs }: HeardTime, deviceMs: number): number =>
  nowMs + Math.max(0, deviceMs - heardAtMs) * speed

/** The first moment of the market's day that a moment lies in, and of the next day. */
export function dayOf(
  atMs: number,
  timeZone: string,
): { readonly startMs: number; readonly endMs: number } {
  const startMs = midnightBefore(atMs, timeZone)
  // A day is 23 to 25 hours long: its end is the midnight before some time past it.
  return { startMs, endMs: midnightBefore(startMs + 30 * hourMs, timeZone) }
}

const hourMs = 3_600_000

function midnightBefore(atMs: number, timeZone: string): number {
  const date = dateIn(atMs, timeZone)
  // By the quarter of an hour: no zone's midnight lies in between.
  let start = Math.floor(atMs / stepMs) * stepMs
  while (dateIn(start - 1, timeZone) === date) start -= stepMs
  return start
}

const stepMs = 900_000

const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateIn(atMs: number, timeZone: string): string {
  const known = dateFormats.get(timeZone)
  const format = known ?? new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' })
  if (known === undefined) dateFormats.set(timeZone, format)
  return format.format(atMs)
}
