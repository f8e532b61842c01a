import { Operations } from './operator-views.ts'
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
  operations: {
    method: 'GET',
    path: '/v1/operations',
    summary: 'Intervals by phase, rates, and the parts of the machine, for operators and auditors.',
    access: 'auditor',
    response: json(Operations),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
