import { random } from '../scenario/random.ts'

/**
 * What may go wrong between meters and exchange, as shares from 0 to 1 of what is sent, or as exact
 * lists. The seed decides which, the same every time.
 */
export type FaultOptions = {
  /** Gateway batches that arrive some intervals later. */
  readonly late?: Some & { readonly delayIntervals: number }
  /** Gateway batches that arrive twice. */
  readonly duplicate?: Some
  /**
   * Gateway batches that are lost on the way. With `recoveredAfterIntervals` the gateway finds out
   * and sends what it kept; without, they never come.
   */
  readonly lost?: Some & { readonly recoveredAfterIntervals?: number }
  /**
   * Meters that report another energy than the true one: −10 reports a tenth less import and a
   * tenth more export, which is what a cheat would want.
   */
  readonly lying?: SomeMeters & { readonly percent: number }
}

/** A rate, or exactly these: `gateway` and the boundary counted from the first of the run. */
export type Some =
  | { readonly rate: number }
  | { readonly exactly: readonly { readonly gateway: number; readonly boundary: number }[] }

/** A rate, or exactly these: sites by their place in the district. */
export type SomeMeters = { readonly rate: number } | { readonly exactly: readonly number[] }

export type Faults = {
  /** When a batch arrives, in intervals after its boundary: once, twice, later, or never. */
  readonly arrivals: (gateway: number, boundary: number) => readonly number[]
  /** Reported share of the true energy, in hundredths of a per cent. */
  readonly lieBasisPoints: (site: number) => { readonly import: number; readonly export: number }
  readonly liars: (sites: number) => readonly number[]
}

/** @throws RangeError naming the option and its limit. */
export function planFaults(seed: number, options: FaultOptions): Faults {
  checkOptions(options)
  const { late, duplicate, lost, lying } = options
  const hits = (some: Some | undefined, name: string, gateway: number, boundary: number) =>
    some !== undefined &&
    ('rate' in some
      ? random(seed, 'fault', name, gateway, boundary).uniform() < some.rate
      : some.exactly.some((one) => one.gateway === gateway && one.boundary === boundary))
  const lies = (site: number): boolean =>
    lying !== undefined &&
    ('rate' in lying
      ? random(seed, 'fault', 'lying', site).uniform() < lying.rate
      : lying.exactly.includes(site))
  return {
    arrivals(gateway, boundary) {
      if (lost !== undefined && hits(lost, 'lost', gateway, boundary)) {
        const { recoveredAfterIntervals } = lost
        return recoveredAfterIntervals === undefined ? [] : [recoveredAfterIntervals]
      }
      const isLate = late !== undefined && hits(late, 'late', gateway, boundary)
      const delay = isLate ? late.delayIntervals : 0
      const again = hits(duplicate, 'duplicate', gateway, boundary)
      return again ? [delay, delay] : [delay]
    },
    lieBasisPoints(site) {
      const percent = lying !== undefined && lies(site) ? lying.percent : 0
      return { import: 10_000 + percent * 100, export: 10_000 - percent * 100 }
    },
    liars: (sites) => Array.from({ length: sites }, (_, site) => site).filter(lies),
  }
}

function checkOptions(options: FaultOptions): void {
  for (const name of ['late', 'duplicate', 'lost', 'lying'] as const) {
    const some = options[name]
    if (some === undefined || !('rate' in some)) continue
    if (!(some.rate >= 0 && some.rate <= 1)) {
      throw new RangeError(`faults.${name}.rate is ${some.rate}, must be from 0 to 1`)
    }
  }
  const whole = (name: string, value: number | undefined, min: number, max: number): void => {
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return
    throw new RangeError(`faults.${name} is ${value}, must be a whole number from ${min} to ${max}`)
  }
  whole('late.delayIntervals', options.late?.delayIntervals, 1, 8_640)
  whole('lost.recoveredAfterIntervals', options.lost?.recoveredAfterIntervals, 1, 8_640)
  whole('lying.percent', options.lying?.percent, -100, 100)
}
