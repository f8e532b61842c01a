import {
  actualsTerms,
  bilateralZone,
  type IntervalRecord,
  obligedTrades,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import type { Payment } from '@busbar/core/payments'
import type { Tariff } from '@busbar/core/registry'
import { type Run, undeliveredBySellerFloor } from '@busbar/core/settlement'
import type { ContractVersion, Trade } from '@busbar/core/trades'
import { WattHours } from '@busbar/core/units'
import { recoverAddress } from '@busbar/protocols/eip712'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import type { OwnTradeView } from '../../ports/trading-views.ts'
import { foundIn } from '../interval-money.ts'
import { paymentView } from './payments.ts'

/** What an account's contracts owed and delivered in an interval, with all that settles it. */
export function ownTradeViews(
  state: State,
  account: number,
  interval: number,
): readonly OwnTradeView[] {
  const record = recordOf(state, bilateralZone, interval)
  if (record === undefined) return []
  return ownObligations(state, record, account).map((one) => {
    const { trade, version } = one
    const { terms, contract, sellerSignature, buyerSignature } = version
    const obligation = record.obligations.get(trade.trade)
    const contracted = obligation?.contracted ?? WattHours.zero
    const limit = obligation?.limit ?? null
    const owed = limit === null ? contracted : WattHours.min(contracted, limit.energy)
    return {
      trade: trade.trade,
      side: terms.seller === account ? 'sell' : 'buy',
      ...{ contract, terms, sellerSignature, buyerSignature, contractedWh: contracted },
      sellerAddress: signerOf(contract, sellerSignature),
      buyerAddress: signerOf(contract, buyerSignature),
      limit: limit && {
        ...{ utility: limit.utility, energyWh: limit.energy },
        ...{ reason: limit.reason, sequence: limit.sequence },
      },
      obligedWh: owed,
      delivery: deliveryOf(state, record, one, owed),
      payments: paymentsOf(state, record, one, account).map(paymentView),
    }
  })
}

const signerOf = (contract: string, signature: string): string | null =>
  isHex(signature, 65)
    ? (recoverAddress(hexToBytes(contract), hexToBytes(signature)) ?? null)
    : null

type OwnTrade = { readonly trade: Trade; readonly version: ContractVersion }

/** Whether an account is a side of any contract that owed something in the interval. */
export const hasObligation = (
  state: State,
  record: IntervalRecord,
  account: number,
): boolean => record.zone === bilateralZone && ownObligations(state, record, account).length > 0

function ownObligations(
  state: State,
  record: IntervalRecord,
  account: number,
): readonly OwnTrade[] {
  const own: OwnTrade[] = []
  for (const { trade: number, contract } of record.obligations.values()) {
    const trade = state.trading.trades.get(number)
    const version = trade?.versions.find((one) => one.contract === contract)
    if (trade === undefined || version === undefined) continue
    const { seller, buyer } = version.terms
    if (seller === account || buyer === account) own.push({ trade, version })
  }
  return own.sort((a, b) => a.trade.trade - b.trade.trade)
}

function deliveryOf(
  state: State,
  record: IntervalRecord,
  { trade, version: { terms } }: OwnTrade,
  owed: WattHours,
): OwnTradeView['delivery'] {
  const delivery = record.deliveries.get(trade.trade)
  const obligation = record.obligations.get(trade.trade)
  const run = record.runs.at(-1)
  if (delivery === undefined || obligation === undefined || run === undefined) return null
  const undelivered = WattHours.subtract(owed, delivery.delivered)
  const { sellerTariff, buyerTariff } = actualsTerms(
    state, record.interval, { trade, terms, obligation },
  )
  return {
    result: delivery.result,
    deliveredWh: delivery.delivered,
    sellerShortWh: delivery.sellerShort,
    buyerShortWh: delivery.buyerShort,
    undeliveredBySellerWh:
      undelivered === 0n
        ? undelivered
        : undeliveredBySellerFloor(
            undelivered,
            shortageOf(state, record, run, 'sellerMeter', terms.sellerMeter),
            shortageOf(state, record, run, 'buyerMeter', terms.buyerMeter),
          ),
    sellerTariff: tariffView(sellerTariff),
    buyerTariff: tariffView(buyerTariff),
    isEstimated: [terms.sellerMeter, terms.buyerMeter].some((one) => run.estimated.includes(one)),
  }
}

const tariffView = (tariff: Tariff | null) =>
  tariff && { retailMicrosPerKwh: tariff.retail, feedInMicrosPerKwh: tariff.feedIn }

/** By how much a meter fell short of all its contracts, by the readings of the last run. */
function shortageOf(
  state: State,
  record: IntervalRecord,
  run: Run,
  side: 'sellerMeter' | 'buyerMeter',
  meter: number,
): { readonly shortage: WattHours; readonly obligations: WattHours } {
  let obligations = WattHours.zero
  for (const { terms, owed } of obligedTrades(state, record)) {
    if (terms[side] === meter) obligations = WattHours.add(obligations, owed)
  }
  const metered = foundIn(run.metered, meter, (one) => one.meter)
  const energy = (side === 'sellerMeter' ? metered?.exported : metered?.imported) ?? WattHours.zero
  const isShort = obligations > energy
  const shortage = isShort ? WattHours.subtract(obligations, energy) : WattHours.zero
  return { shortage, obligations }
}

/**
 * By which payments of its rail the account's money of this interval moves: what was set aside for
 * it, and what was first asked for once it was booked.
 */
function paymentsOf(
  state: State,
  record: IntervalRecord,
  { trade }: OwnTrade,
  account: number,
): readonly Payment[] {
  const booked = record.runs.find((run) => run.dues.some((one) => one.trade === trade.trade))
  const own = (state.trading.paymentsOf.get(trade.trade) ?? [])
    .flatMap((number) => state.trading.payments.get(number) ?? [])
    .filter(({ payer, payee }) => payer === account || payee === account)
  const isAside = ({ fromInterval, untilInterval }: Payment): boolean =>
    fromInterval <= record.interval && record.interval < untilInterval
  const asked = own.filter(
    (one) => one.untilInterval === 0 && booked !== undefined && one.createdAt >= booked.at,
  )
  const first = Math.min(...asked.map(({ createdAt }) => createdAt))
  return own.filter((one) => isAside(one) || (asked.includes(one) && one.createdAt === first))
}
