/**
 * A second opinion on what trades get: the rules of `allocate` written again from their text, on
 * `bigint`s, looking at every trade again and again. `busbar verify` replays a journal with this
 * one, and a property holds the two together.
 */
import { type WattHours } from '../units/index.ts'
import {
  type Allocation,
  type AllocationInput,
  assertDelivered,
  checkMeteredTrades,
  type Cut,
  type MeteredTrades,
} from './allocation.ts'
import type { MeterShortage, Shortages } from './shortages.ts'

type Trade = {
  readonly trade: number
  readonly seller: number
  readonly buyer: number
  readonly energy: bigint
  delivered: bigint
}

/** Meters by their number, with the energy that they have left. */
type Left = { readonly seller: Map<number, bigint>; readonly buyer: Map<number, bigint> }

type Side = keyof Left

type State = { readonly trades: readonly Trade[]; readonly left: Left }

/**
 * Gives the energy of meters to their trades. An example for what the rules give:
 *
 * ```text
 *   a has 10, b has 10; c takes 10, d takes 10      pro-rata  maximal-proportional  max-flow  fifo
 *   trade 1   a → c   owes 10                              5                     5         0    10
 *   trade 2   a → d   owes 10                              5                     5        10     0
 *   trade 3   b → c   owes 10                              5                     5        10     0
 * ```
 *
 * @throws Fault ALLOCATION_INVALID, see `checkMeteredTrades`.
 */
export function allocateNaive(input: AllocationInput): Allocation {
  checkMeteredTrades(input)
  const state: State = {
    trades: input.trades
      .map((trade) => ({ ...trade, delivered: 0n }))
      .sort((a, b) => a.trade - b.trade),
    left: { seller: energies(input.sellers), buyer: energies(input.buyers) },
  }
  if (input.rule === 'fifo') placeInTurn(state)
  if (input.rule === 'pro-rata') placeProRata(state, state.trades, owed)
  if (input.rule === 'maximal-proportional') placeProportionally(state)
  if (input.rule === 'max-flow') {
    placeProportionally(state)
    moveToMaximum(state)
  }
  const given = new Map(state.trades.map(({ trade, delivered }) => [trade, delivered]))
  const delivered = input.trades.map(({ trade }) => (given.get(trade) ?? 0n) as WattHours)
  assertDelivered(input, delivered)
  return { delivered, cut: input.rule === 'max-flow' ? cutOf(input, state) : null }
}

const energies = (meters: MeteredTrades['sellers']): Map<number, bigint> =>
  new Map(meters.map(({ meter, energy }) => [meter, energy]))

const leftOf = ({ left }: State, side: Side, trade: Trade): bigint =>
  left[side].get(trade[side]) ?? 0n

function place({ left }: State, trade: Trade, energy: bigint): void {
  trade.delivered += energy
  left.seller.set(trade.seller, (left.seller.get(trade.seller) ?? 0n) - energy)
  left.buyer.set(trade.buyer, (left.buyer.get(trade.buyer) ?? 0n) - energy)
}

/** By ascending number, each trade takes what both of its meters have left. */
function placeInTurn(state: State): void {
  for (const trade of state.trades) {
    const both = min(leftOf(state, 'seller', trade), leftOf(state, 'buyer', trade))
    place(state, trade, min(both, trade.energy - trade.delivered))
  }
}

/** Each trade of `among` gets the smaller of its two shares. Returns what was placed in all. */
function placeProRata(
  state: State,
  among: readonly Trade[],
  wantedOf: (side: Side, trade: Trade) => bigint,
): bigint {
  const shares = (side: Side): Map<Trade, bigint> =>
    sharesOf(among, side, (trade) => wantedOf(side, trade), state.left[side])
  const [sold, bought] = [shares('seller'), shares('buyer')]
  let placed = 0n
  for (const trade of among) {
    const share = min(sold.get(trade) ?? 0n, bought.get(trade) ?? 0n)
    place(state, trade, share)
    placed += share
  }
  return placed
}

/** Of each meter's energy, as far as it is wanted, what each of its trades gets. */
function sharesOf(
  trades: readonly Trade[],
  side: Side,
  wantedBy: (trade: Trade) => bigint,
  energyOf: ReadonlyMap<number, bigint>,
): Map<Trade, bigint> {
  const shares = new Map<Trade, bigint>()
  for (const [meter, own] of groupBy(trades, (trade) => trade[side])) {
    const wanted = own.reduce((sum, trade) => sum + wantedBy(trade), 0n)
    const shared = min(energyOf.get(meter) ?? 0n, wanted)
    let cumulated = 0n
    for (const trade of own) {
      const before = cumulated
      cumulated += wantedBy(trade)
      const share = wanted === 0n ? 0n : (shared * cumulated) / wanted - (shared * before) / wanted
      shares.set(trade, share)
    }
  }
  return shares
}

function groupBy(
  trades: readonly Trade[],
  keyOf: (trade: Trade) => number,
): Map<number, Trade[]> {
  const groups = new Map<number, Trade[]>()
  for (const trade of trades) {
    const own = groups.get(keyOf(trade))
    if (own === undefined) groups.set(keyOf(trade), [trade])
    else own.push(trade)
  }
  return groups
}

/** As often as the rule repeats it: part of the rule, as it decides who gets the last of it. */
const repetitions = 8

const owed = (_side: Side, trade: Trade): bigint => trade.energy

