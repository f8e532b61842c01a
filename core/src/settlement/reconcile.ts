import { systemAccounts } from '../registry/index.ts'
import { assert } from '../errors/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import { shortagePrice, surplusPrice } from './deviation-price.ts'
import { type Deviations, deviationsOf } from './deviations.ts'
import {
  type EnergyBalance,
  type MeterPosition,
  noTrade,
  type Reason,
  type Reconciliation,
  type ReconciliationInput,
  type SettlementItem,
} from './items.ts'

const manyMeters = -1

/**
 * Gives every metered watt-hour of one interval and zone one owner and one price.
 *
 * A function of its input alone: with corrected readings it is called again, and what a later run
 * posts is the difference to what stands. Payers pay the ceiling, payees receive the floor, and the
 * residue goes to the `rounding` account. The items sum to zero.
 */
export function reconcile(input: ReconciliationInput): Reconciliation {
  const books = new Books()
  const energy = {
    ...{ injected: 0n, consumed: 0n, imported: 0n, exported: 0n, bought: 0n, sold: 0n },
    ...{ tradeBought: 0n, tradeSold: 0n },
  }
  for (const meter of input.meters) {
    if (input.price !== null) settleAuction(books, input, meter, input.price)
    if (meter.kind === 'virtual') {
      energy.imported += meter.sold
      energy.exported += meter.bought
      continue
    }
    assert(meter.tradeSold <= meter.exported, 'no contract gets more than its meter gave out')
    assert(meter.tradeBought <= meter.imported, 'no contract gives more than its meter took in')
    energy.tradeBought += meter.tradeBought
    energy.tradeSold += meter.tradeSold
    energy.injected += meter.exported
    energy.consumed += meter.imported
    const deviations = deviationsOf(
      meter.sold - meter.bought,
      leftAfterTrades(meter),
      input.overDeviationBasisPoints,
    )
    energy.imported += deviations.retailImport
    energy.exported += deviations.retailExport
    energy.bought += deviations.underProduction + deviations.overConsumption
    energy.sold += deviations.overProduction + deviations.underConsumption
    settleDeviations(books, input, meter, deviations)
  }
  const { bought, sold, tradeBought, tradeSold, ...rest } = energy
  const balance: EnergyBalance = {
    ...rest,
    imbalanceBought: bought,
    imbalanceSold: sold,
    tradeBought,
    tradeSold,
    unexplained:
      rest.injected + rest.imported + bought + tradeBought -
      (rest.consumed + rest.exported + sold + tradeSold),
  }
  assert(balance.unexplained === 0n, 'every watt-hour has one owner')
  return { items: books.close(), energy: balance }
}

/** What a meter gave out less what it took in, without what went to its contracts. */
const leftAfterTrades = (meter: MeterPosition): bigint =>
  meter.exported - meter.tradeSold - (meter.imported - meter.tradeBought)

function settleAuction(
  books: Books,
  input: ReconciliationInput,
  meter: MeterPosition,
  price: MicrosPerKwh,
): void {
  if (meter.bought > 0n) {
    const paid = MicrosPerKwh.valueCeil(price, meter.bought)
    books.add(meter.account, meter.meter, 'auction_buy', meter.bought, price, Micros.negate(paid))
  }
  if (meter.sold > 0n) {
    const received = MicrosPerKwh.valueFloor(price, meter.sold)
    books.add(meter.account, meter.meter, 'auction_sell', meter.sold, price, received)
  }
  const traded = WattHours.from(meter.bought + meter.sold)
  const fee = MicrosPerKwh.valueCeil(input.feeMicrosPerKwh, traded)
  if (fee === 0n) return
  const rate = input.feeMicrosPerKwh
  books.add(meter.account, meter.meter, 'exchange_fee', traded, rate, Micros.negate(fee))
  books.add(systemAccounts.fees, manyMeters, 'fee_income', traded, rate, fee)
}

