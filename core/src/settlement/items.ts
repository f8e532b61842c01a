import type { Tariff } from '../registry/index.ts'
import type { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'

/**
 * Why money moves. Every posting of an interval names one of these. Leaves on the chain name them
 * by their place in this list, so a new one goes to its end.
 */
export const reasons = [
  'auction_buy',
  'auction_sell',
  'exchange_fee',
  'over_production',
  'under_production',
  'over_consumption',
  'under_consumption',
  'retail_import',
  'retail_export',
  'balancing_purchase',
  'balancing_sale',
  'retail_supply',
  'retail_intake',
  'fee_income',
  'rounding',
  'arrears_covered',
  'arrears_cover',
  'arrears_repaid',
  'arrears_received',
  'bond_lost',
  'bond_received',
  'trade_buy',
  'trade_sell',
  'trade_loss_paid',
  'trade_loss_received',
  'trade_penalty_paid',
  'trade_penalty_received',
  'platform_fee',
  'platform_income',
  'modification_paid',
  'modification_received',
  'exit_paid',
  'exit_received',
  'collateral_paid',
  'collateral_received',
  'remainder_paid',
  'remainder_received',
] as const

export type Reason = (typeof reasons)[number]

/** In place of a trade's number on a line of no bilateral trade. Trades are numbered from 1. */
export const noTrade = 0

/**
 * One line of an interval's settlement: who, for which meter, why, how much energy at which price,
 * and the money (negative is paid). `meter` is −1 where a line stands for many meters, `trade` is 0
 * where it belongs to no bilateral trade. Energy is negative only in a later run that takes back
 * what an earlier one posted.
 */
export type SettlementItem = {
  readonly account: number
  readonly meter: number
  /** The number of the bilateral trade, or `noTrade`. */
  readonly trade: number
  readonly reason: Reason
  readonly energy: bigint
  readonly price: MicrosPerKwh
  readonly amount: Micros
}

/** What one meter contracted in the auction and what it then metered. */
export type MeterPosition = {
  readonly meter: number
  readonly account: number
  readonly kind: 'physical' | 'virtual'
  readonly bought: WattHours
  readonly sold: WattHours
  /** All that it took in and gave out. */
  readonly imported: WattHours
  readonly exported: WattHours
  /** Of that, what its contracts with named parties got: settled there, and nowhere else. */
  readonly tradeBought: WattHours
  readonly tradeSold: WattHours
  /** The supplier's account, for what was never contracted; null for virtual meters. */
  readonly retailer: number | null
  /** The supplier's tariff for this interval. */
  readonly tariff: Tariff | null
}

export type ReconciliationInput = {
  /** The auction's price; null if nothing was traded. */
  readonly price: MicrosPerKwh | null
  /** In ascending meter number. */
  readonly meters: readonly MeterPosition[]
  readonly balancingAuthority: number
  readonly spreadBasisPoints: number
  /** See the rulebook: by how much of its contract a meter may exceed it at that price. */
  readonly overDeviationBasisPoints: number
  readonly feeMicrosPerKwh: MicrosPerKwh
  /** Whether what is the retailer's is only counted here, and its bill asks for the money. */
  readonly isRetailBilled: boolean
}

/**
 * Energy of one interval and zone, watt-hours, by where it came from and went. Every watt-hour
 * stands once on each side, so `unexplained` is zero or the books are wrong.
 */
export type EnergyBalance = {
  readonly injected: bigint
  readonly consumed: bigint
  /** Taken in from outside the zone by virtual meters and retailers. */
  readonly imported: bigint
  readonly exported: bigint
  readonly imbalanceBought: bigint
  readonly imbalanceSold: bigint
  /** Taken from and given to other meters by contract. */
  readonly tradeBought: bigint
  readonly tradeSold: bigint
  readonly unexplained: bigint
}

export type Reconciliation = {
  readonly items: readonly SettlementItem[]
  readonly energy: EnergyBalance
}
