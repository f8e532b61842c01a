import { addRoute, type RouteContext } from './route-context.ts'

/** Who is measured by what, to each as far as it concerns them. */
export function addMeterRoutes(context: RouteContext): void {
  addRoute(context, 'meters', async ({ query }, request) =>
    context.service.meters.list(await context.reader(request), query))
}
