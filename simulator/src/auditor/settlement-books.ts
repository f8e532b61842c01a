import { deviationPrices, worthDown, worthUp } from './arithmetic.ts'
import type { Energy } from './metered-energy.ts'
import type { AuditedMeter, AuditTerms } from './observations.ts'

export type Contract = { readonly boughtWh: bigint; readonly soldWh: bigint }

/**
 * What one interval must have moved on each account, from first principles: a list of purchases
 * and sales, each rounded against who makes it. What is left over is the rounding account's.
 *
 * All fills of a meter on one side are one purchase or one sale, and its fee is one amount.
 */
export function intervalNets(
  terms: AuditTerms,
  interval: number,
  price: bigint | null,
  meters: readonly {
    readonly meter: AuditedMeter
    readonly contract: Contract
    readonly energy: Energy
  }[],
): ReadonlyMap<number, bigint> {
  const nets = new Map<number, bigint>()
  const add = (account: number, amount: bigint): void => {
    nets.set(account, (nets.get(account) ?? 0n) + amount)
  }
  const buys = (account: number, energyWh: bigint, at: bigint): void => {
    if (energyWh > 0n) add(account, -worthUp(at, energyWh))
  }
  const sells = (account: number, energyWh: bigint, at: bigint): void => {
    if (energyWh > 0n) add(account, worthDown(at, energyWh))
  }
  for (const { meter, contract, energy } of meters) {
    if (price !== null) {
      buys(meter.account, contract.boughtWh, price)
      sells(meter.account, contract.soldWh, price)
      const fee = worthUp(BigInt(terms.feeMicrosPerKwh), contract.boughtWh + contract.soldWh)
      add(meter.account, -fee)
      add(terms.feesAccount, fee)
    }
    if (meter.kind === 'virtual') continue
    for (const sale of salesOfMeter(terms, interval, price, meter, contract, energy)) {
      buys(sale.buyer, sale.energyWh, sale.price)
      sells(sale.seller, sale.energyWh, sale.price)
    }
  }
  let sum = 0n
  for (const amount of nets.values()) sum += amount
  add(terms.roundingAccount, -sum)
  return nets
}

type Sale = {
  readonly seller: number
  readonly buyer: number
  readonly energyWh: bigint
  readonly price: bigint
}

/** Who must have bought what from whom because the meter did other than was contracted. */
function salesOfMeter(
  terms: AuditTerms,
  interval: number,
  price: bigint | null,
  meter: AuditedMeter,
  contract: Contract,
  energy: Energy,
): readonly Sale[] {
  const scheduled = contract.soldWh - contract.boughtWh
  const { soldWh = 0n, boughtWh = 0n } = terms.tradedOf?.(meter.meter, interval) ?? {}
  const metered = energy.exportWh - soldWh - (energy.importWh - boughtWh)
  if (price === null || scheduled === 0n) return withRetailer(terms, interval, meter, metered)
  // What was scheduled and done in the same direction; the rest of the metered was not scheduled.
  const inDirection = scheduled > 0n ? atLeastZero(metered) : -atLeastZero(-metered)
  // More than the contract counts as its deviation only up to a share of it.
  const size = scheduled > 0n ? scheduled : -scheduled
  const mostWh = size + (size * BigInt(terms.overDeviationBasisPoints)) / 10_000n
  const doneWh = inDirection > 0n ? inDirection : -inDirection
  const countedWh = doneWh > mostWh ? mostWh : doneWh
  const counted = inDirection > 0n ? countedWh : -countedWh
  const deviation = counted - scheduled
  const authority = terms.balancingAuthority
  const { short, over } = deviationPrices(price, terms.spreadBasisPoints)
  const balancing: Sale =
    deviation > 0n
      ? { seller: meter.account, buyer: authority, energyWh: deviation, price: over }
      : { seller: authority, buyer: meter.account, energyWh: -deviation, price: short }
  return [balancing, ...withRetailer(terms, interval, meter, metered - counted)]
}

function withRetailer(
  terms: AuditTerms,
  interval: number,
  meter: AuditedMeter,
  unscheduled: bigint,
): readonly Sale[] {
  if (unscheduled === 0n || terms.isRetailBilled === true) return []
  const { retailer, account } = meter
  const tariff = terms.tariffs.findLast(
    (one) => one.retailer === retailer && one.fromInterval <= interval,
  )
  if (retailer === null || tariff === undefined) {
    throw new RangeError(`meter ${meter.meter} has no tariff in interval ${interval}`)
  }
  const feedIn = BigInt(tariff.feedInMicrosPerKwh)
  const retail = BigInt(tariff.retailMicrosPerKwh)
  return unscheduled > 0n
    ? [{ seller: account, buyer: retailer, energyWh: unscheduled, price: feedIn }]
    : [{ seller: retailer, buyer: account, energyWh: -unscheduled, price: retail }]
}

const atLeastZero = (value: bigint): bigint => (value > 0n ? value : 0n)
