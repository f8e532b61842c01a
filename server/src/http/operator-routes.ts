import { requireAuditor, requireAuthority } from './authorization.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What those who run the market see of it. */
export function addOperatorRoutes(context: RouteContext): void {
  const { operator } = context.service
  addRoute(context, 'proposals', async (_input, request) => {
    requireAuthority(await context.reader(request))
    return operator.proposals()
  })
  addRoute(context, 'operations', async (_input, request) => {
    requireAuditor(await context.reader(request))
    return operator.operations()
  })
}
