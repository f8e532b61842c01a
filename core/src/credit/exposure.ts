import { connectionWattHours, plausibleTenths } from '../metering/index.ts'
import type { Meter, Tariff } from '../registry/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { shortagePrice, surplusPrice } from '../settlement/index.ts'
import { ceilDivide, Micros, MicrosPerKwh, WattHours } from '../units/index.ts'

/** What one meter may trade in an interval: open orders before the gate, fills after it. */
export type MeterExposure = {
  readonly meter: Meter
  readonly tariff: Tariff | null
  readonly orders: readonly {
    readonly side: 'buy' | 'sell'
    readonly energy: WattHours
    readonly limit: MicrosPerKwh
  }[]
}

/** Room for the rounding of an interval's postings: each of them rounds by less than one micro. */
const roundingMicros = 8n

/**
 * The most that `exposure` can cost its account, whatever is filled, metered and priced between
 * `priceMin` and `priceMax`. Setting it aside before an order is taken is why nobody can owe what
 * is not there. Where it is more than any account can hold, it is that: `Micros.max`.
 *
 * A virtual meter delivers what it contracts, so its orders at their limits are the worst case. A
 * physical one may take or feed in whatever its connection lets through:
 *
 * - it takes M at the highest price plus n %, or the retail tariff: what it bought is part of M,
 * - or it feeds X into a negative price minus n %, or a negative feed-in tariff,
 * - and what it contracted and misses costs n % of the price besides, because it is bought and sold
 *   back (or sold and bought back) with the spread against it.
 */
export function worstCase(
  exposure: MeterExposure,
  rulebook: Rulebook,
  priceMin: MicrosPerKwh,
  priceMax: MicrosPerKwh,
): Micros {
  if (exposure.orders.length === 0) return Micros.zero
  const energy = WattHours.from(exposure.orders.reduce((sum, order) => sum + order.energy, 0n))
  const fee = valueOf(BigInt(rulebook.feeMicrosPerKwh), energy)
  const atRisk =
    exposure.meter.kind === 'virtual'
      ? ordersAtTheirLimits(exposure)
      : connectionAtItsWorst(exposure, rulebook, priceMin, priceMax, energy)
  const most = atRisk + fee + roundingMicros
  return most < Micros.max ? Micros.from(most) : Micros.max
}

function ordersAtTheirLimits(exposure: MeterExposure): bigint {
  let sum = 0n
  for (const { side, energy, limit } of exposure.orders) {
    sum += valueOf(side === 'buy' ? limit : -limit, energy)
  }
  return sum
}

function connectionAtItsWorst(
  exposure: MeterExposure,
  rulebook: Rulebook,
  priceMin: MicrosPerKwh,
  priceMax: MicrosPerKwh,
  contracted: WattHours,
): bigint {
  const spread = rulebook.reconciliation.spreadBasisPoints
  // Both ends count for both: with a spread of more than 100 % the lowest price has the dearest
  // shortage, and between the ends neither is dearer than at one of them.
  const ends = [priceMin, priceMax]
  const shortage = ends.map((price) => shortagePrice(price, spread)).reduce(larger)
  const surplus = ends.map((price) => -surplusPrice(price, spread)).reduce(larger)
  const highest = larger(shortage, exposure.tariff?.retail ?? 0n)
  const lowest = larger(surplus, -(exposure.tariff?.feedIn ?? 0n))
  const taking = valueOf(highest, connection(exposure.meter.importWattsMax, rulebook))
  const feeding = valueOf(lowest, connection(exposure.meter.exportWattsMax, rulebook))
  const size = larger(larger(priceMax, -priceMax), larger(priceMin, -priceMin))
  const missing = valueOf(shortagePrice(MicrosPerKwh.from(size), spread) - size, contracted)
  return larger(taking, feeding) + missing
}

const connection = (watts: number, rulebook: Rulebook): bigint =>
  ceilDivide(connectionWattHours(watts, rulebook.intervalSeconds) * plausibleTenths, 10n)

/** What is paid for `energy` at `price`, rounded up; nothing where it would be received. */
const valueOf = (price: bigint, energy: bigint): bigint =>
  ceilDivide(positive(price) * energy, 1_000n)

const positive = (value: bigint): bigint => (value > 0n ? value : 0n)
const larger = <T extends bigint>(a: T, b: T): T => (a > b ? a : b)
