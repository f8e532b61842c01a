import { jsonInteger } from './json-numbers.ts'
import { plainJson } from './plain-json.ts'
import { openingsJson } from './proving-mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** Whole intervals and all balances: for operators and auditors alone. */
export function addAuditRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'auditInterval', async ({ params }) => {
    const view = await service.auditInterval(params.zone, params.interval)
    if (view === undefined) throw new Refused('not_found', { field: 'interval' })
    const { zone, interval, status, price, energy, fills, nets, disputes } = view
    return {
      zone,
      interval,
      status,
      priceMicrosPerKwh: price === null ? null : jsonInteger(price, 'priceMicrosPerKwh'),
      energyWh: jsonInteger(energy, 'energyWh'),
      fills: fills.map((fill) => ({
        digest: fill.digest,
        energyWh: jsonInteger(fill.energy, 'fills.energyWh'),
      })),
      nets: nets.map(({ account, amount }) => ({
        account,
        amountMicros: jsonInteger(amount, 'nets.amountMicros'),
      })),
      disputes: disputes.map(({ commitment, by, reasonHash }) => ({ commitment, by, reasonHash })),
    }
  })
  addRoute(context, 'auditReplay', async ({ params }) => {
    const view = await service.auditReplay(params.zone, params.interval)
    if (view === undefined) throw new Refused('not_found', { field: 'interval' })
    return plainJson(view)
  })
  addRoute(context, 'auditOpenings', async ({ params }) => {
    const view = await service.auditOpenings(params.zone, params.interval)
    if (view === undefined) throw new Refused('not_found', { field: 'interval' })
    return openingsJson(view)
  })
  addRoute(context, 'auditBalances', async () => {
    const balances = service.books.balances().map(({ account, balance }) => ({
      account,
      balanceMicros: jsonInteger(balance, 'balances.balanceMicros'),
    }))
    return { balances }
  })
}
