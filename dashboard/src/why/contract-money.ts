import { sumsOf } from '@busbar/client'
import { shortages } from '@busbar/core/metering'
import { type SettlementItem, settleSplit } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type {
  AccountInterval,
  AccountIntervalZone,
  MeteredInterval,
  OwnTrade,
  RulebookDocument,
  SettlementLine,
} from '@busbar/protocols/api'
import { type Check, outcome, told, type Terms, waits } from './checks.ts'
import { ownMeterOf } from './contract-evidence.ts'
import { isCorrected, lineSum } from './line-sums.ts'
import { unlessMalformed } from './order-checks.ts'

/** Lines that follow from a contract and its delivery; others are of changes and of debts. */
const ruled: ReadonlySet<SettlementLine['reason']> = new Set([
  'trade_buy', 'trade_sell', 'trade_loss_paid', 'trade_loss_received', 'trade_penalty_paid',
  'trade_penalty_received', 'exchange_fee', 'platform_fee',
])

/** Settles each contract again, here, by its own terms, and compares line by line. */
export function contractMoneyChecks(
  zone: AccountIntervalZone,
  terms: Terms,
): readonly Check[] {
  const items = zone.runs.flatMap((run) => run.items)
  const dues = zone.runs.flatMap((run) => run.dues)
  const known = new Set(zone.trades.map(({ trade }) => trade))
  const isRuled = ({ trade, reason }: SettlementLine): boolean =>
    known.has(trade) && ruled.has(reason)
  const isUnruled = [...items, ...dues].some((line) => !isRuled(line))
  return [
    ...zone.trades.map((own) => {
      const { trade, terms: agreed } = own
      const ofTrade = (lines: readonly SettlementLine[]): readonly SettlementLine[] =>
        lines.filter((line) => line.trade === trade && isRuled(line))
      const [inside, outside] = [ofTrade(items), ofTrade(dues)]
      const isInside = agreed.rail === 'clearing-house'
      return moneyCheck(own, isInside ? inside : outside, isInside ? outside : inside, zone, terms)
    }),
    ...(isUnruled ? [told('money', 'money-told', zone.zone)] : []),
  ]
}

function moneyCheck(
  own: OwnTrade,
  lines: readonly SettlementLine[],
  elsewhere: readonly SettlementLine[],
  zone: AccountIntervalZone,
  terms: Terms,
): Check {
  const name = 'contract-money'
  const { delivery, trade } = own
  const rules = terms.rulebooks.get(zone.rulebookHash)
  if (rules === undefined) return waits('money', name, trade)
  if (delivery === null) {
    return lines.length === 0 ? waits('money', name, trade) : outcome('money', name, false, trade)
  }
  const holds = unlessMalformed(() => {
    const again = settled(own, delivery, rules)
    if (again === undefined) return false
    const wanted = again
      .filter(({ account }) => account === terms.account)
      .map(({ meter, reason, energy, price, amount }) => [
        `${meter}/${reason}/${price}`, energy, amount,
      ] as const)
    return elsewhere.length === 0 && sumsOf(wanted) === sumsOf(lines.map(lineSum))
  })
  return outcome('money', name, holds, trade)
}

type Delivery = NonNullable<OwnTrade['delivery']>

/** The lines by the exchange's own rule; undefined where it would never be asked for such. */
function settled(
  { trade, terms: agreed, contractedWh, limit, obligedWh }: OwnTrade,
  delivery: Delivery,
  rules: RulebookDocument,
): readonly SettlementItem[] | undefined {
  const { deliveredWh, sellerShortWh, buyerShortWh, undeliveredBySellerWh: bySeller } = delivery
  const parts = [deliveredWh, sellerShortWh, buyerShortWh]
  const isPossible =
    trade > 0 && parts.every((part) => part >= 0 && part <= obligedWh) &&
    bySeller >= 0 && bySeller <= obligedWh - deliveredWh
  if (!isPossible) return undefined
  const { items, result } = settleSplit(
    {
      trade,
      seller: { account: agreed.seller, meter: agreed.sellerMeter },
      buyer: { account: agreed.buyer, meter: agreed.buyerMeter },
      platform: agreed.platform,
      contracted: wattHours(contractedWh),
      limit: limit === null ? null : wattHours(limit.energyWh),
      delivered: wattHours(deliveredWh),
      sellerShort: wattHours(sellerShortWh),
      buyerShort: wattHours(buyerShortWh),
      price: rate(agreed.priceMicrosPerKwh),
      sellerTariff: tariffOf(delivery.sellerTariff),
      buyerTariff: tariffOf(delivery.buyerTariff),
      terms: {
        toleranceBasisPoints: agreed.toleranceBasisPoints,
        penaltyBasisPoints: agreed.penaltyBasisPoints,
        buyerShortRule: agreed.buyerShort,
        platformFeeMicrosPerKwh: rate(agreed.platformFeeMicrosPerKwh),
      },
      tradeFeeMicrosPerKwh: rate(rules.trades?.feeMicrosPerKwh ?? 0),
    },
    wattHours(bySeller),
  )
  return result === delivery.result ? items : undefined
}

const wattHours = (energyWh: number): WattHours => WattHours.from(BigInt(energyWh))
const rate = (microsPerKwh: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(microsPerKwh))

const tariffOf = (tariff: Delivery['sellerTariff']) =>
  tariff && { retail: rate(tariff.retailMicrosPerKwh), feedIn: rate(tariff.feedInMicrosPerKwh) }

