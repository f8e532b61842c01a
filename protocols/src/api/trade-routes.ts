import { ItemResults } from './results.ts'
import { json, type Route } from './route.ts'
import { contractProblems, writeProblems } from './route-problems.ts'
import { AcceptancesBody, ContractsBody } from './trades.ts'

/** Routes about contracts between named parties; part of `routes`. */
export const tradeRoutes = {
  submitContracts: {
    method: 'POST',
    path: '/v1/contracts',
    summary: 'Proposes contracts that one side has signed: invitations, counter-offers, changes.',
    access: 'public',
    body: ContractsBody,
    response: json(ItemResults),
    problems: [...writeProblems, ...contractProblems],
  },
  submitAcceptances: {
    method: 'POST',
    path: '/v1/acceptances',
    summary: 'Accepts contracts by signing the same bytes as the other side.',
    access: 'public',
    body: AcceptancesBody,
    response: json(ItemResults),
    problems: [...writeProblems, ...contractProblems],
  },
} as const satisfies Record<string, Route>
