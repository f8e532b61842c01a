import { requireAccess, requireService } from './authorization.ts'
import { proofJson } from './mapping.ts'
import { plainJson } from './plain-json.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/**
 * What is shown of trades. A trade is shown to whom it concerns, as far as it does; to others it
 * looks as if there were none.
 */
export function addTradeRoutes(context: RouteContext): void {
  const { trading } = context.service
  addRoute(context, 'offers', async ({ query }) => {
    const { side, zone, source, interval, from, order = 'asc', limit = 1 } = query
    const page = { from, order, limit: limit + 1 }
    const offers = trading.offers({ side, zone, source, interval }, page)
    return plainJson({
      offers: offers.slice(0, limit),
      nextFrom: offers[limit]?.offer ?? null,
    })
  })
  addRoute(context, 'accountOffers', async ({ params, query }, request) => {
    requireAccess(await context.reader(request), params.account)
    const { from, order = 'asc', limit = 1 } = query
    const page = { from, order, limit: limit + 1 }
    const offers = found(trading.ownOffers(params.account, page), 'account')
    return plainJson({ offers: offers.slice(0, limit), nextFrom: offers[limit]?.offer ?? null })
  })
  addRoute(context, 'trades', async ({ query }, request) => {
    const reader = await context.reader(request)
    const { from, relation, order = 'asc', limit = 1 } = query
    const trades = trading.trades(reader, { from, order, limit: limit + 1 }, relation)
    return plainJson({ trades: trades.slice(0, limit), nextFrom: trades[limit]?.trade ?? null })
  })
  addRoute(context, 'trade', async ({ params }, request) => {
    const reader = await context.reader(request)
    return plainJson(found(trading.trade(reader, params.trade), 'trade'))
  })
  addRoute(context, 'tradeDeliveries', async ({ params, query }, request) => {
    const reader = await context.reader(request)
    const { from, limit = 1 } = query
    const page = { from, limit: limit + 1 }
    const deliveries = found(trading.deliveries(reader, params.trade, page), 'trade')
    return plainJson({
      trade: params.trade,
      deliveries: deliveries.slice(0, limit),
      nextFrom: deliveries[limit]?.interval ?? null,
    })
  })
  addRoute(context, 'accountSeries', async ({ params, query }, request) => {
    requireAccess(await context.reader(request), params.account)
    return plainJson(found(trading.accountSeries(params.account, query), 'account'))
  })
  addRoute(context, 'standing', async ({ params }, request) => {
    requireAccess(await context.reader(request), params.account)
    return plainJson(found(trading.standing(params.account), 'account'))
  })
  addRoute(context, 'contractProofs', async ({ params: { trade } }, request) => {
    const reader = await context.reader(request)
    const proofs = found(await trading.contractProofs(reader, trade), 'trade')
    return {
      trade,
      contracts: proofs.map(({ contract, proof }) => ({
        contract,
        fixedWith: proof?.interval ?? null,
        proof: proof === null ? null : proofJson(proof.inclusion),
      })),
    }
  })
  addPaymentRoutes(context)
  addRetailerRoutes(context)
}

function addPaymentRoutes(context: RouteContext): void {
  const { trading } = context.service
  addRoute(context, 'payments', async ({ params, query }, request) => {
    requireAccess(await context.reader(request), params.account)
    const { from, limit = 1 } = query
    const view = found(trading.payments(params.account, { from, limit: limit + 1 }), 'account')
    return plainJson({
      ...view,
      payments: view.payments.slice(0, limit),
      nextFrom: view.payments[limit]?.payment ?? null,
    })
  })
  addRoute(context, 'defaults', async ({ params, query }, request) => {
    const reader = await context.reader(request)
    requireAccess(reader, params.account)
    const { from, limit = 1 } = query
    const page = { from, limit: limit + 1 }
    const defaults = found(trading.defaults(reader, params.account, page), 'account')
    return plainJson({
      account: params.account,
      defaults: defaults.slice(0, limit),
      nextFrom: defaults[limit]?.default ?? null,
    })
  })
}

