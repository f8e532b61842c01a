import type { OpenOrder as CoreOrder } from '@busbar/core/exchange'
import type { Tariff } from '@busbar/core/registry'
import type {
  AccountDetail,
  AccountInterval,
  AccountIntervalZone,
  AccountRun,
  MeteredInterval,
  OpenOrder,
  OwnSealedOrder,
  SentTransaction,
  SettlementLine,
  StatementLine,
} from '@busbar/protocols/api'
import type {
  AccountIntervalView,
  AccountIntervalZoneView,
  AccountRunView,
  AccountView,
  MeteredIntervalView,
  OwnSealedOrderView,
  RegistersView,
  SentTransactionView,
  SettlementLineView,
  StatementLineView,
} from '../app/ports/exchange-views.ts'
import { jsonInteger } from './json-numbers.ts'
import { joinCodeJson, mandateJson, passkeyJson } from './key-mapping.ts'
import { nullable, participantJson, transactionJson } from './mapping.ts'
import { plainJson } from './plain-json.ts'

/* What an account may see of itself, as JSON. */

export const accountJson = (view: AccountView): AccountDetail => ({
  ...participantJson(view),
  passkeys: view.passkeys.map(passkeyJson),
  mandates: view.mandates.map(mandateJson),
  joinCodes: view.joinCodes.map((one) => ({ ...joinCodeJson(one), issuedAtMs: one.at })),
  retailer: view.retailer,
  tariff: view.tariff && tariffJson(view.tariff),
  balanceMicros: jsonInteger(view.balance, 'balanceMicros'),
  heldMicros: jsonInteger(view.held, 'heldMicros'),
  availableMicros: jsonInteger(view.available, 'availableMicros'),
  withdrawableMicros: jsonInteger(view.withdrawable, 'withdrawableMicros'),
  arrears: view.arrears.map(({ creditor, amount }) => ({
    creditor,
    amountMicros: jsonInteger(amount, 'amountMicros'),
  })),
  meters: view.meters.map((meter) => ({
    meter: meter.meter,
    name: meter.name,
    kind: meter.kind,
    zone: meter.zone,
    gateway: meter.gateway,
    importWattsMax: meter.importWattsMax,
    exportWattsMax: meter.exportWattsMax,
    digits: meter.digits,
  })),
  openOrders: view.openOrders.map((order): OpenOrder => ({
    ...orderJson(order),
    zone: order.zone,
    interval: order.interval,
  })),
})

const tariffJson = ({ retail, feedIn }: Tariff) => ({
  retailMicrosPerKwh: jsonInteger(retail, 'retailMicrosPerKwh'),
  feedInMicrosPerKwh: jsonInteger(feedIn, 'feedInMicrosPerKwh'),
})

const orderJson = (order: CoreOrder) => ({
  id: order.id,
  digest: order.digest,
  meter: order.meter,
  side: order.side,
  energyWh: jsonInteger(order.energy, 'energyWh'),
  limitMicrosPerKwh: jsonInteger(order.limit, 'limitMicrosPerKwh'),
  sequence: order.sequence,
})

export const accountIntervalJson = (view: AccountIntervalView): AccountInterval => ({
  account: view.account,
  interval: view.interval,
  startMs: view.startMs,
  endMs: view.endMs,
  zones: view.zones.map(zoneJson),
  netMicros: jsonInteger(view.net, 'netMicros'),
  worthMicros: nullable(view.worth, 'worthMicros'),
  ledgerMicros: jsonInteger(view.where.ledger, 'ledgerMicros'),
  outsideMicros: jsonInteger(view.where.outside, 'outsideMicros'),
  billedMicros: jsonInteger(view.where.billed, 'billedMicros'),
  debtMicros: jsonInteger(view.where.debts, 'debtMicros'),
})

/** A settlement of many accounts is a megabyte: who wants that asks the chain. */
const sentBytesMax = 65_536

