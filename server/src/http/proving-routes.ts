import { claimJson } from './proving-mapping.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What provers take and hand in. A claim shows opened orders: to provers and operators alone. */
export function addProvingRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'claimProving', async ({ body }, request) => {
    const reader = await context.reader(request)
    const { sizeMax, zones } = body
    const claim = await service.claimProving(reader.account, { sizeMax, zones })
    return { claim: claim === undefined ? null : claimJson(claim) }
  })
  addRoute(context, 'handInProof', async ({ body }) => {
    const { zone, interval, size, proof, statement } = body
    const taken = await service.handInProof({ zone, interval, size, proof, statement })
    return taken.kind === 'taken'
      ? { kind: 'taken', repeated: taken.repeated }
      : { kind: 'refused', reason: taken.reason }
  })
  addRoute(context, 'provingQueue', async () => {
    const batches = (await service.provingQueue()).map((batch) => ({
      zone: batch.zone,
      interval: batch.interval,
      orderCount: batch.orderCount,
      status: batch.status,
      sinceMs: batch.sinceMs,
      attempts: batch.attempts,
      refused: batch.refused,
      overdue: batch.overdue,
    }))
    return { batches }
  })
}
