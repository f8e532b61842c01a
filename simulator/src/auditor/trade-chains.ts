import type { ByMeter, Owing } from './trade-allocation.ts'

/*
 * The rule `max-flow`, from `docs/concepts/allocation.md`: energy moves along chains of trades,
 * from a seller that has some left to a buyer that is in need, until there is no chain. Then a cut
 * shows that no more can be delivered in any way. Meters are named `s` and `b` with their numbers.
 */

export type Placed = {
  readonly trades: readonly Owing[]
  readonly deliveredWh: readonly bigint[]
  /** What meters have left: sellers to give, buyers to take. */
  readonly left: { readonly sellerMeter: ByMeter; readonly buyerMeter: ByMeter }
}

/** By how much each trade of a chain gets more, or less, by its place in the list of trades. */
export type Shift = readonly { readonly at: number; readonly byWh: bigint }[]

/**
 * The shortest chain, of equally short ones that of the lowest seller, then of the lowest trades;
 * undefined where there is none.
 */
export function nextChain(placed: Placed): Shift | undefined {
  const { trades, left } = placed
  const steps = stepsToNeed(placed)
  const stepsOf = (meter: number): number => steps.get(`s${meter}`) ?? Number.POSITIVE_INFINITY
  const starts = [...left.sellerMeter]
    .filter(([meter, leftWh]) => leftWh > 0n && steps.has(`s${meter}`))
    .map(([meter]) => meter)
    .sort((a, b) => stepsOf(a) - stepsOf(b) || a - b)
  const [start] = starts
  if (start === undefined) return undefined
  let mostWh = left.sellerMeter.get(start) ?? 0n
  const chain: { at: number; isMore: boolean }[] = []
  for (let [name, to] = [`s${start}`, stepsOf(start) - 1]; to >= 0; to -= 1) {
    const isMore = name.startsWith('s')
    const at = trades.findIndex((trade, place) => {
      const [from, other] = isMore ? endsOf(trade) : [endsOf(trade)[1], endsOf(trade)[0]]
      return from === name && steps.get(other) === to && roomOf(placed, place, isMore) > 0n
    })
    const trade = trades[at]
    if (trade === undefined) throw new Error('who is so many steps away is reached by a trade')
    const roomWh = roomOf(placed, at, isMore)
    if (roomWh < mostWh) mostWh = roomWh
    chain.push({ at, isMore })
    name = endsOf(trade)[isMore ? 1 : 0]
    const needWh = left.buyerMeter.get(trade.buyerMeter) ?? 0n
    if (to === 0 && needWh < mostWh) mostWh = needWh
  }
  return chain.map(({ at, isMore }) => ({ at, byWh: isMore ? mostWh : -mostWh }))
}

const endsOf = ({ sellerMeter, buyerMeter }: Owing): readonly [string, string] => [
  `s${sellerMeter}`,
  `b${buyerMeter}`,
]

/** How much more a trade can get, or less. */
const roomOf = ({ trades, deliveredWh }: Placed, at: number, isMore: boolean): bigint => {
  const has = deliveredWh[at] ?? 0n
  return isMore ? (trades[at]?.owedWh ?? 0n) - has : has
}

/** For each meter from which a buyer in need is reached, over how many trades at least. */
function stepsToNeed(placed: Placed): ReadonlyMap<string, number> {
  const steps = new Map<string, number>()
  for (const [meter, needWh] of placed.left.buyerMeter) if (needWh > 0n) steps.set(`b${meter}`, 0)
  for (let next = 1, before = -1; before !== steps.size; next += 1) {
    before = steps.size
    const found: string[] = []
    for (const [at, trade] of placed.trades.entries()) {
      const [seller, buyer] = endsOf(trade)
      if (steps.get(buyer) === next - 1 && roomOf(placed, at, true) > 0n) found.push(seller)
      if (steps.get(seller) === next - 1 && roomOf(placed, at, false) > 0n) found.push(buyer)
    }
    for (const name of found) if (!steps.has(name)) steps.set(name, next)
  }
  return steps
}

/**
 * What sellers, buyers and trades that stand in the way have together, in watt-hours: nothing can
 * deliver more. Those are the sellers that have nothing left for anybody to reach, the buyers that
 * are reached from those that have, and the trades between the others.
 */
export function cutWh(placed: Placed, exportedWh: ByMeter, importedWh: ByMeter): bigint {
  const { trades, left } = placed
  const reached = new Set<string>()
  for (const [meter, leftWh] of left.sellerMeter) if (leftWh > 0n) reached.add(`s${meter}`)
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const [at, trade] of trades.entries()) {
      const [seller, buyer] = endsOf(trade)
      if (reached.has(seller) && roomOf(placed, at, true) > 0n) reached.add(buyer)
      if (reached.has(buyer) && roomOf(placed, at, false) > 0n) reached.add(seller)
    }
  }
  let sum = 0n
  for (const [meter, energyWh] of exportedWh) if (!reached.has(`s${meter}`)) sum += energyWh
  for (const [meter, energyWh] of importedWh) if (reached.has(`b${meter}`)) sum += energyWh
  for (const trade of trades) {
    const [seller, buyer] = endsOf(trade)
    if (reached.has(seller) && !reached.has(buyer)) sum += trade.owedWh
  }
  return sum
}
