import { worthDown, worthUp } from './arithmetic.ts'
import type { ObservedTerms, TradeAuditTerms } from './trade-observations.ts'

/** What one trade came to in one interval. Watt-hours. */
export type Found = {
  readonly trade: number
  readonly terms: ObservedTerms
  readonly contractedWh: bigint
  readonly owedWh: bigint
  readonly deliveredWh: bigint
  readonly sellerShortWh: bigint
  readonly buyerShortWh: bigint
  readonly seller: { readonly owedWh: bigint; readonly shortWh: bigint }
  readonly buyer: { readonly owedWh: bigint; readonly shortWh: bigint }
}

/**
 * What one trade moves between accounts in one interval, in micros: a list of payments from one to
 * another, each rounded against both, and the residue on the rounding account. The sums are zero.
 */
export function moneyOf(
  rules: TradeAuditTerms,
  interval: number,
  found: Found,
): ReadonlyMap<number, bigint> {
  const { terms, deliveredWh } = found
  const books = new Map<number, bigint>()
  const add = (account: number, micros: bigint): void => {
    books.set(account, (books.get(account) ?? 0n) + micros)
  }
  const pays = (from: number, to: number, energyWh: bigint, price: bigint): void => {
    add(from, -worthUp(price, energyWh))
    add(to, worthDown(price, energyWh))
  }
  const { seller, buyer, platform } = terms
  pays(buyer, seller, deliveredWh, BigInt(terms.priceMicrosPerKwh))
  for (const { from, to, energyWh, price } of damagesOf(rules, interval, found)) {
    if (price > 0n) pays(from, to, energyWh, price)
  }
  const fee = worthUp(BigInt(rules.feeMicrosPerKwh), deliveredWh)
  for (const side of [seller, buyer]) {
    add(side, -fee)
    add(rules.feesAccount, fee)
  }
  if (platform !== null) {
    pays(seller, platform, deliveredWh, BigInt(terms.platformFeeMicrosPerKwh))
  }
  let sum = 0n
  for (const micros of books.values()) sum += micros
  add(rules.roundingAccount, -sum)
  return books
}

type Damage = {
  readonly from: number
  readonly to: number
  readonly energyWh: bigint
  readonly price: bigint
}

/** What who fell short makes good, and what it is fined beyond its band. */
function damagesOf(rules: TradeAuditTerms, interval: number, found: Found): readonly Damage[] {
  const { terms, owedWh, deliveredWh } = found
  const { seller, buyer, buyerShort } = terms
  const price = BigInt(terms.priceMicrosPerKwh)
  const missing = owedWh - deliveredWh
  const sellers = found.seller.shortWh * found.buyer.owedWh
  const buyers = found.buyer.shortWh * found.seller.owedWh
  const bySeller = missing === 0n ? 0n : (missing * sellers) / (sellers + buyers)
  const retail = tariffOf(rules, terms.buyerRetailer, interval)?.retailMicrosPerKwh
  const feedIn = tariffOf(rules, terms.sellerRetailer, interval)?.feedInMicrosPerKwh
  const dearer = retail === undefined ? 0n : BigInt(retail) - price
  const cheaper = feedIn === undefined ? 0n : price - BigInt(feedIn)
  const takesOrPays = buyerShort === 'contracted' && price > 0n && price > cheaper
  const size = (price < 0n ? -price : price) * BigInt(terms.penaltyBasisPoints)
  const fine = (size + 9_999n) / 10_000n
  const band = (owedWh * BigInt(terms.toleranceBasisPoints)) / 10_000n
  const beyond = (shortWh: bigint): bigint => (shortWh > band ? shortWh - band : 0n)
  const fined = buyerShort === 'contracted' ? 0n : beyond(found.buyerShortWh)
  return [
    { from: seller, to: buyer, energyWh: bySeller, price: dearer },
    { from: buyer, to: seller, energyWh: missing - bySeller, price: takesOrPays ? price : cheaper },
    { from: seller, to: buyer, energyWh: beyond(found.sellerShortWh), price: fine },
    { from: buyer, to: seller, energyWh: fined, price: fine },
  ]
}

const tariffOf = ({ tariffs }: TradeAuditTerms, retailer: number, interval: number) =>
  tariffs.findLast((one) => one.retailer === retailer && one.fromInterval <= interval)

/** What a contract names for one interval of its window, in watt-hours. */
export function contractedWh(terms: ObservedTerms, interval: number): bigint {
  const place = interval - terms.fromInterval
  if (place < 0 || place >= terms.intervals) return 0n
  const energyWh = BigInt(terms.profile.energyWh)
  if (terms.profile.kind === 'per-interval') return energyWh
  const { weights } = terms.profile
  const weightsOf = (count: number): bigint => {
    if (weights.length === 0) return BigInt(count)
    return weights.slice(0, count).reduce((sum, weight) => sum + BigInt(weight), 0n)
  }
  const all = weightsOf(terms.intervals)
  return (energyWh * weightsOf(place + 1)) / all - (energyWh * weightsOf(place)) / all
}
