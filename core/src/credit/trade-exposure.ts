import type { Tariff } from '../registry/index.ts'
import type { ContractTerms } from '../trades/index.ts'
import { ceilDivide, Micros, type WattHours } from '../units/index.ts'

/** What one interval of a contract may cost its two sides. */
export type TradeExposure = {
  readonly terms: ContractTerms
  readonly energy: WattHours
  /** What the sides' retailers charge and pay. */
  readonly sellerTariff: Tariff | null
  readonly buyerTariff: Tariff | null
  /** From each side, of what is delivered. */
  readonly feeMicrosPerKwh: bigint
  /** Whether the price itself is paid from the ledger. */
  readonly holdsPrice: boolean
  /** Whether what a side pays for falling short is held as well. */
  readonly holdsPenalties: boolean
}

/** Room for rounding: each line rounds by less than a micro, and no side has more than these. */
const roundingMicros = 8n

const basisPoints = 10_000n

/**
 * The most that one interval of a contract can cost its buyer and its seller, whatever is
 * delivered. Of each watt-hour either the price and the fees are paid, or the other side's loss;
 * the penalty may come with either, as a side's shortage is its meter's.
 */
export function tradeWorstCase(exposure: TradeExposure): { buyer: Micros; seller: Micros } {
  const { terms, energy, holdsPrice, holdsPenalties } = exposure
  if (energy === 0n || (!holdsPrice && !holdsPenalties)) {
    return { buyer: Micros.zero, seller: Micros.zero }
  }
  const price = BigInt(terms.priceMicrosPerKwh)
  const size = price < 0n ? -price : price
  const penalty = ceilDivide(size * BigInt(terms.penaltyBasisPoints), basisPoints)
  const fee = exposure.feeMicrosPerKwh
  const platformFee = terms.platform === null ? 0n : BigInt(terms.platformFeeMicrosPerKwh)
  const takeOrPay = terms.buyerShort === 'contracted' ? price : 0n
  const sellersLoss = price - (exposure.sellerTariff?.feedIn ?? price)
  const buyersLoss = (exposure.buyerTariff?.retail ?? price) - price
  const buyer = {
    delivering: positive(price) + fee,
    short: larger(positive(takeOrPay), positive(sellersLoss)),
    // Who has to pay for all of it pays no penalty besides.
    penalty: terms.buyerShort === 'contracted' ? 0n : penalty,
  }
  const seller = {
    delivering: positive(-price) + fee + platformFee,
    short: positive(buyersLoss),
    penalty,
  }
  const most = ({ delivering, short, penalty }: typeof buyer): Micros => {
    const paying = holdsPrice ? delivering : 0n
    const rate = holdsPenalties ? larger(paying, short) + penalty : paying
    if (rate === 0n) return Micros.zero
    return Micros.from(ceilDivide(rate * energy, 1_000n) + roundingMicros)
  }
  return { buyer: most(buyer), seller: most(seller) }
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n)
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
