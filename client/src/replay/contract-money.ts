import type { Shortages } from '@busbar/core/metering'
import { type SettlementItem, settleActualsNaive } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { AuditReplay, Market } from '@busbar/protocols/api'
import type { Contracts, Owed } from './contract-checks.ts'
import { type Sum, sumsOf } from '../sums.ts'
import { isBeside } from './beside.ts'

/** The contracts of an interval, ascending, with what each got and is short of. */
export type Allocated = {
  readonly owed: readonly Owed[]
  readonly delivered: readonly WattHours[]
  readonly shortages: Shortages
}

type ByMeter = Readonly<Record<'sellers' | 'buyers', ReadonlyMap<number, MeterShortage>>>
type MeterShortage = Shortages['sellers'][number]

/**
 * Whether all runs together posted on the ledger, and booked outside of it, what each contract
 * comes to by its own terms and the charges for changes: to the line, the watt-hour and the micro.
 */
export function moneyByTerms(
  { contracts, runs }: AuditReplay,
  { trades: rules }: Market['rulebook'],
  allocated: Allocated,
): boolean {
  if (contracts === null || rules === undefined) return false
  const fee = rate(rules.feeMicrosPerKwh)
  const short = {
    sellers: new Map(allocated.shortages.sellers.map((one) => [one.meter, one])),
    buyers: new Map(allocated.shortages.buyers.map((one) => [one.meter, one])),
  }
  const items = allocated.owed.flatMap((one, index) =>
    itemsOf(one, index, { ...allocated, short }, fee).map((item) => ({
      ...item, place: placeOf(one.terms),
    })))
  const wanted = items.map(({ place, ...item }) => sumOf(place, item))
  const posted = runs.flatMap(({ postings, dues }) => [
    ...postings.flatMap(({ account, lines }) =>
      lines
        .filter(({ reason }) => !isBeside(reason))
        .map((line) => shownSum('ledger', account, line)),
    ),
    ...dues.map((line) => shownSum('outside', line.account, line)),
  ])
  return sumsOf(posted) === sumsOf([...wanted, ...contracts.charges.flatMap(chargeSums)])
}

type Place = 'ledger' | 'outside'

/** Money of the clearing house's rail moves on the ledger, that of the others outside of it. */
const placeOf = ({ rail }: Pick<Owed['terms'], 'rail'>): Place =>
  rail === 'clearing-house' ? 'ledger' : 'outside'

function itemsOf(
  { trade, terms, contractedWh, allowedWh, sellerTariff, buyerTariff }: Owed,
  index: number,
  { delivered, shortages, short: { sellers, buyers } }: Allocated & { readonly short: ByMeter },
  tradeFeeMicrosPerKwh: MicrosPerKwh,
): readonly SettlementItem[] {
  const [sellerMeter, buyerMeter] = [sellers.get(terms.sellerMeter), buyers.get(terms.buyerMeter)]
  const [short, got] = [shortages.trades[index], delivered[index]]
  if (!sellerMeter || !buyerMeter || short === undefined || got === undefined) {
    throw new Error(`trade ${trade} got nothing`)
  }
  return settleActualsNaive({
    trade,
    seller: { account: terms.seller, meter: terms.sellerMeter },
    buyer: { account: terms.buyer, meter: terms.buyerMeter },
    platform: terms.platform,
    contracted: wattHours(contractedWh),
    limit: allowedWh === null ? null : wattHours(allowedWh),
    ...{ delivered: got, sellerShort: short.seller, buyerShort: short.buyer },
    ...{ sellerMeter, buyerMeter, tradeFeeMicrosPerKwh },
    price: rate(terms.priceMicrosPerKwh),
    sellerTariff: tariffOf(sellerTariff),
    buyerTariff: tariffOf(buyerTariff),
    terms: {
      toleranceBasisPoints: terms.toleranceBasisPoints,
      penaltyBasisPoints: terms.penaltyBasisPoints,
      buyerShortRule: terms.buyerShort,
      platformFeeMicrosPerKwh: rate(terms.platformFeeMicrosPerKwh),
    },
  }).items
}

const wattHours = (energyWh: number): WattHours => WattHours.from(BigInt(energyWh))
const rate = (microsPerKwh: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(microsPerKwh))

const tariffOf = (tariff: Owed['sellerTariff']) =>
  tariff && { retail: rate(tariff.retailMicrosPerKwh), feedIn: rate(tariff.feedInMicrosPerKwh) }

/** What a change of a trade cost, from its payer to its payee; debts are always on the ledger. */
function chargeSums(
  { trade, kind, payer, payee, amountMicros, rail }: Contracts['charges'][number],
): readonly Sum[] {
  const place = kind === 'collateral' || kind === 'remainder' ? 'ledger' : placeOf({ rail })
  const line = (account: number, reason: string, amount: bigint): Sum => [
    `${place}/${account}/-1/${trade}/${reason}/0`, 0n, amount,
  ]
  const amount = BigInt(amountMicros)
  return [line(payer, `${kind}_paid`, -amount), line(payee, `${kind}_received`, amount)]
}

const sumOf = (place: Place, item: SettlementItem): Sum => [
  `${place}/${item.account}/${item.meter}/${item.trade}/${item.reason}/${item.price}`,
  item.energy,
  item.amount,
]

type ShownLine = AuditReplay['runs'][number]['postings'][number]['lines'][number]

const shownSum = (place: Place, account: number, line: ShownLine): Sum => [
  `${place}/${account}/${line.meter ?? -1}/${line.trade}/${line.reason}/${line.priceMicrosPerKwh}`,
  BigInt(line.energyWh),
  BigInt(line.amountMicros),
]
