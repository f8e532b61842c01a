/** What an agent wants to trade for one interval, before it is numbered and signed. */
export type OrderIntent = {
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
}

export type Tariff = { readonly retailMicrosPerKwh: number; readonly feedInMicrosPerKwh: number }

/** The rules of the market that an agent needs to write an order that is accepted. */
export type OrderRules = {
  readonly priceMinMicrosPerKwh: number
  readonly priceMaxMicrosPerKwh: number
  readonly priceTickMicrosPerKwh: number
  readonly orderEnergyMaxWh: number
  readonly feeMicrosPerKwh: number
}

/**
 * What anybody may know when the gate of interval `n` closes, a minute before `n` begins: tariffs
 * are published ahead, prices only for intervals that have cleared.
 */
export type Knowledge = {
  /** The tariff of any interval, by its index: published a day ahead. */
  readonly tariff: (k: number) => Tariff
  /** How many intervals the tariff is published for, from index 0. */
  readonly intervals: number
  /** The clearing price of the last interval that traded, null before the first. */
  readonly lastPriceMicrosPerKwh: number | null
  /** How prices lay over the last half day, null while too few have been published. */
  readonly recentPrices: Quartiles | null
  /** The wholesale price of the last interval that is over, null where there is none. */
  readonly wholesaleMicrosPerKwh: number | null
}

/** A quarter of the values lies at or below `lower`, a quarter at or above `upper`. */
export type Quartiles = { readonly lower: number; readonly median: number; readonly upper: number }

/** Fewer prices than two hours of five minutes say nothing about the day. */
const pricesMin = 24

export function quartiles(values: readonly number[]): Quartiles | null {
  if (values.length < pricesMin) return null
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { lower: at(0.25), median: at(0.5), upper: at(0.75) }
}

/** The nearest limit the market takes: a buyer's is rounded down, a seller's up. */
export function limitOnTick(side: 'buy' | 'sell', price: number, rules: OrderRules): number {
  const tick = rules.priceTickMicrosPerKwh
  const bounded = Math.min(Math.max(price, rules.priceMinMicrosPerKwh), rules.priceMaxMicrosPerKwh)
  const ticks = side === 'buy' ? Math.floor(bounded / tick) : Math.ceil(bounded / tick)
  // Plus zero: Math.ceil(-0.5) is minus zero, which JSON writes as another text.
  return ticks * tick + 0
}

/** The order, or none if there is no energy in it. Energy is whole and within one order's limit. */
export function intent(
  side: 'buy' | 'sell',
  energyWh: number,
  price: number,
  rules: OrderRules,
): readonly OrderIntent[] {
  const whole = Math.min(Math.floor(energyWh), rules.orderEnergyMaxWh)
  if (whole <= 0) return []
  return [{ side, energyWh: whole, limitMicrosPerKwh: limitOnTick(side, price, rules) }]
}