/**
 * That what was delivered, and what of it was missing by whom, agrees with the account's own meter
 * and all that it owes; what the other side's meter says is the exchange's word.
 */
export function shareChecks(
  answer: AccountInterval,
  zone: AccountIntervalZone,
): readonly Check[] {
  const meters = new Map(
    answer.zones.flatMap((one) => one.meters.map((meter) => [meter.meter, meter] as const)),
  )
  const settledTrades = zone.trades.filter(({ delivery }) => delivery !== null)
  return (['sell', 'buy'] as const).flatMap((side) =>
    [...new Set(settledTrades.filter((own) => own.side === side).map(ownMeterOf))].flatMap(
      (number) => {
        const own = settledTrades
          .filter((one) => one.side === side && ownMeterOf(one) === number)
          .toSorted((a, b) => a.trade - b.trade)
        const meter = meters.get(number)
        if (meter === undefined) return [outcome('reading', 'own-share', false, number)]
        return [shareCheck(own, side, meter), ...othersChecks(own)]
      },
    ),
  )
}

function shareCheck(own: readonly OwnTrade[], side: Side, meter: MeteredInterval): Check {
  const holds = unlessMalformed(() => isShared(own, side, meter))
  // A reading that came later stands before the run that counts it.
  const isAhead = isCorrected(meter) || own.some(({ delivery }) => delivery?.isEstimated === true)
  return !holds && isAhead
    ? waits('reading', 'own-share', meter.meter)
    : outcome('reading', 'own-share', holds, meter.meter)
}

type Side = OwnTrade['side']

function isShared(own: readonly OwnTrade[], side: Side, meter: MeteredInterval): boolean {
  const energyWh = side === 'sell' ? meter.exportedWh : meter.importedWh
  const all = own.reduce((sum, { obligedWh }) => sum + obligedWh, 0)
  const delivered = own.reduce((sum, one) => sum + (one.delivery?.deliveredWh ?? 0), 0)
  const traded = side === 'sell' ? meter.tradeSoldWh : meter.tradeBoughtWh
  if (delivered > energyWh || delivered !== traded) return false
  const shares = sharesOf(own, side, { energyWh, all })
  const short = Math.max(0, all - energyWh)
  return own.every((one, index) => {
    const ownShort = side === 'sell' ? one.delivery?.sellerShortWh : one.delivery?.buyerShortWh
    return ownShort === shares[index] && isSplit(one, side, { short, all })
  })
}

/** Each trade's part of what the meter is short of, as the exchange shares it. */
function sharesOf(
  own: readonly OwnTrade[],
  side: Side,
  { energyWh, all }: { readonly energyWh: number; readonly all: number },
): readonly number[] {
  const others = [...new Set(own.map((one) => partnerMeterOf(one)))].sort((a, b) => a - b)
  const [first] = own
  if (first === undefined) return []
  const ownMeters = [{ meter: ownMeterOf(first), energy: wattHours(energyWh) }]
  // The others have all that is wanted of them: it is only this meter that is looked at.
  const partners = others.map((meter) => ({ meter, energy: wattHours(all) }))
  const { trades } = shortages({
    sellers: side === 'sell' ? ownMeters : partners,
    buyers: side === 'sell' ? partners : ownMeters,
    trades: own.map(({ trade, terms, obligedWh }) => ({
      ...{ trade, seller: terms.sellerMeter, buyer: terms.buyerMeter },
      energy: wattHours(obligedWh),
    })),
  })
  return trades.map((one) => Number(side === 'sell' ? one.seller : one.buyer))
}

const partnerMeterOf = ({ side, terms }: OwnTrade): number =>
  side === 'sell' ? terms.buyerMeter : terms.sellerMeter

/**
 * Whether the account's part of what is missing can be what is said: as its own meter is short, and
 * as the other one may be whose share is known to the watt-hour.
 */
function isSplit(
  { delivery, obligedWh }: OwnTrade,
  side: Side,
  own: { readonly short: number; readonly all: number },
): boolean {
  if (delivery === null) return false
  const undelivered = obligedWh - delivery.deliveredWh
  const bySeller = delivery.undeliveredBySellerWh
  const part = side === 'sell' ? bySeller : undelivered - bySeller
  if (own.short === 0 || undelivered === 0) return part === 0
  const other = side === 'sell' ? delivery.buyerShortWh : delivery.sellerShortWh
  const partBy = (otherShort: number): { readonly over: bigint; readonly under: bigint } => {
    const mine = BigInt(own.short) * BigInt(obligedWh)
    const theirs = BigInt(own.all) * BigInt(Math.max(0, otherShort))
    return { over: BigInt(undelivered) * mine, under: mine + theirs }
  }
  const [least, most] = [partBy(other + 1), partBy(other - 1)]
  const isEnough = BigInt(part) * least.under >= least.over - least.under
  return isEnough && BigInt(part) * most.under <= most.over + most.under
}

/** What the exchange alone says: that the other side's meter fell short, and by how much. */
const othersChecks = (own: readonly OwnTrade[]): readonly Check[] =>
  own.flatMap(({ trade, side, delivery, obligedWh }) => {
    if (delivery === null) return []
    const other = side === 'sell' ? delivery.buyerShortWh : delivery.sellerShortWh
    const isMissing = other > 0 || delivery.deliveredWh < obligedWh
    return isMissing ? [told('reading', 'others-share', trade)] : []
  })
