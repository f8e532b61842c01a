import {
  bilateralZone,
  currentInterval,
  intervalEnd,
  type IntervalRecord,
  intervalStart,
  joinCodesOf,
  participantOf,
  passkeysOf,
  recordOf,
  rulebookFor,
  type State,
  tariffAt,
  withdrawableOf,
} from '@busbar/core/exchange'
import { availableOf, balanceOf, heldOf } from '@busbar/core/ledger'
import { meteredEnergy } from '@busbar/core/metering'
import { type Meter, type Participant, systemAccounts } from '@busbar/core/registry'
import { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { Page, ParticipantsAsked } from '../ports/exchange-service.ts'
import type {
  AccountIntervalView,
  AccountIntervalZoneView,
  AccountRunView,
  AccountView,
  MeteredIntervalView,
  OwnSealedOrderView,
  ParticipantView,
  RegistersView,
} from '../ports/exchange-views.ts'
import type { Outbox } from '../ports/outbox.ts'
import { billedItems, countedMeter, isDebt, sumOf, tradedBy } from './interval-money.ts'
import { mandateViews } from './keys.ts'
import { hasObligation, ownTradeViews } from './trading/interval-trades.ts'
import { commitmentOf, runTransactions, sentTransactions } from './transactions.ts'

const systemNames = Object.entries(systemAccounts).map(([name, account]) => ({ name, account }))

/** System accounts are shown like participants that nobody can speak for. */
export function ownerOf(state: State, account: number): Participant | undefined {
  const system = systemNames.find((own) => own.account === account)
  if (system === undefined) return participantOf(state, account)
  return {
    account,
    name: system.name,
    roles: [],
    address: `0x${'0'.repeat(40)}`,
    publicKey: `0x02${'0'.repeat(64)}`,
    retailer: null,
    status: 'active',
  }
}

const metersOf = (state: State, account: number): readonly Meter[] =>
  state.meters.filter((meter) => meter.account === account)

/** Ascending by account, from `from` on; with a name those who have it. */
export function registryView(
  state: State,
  { from = 0, limit }: Page,
  asked: ParticipantsAsked = {},
): readonly ParticipantView[] {
  return state.participants
    .filter((one) => one.account >= from && isAskedFor(one, asked))
    .slice(0, limit)
    .map((one) => ({ ...one, passkeys: passkeysOf(state, one.account) }))
}

const isAskedFor = (one: Participant, { name, find, role, status }: ParticipantsAsked): boolean =>
  (name === undefined || one.name === name) &&
  (find === undefined || one.name.includes(find) || String(one.account) === find) &&
  (role === undefined || one.roles.includes(role)) &&
  (status === undefined || one.status === status)

export function accountView(state: State, account: number): AccountView | undefined {
  const owner = ownerOf(state, account)
  if (owner === undefined) return undefined
  const openOrders: AccountView['openOrders'][number][] = []
  for (const zoneIntervals of state.intervals.values()) {
    for (const { zone, interval, status, orders } of zoneIntervals.values()) {
      if (status !== 'open') continue
      for (const order of orders.get(account) ?? []) openOrders.push({ ...order, zone, interval })
    }
  }
  const arrears = [...state.ledger.arrears]
    .map(([key, amount]) => {
      const [debtor, creditor] = key.split(':').map(Number)
      return { debtor: debtor ?? -1, creditor: creditor ?? -1, amount }
    })
    .filter(({ debtor }) => debtor === account)
    .map(({ creditor, amount }) => ({ creditor, amount }))
  const { retailer } = owner
  return {
    ...owner,
    passkeys: passkeysOf(state, account),
    // Before a market is open nobody has a retailer, nor is there an interval.
    tariff: retailer === null
      ? null
      : tariffAt(state, retailer, currentInterval(state, state.at)),
    joinCodes: joinCodesOf(state, state.at, account),
    mandates: mandateViews(state, state.at, account),
    balance: balanceOf(state.ledger, account),
    held: heldOf(state.ledger, account),
    available: availableOf(state.ledger, account),
    withdrawable:
      participantOf(state, account)?.status === 'active'
        ? withdrawableOf(state, account)
        : Micros.from(0n),
    arrears,
    meters: metersOf(state, account),
    openOrders,
  }
}

/** Everything that made this account's money of one interval what it is. */
export async function accountIntervalView(
  state: State,
  account: number,
  interval: number,
  outbox: Outbox,
): Promise<AccountIntervalView | undefined> {
  if (ownerOf(state, account) === undefined) return undefined
  const records = [...state.intervals.keys()]
    .sort((a, b) => a - b)
    .flatMap((zone) => recordOf(state, zone, interval) ?? [])
    .filter((record) => concerns(state, record, account))
  if (records.length === 0) return undefined
  const zones = await Promise.all(records.map((record) => zoneView(state, record, account, outbox)))
  const isSettled = zones.some(({ runs }) => runs.length > 0)
  const where = placesOf(zones)
  return {
    account,
    interval,
    startMs: intervalStart(state, interval),
    endMs: intervalEnd(state, interval),
    zones,
    net: Micros.from(sumOf(zones.map(({ net }) => net))),
    worth: isSettled ? where.ledger + where.outside + where.billed : null,
    where,
  }
}

function placesOf(zones: readonly AccountIntervalZoneView[]): AccountIntervalView['where'] {
  const items = zones.flatMap(({ runs }) => runs.flatMap((run) => run.items))
  const dues = zones.flatMap(({ runs }) => runs.flatMap((run) => run.dues))
  const billed = zones.flatMap((zone) => zone.billed)
  const total = (lines: typeof items): bigint => sumOf(lines.map(({ amount }) => amount))
  return {
    ledger: total(items.filter((item) => !isDebt(item))),
    outside: total(dues),
    billed: total(billed),
    debts: total(items.filter(isDebt)),
  }
}

/** An account's sealed orders in one interval, in order of acceptance. */
function ownSealedOrders(record: IntervalRecord, account: number): readonly OwnSealedOrderView[] {
  const isCleared = record.openedSequence >= 0
  return (record.sealedOf.get(account) ?? []).flatMap((commitment) => {
    const order = record.sealed.get(commitment)
    if (order === undefined) return []
    const { id, sequence } = order
    return {
      ...{ id, commitment, account, sequence },
      void: record.voids.get(commitment) ?? null,
      filled: isCleared ? (record.fills.get(commitment) ?? WattHours.zero) : null,
    }
  })
}

const concerns = (state: State, record: IntervalRecord, account: number): boolean =>
  record.orders.has(account) ||
  record.sealedOf.has(account) ||
  metersOf(state, account).some((meter) => meter.zone === record.zone) ||
  hasObligation(state, record, account) ||
  record.runs.some(({ items, dues }) =>
    [items, dues].some((lines) => lines.some((item) => item.account === account)),
  )

async function zoneView(
  state: State,
  record: IntervalRecord,
  account: number,
  outbox: Outbox,
): Promise<AccountIntervalZoneView> {
  const { interval, zone } = record
  const rulebook = rulebookFor(state, interval)
  const retailer = participantOf(state, account)?.retailer ?? null
  const tariff = tariffAt(state, retailer, interval)
  const runs = await Promise.all(
    record.runs.map(async (run): Promise<AccountRunView> => {
      const items = run.items.filter((item) => item.account === account)
      return {
        run: run.run,
        kind: run.kind,
        atMs: run.at,
        items,
        dues: run.dues.filter((item) => item.account === account),
        net: Micros.from(sumOf(items.map(({ amount }) => amount))),
        transactions: await runTransactions(outbox, record, run),
      }
    }),
  )
  const meters = metersOf(state, account).filter((meter) => meter.zone === zone)
  const billed = meters.flatMap((meter) => {
    const counted = countedMeter(state, record, meter.meter)
    return counted === undefined ? [] : billedItems(state, record, meter, counted, tariff)
  })
  return {
    zone,
    status: record.status,
    price: record.price,
    rulebookHash: rulebookHash(rulebook),
    spreadBasisPoints: rulebook.reconciliation.spreadBasisPoints,
    fee: MicrosPerKwh.from(BigInt(rulebook.feeMicrosPerKwh)),
    tariff: tariff === null || retailer === null ? null : { ...tariff, retailer },
    orders: (record.orders.get(account) ?? []).map((order) => ({
      ...order,
      filled: record.fills.get(order.digest) ?? WattHours.zero,
    })),
    sealedOrders: ownSealedOrders(record, account),
    meters: meters.map((meter) => meterView(state, record, meter)),
    trades: zone === bilateralZone ? ownTradeViews(state, account, interval) : [],
    ...{ runs, billed },
    net: Micros.from(sumOf(runs.map(({ net }) => net))),
    commitment: await commitmentOf(outbox, record),
    sent: await sentTransactions(outbox, record),
  }
}

function meterView(state: State, record: IntervalRecord, meter: Meter): MeteredIntervalView {
  const contract = record.contracts.get(meter.meter)
  const bought = contract?.bought ?? WattHours.zero
  const sold = contract?.sold ?? WattHours.zero
  const readings = state.readings.get(meter.meter)
  if (meter.kind === 'virtual' || readings === undefined) {
    const nothing = { opening: null, closing: null, imported: bought, exported: sold }
    const none = { tradeBought: WattHours.zero, tradeSold: WattHours.zero }
    return { meter: meter.meter, bought, sold, ...none, ...nothing, assurance: 'contracted' }
  }
  const traded = tradedBy(state, record.interval, meter.meter)
  const opening = readings.boundaries.get(record.interval)
  const closing = readings.boundaries.get(record.interval + 1)
  const registers = (
    reading: typeof opening,
    side: 'opening' | 'closing',
  ): RegistersView | null =>
    reading === undefined ? null : { version: reading.version, ...reading[side] }
  return {
    meter: meter.meter,
    bought,
    sold,
    tradeBought: traded?.bought ?? WattHours.zero,
    tradeSold: traded?.sold ?? WattHours.zero,
    opening: registers(opening, 'opening'),
    closing: registers(closing, 'closing'),
    ...meteredEnergy(readings, record.interval),
  }
}
