import { joinCodeJson } from './key-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What concerns an account's further keys. */
export function addKeyRoutes(context: RouteContext): void {
  // Public: its name is a key that nobody can guess, and says nothing but that it counts.
  addRoute(context, 'joinCode', async ({ params: { account, key } }) => {
    const view = await context.service.joinCode(account, key)
    if (view === undefined) throw new Refused('not_found', { field: 'key' })
    const { delaySeconds } = view
    return { account, ...joinCodeJson(view), delaySeconds }
  })
}
