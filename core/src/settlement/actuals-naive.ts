/**
 * A second opinion on what a bilateral trade owes: the rules of `settleActuals` written again as a
 * list of flows from one party to another, sharing only the types with it. A property holds the two
 * together.
 */
import type { ActualsInput, ActualsOutcome } from './actuals.ts'
import type { Reason, SettlementItem } from './items.ts'
import type { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'

type Party = { readonly account: number; readonly meter: number }

/** Energy at a price, from who pays to who receives. */
type Flow = {
  readonly from: Party
  readonly to: Party
  readonly names: readonly [paid: Reason, received: Reason]
  readonly energy: bigint
  readonly price: bigint
}

export function settleActualsNaive(input: ActualsInput): ActualsOutcome {
  const { contracted, limit, delivered } = input
  const owed = limit !== null && limit < contracted ? limit : contracted
  const missing = owed - delivered
  const parts = partsOf(input, owed, missing)
  const lines = [...flowsOf(input, parts).flatMap(linesOf), ...feeLines(input)]
  const platform = flowToPlatform(input).flatMap(linesOf)
  const all = [...lines, ...platform]
  let sum = 0n
  for (const line of all) sum += line.amount
  if (sum !== 0n) all.push(lineOf({ account: 0, meter: -1 }, 'rounding', 0n, 0n, -sum))
  return {
    result: missing === 0n ? 'complete' : delivered > 0n ? 'partial' : 'failed',
    parts: {
      undeliveredBySeller: parts.bySeller as WattHours,
      undeliveredByBuyer: parts.byBuyer as WattHours,
      penalisedOfSeller: parts.fineSeller as WattHours,
      penalisedOfBuyer: parts.fineBuyer as WattHours,
    },
    items: all.map(({ account, meter, ...line }) => {
      return { account, meter, trade: input.trade, ...line }
    }),
  }
}

type Parts = {
  readonly bySeller: bigint
  readonly byBuyer: bigint
  readonly fineSeller: bigint
  readonly fineBuyer: bigint
}

function partsOf(input: ActualsInput, owed: bigint, missing: bigint): Parts {
  const { sellerMeter, buyerMeter, sellerShort, buyerShort, terms } = input
  let bySeller = 0n
  if (buyerMeter.shortage === 0n) bySeller = missing
  else if (sellerMeter.shortage > 0n) {
    const seller = sellerMeter.shortage * buyerMeter.obligations
    const buyer = buyerMeter.shortage * sellerMeter.obligations
    bySeller = (missing * seller - ((missing * seller) % (seller + buyer))) / (seller + buyer)
  }
  const allowed = owed * BigInt(terms.toleranceBasisPoints)
  // A watt-hour is beyond the band if the band, in ten thousandths of one, ends before it begins.
  const beyond = (short: bigint): bigint => {
    const whole = short * 10_000n - (allowed - (allowed % 10_000n))
    return whole > 0n ? whole / 10_000n : 0n
  }
  return {
    bySeller,
    byBuyer: missing - bySeller,
    fineSeller: beyond(sellerShort),
    fineBuyer: terms.buyerShortRule === 'actual' ? beyond(buyerShort) : 0n,
  }
}

function flowsOf(input: ActualsInput, parts: Parts): Flow[] {
  const { seller, buyer, price, sellerTariff, buyerTariff, terms } = input
  const retail = buyerTariff === null ? price : buyerTariff.retail
  const feedIn = sellerTariff === null ? price : sellerTariff.feedIn
  const owedByBuyer = [0n, price - feedIn, ...(terms.buyerShortRule === 'actual' ? [] : [price])]
  const size = price < 0n ? -price : price
  const part = size * BigInt(terms.penaltyBasisPoints)
  const fine = part % 10_000n === 0n ? part / 10_000n : part / 10_000n + 1n
  const loss = ['trade_loss_paid', 'trade_loss_received'] as const
  const penalty = ['trade_penalty_paid', 'trade_penalty_received'] as const
  const bought = ['trade_buy', 'trade_sell'] as const
  const fromSeller = { from: seller, to: buyer }
  const fromBuyer = { from: buyer, to: seller }
  const due: readonly Flow[] = [
    { ...fromSeller, names: loss, energy: parts.bySeller, price: largest([0n, retail - price]) },
    { ...fromBuyer, names: loss, energy: parts.byBuyer, price: largest(owedByBuyer) },
    { ...fromSeller, names: penalty, energy: parts.fineSeller, price: fine },
    { ...fromBuyer, names: penalty, energy: parts.fineBuyer, price: fine },
  ]
  const delivery = { ...fromBuyer, names: bought, energy: input.delivered, price }
  return [
    ...(delivery.energy === 0n ? [] : [delivery]),
    ...due.filter((flow) => flow.energy * flow.price !== 0n),
  ]
}

function largest(values: readonly bigint[]): bigint {
  let most = 0n
  for (const value of values) if (value > most) most = value
  return most
}

function feeLines({ seller, buyer, delivered, tradeFeeMicrosPerKwh }: ActualsInput) {
  const rate: bigint = tradeFeeMicrosPerKwh
  const fee = roundedUp(rate * delivered)
  if (fee === 0n) return []
  return [
    lineOf(seller, 'exchange_fee', delivered, rate, -fee),
    lineOf(buyer, 'exchange_fee', delivered, rate, -fee),
    lineOf({ account: 1, meter: -1 }, 'fee_income', delivered + delivered, rate, fee + fee),
  ]
}

function flowToPlatform({ seller, platform, delivered, terms }: ActualsInput): Flow[] {
  const price = terms.platformFeeMicrosPerKwh
  if (platform === null || delivered * price === 0n) return []
  const to = { account: platform, meter: -1 }
  const names = ['platform_fee', 'platform_income'] as const
  return [{ from: seller, to, names, energy: delivered, price }]
}

type Line = Omit<SettlementItem, 'trade'>

const linesOf = ({ from, to, names, energy, price }: Flow): Line[] => [
  lineOf(from, names[0], energy, price, -roundedUp(price * energy)),
  lineOf(to, names[1], energy, price, roundedDown(price * energy)),
]

const lineOf = (
  { account, meter }: Party,
  reason: Reason,
  energy: bigint,
  price: bigint,
  amount: bigint,
): Line => ({
  account, meter, reason, energy, price: price as MicrosPerKwh, amount: amount as Micros,
})

/** Thousandths to whole micros: a price is for a kilowatt-hour, energy in watt-hours. */
function roundedDown(thousandths: bigint): bigint {
  const cut = thousandths / 1_000n
  return thousandths < 0n && cut * 1_000n !== thousandths ? cut - 1n : cut
}

const roundedUp = (thousandths: bigint): bigint => -roundedDown(-thousandths)