function addRetailerRoutes(context: RouteContext): void {
  const { trading } = context.service
  addRoute(context, 'customers', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'retailer')
    const { from, limit = 1 } = query
    const page = { from, limit: limit + 1 }
    const customers = found(trading.customers(params.account, page), 'account')
    return plainJson({
      retailer: params.account,
      customers: customers.slice(0, limit),
      tariffs: trading.tariffs(params.account),
      nextFrom: customers[limit]?.account ?? null,
    })
  })
  addRoute(context, 'declarations', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'retailer')
    const { from, until, limit = 1 } = query
    const page = { from, until, limit }
    const declarations = found(trading.declarations(params.account, page), 'account')
    return plainJson({
      retailer: params.account,
      declarations,
      nextFrom: intervalAfter(declarations, limit),
    })
  })
  addRoute(context, 'meteredEnergy', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'retailer')
    const { from, until, limit = 1 } = query
    const page = { from, until, limit }
    const energies = found(trading.meteredEnergy(params.account, page), 'account')
    return plainJson({
      retailer: params.account,
      energies,
      nextFrom: intervalAfter(energies, limit),
    })
  })
  addRoute(context, 'customerEnergy', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'retailer')
    const customers = found(trading.customerEnergy(params.account, query), 'account')
    return plainJson({ retailer: params.account, ...query, customers })
  })
  addRoute(context, 'meterDataRequests', async ({ params }, request) => {
    // Of its own gateways, whoever it is.
    requireService(await context.reader(request), params.account)
    const requests = found(trading.meterDataRequests(params.account), 'account')
    return plainJson({ retailer: params.account, requests })
  })
  addRoute(context, 'tradedEnergy', async ({ params: { meter }, query }, request) => {
    const reader = await context.reader(request)
    const { from: fromInterval, count } = query
    const answer = found(trading.tradedEnergy(reader, { meter, fromInterval, count }), 'meter')
    return { ...answer, proofs: [...answer.proofs] }
  })
  addRoute(context, 'agreements', async ({ query: { from, limit = 1 } }, request) => {
    const reader = await context.reader(request)
    const agreements = trading.agreements(reader, { from, limit: limit + 1 })
    const nextFrom = agreements[limit]?.agreement ?? null
    return plainJson({ agreements: agreements.slice(0, limit), nextFrom })
  })
  addRoute(context, 'nettings', async ({ query: { from, limit = 1 } }, request) => {
    const reader = await context.reader(request)
    const nettings = trading.nettings(reader, { from, limit: limit + 1 })
    const nextFrom = nettings[limit]?.netting ?? null
    const owed = trading.owed(reader)
    return plainJson({ nettings: nettings.slice(0, limit), owed, nextFrom })
  })
  addRoute(context, 'wheeling', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'distribution-utility')
    const { from, limit = 1 } = query
    const view = found(trading.wheeling(params.account, { from, limit }), 'account')
    const nextFrom = intervalAfter(view.lines, limit)
    return plainJson({ utility: params.account, ...view, nextFrom })
  })
  addRoute(context, 'schedule', async ({ params, query }, request) => {
    requireService(await context.reader(request), params.account, 'distribution-utility')
    const { from, limit = 1 } = query
    const flows = found(trading.schedule(params.account, { from, limit }), 'account')
    return plainJson({
      utility: params.account,
      zones: trading.zonesOf(params.account),
      flows,
      nextFrom: intervalAfter(flows, limit),
    })
  })
}

/** Where the next page begins; null if this one is not full. */
function intervalAfter(
  page: readonly { readonly interval: number }[],
  limit: number,
): number | null {
  const last = page.at(-1)?.interval
  return page.length >= limit && last !== undefined ? last + 1 : null
}

function found<T>(view: T | undefined, field: string): T {
  if (view === undefined) throw new Refused('not_found', { field })
  return view
}
