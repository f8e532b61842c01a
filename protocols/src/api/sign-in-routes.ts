import { Type, type Static } from 'typebox'
import { json, type Route } from './route.ts'
import { Account, closed, Name, RoleName } from './scalars.ts'
import { Session } from './session-routes.ts'

const Provider = Type.String({
  pattern: '^[a-z0-9-]{1,32}$',
  description: 'A provider, by its name.',
})

export const SignInProviders = Type.Object(
  {
    providers: Type.Array(
      Type.Object(
        {
          name: Provider,
          label: Type.String({ description: 'For people.' }),
          path: Type.String({ description: 'Where a browser goes to sign in.' }),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: 'Where companies sign in; none where the server has no provider.' },
)

export const SignInChoice = Type.Object(
  {
    accounts: Type.Array(
      Type.Object(
        {
          account: Account,
          name: Name,
          roles: Type.Array(RoleName),
          isCurrent: Type.Boolean({ description: 'It is the one that this browser reads for.' }),
        },
        closed,
      ),
      { description: 'The oldest grant first; none where there is no choice.' },
    ),
  },
  { ...closed, description: 'Whom a person may read for, as its provider’s answer said.' },
)

export type SignInChoice = Static<typeof SignInChoice>
export type SignInProviders = Static<typeof SignInProviders>

const params = Type.Object({ provider: Provider }, closed)
const page = { mediaType: 'text/html', schema: Type.String() } as const
const problems = [
  'not_found', 'field_invalid', 'sign_in_refused', 'sign_in_unknown', 'network_foreign',
] as const

/** A path of this server alone: no other host can be meant by it. */
export const backPattern = '^/(?![/\\\\])[A-Za-z0-9._~!$&\'()*+,;=:@%/?-]*$'

/** How people of companies sign in, by OpenID Connect; part of `routes`. */
export const signInRoutes = {
  signInProviders: {
    method: 'GET',
    path: '/v1/sign-in',
    summary: 'With which companies’ providers people sign in.',
    access: 'public',
    response: json(SignInProviders),
    problems: [],
  },
  signIn: {
    method: 'GET',
    path: '/v1/sign-in/:provider',
    summary: 'Sends a browser to a provider (303), to come back signed in to the path `back`.',
    access: 'public',
    params,
    query: Type.Object(
      {
        account: Type.Optional(Account),
        back: Type.Optional(Type.String({ maxLength: 500, pattern: backPattern })),
      },
      closed,
    ),
    response: page,
    problems,
  },
  signInCallback: {
    method: 'GET',
    path: '/v1/sign-in/:provider/callback',
    summary: 'Where a provider sends a browser back, which then has a session (303).',
    access: 'public',
    params,
    query: Type.Object({
      code: Type.Optional(Type.String({ maxLength: 4_000 })),
      state: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    response: page,
    problems,
  },
  signInChoice: {
    method: 'GET',
    path: '/v1/sign-in-choice',
    summary: 'For which accounts whoever came back from a provider may read with this browser.',
    access: 'public',
    response: json(SignInChoice),
    problems: [],
  },
  chooseAccount: {
    method: 'POST',
    path: '/v1/sign-in-choice',
    summary: 'Reads for another of these accounts from now on, with this browser.',
    access: 'public',
    body: Type.Object({ account: Account }, closed),
    response: json(Session),
    problems: [
      'body_malformed', 'content_type_unsupported', 'field_invalid', 'field_unknown',
      'field_missing', 'sign_in_refused', 'sign_in_unknown', 'network_foreign',
    ],
  },
} as const satisfies Record<string, Route>
