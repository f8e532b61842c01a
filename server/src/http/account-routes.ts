import type { FastifyRequest } from 'fastify'
import type { InclusionProofView } from '../app/ports/exchange-views.ts'
import { accountIntervalJson, accountJson, statementLineJson } from './account-mapping.ts'
import { requireAccess } from './authorization.ts'
import { proofJson } from './mapping.ts'
import { orderPathJson } from './proving-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What belongs to somebody. Whether it is there is told only to those who may see it. */
export function addAccountRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'account', async ({ params }, request) => {
    requireAccess(await context.reader(request), params.account)
    return accountJson(found(await service.account(params.account), 'account'))
  })
  addRoute(context, 'accountInterval', async ({ params }, request) => {
    requireAccess(await context.reader(request), params.account)
    const view = await service.accountInterval(params.account, params.interval)
    return accountIntervalJson(found(view, 'interval'))
  })
  addRoute(context, 'statement', async ({ params, query }, request) => {
    requireAccess(await context.reader(request), params.account)
    const { from, kind, order = 'asc', limit = 1 } = query
    const view = await service.statement(params.account, { from, kind, order, limit })
    const { lines, nextFrom } = found(view, 'account')
    return { account: params.account, lines: lines.map(statementLineJson), nextFrom }
  })
  addProofRoutes(context)
}

function addProofRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'orderProof', async ({ params: { zone, interval, digest } }, request) =>
    provenTo(context, request, 'digest', () => service.orderProof(zone, interval, digest)),
  )
  addRoute(context, 'orderPath', async ({ params }, request) => {
    const { zone, interval, commitment } = params
    const reader = await context.reader(request)
    const view = await service.sealedOrderProof(zone, interval, commitment)
    requireAccess(reader, view?.owner ?? -1)
    return orderPathJson(found(view, 'commitment'))
  })
  addRoute(context, 'postingProof', async ({ params, query }, request) =>
    provenTo(context, request, 'account', () =>
      service.postingProof(params.zone, params.interval, params.account, query.run),
    ),
  )
  addRoute(context, 'readingProof', async ({ params, query }, request) =>
    provenTo(context, request, 'meter', () =>
      service.readingProof(params.zone, params.interval, params.meter, query.run),
    ),
  )
}

async function provenTo(
  context: RouteContext,
  request: FastifyRequest,
  field: string,
  proof: () => Promise<InclusionProofView | undefined>,
) {
  const reader = await context.reader(request)
  const view = await proof()
  // To others what is not there looks like what is not theirs: −1 is nobody's account.
  requireAccess(reader, view?.owner ?? -1)
  return proofJson(found(view, field))
}

function found<T>(view: T | undefined, field: string): T {
  if (view === undefined) throw new Refused('not_found', { field })
  return view
}
