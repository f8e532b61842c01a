import { Proposals } from './proposals.ts'
import { json, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'

/** Routes for those who run a market; part of `routes`. */
export const operatorRoutes = {
  proposals: {
    method: 'GET',
    path: '/v1/proposals',
    summary: 'What authorities have proposed and what became of it, newest first.',
    access: 'authority',
    response: json(Proposals),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
