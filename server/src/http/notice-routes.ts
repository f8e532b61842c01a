import type { Notice } from '@busbar/protocols/api'
import { requireAccess } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What a device that may be lost is told: who may speak for its account, and nothing of money. */
const ofKeys: ReadonlySet<Notice['kind']> = new Set([
  'participant_changed', 'key_replaced', 'passkey_registered', 'passkey_revoked',
  'objection_raised', 'join_code_issued', 'join_code_revoked',
])

/** What accounts are told, and where they want it brought. */
export function addNoticeRoutes(context: RouteContext): void {
  const { notices } = context.service
  addRoute(context, 'notices', async ({ params: { account }, query }, request) => {
    const reader = await context.reader(request)
    requireAccess(reader, account)
    const { after = 0, limit = 1 } = query
    const listed = found(await notices.list(account, after, limit + 1))
    const page = listed.slice(0, limit)
    const nextAfter = listed.length > limit ? (page.at(-1)?.sequence ?? null) : null
    const shown = page.filter(({ kind }) => reader.objection === undefined || ofKeys.has(kind))
    return { account, notices: shown, nextAfter }
  })
  addRoute(context, 'webhook', async ({ params: { account } }, request) => {
    requireAccess(await context.reader(request), account)
    return found(await notices.webhook(account))
  })
  addRoute(context, 'submitWebhook', async ({ body }) => {
    const answer = await notices.submit(body)
    if (answer.kind === 'taken') {
      const { account, issuedAtMs, repeated } = answer
      return { account, issuedAtMs, repeated }
    }
    const { reason, field, limit } = answer
    throw new Refused(reason, { field, ...(limit === undefined ? {} : { limit }) })
  })
}

function found<T>(view: T | undefined): T {
  if (view === undefined) throw new Refused('not_found', { field: 'account' })
  return view
}
