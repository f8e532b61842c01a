import { Type } from 'typebox'
import {
  AccessGrants,
  AccessGrantTaken,
  SignedAccessGrant,
  SignedAccessRevocation,
} from './access-grants.ts'
import { json, type Route } from './route.ts'
import { grantProblems, readProblems, revocationProblems } from './route-problems.ts'
import { Account, closed } from './scalars.ts'

/** Routes about who reads for an account; part of `routes`. */
export const accessRoutes = {
  accessGrants: {
    method: 'GET',
    path: '/v1/accounts/:account/access-grants',
    summary: 'Who reads for an account without its keys, and when it last did.',
    access: 'account',
    params: Type.Object({ account: Account }, closed),
    response: json(AccessGrants),
    problems: readProblems,
  },
  submitAccessGrant: {
    method: 'POST',
    path: '/v1/access-grants',
    summary: 'Has somebody read for an account by an API key, a certificate or a sign-in.',
    access: 'public',
    body: SignedAccessGrant,
    response: json(AccessGrantTaken),
    problems: grantProblems,
  },
  submitAccessRevocation: {
    method: 'POST',
    path: '/v1/access-revocations',
    summary: 'Ends a grant at once and for ever, signed by the account.',
    access: 'public',
    body: SignedAccessRevocation,
    response: json(AccessGrantTaken),
    problems: revocationProblems,
  },
} as const satisfies Record<string, Route>