const zoneJson = (view: AccountIntervalZoneView): AccountIntervalZone => ({
  zone: view.zone,
  status: view.status,
  priceMicrosPerKwh: nullable(view.price, 'priceMicrosPerKwh'),
  rulebookHash: view.rulebookHash,
  spreadBasisPoints: view.spreadBasisPoints,
  feeMicrosPerKwh: jsonInteger(view.fee, 'feeMicrosPerKwh'),
  tariff: view.tariff && { retailer: view.tariff.retailer, ...tariffJson(view.tariff) },
  orders: view.orders.map((order) => ({
    ...orderJson(order),
    filledWh: jsonInteger(order.filled, 'filledWh'),
  })),
  sealedOrders: view.sealedOrders.map(sealedOrderJson),
  meters: view.meters.map(meteredJson),
  trades: plainJson(view.trades),
  runs: view.runs.map(runJson),
  billed: view.billed.map(lineJson),
  netMicros: jsonInteger(view.net, 'netMicros'),
  commitment: view.commitment && transactionJson(view.commitment),
  sent: view.sent.map(sentJson),
})

export const sentJson = ({ txHash, raw }: SentTransactionView): SentTransaction => ({
  txHash,
  raw: raw.length > 2 + 2 * sentBytesMax ? null : raw,
})

/** What became of it, and never what it was: that only its owner's opening tells. */
const sealedOrderJson = (view: OwnSealedOrderView): OwnSealedOrder => ({
  id: view.id,
  commitment: view.commitment,
  sequence: view.sequence,
  outcome: outcomeOf(view),
  filledWh: jsonInteger(view.filled ?? 0n, 'filledWh'),
  void: view.void,
})

function outcomeOf({ void: reason, filled }: OwnSealedOrderView): OwnSealedOrder['outcome'] {
  if (reason !== null) return 'void'
  if (filled === null) return 'sealed'
  return filled > 0n ? 'filled' : 'unfilled'
}

const meteredJson = (view: MeteredIntervalView): MeteredInterval => ({
  meter: view.meter,
  boughtWh: jsonInteger(view.bought, 'boughtWh'),
  soldWh: jsonInteger(view.sold, 'soldWh'),
  tradeBoughtWh: jsonInteger(view.tradeBought, 'tradeBoughtWh'),
  tradeSoldWh: jsonInteger(view.tradeSold, 'tradeSoldWh'),
  opening: view.opening && registersJson(view.opening),
  closing: view.closing && registersJson(view.closing),
  importedWh: jsonInteger(view.imported, 'importedWh'),
  exportedWh: jsonInteger(view.exported, 'exportedWh'),
  assurance: view.assurance,
})

const registersJson = (view: RegistersView) => ({
  version: view.version,
  importWh: jsonInteger(view.importWh, 'importWh'),
  exportWh: jsonInteger(view.exportWh, 'exportWh'),
})

const lineJson = (line: SettlementLineView): SettlementLine => ({
  meter: line.meter === -1 ? null : line.meter,
  trade: line.trade,
  reason: line.reason,
  energyWh: jsonInteger(line.energy, 'energyWh'),
  priceMicrosPerKwh: jsonInteger(line.price, 'priceMicrosPerKwh'),
  amountMicros: jsonInteger(line.amount, 'amountMicros'),
})

const runJson = (view: AccountRunView): AccountRun => ({
  run: view.run,
  kind: view.kind,
  atMs: view.atMs,
  items: view.items.map(lineJson),
  dues: view.dues.map(lineJson),
  netMicros: jsonInteger(view.net, 'netMicros'),
  transactions: view.transactions.map(transactionJson),
})

export const statementLineJson = (view: StatementLineView): StatementLine => ({
  sequence: view.sequence,
  atMs: view.atMs,
  kind: view.kind,
  zone: view.zone,
  interval: view.interval,
  run: view.run,
  runKind: view.runKind,
  amountMicros: jsonInteger(view.amount, 'amountMicros'),
  balanceMicros: jsonInteger(view.balance, 'balanceMicros'),
  transaction: view.transaction && transactionJson(view.transaction),
})
