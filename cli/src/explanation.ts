import { bilateralZone } from '@busbar/core/exchange'
import type {
  AccountInterval,
  AccountIntervalZone,
  Market,
  OrderOpening,
  OwnSealedOrder,
  OwnTrade,
} from '@busbar/protocols/api'
import { exactMoney, price } from './text.ts'

type Line = AccountIntervalZone['runs'][number]['items'][number]

/** Each reason in the words of the person whose money it is. */
const words: Readonly<Record<Line['reason'], string>> = {
  auction_buy: 'bought in the auction',
  auction_sell: 'sold in the auction',
  exchange_fee: 'fee of the exchange',
  over_production: 'delivered more than sold: taken by the balancing authority',
  under_production: 'delivered less than sold: made up by the balancing authority',
  over_consumption: 'used more than bought: supplied by the balancing authority',
  under_consumption: 'used less than bought: taken back by the balancing authority',
  retail_import: 'used without a contract: the retailer’s tariff',
  retail_export: 'fed in without a contract: the retailer’s tariff',
  balancing_purchase: 'took over what others had over',
  balancing_sale: 'supplied what others were short of',
  retail_supply: 'supplied customers at the tariff',
  retail_intake: 'took customers’ energy at the tariff',
  fee_income: 'fees of this interval',
  rounding: 'what rounding left over',
  arrears_covered: 'lacking money, stood in for by others',
  arrears_cover: 'stood in for another’s lack of money',
  arrears_repaid: 'arrears repaid',
  arrears_received: 'arrears received',
  bond_lost: 'bond of orders not revealed',
  bond_received: 'bonds of orders not revealed',
  trade_buy: 'bought by contract',
  trade_sell: 'sold by contract',
  trade_loss_paid: 'made good the other side’s loss from what was not delivered',
  trade_loss_received: 'loss from what was not delivered, made good by the other side',
  trade_penalty_paid: 'penalty for more missing than is tolerated',
  trade_penalty_received: 'penalty for more missing on the other side than is tolerated',
  platform_fee: 'fee of the platform',
  platform_income: 'fee for a trade on the platform',
  modification_paid: 'asked to modify a contract',
  modification_received: 'the other side asked to modify a contract',
  exit_paid: 'withdrew from a contract',
  exit_received: 'the other side withdrew from a contract',
  collateral_paid: 'collateral for what a contract’s rail did not bring',
  collateral_received: 'got from the other side’s collateral',
  remainder_paid: 'what of a contract was below a cent, and on no bill',
  remainder_received: 'got what of a contract was below a cent, and on no bill',
}

/** What is known beside the account's own interval. */
export type Beside = {
  /** By commitment: what sealed orders said, where the one who asks may know. */
  readonly openings: ReadonlyMap<string, OrderOpening>
  /** Of each zone's clearing: `proven`, `awaited`, … */
  readonly proofs: ReadonlyMap<number, string>
}

const nothingBeside: Beside = { openings: new Map(), proofs: new Map() }

/** An account's interval, told from the order to the chain. */
export function explanation(
  found: AccountInterval,
  market: Market,
  who: string,
  beside: Beside = nothingBeside,
): string {
  const start = new Date(found.startMs).toISOString().slice(0, 16)
  const end = new Date(found.endMs).toISOString().slice(11, 16)
  const when = `${start} to ${end} UTC, interval ${found.interval}`
  const head = `${who} (account ${found.account}), ${when}`
  const worth = found.worthMicros ?? 0
  const sum = worth >= 0 ? `received ${exactMoney(worth)}` : `paid ${exactMoney(-worth)}`
  const zones = found.zones.map((zone) => zoneText(zone, market, beside))
  return [head, `All in all: ${sum}.`, ...placeLines(found), ...zones].join('\n')
}

/** Where the money is, if not all of it is on the ledger. */
function placeLines(found: AccountInterval): readonly string[] {
  const { ledgerMicros, outsideMicros, billedMicros, debtMicros } = found
  const isElsewhere = outsideMicros !== 0 || billedMicros !== 0
  const places = [
    `on the exchange’s ledger ${exactMoney(ledgerMicros)}`,
    ...(outsideMicros === 0 ? [] : [`by rails outside of it ${exactMoney(outsideMicros)}`]),
    ...(billedMicros === 0 ? [] : [`on the retailer’s bill ${exactMoney(billedMicros)}`]),
  ]
  const debts = `Debts that moved on the ledger besides: ${exactMoney(debtMicros)}.`
  return [
    ...(isElsewhere ? [`Of that ${places.join(', ')}.`] : []),
    ...(debtMicros === 0 ? [] : [debts]),
  ]
}

function zoneText(zone: AccountIntervalZone, market: Market, beside: Beside): string {
  if (zone.zone === bilateralZone) {
    const trades = zone.trades.map((trade) => tradeLine(trade))
    const lines = [...trades, ...zone.runs.flatMap(runLines), ...chainLines(zone)]
    return ['', `Contracts with named parties (${zone.status}).`, ...lines].join('\n')
  }
  const name = market.zones.find((candidate) => candidate.zone === zone.zone)?.name ?? zone.zone
  const { priceMicrosPerKwh } = zone
  const traded =
    priceMicrosPerKwh === null ? 'nothing was traded' : `the price was ${price(priceMicrosPerKwh)}`
  return [
    '',
    `Zone ${name}: ${traded} (${zone.status}).`,
    ...orderLines(zone, beside),
    ...proofLines(beside.proofs.get(zone.zone)),
    ...meterLines(zone),
    ...zone.runs.flatMap(runLines),
    ...billedLines(zone),
    ...chainLines(zone),
  ].join('\n')
}

