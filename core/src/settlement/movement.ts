import type { Tariff } from '../registry/index.ts'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { type ActualsInput, settleActuals } from './actuals.ts'
import { shortagePrice, surplusPrice } from './deviation-price.ts'
import { deviationsOf } from './deviations.ts'

/** By what a meter's interval is settled once its auction is cleared: all but its energy. */
export type MeterTerms = {
  /** The auction's price; null if nothing was traded. */
  readonly price: MicrosPerKwh | null
  readonly bought: WattHours
  readonly sold: WattHours
  readonly tariff: Tariff | null
  readonly spreadBasisPoints: number
  readonly overDeviationBasisPoints: number
  readonly feeMicrosPerKwh: MicrosPerKwh
}

/** Two sums of micros, negative is paid: nothing that may come is outside of them. */
export type Span = { readonly least: bigint; readonly most: bigint }

/**
 * What a meter's interval comes to for its owner, in micros: its contract of the auction, what it
 * deviated from it, and the rest at its retailer's tariff, whoever bills that. The lines that
 * `reconcile` posts for the meter sum to it.
 *
 * @param left what the meter gave out less what it took in, without what its trades got; watt-hours
 */
export function meterMoney(terms: MeterTerms, left: bigint): bigint {
  const { price, bought, sold, tariff, spreadBasisPoints: spread, feeMicrosPerKwh } = terms
  const { valueCeil, valueFloor } = MicrosPerKwh
  let sum = 0n
  const apart = deviationsOf(sold - bought, left, terms.overDeviationBasisPoints)
  if (price !== null) {
    sum += valueFloor(price, sold) - valueCeil(price, bought)
    sum -= valueCeil(feeMicrosPerKwh, WattHours.add(bought, sold))
    const [short, over] = [shortagePrice(price, spread), surplusPrice(price, spread)]
    sum -= valueCeil(short, apart.underProduction) + valueCeil(short, apart.overConsumption)
    sum += valueFloor(over, apart.overProduction) + valueFloor(over, apart.underConsumption)
  }
  if (tariff === null) return sum
  const { retail, feedIn } = tariff
  return sum - valueCeil(retail, apart.retailImport) + valueFloor(feedIn, apart.retailExport)
}

/**
 * What a meter's interval may come to, whatever its readings will say: between two of the points
 * where the settlement takes another price, money only rises or only falls, so the ends are at
 * these points.
 *
 * @param most the most that its connection lets in and out, watt-hours
 */
export function meterSpan(
  terms: MeterTerms,
  most: { readonly imported: bigint; readonly exported: bigint },
): Span {
  const scheduled = terms.sold - terms.bought
  const size = scheduled < 0n ? -scheduled : scheduled
  // What is beyond this part of the contract, in its direction, is the retailer's again.
  const beyond = exceeded(terms, size)
  const turns = [scheduled, scheduled < 0n ? scheduled - beyond : scheduled + beyond, 0n]
  const ends = [-most.imported, most.exported]
  const inside = turns.filter((at) => at > -most.imported && at < most.exported)
  return spanOf([...ends, ...inside].map((left) => meterMoney(terms, left)))
}

const exceeded = ({ overDeviationBasisPoints }: MeterTerms, size: bigint): bigint => {
  // More than any tolerance leaves to the market, also one of several times the contract.
  const all = size * (2n + BigInt(overDeviationBasisPoints)) + 1n
  return deviationsOf(size, all, overDeviationBasisPoints).overProduction
}

const spanOf = (sums: readonly bigint[]): Span => ({
  least: sums.reduce((least, one) => (one < least ? one : least)),
  most: sums.reduce((most, one) => (one > most ? one : most)),
})

/** A trade's interval before it is known what was delivered. */
export type TradeTerms = Omit<
  ActualsInput,
  'delivered' | 'sellerShort' | 'buyerShort' | 'sellerMeter' | 'buyerMeter'
>

/** By so much, in micros, the rounding of a trade's lines may add up. */
const roundingMost = 3n

/**
 * What a trade's interval may come to for one of its sides, whatever the meters will say: all is
 * delivered, or either side is at fault for all of it, and what is between them is no further out;
 * the penalties follow the meters' shortages for themselves.
 */
export function tradeSpan(terms: TradeTerms, side: 'seller' | 'buyer'): Span {
  const { contracted, limit } = terms
  const owed = limit === null ? contracted : WattHours.min(contracted, limit)
  const none = WattHours.zero
  const { account } = terms[side]
  const cases = [[none, none], [owed, none], [none, owed]] as const
  const ends = cases.map(([sellerShort, buyerShort], index) => {
    const { items } = settleActuals({
      ...terms,
      delivered: index === 0 ? owed : none,
      ...{ sellerShort, buyerShort },
      sellerMeter: { shortage: sellerShort, obligations: owed },
      buyerMeter: { shortage: buyerShort, obligations: owed },
    })
    let [rest, penalty] = [0n, 0n]
    for (const one of items) {
      if (one.account !== account) continue
      if (one.reason.startsWith('trade_penalty')) penalty += one.amount
      else rest += one.amount
    }
    return { rest, penalty }
  })
  const { least, most } = spanOf(ends.map(({ rest }) => rest))
  const paid = ends.reduce((sum, { penalty }) => (penalty < 0n ? sum + penalty : sum), 0n)
  const received = ends.reduce((sum, { penalty }) => (penalty > 0n ? sum + penalty : sum), 0n)
  return { least: least + paid - roundingMost, most: most + received + roundingMost }
}
