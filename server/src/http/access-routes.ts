import type { AccessGrantTaken } from '@busbar/protocols/api'
import type { GrantAnswer } from '../app/ports/access-service.ts'
import { requireAccess } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** Who reads for an account without a key of it. */
export function addAccessRoutes(context: RouteContext): void {
  const { access } = context.service
  addRoute(context, 'accessGrants', async ({ params: { account } }, request) => {
    requireAccess(await context.reader(request), account)
    const grants = access.list(account)
    if (grants === undefined) throw new Refused('not_found', { field: 'account' })
    return { account, grants: [...grants] }
  })
  addRoute(context, 'submitAccessGrant', async ({ body }) => taken(await access.submit(body)))
  addRoute(context, 'submitAccessRevocation', async ({ body }) => taken(await access.revoke(body)))
}

function taken(answer: GrantAnswer): AccessGrantTaken {
  if (answer.kind === 'taken') {
    const { account, grant, repeated } = answer
    return { account, grant, repeated }
  }
  const { reason, field, limit } = answer
  throw new Refused(reason, { field, ...(limit === undefined ? {} : { limit }) })
}
