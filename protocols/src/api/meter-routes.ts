import { MeterList, MeterQuery } from './meters.ts'
import { json, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'

/** Who is measured by what. */
export const meterRoutes = {
  meters: {
    method: 'GET',
    path: '/v1/meters',
    summary: 'Meters with what they are read by and how well: all, or those of the reader.',
    access: 'tenant',
    query: MeterQuery,
    response: json(MeterList),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