function placeProportionally(state: State): void {
  placeProRata(state, state.trades, owed)
  const lacking = (trade: Trade): bigint => trade.energy - trade.delivered
  /** No more than the meter on the other side has left. */
  const wanted = (side: Side, trade: Trade): bigint =>
    min(lacking(trade), leftOf(state, side === 'seller' ? 'buyer' : 'seller', trade))
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const open = state.trades.filter(
      (trade) =>
        lacking(trade) > 0n &&
        leftOf(state, 'seller', trade) > 0n &&
        leftOf(state, 'buyer', trade) > 0n,
    )
    if (placeProRata(state, open, wanted) === 0n) break
  }
  placeInTurn(state)
}

/** Steps to a buyer in need: from a buyer, and from a seller. Who cannot reach one is not there. */
type Distances = { readonly seller: Map<number, number>; readonly buyer: Map<number, number> }

/** Moves energy along the shortest chain, the first of them, until there is none. */
function moveToMaximum(state: State): void {
  for (;;) {
    const distances = distancesOf(state)
    const chain = firstChain(state, distances)
    if (chain === undefined) return
    const [first, last] = [chain[0], chain.at(-1)]
    if (first === undefined || last === undefined) throw new Error('a chain has trades')
    const free = chain.map((trade, i) =>
      i % 2 === 0 ? trade.energy - trade.delivered : trade.delivered,
    )
    const energy = free.reduce(
      min, min(leftOf(state, 'seller', first), leftOf(state, 'buyer', last)),
    )
    for (const [i, trade] of chain.entries()) place(state, trade, i % 2 === 0 ? energy : -energy)
  }
}

/** One step further in each round, over all trades: until a round finds nobody new. */
function distancesOf(state: State): Distances {
  const seller = new Map<number, number>()
  const buyer = new Map<number, number>()
  for (const [meter, left] of state.left.buyer) if (left > 0n) buyer.set(meter, 0)
  for (let steps = 1; ; steps += 1) {
    const before = seller.size + buyer.size
    for (const trade of state.trades) {
      const { energy, delivered } = trade
      const fromSeller = delivered < energy && buyer.get(trade.buyer) === steps - 1
      if (fromSeller && !seller.has(trade.seller)) seller.set(trade.seller, steps)
      const fromBuyer = delivered > 0n && seller.get(trade.seller) === steps - 1
      if (fromBuyer && !buyer.has(trade.buyer)) buyer.set(trade.buyer, steps)
    }
    if (seller.size + buyer.size === before) return { seller, buyer }
  }
}

/** From the nearest seller with energy left, of several the lowest, always by the lowest trade. */
function firstChain(state: State, { seller, buyer }: Distances): Trade[] | undefined {
  const [start] = [...state.left.seller]
    .flatMap(([meter, left]) => {
      const steps = seller.get(meter)
      return left > 0n && steps !== undefined ? [{ meter, steps }] : []
    })
    .sort((a, b) => a.steps - b.steps || a.meter - b.meter)
  if (start === undefined) return undefined
  const chain: Trade[] = []
  let meter = start.meter
  for (let steps = start.steps - 1; steps >= 0; steps -= 1) {
    const fromSeller = chain.length % 2 === 0
    const next = state.trades.find((trade) =>
      fromSeller
        ? trade.seller === meter && trade.delivered < trade.energy &&
          buyer.get(trade.buyer) === steps
        : trade.buyer === meter && trade.delivered > 0n && seller.get(trade.seller) === steps,
    )
    if (next === undefined) throw new Error('a distance has a way')
    chain.push(next)
    meter = fromSeller ? next.buyer : next.seller
  }
  return chain
}

/** The sellers from whom a buyer in need can be reached, the other buyers, the trades between. */
function cutOf(input: AllocationInput, state: State): Cut {
  const { seller, buyer } = distancesOf(state)
  return {
    sellers: numbers(input.sellers).filter((meter) => seller.has(meter)),
    buyers: numbers(input.buyers).filter((meter) => !buyer.has(meter)),
    trades: state.trades
      .filter((trade) => !seller.has(trade.seller) && buyer.has(trade.buyer))
      .map(({ trade }) => trade),
  }
}

const numbers = (meters: MeteredTrades['sellers']): number[] =>
  meters.map(({ meter }) => meter).sort((a, b) => a - b)

/** As `shortages`. */
export function shortagesNaive(input: MeteredTrades): Shortages {
  checkMeteredTrades(input)
  const trades = input.trades
    .map((trade): Trade => ({ ...trade, delivered: 0n }))
    .sort((a, b) => a.trade - b.trade)
  const ofMeters = (side: Side): MeterShortage[] =>
    input[`${side}s`].map(({ meter, energy }) => {
      const own = trades.filter((trade) => trade[side] === meter)
      const obligations = own.reduce((sum, trade) => sum + trade.energy, 0n)
      const shortage = obligations > energy ? obligations - energy : 0n
      return { meter, obligations: obligations as WattHours, shortage: shortage as WattHours }
    })
  const [sellers, buyers] = [ofMeters('seller'), ofMeters('buyer')]
  const parts = (side: Side, meters: readonly MeterShortage[]): Map<number, bigint> => {
    const shortage = new Map(meters.map((one) => [one.meter, one.shortage as bigint]))
    const shares = sharesOf(trades, side, (trade) => trade.energy, shortage)
    return new Map([...shares].map(([{ trade }, part]) => [trade, part]))
  }
  const [sold, bought] = [parts('seller', sellers), parts('buyer', buyers)]
  return {
    sellers,
    buyers,
    trades: input.trades.map(({ trade }) => ({
      seller: (sold.get(trade) ?? 0n) as WattHours,
      buyer: (bought.get(trade) ?? 0n) as WattHours,
    })),
  }
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