function orderLines(zone: AccountIntervalZone, { openings }: Beside): readonly string[] {
  const open = zone.orders.map((order) => `  Order ${wishText(order)}: got ${gotText(order)}.`)
  const sealed = zone.sealedOrders.map((order) => {
    const opening = openings.get(order.commitment)
    const name = `Sealed order ${order.commitment.slice(0, 10)}…`
    if (opening === undefined) return `  ${name}: ${sealedText(order)}.`
    return `  ${name} ${wishText(opening)}: ${sealedText(order, opening.energyWh)}.`
  })
  return open.length + sealed.length === 0 ? ['  No orders.'] : [...open, ...sealed]
}

type Wish = Pick<OrderOpening, 'side' | 'energyWh' | 'limitMicrosPerKwh'>

function wishText({ side, energyWh, limitMicrosPerKwh }: Wish): string {
  const most = side === 'buy' ? 'for at most' : 'for at least'
  return `to ${side} ${energyWh} Wh ${most} ${price(limitMicrosPerKwh)}`
}

function gotText({ energyWh, filledWh }: { energyWh: number; filledWh: number }): string {
  if (filledWh === 0) return 'nothing'
  return filledWh === energyWh ? 'all of it' : `${filledWh} Wh of it`
}

function sealedText(order: OwnSealedOrder, energyWh?: number): string {
  const { outcome, filledWh } = order
  if (outcome === 'void') return `void, ${order.void ?? 'without a reason'}`
  if (outcome === 'sealed') return 'not opened yet'
  return energyWh === undefined
    ? `got ${filledWh === 0 ? 'nothing' : `${filledWh} Wh`}`
    : `got ${gotText({ energyWh, filledWh })}`
}

const proofWords: Readonly<Record<string, string>> = {
  proven: 'a proof on the chain shows that price and fills follow from all orders',
  awaited: 'its proof is awaited',
  overdue: 'its proof is OVERDUE',
  faulty: 'it was shown on the chain to be FAULTY',
}

function proofLines(state: string | undefined): readonly string[] {
  const words = proofWords[state ?? '']
  return words === undefined ? [] : [`  The clearing: ${words}.`]
}

const assuranceWords = {
  metered: 'read by the meter',
  interpolated: 'estimated between two readings',
  repeated: 'estimated from the interval before',
  absent: 'never read, counted as nothing',
  contracted: 'virtual, delivers its contract',
} as const

function meterLines(zone: AccountIntervalZone): readonly string[] {
  return zone.meters.map((meter) => {
    const registers =
      meter.opening === null || meter.closing === null
        ? ''
        : `; import ${meter.opening.importWh} → ${meter.closing.importWh} Wh` +
          `, export ${meter.opening.exportWh} → ${meter.closing.exportWh} Wh`
    const energy = `${meter.importedWh} Wh in, ${meter.exportedWh} Wh out`
    return `  Meter ${meter.meter}: ${energy} (${assuranceWords[meter.assurance]}${registers}).`
  })
}

const railWords: Readonly<Record<OwnTrade['terms']['rail'], string>> = {
  'clearing-house': 'on the exchange’s ledger',
  'money-block': 'by money blocked at the bank',
  prepaid: 'out of the prepaid balance',
  'bill-seller': 'by the seller’s bill',
  'bill-platform': 'by the platform’s bill',
}

function tradeLine({ trade, side, terms, obligedWh, delivery }: OwnTrade): string {
  const partner = side === 'sell' ? `to account ${terms.buyer}` : `from account ${terms.seller}`
  const owed = `${obligedWh} Wh at ${price(terms.priceMicrosPerKwh)}, paid ${railWords[terms.rail]}`
  const what = delivery === null ? 'not settled yet' : `${delivery.deliveredWh} Wh delivered`
  return `  Trade ${trade}, ${side} ${partner}: ${owed}; ${what}.`
}

function billedLines({ billed }: AccountIntervalZone): readonly string[] {
  if (billed.length === 0) return []
  const total = billed.reduce((sum, { amountMicros }) => sum + amountMicros, 0)
  return [`  On the retailer’s bill: ${exactMoney(total)}`, ...billed.map(itemLine)]
}

function runLines(run: AccountIntervalZone['runs'][number]): readonly string[] {
  const at = new Date(run.atMs).toISOString().slice(0, 19)
  const kind = run.kind === 'resettled' ? 'correction' : `${run.kind} run`
  return [
    `  Run ${run.run}, ${kind} of ${at}: ${exactMoney(run.netMicros)}`,
    ...run.items.map(itemLine),
    ...(run.dues.length === 0 ? [] : ['    Outside of the ledger:', ...run.dues.map(itemLine)]),
  ]
}

function itemLine(item: Line): string {
  const amount = exactMoney(item.amountMicros).padStart(16)
  const value = `, ${item.energyWh} Wh × ${price(item.priceMicrosPerKwh)}`
  const energy = item.energyWh === 0 ? '' : value
  const trade = item.trade === 0 ? '' : ` (trade ${item.trade})`
  return `    ${amount}  ${words[item.reason]}${trade}${energy}`
}

function chainLines(zone: AccountIntervalZone): readonly string[] {
  const all = [
    ...(zone.commitment === null ? [] : [zone.commitment]),
    ...zone.runs.flatMap(({ transactions }) => transactions),
  ]
  if (all.length === 0) return ['  Not on the chain yet.']
  return all.map(({ description, status, txHash, blockNumber }) => {
    const block = blockNumber === null ? '' : ` in block ${blockNumber}`
    return `  Chain: ${description}, ${status}${block}${txHash === null ? '' : `, ${txHash}`}`
  })
}
