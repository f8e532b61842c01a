import { Type, type Static } from 'typebox'
import { Objection } from './key-views.ts'
import { json, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'
import { Account, closed, InstantMs, Name, nullable, RoleName } from './scalars.ts'

/** Who reads with this browser, and until when by the time outside. */
export const Session = Type.Object(
  {
    session: nullable(
      Type.Object(
        {
          account: Account,
          name: Name,
          roles: Type.Array(RoleName),
          retailer: nullable(Account),
          untilMs: InstantMs,
          objection: Type.Optional(Objection),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: 'Null where nobody is signed in.' },
)

export type Session = Static<typeof Session>

/** A browser that reads for somebody; part of `routes`. */
export const sessionRoutes = {
  session: {
    method: 'GET',
    path: '/v1/session',
    summary: 'Who reads with this browser: its cookie, or the credential of the request.',
    access: 'public',
    response: json(Session),
    problems: [],
  },
  openSession: {
    method: 'POST',
    path: '/v1/session',
    summary: 'Keeps the credential of the request in a cookie, which no script can read.',
    access: 'tenant',
    response: json(Session),
    problems: readProblems,
  },
  closeSession: {
    method: 'DELETE',
    path: '/v1/session',
    summary: 'Takes the cookie away, and ends what it held.',
    access: 'public',
    response: json(Session),
    problems: [],
  },
} as const satisfies Record<string, Route>
