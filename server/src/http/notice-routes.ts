import { requireAccess } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What accounts are told, and where they want it brought. */
export function addNoticeRoutes(context: RouteContext): void {
  const { notices } = context.service
  addRoute(context, 'notices', async ({ params: { account }, query }, request) => {
    requireAccess(await context.reader(request), account)
    const { after = 0, limit = 1 } = query
    const listed = found(await notices.list(account, after, limit + 1))
    const page = listed.slice(0, limit)
    const nextAfter = listed.length > limit ? (page.at(-1)?.sequence ?? null) : null
    return { account, notices: page, nextAfter }
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
