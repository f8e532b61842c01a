import { Type } from 'typebox'
import { FaultOrder, FaultState, Operations, Rulebooks } from './operator-views.ts'
import { Proposals } from './proposals.ts'
import { json, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'
import { closed, IntervalNumber, ZoneNumber } from './scalars.ts'
import { WhatIfAnswer } from './what-if.ts'

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
  faults: {
    method: 'GET',
    path: '/v1/demo/faults',
    summary: 'What is broken on purpose, of what can be. On the machine of a market to look at.',
    access: 'auditor',
    isLocal: true,
    response: json(FaultState),
    problems: readProblems,
  },
  setFault: {
    method: 'POST',
    path: '/v1/demo/faults',
    summary: 'Breaks one thing on purpose, or no longer. Only on the machine of such a market.',
    access: 'operator',
    isLocal: true,
    body: FaultOrder,
    response: json(FaultState),
    problems: [...readProblems, 'field_invalid'],
  },
  rulebooks: {
    method: 'GET',
    path: '/v1/rulebooks',
    summary: 'Every rulebook that the market has or had, from which interval on.',
    access: 'public',
    response: json(Rulebooks),
    problems: ['market_not_open'],
  },
  whatIf: {
    method: 'GET',
    path: '/v1/rulebooks/what-if',
    summary: 'What the past would have come to by another rulebook; asked again, how far it is.',
    access: 'authority',
    query: Type.Object(
      {
        rulebook: Type.String({
          minLength: 2, maxLength: 8_000, description: 'The rulebook, as JSON.',
        }),
        from: Type.Optional(IntervalNumber),
        to: Type.Optional(IntervalNumber),
        zone: Type.Optional(ZoneNumber),
      },
      closed,
    ),
    response: json(WhatIfAnswer),
    problems: [...readProblems, 'market_not_open', 'rulebook_incomparable'],
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
