import { WattHours } from '../units/index.ts'
import type { MeteredTrades } from './allocation.ts'
import { emptySharing, has, nextShare, type Sharing, want } from './pro-rata.ts'
import { indexTrades } from './trade-index.ts'

/** A meter's side: what its trades owe there in all, and how much more that is than it metered. */
export type MeterShortage = {
  readonly meter: number
  readonly obligations: WattHours
  readonly shortage: WattHours
}

/** A trade's part of the shortage of its two meters. */
export type TradeShortage = { readonly seller: WattHours; readonly buyer: WattHours }

export type Shortages = {
  /** In the sequence of the input. */
  readonly sellers: readonly MeterShortage[]
  readonly buyers: readonly MeterShortage[]
  readonly trades: readonly TradeShortage[]
}

/**
 * By how much meters fall short of their trades, shared among these in proportion to what they owe:
 * by cumulative rounding in ascending trade number, so that the parts add up to the shortage.
 *
 * It says who failed, and asks nothing of how energy was allocated: what a party pays for falling
 * short is the same by every rule.
 *
 * @throws Fault ALLOCATION_INVALID, see `checkMeteredTrades`.
 */
export function shortages(input: MeteredTrades): Shortages {
  const { columns, places, ...meters } = indexTrades(input)
  const sold = shareShortages(columns.seller, columns.obligation, columns.exported)
  const bought = shareShortages(columns.buyer, columns.obligation, columns.imported)
  const none = { seller: WattHours.zero, buyer: WattHours.zero }
  const trades = new Array<TradeShortage>(places.length).fill(none)
  for (let row = 0; row < places.length; row += 1) {
    const [seller, buyer] = [sold.parts[row]!, bought.parts[row]!]
    if (seller === 0 && buyer === 0) continue
    trades[places[row]!] = { seller: energyOf(seller), buyer: energyOf(buyer) }
  }
  const sellers = byMeter(meters.sellers, sold)
  const buyers = byMeter(meters.buyers, bought)
  return {
    sellers: input.sellers.map(({ meter }) => sellers.get(meter)!),
    buyers: input.buyers.map(({ meter }) => buyers.get(meter)!),
    trades,
  }
}

type SharedShortages = {
  readonly obligations: Float64Array
  readonly shortages: Float64Array
  /** By row. */
  readonly parts: Float64Array
}

function shareShortages(
  meterOf: Uint32Array,
  obligation: Float64Array,
  metered: Float64Array,
): SharedShortages {
  const sharing: Sharing = emptySharing(metered.length)
  const obligations = new Float64Array(metered.length)
  for (let row = 0; row < meterOf.length; row += 1) {
    want(sharing, meterOf[row]!, obligation[row]!)
    obligations[meterOf[row]!]! += obligation[row]!
  }
  const shortages = obligations.map((owed, meter) => Math.max(0, owed - metered[meter]!))
  for (let meter = 0; meter < metered.length; meter += 1) has(sharing, meter, shortages[meter]!)
  const parts = obligation.map((owed, row) => nextShare(sharing, meterOf[row]!, owed))
  return { obligations, shortages, parts }
}

const byMeter = (meters: readonly number[], shared: SharedShortages) =>
  new Map(
    meters.map((meter, place): [number, MeterShortage] => {
      const obligations = energyOf(shared.obligations[place]!)
      return [meter, { meter, obligations, shortage: energyOf(shared.shortages[place]!) }]
    }),
  )

const energyOf = (wattHours: number): WattHours => WattHours.from(BigInt(wattHours))
