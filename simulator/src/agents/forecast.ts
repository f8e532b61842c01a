import { autoregressive, random } from '../scenario/random.ts'

/**
 * Forecasts one quantity of one site from what was measured before, and from nothing else: it is
 * told each interval after it ended, so it has no future to look at.
 *
 * The forecast is the last value carried on with half of its recent slope, blended with how
 * yesterday went on from the same time once there is a yesterday. An autoregressive error on top
 * stands for what a real forecaster gets wrong beyond that; it is a few per cent, per site.
 */
export type Forecaster = {
  readonly observe: (wattHours: number) => void
  /**
   * Whole watt-hours expected `steps` intervals after the last one observed; null before anything
   * was. Every call draws one error, so call it once per interval.
   */
  readonly expect: (steps: number) => number | null
}

export function createForecaster(options: {
  readonly seed: number
  readonly name: string
  readonly intervalsPerDay: number
  /** Nothing beyond this can happen: the nameplate, the connection. */
  readonly wattHoursMax: number
}): Forecaster {
  const history: number[] = []
  const draw = random(options.seed, 'forecast', options.name)
  const spread = 0.01 + 0.02 * draw.uniform()
  const error = autoregressive(draw, 0.8)
  return {
    observe(wattHours) {
      history.push(wattHours)
    },
    expect(steps) {
      const miss = spread * error()
      const value = carriedOn(history, steps, options.intervalsPerDay)
      if (value === null) return null
      return Math.round(Math.min(Math.max(value * (1 + miss), 0), options.wattHoursMax))
    },
  }
}

function carriedOn(history: readonly number[], steps: number, perDay: number): number | null {
  const last = history.at(-1)
  if (last === undefined) return null
  const earlier = history.at(-4) ?? history[0] ?? last
  const slope = (last - earlier) / Math.min(3, Math.max(1, history.length - 1))
  const persistence = last + 0.5 * slope * steps
  const now = history.length - 1
  const yesterdayThen = history[now - perDay]
  const yesterdayNext = history[now - perDay + steps]
  if (yesterdayThen === undefined || yesterdayNext === undefined || yesterdayThen <= 0) {
    return persistence
  }
  const ratio = Math.min(Math.max(yesterdayNext / yesterdayThen, 0.5), 2)
  return 0.5 * persistence + 0.5 * last * ratio
}
