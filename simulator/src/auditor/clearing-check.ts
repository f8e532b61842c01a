import type { Difference, ObservedClearing, ObservedOrder } from './observations.ts'

/**
 * Works out an interval's price and fills from the signed orders, and lists where the published
 * ones differ.
 *
 * Demand and supply change only at a limit, just above a buyer's and at a seller's. So it is enough
 * to try every limit and the prices one micro beside it, and the best of those are the ends of the
 * range of best prices. Slow, and easy to believe.
 */
export function checkClearing(
  orders: readonly ObservedOrder[],
  published: ObservedClearing,
): readonly Difference[] {
  const { interval } = published
  const differences: Difference[] = []
  const differ = (about: 'price' | 'fill', subject: string, expected: unknown, got: unknown) => {
    const shown = { expected: String(expected), got: String(got) }
    differences.push({ about, account: -1, interval, subject, ...shown })
  }
  const price = priceOf(orders)
  const wanted = price === null ? new Map<string, bigint>() : fillsAt(orders, price)
  const got = new Map(published.fills.map((fill) => [fill.digest, BigInt(fill.energyWh)]))
  if (price !== published.priceMicrosPerKwh) {
    differ('price', '', price, published.priceMicrosPerKwh)
  }
  for (const { digest } of orders) {
    const expected = wanted.get(digest) ?? 0n
    const actual = got.get(digest) ?? 0n
    if (expected !== actual) differ('fill', digest, expected, actual)
  }
  const known = new Set(orders.map((order) => order.digest))
  for (const [digest, energyWh] of got) {
    if (!known.has(digest)) differ('fill', digest, 'no such order', energyWh)
  }
  return differences
}

type Candidate = { readonly price: number; readonly demand: bigint; readonly supply: bigint }

/** The one price of design, section 8, rule 1; null if nothing can be traded. */
export function priceOf(orders: readonly ObservedOrder[]): number | null {
  const demandAt = curve(orders.filter((order) => order.side === 'buy'), 'at_or_above')
  const supplyAt = curve(orders.filter((order) => order.side === 'sell'), 'at_or_below')
  const prices = new Set(orders.flatMap(({ limitMicrosPerKwh: at }) => [at - 1, at, at + 1]))
  let best: Candidate[] = []
  for (const price of [...prices].sort((a, b) => a - b)) {
    const candidate = { price, demand: demandAt(price), supply: supplyAt(price) }
    const [leader] = best
    const order = leader === undefined ? -1 : compare(candidate, leader)
    if (order < 0) best = [candidate]
    else if (order === 0) best.push(candidate)
  }
  const [lowest] = best
  const highest = best.at(-1)
  if (lowest === undefined || highest === undefined || volume(lowest) === 0n) return null
  if (excess(lowest) === 0n) return Math.floor((lowest.price + highest.price) / 2)
  return best.findLast((one) => one.demand > one.supply)?.price ?? lowest.price
}

/** Negative if `a` is the better price: trades more, or leaves less over. */
function compare(a: Candidate, b: Candidate): number {
  if (volume(a) !== volume(b)) return volume(a) > volume(b) ? -1 : 1
  if (excess(a) !== excess(b)) return excess(a) < excess(b) ? -1 : 1
  return 0
}

const volume = ({ demand, supply }: Candidate): bigint => (demand < supply ? demand : supply)

const excess = ({ demand, supply }: Candidate): bigint =>
  demand > supply ? demand - supply : supply - demand

/** Energy of the orders whose limit allows a price, by running sums and bisection. */
function curve(orders: readonly ObservedOrder[], allows: 'at_or_above' | 'at_or_below') {
  const sign = allows === 'at_or_below' ? 1 : -1
  const sorted = orders.toSorted((a, b) => sign * (a.limitMicrosPerKwh - b.limitMicrosPerKwh))
  const sums = [0n]
  for (const order of sorted) sums.push((sums.at(-1) ?? 0n) + BigInt(order.energyWh))
  return (price: number): bigint => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      const limit = sorted[middle]?.limitMicrosPerKwh ?? 0
      if (sign * limit <= sign * price) low = middle + 1
      else high = middle
    }
    return sums[low] ?? 0n
  }
}

/** Rule 2: better limits whole; at the price in proportion, by cumulative rounding. */
export function fillsAt(
  orders: readonly ObservedOrder[],
  price: number,
): ReadonlyMap<string, bigint> {
  const fills = new Map<string, bigint>()
  const allowed = (['buy', 'sell'] as const).map((side) =>
    orders.filter(
      (order) =>
        order.side === side &&
        (side === 'buy' ? order.limitMicrosPerKwh >= price : order.limitMicrosPerKwh <= price),
    ),
  )
  const traded = allowed.map(energyOf).reduce((a, b) => (a < b ? a : b))
  for (const side of allowed) {
    const better = side.filter((order) => order.limitMicrosPerKwh !== price)
    for (const order of better) fills.set(order.digest, BigInt(order.energyWh))
    const marginal = side
      .filter((order) => order.limitMicrosPerKwh === price)
      .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    const left = traded - energyOf(better)
    const size = energyOf(marginal)
    let reached = 0n
    let given = 0n
    for (const order of marginal) {
      reached += BigInt(order.energyWh)
      const until = (left * reached) / size
      if (until > given) fills.set(order.digest, until - given)
      given = until
    }
  }
  return fills
}

const energyOf = (orders: readonly ObservedOrder[]): bigint =>
  orders.reduce((sum, order) => sum + BigInt(order.energyWh), 0n)
