import { Type } from 'typebox'
import { AccountSeries, AccountSeriesQuery, Standing } from './account-series.ts'
import { readProblems } from './route-problems.ts'
import { json, type Route } from './route.ts'
import { Account, closed } from './scalars.ts'

/** Routes about an account's days; part of `routes`. */
export const accountSeriesRoutes = {
  accountSeries: {
    method: 'GET',
    path: '/v1/accounts/:account/series',
    summary: 'Energy and money of an account in up to 1,500 intervals, in columns.',
    access: 'account',
    params: Type.Object({ account: Account }, closed),
    query: AccountSeriesQuery,
    response: json(AccountSeries),
    problems: readProblems,
  },
  standing: {
    method: 'GET',
    path: '/v1/accounts/:account/standing',
    summary: 'How much of an account’s money is provisional, final, corrected, and may still move.',
    access: 'account',
    params: Type.Object({ account: Account }, closed),
    response: json(Standing),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
