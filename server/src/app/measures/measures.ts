import { type Effect, intervalMilliseconds, type State } from '@busbar/core/exchange'
import type { GridView, MeasureViews, SeriesPage, SeriesPoint } from '../ports/measures.ts'
import { gridView, newestSettled } from './grid.ts'
import { SeriesHistory } from './series.ts'

/** What everybody may know of the whole market, kept for longer than the state keeps it. */
export class Measures implements MeasureViews {
  readonly #state: () => State
  readonly #series: SeriesHistory

  constructor(state: () => State) {
    this.#state = state
    this.#series = new SeriesHistory(state)
  }

  hear(effect: Effect): void {
    this.#series.hear(effect)
  }

  series(zone: number, page: SeriesPage): readonly SeriesPoint[] | undefined {
    return this.#series.points(zone, page)
  }

  grid(asked: number | undefined): GridView {
    const state = this.#state()
    if (state.market === null) return { interval: null, zones: [] }
    const pointAt = (zone: number, interval: number): SeriesPoint | undefined =>
      this.#series.at(zone, interval)
    const interval = asked ?? newestSettled(state.zones, state.clearedThrough, pointAt)
    return gridView(state.zones, interval, intervalMilliseconds(state), pointAt)
  }
}
