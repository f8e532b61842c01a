import { assert, Fault } from '../errors/index.ts'
import { type AllocationRule, allocationRules } from '../rulebook/index.ts'
import { WattHours } from '../units/index.ts'

export { type AllocationRule, allocationRules }

/** What one meter exported, as a seller, or imported, as a buyer, in the interval. */
export type MeterEnergy = { readonly meter: number; readonly energy: WattHours }

/** What a trade owes in the interval. */
export type Obligation = {
  /** Its rank too: where watt-hours are rounded or handed out in turn, the lower comes first. */
  readonly trade: number
  /** The meters between which it is delivered. A meter may sell and buy in one interval. */
  readonly seller: number
  readonly buyer: number
  readonly energy: WattHours
}

/** What the meters of one interval show, and what they owe. No array has to be in sequence. */
export type MeteredTrades = {
  /** Every meter that sells, once, with what it exported. */
  readonly sellers: readonly MeterEnergy[]
  /** Every meter that buys, once, with what it imported. */
  readonly buyers: readonly MeterEnergy[]
  readonly trades: readonly Obligation[]
}

export type AllocationInput = MeteredTrades & { readonly rule: AllocationRule }

/**
 * Why no allocation can deliver more: meters and trades that together cover every trade. Nothing is
 * delivered but through one of them, and what they have is just what was delivered.
 */
export type Cut = {
  /** Selling meters, ascending: all they exported is delivered. */
  readonly sellers: readonly number[]
  /** Buying meters, ascending: all they imported is delivered. */
  readonly buyers: readonly number[]
  /** Trades, ascending, between other meters: all they owe is delivered. */
  readonly trades: readonly number[]
}

export type Allocation = {
  /** What each trade gets, in the sequence of `trades`. */
  readonly delivered: readonly WattHours[]
  /** The certificate of `max-flow`; null for the other rules. */
  readonly cut: Cut | null
}

/** The most trades of one interval: some 0.5 GB while they are allocated. */
export const tradesMax = 4_000_000

/** Sales and purchases of one meter are two sides of it. */
export const owedMax = `at most ${WattHours.max} Wh for all trades of a meter's side`

/**
 * Checks what an allocation depends on, and nothing that the market's rulebook decides.
 *
 * The obligations of one meter's sales, and those of its purchases, are quantities too: each has
 * the limit that every energy has. Who admits trades keeps to it.
 *
 * @throws Fault ALLOCATION_INVALID, naming the field and its limit. `index` counts from 0.
 */
export function checkMeteredTrades(input: MeteredTrades): void {
  const { trades } = input
  if (trades.length > tradesMax) throw invalid('trades', `at most ${tradesMax}`, tradesMax)
  const owed = {
    seller: owedByMeter('sellers', input.sellers),
    buyer: owedByMeter('buyers', input.buyers),
  }
  const seen = new Set<number>()
  for (let i = 0; i < trades.length; i += 1) {
    const { trade, seller, buyer, energy } = trades[i]!
    if (!isNumber(trade)) throw invalid('trade', 'a whole number from 0', i)
    seen.add(trade)
    if (seen.size !== i + 1) throw invalid('trade', 'once in an allocation', i)
    if (!isEnergy(energy)) throw invalid('energy', `0 to ${WattHours.max} Wh`, i)
    owe(owed.seller, 'seller', seller, energy, i)
    owe(owed.buyer, 'buyer', buyer, energy, i)
  }
}

/** Of each meter of a side: what its trades owe, which is nothing so far. */
function owedByMeter(
  field: 'sellers' | 'buyers',
  meters: readonly MeterEnergy[],
): Map<number, bigint> {
  const owed = new Map<number, bigint>()
  for (let i = 0; i < meters.length; i += 1) {
    const { meter, energy } = meters[i]!
    if (!isNumber(meter)) throw invalid(`${field}.meter`, 'a whole number from 0', i)
    if (owed.has(meter)) throw invalid(`${field}.meter`, 'once on a side', i)
    if (!isEnergy(energy)) throw invalid(`${field}.energy`, `0 to ${WattHours.max} Wh`, i)
    owed.set(meter, 0n)
  }
  return owed
}

function owe(
  owed: Map<number, bigint>,
  side: 'seller' | 'buyer',
  meter: number,
  energy: bigint,
  index: number,
): void {
  const before = owed.get(meter)
  if (before === undefined) throw invalid(side, `a meter of the ${side}s`, index)
  const after = before + energy
  if (after > WattHours.max) throw invalid('energy', owedMax, index)
  owed.set(meter, after)
}

export const isNumber = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export const isEnergy = (value: bigint): boolean =>
  typeof value === 'bigint' && value >= 0n && value <= WattHours.max

export const invalid = (field: string, limit: string, index: number): Fault =>
  new Fault('ALLOCATION_INVALID', { field, limit, index })

/** What must hold of every allocation, whoever made it. */
export function assertDelivered(input: MeteredTrades, delivered: readonly bigint[]): void {
  assert(delivered.length === input.trades.length, 'every trade has its energy')
  const sold = new Map(input.sellers.map(({ meter, energy }) => [meter, energy as bigint]))
  const bought = new Map(input.buyers.map(({ meter, energy }) => [meter, energy as bigint]))
  for (const [i, { seller, buyer, energy }] of input.trades.entries()) {
    const own = delivered[i] ?? -1n
    assert(own >= 0n && own <= energy, 'no trade gets more than it owes')
    const left = { seller: (sold.get(seller) ?? 0n) - own, buyer: (bought.get(buyer) ?? 0n) - own }
    assert(left.seller >= 0n, 'no meter delivers more than it exported')
    assert(left.buyer >= 0n, 'no meter receives more than it imported')
    sold.set(seller, left.seller)
    bought.set(buyer, left.buyer)
  }
}
