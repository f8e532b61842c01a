import { Type } from 'typebox'
import { Grid } from './grid.ts'
import { Kpis } from './kpis.ts'
import { json, type Route } from './route.ts'
import { closed, IntervalNumber } from './scalars.ts'
import { Series, SeriesQuery } from './series.ts'

/** Sums and figures of the whole market, for everybody. */
export const measureRoutes = {
  series: {
    method: 'GET',
    path: '/v1/series',
    summary: 'Prices and energies of many intervals in columns; without `from` the newest.',
    access: 'public',
    query: SeriesQuery,
    response: json(Series),
    problems: ['field_invalid', 'field_unknown', 'not_found'],
  },
  grid: {
    method: 'GET',
    path: '/v1/grid',
    summary: 'The tree of zones with what flowed over its bridges; the newest settled interval.',
    access: 'public',
    query: Type.Object({ interval: Type.Optional(IntervalNumber) }, closed),
    response: json(Grid),
    problems: ['field_invalid', 'field_unknown'],
  },
  kpis: {
    method: 'GET',
    path: '/v1/kpis',
    summary: 'What the exchange is measured by, over at most 2,016 intervals; the newest 288.',
    access: 'public',
    query: Type.Object(
      { from: Type.Optional(IntervalNumber), to: Type.Optional(IntervalNumber) },
      closed,
    ),
    response: json(Kpis),
    problems: ['field_invalid', 'field_unknown', 'market_not_open'],
  },
} as const satisfies Record<string, Route>
