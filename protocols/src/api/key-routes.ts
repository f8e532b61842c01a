import { Type } from 'typebox'
import { JoinCode } from './key-views.ts'
import { json, type Route } from './route.ts'
import { Account, closed, PublicKey } from './scalars.ts'

/** Routes about an account's further keys; part of `routes`. */
export const keyRoutes = {
  joinCode: {
    method: 'GET',
    path: '/v1/accounts/:account/join-codes/:key',
    summary: 'A join code that still counts, for whoever knows its public key.',
    access: 'public',
    params: Type.Object({ account: Account, key: PublicKey }, closed),
    response: json(JoinCode),
    problems: ['field_invalid', 'field_unknown', 'not_found'],
  },
} as const satisfies Record<string, Route>
