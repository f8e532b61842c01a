import { Type } from 'typebox'
import { Notices, SignedWebhook, Webhook, WebhookTaken } from './notices.ts'
import { json, limit, type Route } from './route.ts'
import { readProblems, webhookProblems } from './route-problems.ts'
import { Account, closed, Count } from './scalars.ts'

const account = Type.Object({ account: Account }, closed)

/** Routes about what accounts are told; part of `routes`. */
export const noticeRoutes = {
  notices: {
    method: 'GET',
    path: '/v1/accounts/:account/notices',
    summary: 'What an account was told, ascending from the notice behind `after`.',
    access: 'account',
    params: account,
    query: Type.Object({ after: Type.Optional(Count), limit }, closed),
    response: json(Notices),
    problems: readProblems,
  },
  webhook: {
    method: 'GET',
    path: '/v1/accounts/:account/webhook',
    summary: 'Where an account’s notices are brought, and how it stands with that.',
    access: 'account',
    params: account,
    response: json(Webhook),
    problems: readProblems,
  },
  submitWebhook: {
    method: 'POST',
    path: '/v1/webhooks',
    summary: 'Says where an account’s notices are to be brought, signed by the account.',
    access: 'public',
    body: SignedWebhook,
    response: json(WebhookTaken),
    problems: webhookProblems,
  },
} as const satisfies Record<string, Route>
