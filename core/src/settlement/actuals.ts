import { assert } from '../errors/index.ts'
import type { MeterShortage } from '../metering/index.ts'
import { systemAccounts, type Tariff } from '../registry/index.ts'
import type { BuyerShortRule } from '../trades/index.ts'
import { ceilDivide, floorDivide, Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import type { Reason, SettlementItem } from './items.ts'

/** A meter over all its trades in one direction. */
type Shortage = Omit<MeterShortage, 'meter'>

/** One bilateral trade in one interval. */
export type ActualsInput = {
  /** Its number, from 1. */
  readonly trade: number
  readonly seller: { readonly account: number; readonly meter: number }
  readonly buyer: { readonly account: number; readonly meter: number }
  /** The platform's account; null for a trade that none arranged. */
  readonly platform: number | null
  readonly contracted: WattHours
  /** The most that the utility lets flow; null where it did not limit the trade. */
  readonly limit: WattHours | null
  /** What the allocation of both meters gave the trade: at most what is owed. */
  readonly delivered: WattHours
  /** This trade's share of its meters' shortage, whatever the allocation gave it. */
  readonly sellerShort: WattHours
  readonly buyerShort: WattHours
  readonly sellerMeter: Shortage
  readonly buyerMeter: Shortage
  readonly price: MicrosPerKwh
  /** What the sides' retailers charge and pay; null where none is known, so no loss is shown. */
  readonly sellerTariff: Tariff | null
  readonly buyerTariff: Tariff | null
  readonly terms: {
    readonly toleranceBasisPoints: number
    readonly penaltyBasisPoints: number
    readonly buyerShortRule: BuyerShortRule
    /** For each kilowatt-hour delivered, from the seller. */
    readonly platformFeeMicrosPerKwh: MicrosPerKwh
  }
  /** For each kilowatt-hour delivered, from both sides. */
  readonly tradeFeeMicrosPerKwh: MicrosPerKwh
}

/** How much of a trade is missing by whom, and how much of what is short is beyond the band. */
export type ActualsParts = {
  readonly undeliveredBySeller: WattHours
  readonly undeliveredByBuyer: WattHours
  readonly penalisedOfSeller: WattHours
  readonly penalisedOfBuyer: WattHours
}

export type ActualsOutcome = {
  readonly result: 'complete' | 'partial' | 'failed'
  readonly parts: ActualsParts
  /** They sum to zero. */
  readonly items: readonly SettlementItem[]
}

const basisPoints = 10_000n
const manyMeters = -1

/**
 * Settles one bilateral trade by what was delivered.
 *
 * What is delivered is paid at the price. Of what is missing, each side's part is made good to the
 * other at once, inside the tolerance band too, so that who kept the contract is never worse off.
 * What a side is short of beyond the band costs it a penalty. A limit of the utility costs nobody.
 *
 * A function of its input alone: with corrected readings it is called again. Payers pay the
 * ceiling, payees receive the floor, and the residue goes to the `rounding` account.
 *
 * ```text
 *   5000 Wh at 5.00, band 10 %, penalty 10 %; the seller delivers 3000, the buyer's tariff is 8.00:
 *   it is paid 15.00, makes good 2000 Wh × 3.00 and is fined for 1500 Wh × 0.50
 * ```
 */
export function settleActuals(input: ActualsInput): ActualsOutcome {
  const owed = owedOf(input)
  checkInput(input, owed)
  const { delivered, sellerMeter, buyerMeter } = input
  const undelivered = WattHours.subtract(owed, delivered)
  return settleSplit(input, undeliveredBySellerFloor(undelivered, sellerMeter, buyerMeter))
}

/** A trade without what its meters owe to others: as much as each of its parties may know. */
export type SplitInput = Omit<ActualsInput, 'sellerMeter' | 'buyerMeter'>

/**
 * As `settleActuals`, where it is known how much of what is missing is the seller's part: for who
 * settles a trade again and may not know what the other side's meter owes to others.
 */
export function settleSplit(input: SplitInput, undeliveredBySeller: WattHours): ActualsOutcome {
  const owed = owedOf(input)
  const parts = partsOf(input, owed, undeliveredBySeller)
  const lines = new Lines(input)
  settleDelivered(lines, input)
  settleUndelivered(lines, input, parts)
  settlePenalties(lines, input, parts)
  settleFees(lines, input)
  return { result: resultOf(input.delivered, owed), parts, items: lines.close() }
}

/** What the trade owes: the contract, or the utility's limit where that is less. */
const owedOf = ({ contracted, limit }: SplitInput): WattHours =>
  limit === null ? contracted : WattHours.min(contracted, limit)

function resultOf(delivered: WattHours, owed: WattHours): ActualsOutcome['result'] {
  if (delivered === owed) return 'complete'
  return delivered === 0n ? 'failed' : 'partial'
}

function checkInput(input: ActualsInput, owed: WattHours): void {
  const { delivered, sellerShort, buyerShort, sellerMeter, buyerMeter } = input
  assert(input.trade > 0, 'trades are numbered from 1')
  assert(delivered <= owed, 'no more is delivered to a trade than it owes')
  assert(sellerShort <= owed && buyerShort <= owed, 'a trade is short of what it owes at most')
  for (const { shortage, obligations } of [sellerMeter, buyerMeter]) {
    assert(shortage <= obligations, 'a meter is short of what it owes at most')
    assert(owed <= obligations, 'what a trade owes is among what its meter owes')
  }
  assert(sellerShort <= sellerMeter.shortage, 'a share of a shortage is a part of it')
  assert(buyerShort <= buyerMeter.shortage, 'a share of a shortage is a part of it')
}

function partsOf(input: SplitInput, owed: WattHours, bySeller: WattHours): ActualsParts {
  const { terms } = input
  const undelivered = WattHours.subtract(owed, input.delivered)
  const band = floorDivide(owed * BigInt(terms.toleranceBasisPoints), basisPoints)
  const beyond = (short: WattHours): WattHours =>
    short > band ? WattHours.from(short - band) : WattHours.zero
  return {
    undeliveredBySeller: bySeller,
    undeliveredByBuyer: WattHours.subtract(undelivered, bySeller),
    penalisedOfSeller: beyond(input.sellerShort),
    penalisedOfBuyer:
      terms.buyerShortRule === 'contracted' ? WattHours.zero : beyond(input.buyerShort),
  }
}

/**
 * The seller's part of what is missing: as the sides' meters are short relative to what they owe.
 * Rounded down, so the odd watt-hour is the buyer's where both are short; where only one is, all of
 * it is that one's.
 */
export function undeliveredBySellerFloor(
  undelivered: WattHours,
  seller: Shortage,
  buyer: Shortage,
): WattHours {
  if (undelivered === 0n) return WattHours.zero
  const sellers = seller.shortage * buyer.obligations
  const buyers = buyer.shortage * seller.obligations
  assert(sellers + buyers > 0n, 'where energy is missing a meter is short')
  return WattHours.from(floorDivide(undelivered * sellers, sellers + buyers))
}

/** What missing energy costs a buyer per kWh: its retailer's tariff beyond the price. */
const buyersLoss = ({ price, buyerTariff }: SplitInput): MicrosPerKwh =>
  MicrosPerKwh.from(buyerTariff === null ? 0n : positive(buyerTariff.retail - price))

/** What energy left behind costs a seller per kWh: the price beyond its retailer's tariff. */
const sellersLoss = ({ price, sellerTariff }: SplitInput): MicrosPerKwh =>
  MicrosPerKwh.from(sellerTariff === null ? 0n : positive(price - sellerTariff.feedIn))

const positive = (value: bigint): bigint => (value > 0n ? value : 0n)

/** Of the size of the price, so a negative price is no licence; up to a whole micro per kWh. */
const penaltyCeil = (price: MicrosPerKwh, penaltyBasisPoints: number): MicrosPerKwh =>
  MicrosPerKwh.from(
    ceilDivide((price < 0n ? -price : price) * BigInt(penaltyBasisPoints), basisPoints),
  )

function settleDelivered(lines: Lines, { delivered, price }: SplitInput): void {
  if (delivered > 0n) lines.pay('buyer', ['trade_buy', 'trade_sell'], delivered, price)
}

function settleUndelivered(lines: Lines, input: SplitInput, parts: ActualsParts): void {
  const made = ['trade_loss_paid', 'trade_loss_received'] as const
  lines.compensate('seller', made, parts.undeliveredBySeller, buyersLoss(input))
  const loss = sellersLoss(input)
  const takeOrPay = input.terms.buyerShortRule === 'contracted' && input.price > loss
  lines.compensate('buyer', made, parts.undeliveredByBuyer, takeOrPay ? input.price : loss)
}

function settlePenalties(lines: Lines, { price, terms }: SplitInput, parts: ActualsParts): void {
  const rate = penaltyCeil(price, terms.penaltyBasisPoints)
  const fine = ['trade_penalty_paid', 'trade_penalty_received'] as const
  lines.compensate('seller', fine, parts.penalisedOfSeller, rate)
  lines.compensate('buyer', fine, parts.penalisedOfBuyer, rate)
}

function settleFees(lines: Lines, input: SplitInput): void {
  const { delivered, seller, buyer, platform, tradeFeeMicrosPerKwh: rate } = input
  const fee = MicrosPerKwh.valueCeil(rate, delivered)
  if (fee !== 0n) {
    const { fees } = systemAccounts
    for (const side of [seller, buyer]) {
      lines.add(side, 'exchange_fee', delivered, rate, Micros.negate(fee))
    }
    const both = WattHours.from(2n * delivered)
    lines.add({ account: fees, meter: manyMeters }, 'fee_income', both, rate, Micros.add(fee, fee))
  }
  const { platformFeeMicrosPerKwh: charge } = input.terms
  if (platform === null || delivered === 0n || charge === 0n) return
  const paid = MicrosPerKwh.valueCeil(charge, delivered)
  const received = MicrosPerKwh.valueFloor(charge, delivered)
  const income = { account: platform, meter: manyMeters }
  lines.add(seller, 'platform_fee', delivered, charge, Micros.negate(paid))
  lines.add(income, 'platform_income', delivered, charge, received)
}

type Side = 'seller' | 'buyer'

/** Collects the lines of one trade. */
class Lines {
  readonly #input: SplitInput
  readonly #items: SettlementItem[] = []
  #sum = 0n

  constructor(input: SplitInput) {
    this.#input = input
  }

  add(
    { account, meter }: { readonly account: number; readonly meter: number },
    reason: Reason,
    energy: WattHours,
    price: MicrosPerKwh,
    amount: Micros,
  ): void {
    this.#sum += amount
    this.#items.push({ account, meter, trade: this.#input.trade, reason, energy, price, amount })
  }

  /** One side pays the ceiling, the other receives the floor. */
  pay(
    payer: Side,
    [paying, receiving]: readonly [Reason, Reason],
    energy: WattHours,
    price: MicrosPerKwh,
  ): void {
    const { seller, buyer } = this.#input
    const [from, to] = payer === 'seller' ? [seller, buyer] : [buyer, seller]
    const paid = MicrosPerKwh.valueCeil(price, energy)
    this.add(from, paying, energy, price, Micros.negate(paid))
    this.add(to, receiving, energy, price, MicrosPerKwh.valueFloor(price, energy))
  }

  /** As `pay`, and no line where nothing is due. */
  compensate(
    payer: Side,
    reasons: readonly [Reason, Reason],
    energy: WattHours,
    price: MicrosPerKwh,
  ): void {
    if (energy > 0n && price > 0n) this.pay(payer, reasons, energy, price)
  }

  /** All lines, with the residue of rounding, which is never negative, on its own account. */
  close(): readonly SettlementItem[] {
    const residue = Micros.from(-this.#sum)
    assert(residue >= 0n, 'rounding never pays anybody')
    if (residue > 0n) {
      const rounding = { account: systemAccounts.rounding, meter: manyMeters }
      this.add(rounding, 'rounding', WattHours.zero, MicrosPerKwh.zero, residue)
    }
    assert(this.#sum === 0n, 'the items of a trade sum to zero')
    return this.#items
  }
}