function settleDeviations(
  books: Books,
  input: ReconciliationInput,
  meter: MeterPosition,
  deviations: Deviations,
): void {
  const authority = input.balancingAuthority
  if (input.price !== null) {
    const short = shortagePrice(input.price, input.spreadBasisPoints)
    const over = surplusPrice(input.price, input.spreadBasisPoints)
    const sale = ['balancing_sale', authority] as const
    books.pay(meter, 'under_production', sale, deviations.underProduction, short)
    books.pay(meter, 'over_consumption', sale, deviations.overConsumption, short)
    const purchase = ['balancing_purchase', authority] as const
    books.receive(meter, 'over_production', purchase, deviations.overProduction, over)
    books.receive(meter, 'under_consumption', purchase, deviations.underConsumption, over)
  }
  const { retailer, tariff } = meter
  if (input.isRetailBilled) return
  if (deviations.retailImport === 0n && deviations.retailExport === 0n) return
  assert(retailer !== null && tariff !== null, 'a physical meter has a supplier with a tariff')
  const { retail, feedIn } = tariff
  books.pay(meter, 'retail_import', ['retail_supply', retailer], deviations.retailImport, retail)
  const intake = ['retail_intake', retailer] as const
  books.receive(meter, 'retail_export', intake, deviations.retailExport, feedIn)
}

/** Collects items; lines of one account, reason and price that stand for many meters are summed. */
class Books {
  readonly #items: SettlementItem[] = []
  readonly #summed = new Map<string, SettlementItem>()
  #sum = 0n

  add(
    account: number,
    meter: number,
    reason: Reason,
    energy: WattHours,
    price: MicrosPerKwh,
    amount: Micros,
  ): void {
    this.#sum += amount
    if (meter !== manyMeters) {
      this.#items.push({ account, meter, trade: noTrade, reason, energy, price, amount })
      return
    }
    const key = `${account}/${reason}/${price}`
    const before = this.#summed.get(key)
    this.#summed.set(key, {
      account,
      meter,
      trade: noTrade,
      reason,
      energy: (before?.energy ?? 0n) + energy,
      price,
      amount: Micros.from((before?.amount ?? 0n) + amount),
    })
  }

  /** The meter's account pays the ceiling, the other side receives the floor. */
  pay(
    meter: MeterPosition,
    reason: Reason,
    [otherReason, other]: readonly [Reason, number],
    energy: WattHours,
    price: MicrosPerKwh,
  ): void {
    if (energy === 0n) return
    const paid = MicrosPerKwh.valueCeil(price, energy)
    this.add(meter.account, meter.meter, reason, energy, price, Micros.negate(paid))
    this.add(other, manyMeters, otherReason, energy, price, MicrosPerKwh.valueFloor(price, energy))
  }

  /** The meter's account receives the floor, the other side pays the ceiling. */
  receive(
    meter: MeterPosition,
    reason: Reason,
    [otherReason, other]: readonly [Reason, number],
    energy: WattHours,
    price: MicrosPerKwh,
  ): void {
    if (energy === 0n) return
    const received = MicrosPerKwh.valueFloor(price, energy)
    this.add(meter.account, meter.meter, reason, energy, price, received)
    const paid = MicrosPerKwh.valueCeil(price, energy)
    this.add(other, manyMeters, otherReason, energy, price, Micros.negate(paid))
  }

  /** All items, with the residue of rounding, which is never negative, on its own account. */
  close(): readonly SettlementItem[] {
    const residue = -this.#sum
    assert(residue >= 0n, 'rounding never pays anybody')
    const items = [...this.#items, ...this.#summed.values()]
    if (residue > 0n) {
      items.push({
        account: systemAccounts.rounding,
        meter: manyMeters,
        trade: noTrade,
        reason: 'rounding',
        energy: WattHours.zero,
        price: MicrosPerKwh.zero,
        amount: Micros.from(residue),
      })
    }
    assert(items.reduce((sum, item) => sum + item.amount, 0n) === 0n, 'items sum to zero')
    return items
  }
}
