import {
  actualsTerms,
  bilateralZone,
  type Charge,
  currentInterval,
  type IntervalRecord,
  intervalEnd,
  participantOf,
  recordOf,
  rulebookFor,
  type State,
  tariffAt,
  zoneKey,
} from '@busbar/core/exchange'
import { connectionWattHours, plausibleTenths } from '@busbar/core/metering'
import type { Meter } from '@busbar/core/registry'
import type { Rulebook } from '@busbar/core/rulebook'
import {
  meterMoney,
  meterSpan,
  type MeterTerms,
  type Run,
  type Span,
  tradeSpan,
} from '@busbar/core/settlement'
import type { Trade } from '@busbar/core/trades'
import { ceilDivide, MicrosPerKwh, WattHours } from '@busbar/core/units'
import {
  billedItems,
  countedMeter,
  coveredIn,
  foundIn,
  isDebt,
  sumOf,
} from '../interval-money.ts'
import type { OwnDeliveryView } from '../../ports/trading-views.ts'

/** An account's meters and trades, found once for many intervals. */
export type Holdings = {
  readonly account: number
  readonly meters: readonly Meter[]
  readonly zones: readonly number[]
  /** Of which it is a side. */
  readonly trades: readonly Trade[]
  /** Whether any trade names it as its platform, which has a part of what is paid outside. */
  readonly isPlatform: boolean
}

export function holdingsOf(state: State, account: number): Holdings {
  const meters = state.meters.filter((meter) => meter.account === account)
  const zones = [...new Set(meters.map(({ zone }) => zone))].sort((a, b) => a - b)
  const isOwn = ({ versions }: Trade): boolean =>
    versions.some(({ terms }) => terms.seller === account || terms.buyer === account)
  const all = [...state.trading.trades.values()]
  const isPlatform = all.some(({ versions }) =>
    versions.some(({ terms }) => terms.platform === account))
  return { account, meters, zones, trades: all.filter(isOwn), isPlatform }
}

/** One interval as its owner has it. Energies and money of what is not settled are null. */
export type OwnInterval = {
  readonly status: IntervalRecord['status']
  readonly isEstimated: boolean
  /**
   * Runs after the first that changed what the account has or is due, by whichever rail, and by how
   * much. What pays it afterwards changes nothing more.
   */
  readonly correctionCount: number
  readonly corrected: bigint
  readonly price: MicrosPerKwh | null
  readonly energy: Energies
  readonly isMetered: boolean
  readonly booked: bigint
  readonly worth: bigint | null
  readonly tariff: bigint | null
  readonly deliveries: readonly OwnDeliveryView[]
  /** How far it may still move from what stands, and the last moment that a reading may do so. */
  readonly mayRise: bigint
  readonly mayFall: bigint
  readonly untilMs: number
}

type Energies = Record<
  'imported' | 'exported' | 'bought' | 'sold' | 'tradeBought' | 'tradeSold',
  bigint
>

const statusesFromFirst = ['open', 'fixed', 'cleared', 'provisional', 'final'] as const

/** Undefined before a gate, and where nothing of the account is in the interval. */
export function ownInterval(
  state: State,
  holdings: Holdings,
  interval: number,
): OwnInterval | undefined {
  const bilateral = recordOf(state, bilateralZone, interval)
  const parts = [
    ...meterParts(state, holdings, interval, bilateral),
    ...tradeParts(state, holdings, bilateral),
  ]
  const records = [...new Set(parts.map(({ record }) => record))]
  if (records.length === 0 || records.some(({ status }) => status === 'open')) return undefined
  const settled = parts.filter(({ worth }) => worth !== null)
  const isEstimated = parts.some((part) => part.isEstimated)
  const { correctionIntervals } = rulebookFor(state, interval + 1)
  // The last reading that counts is one of the interval's end.
  const last = interval + 1 + correctionIntervals
  const isMoving =
    isEstimated || settled.length < parts.length || currentInterval(state, state.at) <= last ||
    records.some(({ zone }) => state.dirty.has(zoneKey(zone, interval)))
  const moving = isMoving ? parts : []
  const own = booked(state, holdings.account, interval)
  return {
    status: statusesFromFirst.find((one) => records.some(({ status }) => status === one)) ?? 'open',
    isEstimated,
    ...own,
    price: parts.find(({ record }) => record.zone === holdings.zones[0])?.record.price ?? null,
    energy: together(parts.map(({ energy }) => energy)),
    isMetered: parts.some((part) => part.isMetered),
    worth: settled.length === 0 ? null : worthOf(state, holdings, interval),
    tariff: tariffOf(settled),
    deliveries: parts.flatMap(({ delivery }) => delivery ?? []),
    mayRise: sumOf(moving.map(({ span, worth }) => positive(span.most - (worth ?? 0n)))),
    mayFall: sumOf(moving.map(({ span, worth }) => positive((worth ?? 0n) - span.least))),
    untilMs: intervalEnd(state, last),
  }
}

/** What a meter or a trade has to do with an interval. */
type Part = {
  readonly record: IntervalRecord
  readonly isEstimated: boolean
  readonly energy: Energies
  /** Whether a run has its energy, read or estimated: of a physical meter, from the first on. */
  readonly isMetered: boolean
  readonly worth: bigint | null
  /** Of a meter with a supplier: what it would come to without any contract. */
  readonly tariff: bigint | null
  readonly span: Span
  readonly delivery?: OwnDeliveryView
}

const nothing: Energies = {
  ...{ imported: 0n, exported: 0n, bought: 0n, sold: 0n },
  ...{ tradeBought: 0n, tradeSold: 0n },
}

function meterParts(
  state: State,
  { account, meters }: Holdings,
  interval: number,
  bilateral: IntervalRecord | undefined,
): readonly Part[] {
  const retailer = participantOf(state, account)?.retailer ?? null
  const tariff = tariffAt(state, retailer, interval)
  const traded = bilateral?.runs.at(-1)?.traded ?? []
  return meters.flatMap((meter): Part | readonly Part[] => {
    const record = recordOf(state, meter.zone, interval)
    const contract = record?.contracts.get(meter.meter)
    const counts = (state.meterFrom[meter.meter] ?? 0) <= interval || contract !== undefined
    if (record === undefined || !counts) return []
    const isPhysical = meter.kind === 'physical'
    const terms = meterTerms(rulebookFor(state, interval), record, contract, {
      tariff: isPhysical ? tariff : null,
    })
    const run = record.runs.at(-1)
    const own = foundIn(traded, meter.meter, ({ meter: number }) => number)
    const shown = run && foundIn(run.metered, meter.meter, ({ meter: number }) => number)
    const energy = {
      ...{ imported: shown?.imported ?? 0n, exported: shown?.exported ?? 0n },
      ...{ bought: terms.bought, sold: terms.sold },
      ...{ tradeBought: own?.bought ?? 0n, tradeSold: own?.sold ?? 0n },
    }
    const money = moneyOf(terms, meter, energy, run, rulebookFor(state, interval))
    return { record, energy, isMetered: shown !== undefined, ...money }
  })
}

function moneyOf(
  terms: MeterTerms,
  meter: Meter,
  energy: Energies,
  run: Run | undefined,
  { intervalSeconds }: Rulebook,
): Pick<Part, 'isEstimated' | 'worth' | 'tariff' | 'span'> {
  const given = energy.exported - energy.imported
  // A virtual meter delivers by definition what it contracted.
  const isPhysical = meter.kind === 'physical'
  const left = isPhysical
    ? given - energy.tradeSold + energy.tradeBought
    : energy.sold - energy.bought
  const most = (watts: number): bigint =>
    ceilDivide(connectionWattHours(watts, intervalSeconds) * plausibleTenths, 10n)
  const worth = meterMoney(terms, left)
  const alone = { ...terms, price: null, bought: WattHours.zero, sold: WattHours.zero }
  const isAlone = run === undefined || !isPhysical || terms.tariff === null
  return {
    isEstimated: run?.estimated.includes(meter.meter) ?? false,
    worth: run === undefined ? null : worth,
    tariff: isAlone ? null : meterMoney(alone, given),
    span: isPhysical
      ? meterSpan(terms, {
          imported: most(meter.importWattsMax),
          exported: most(meter.exportWattsMax),
        })
      : { least: worth, most: worth },
  }
}

function meterTerms(
  { reconciliation, feeMicrosPerKwh }: Rulebook,
  { price }: IntervalRecord,
  contract: { readonly bought: WattHours; readonly sold: WattHours } | undefined,
  { tariff }: Pick<MeterTerms, 'tariff'>,
): MeterTerms {
  return {
    ...{ price, tariff },
    ...{ bought: contract?.bought ?? WattHours.zero, sold: contract?.sold ?? WattHours.zero },
    spreadBasisPoints: reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: reconciliation.overDeviationBasisPoints,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(feeMicrosPerKwh)),
  }
}

function tradeParts(
  state: State,
  { account, trades }: Holdings,
  record: IntervalRecord | undefined,
): readonly Part[] {
  if (record === undefined || record.obligations.size === 0) return []
  const fee = rulebookFor(state, record.interval).trades?.feeMicrosPerKwh ?? 0
  const tradeFeeMicrosPerKwh = MicrosPerKwh.from(BigInt(fee))
  return trades.flatMap((trade): Part | readonly Part[] => {
    const obligation = record.obligations.get(trade.trade)
    const terms = trade.versions.find(({ contract }) => contract === obligation?.contract)?.terms
    if (obligation === undefined || terms === undefined) return []
    const side = terms.seller === account ? 'seller' : 'buyer'
    const delivery = record.deliveries.get(trade.trade)
    const estimated = record.runs.at(-1)?.estimated ?? []
    const owing = actualsTerms(state, record.interval, { trade, terms, obligation })
    const span = tradeSpan({ ...owing, tradeFeeMicrosPerKwh }, side)
    const part = { record, energy: nothing, isMetered: false, tariff: null, span }
    if (delivery === undefined) return { ...part, isEstimated: false, worth: null }
    const isSeller = side === 'seller'
    return {
      ...part,
      isEstimated: [terms.sellerMeter, terms.buyerMeter].some((one) => estimated.includes(one)),
      worth: delivery[side],
      delivery: {
        ...{ trade: trade.trade, interval: record.interval, side: isSeller ? 'sell' : 'buy' },
        partner: isSeller ? terms.buyer : terms.seller,
        ...{ energyWh: delivery.delivered, amountMicros: delivery[side] },
        priceMicrosPerKwh: terms.priceMicrosPerKwh,
      },
    }
  })
}

/**
 * What the interval comes to: on the ledger without what moved debts, outside of it, and on the
 * retailer's bill. The account's own lines of all runs and bills sum to it.
 */
function worthOf(state: State, holdings: Holdings, interval: number): bigint {
  const { account, meters } = holdings
  const retailer = participantOf(state, account)?.retailer ?? null
  const tariff = tariffAt(state, retailer, interval)
  const billed = meters.flatMap((meter) => {
    const record = recordOf(state, meter.zone, interval)
    const counted = record && countedMeter(state, record, meter.meter)
    return record === undefined || counted === undefined
      ? []
      : billedItems(state, record, meter, counted, tariff)
  })
  let sum = sumOf(billed.map(({ amount }) => amount)) + outside(state, holdings, interval)
  for (const records of state.intervals.values()) {
    const record = records.get(interval)
    for (const run of record?.runs ?? []) {
      const own = foundIn(run.net, account, (one) => one.account)
      sum += (own?.amount ?? 0n) - coveredIn(run, account)
    }
    if ((record?.runs.length ?? 0) === 0) continue
    for (const charge of record?.charges ?? []) {
      if (isOfDebt(charge)) sum -= chargedTo(charge, account)
    }
  }
  return sum
}

const isOfDebt = ({ kind }: Charge): boolean => kind === 'collateral' || kind === 'remainder'

const chargedTo = ({ payer, payee, amount }: Charge, account: number): bigint =>
  payer === account ? -amount : payee === account ? amount : 0n

/** What trades on rails outside of the ledger have booked: dues, which payments move later. */
function outside(
  state: State,
  { account, trades, isPlatform }: Holdings,
  interval: number,
): bigint {
  const record = recordOf(state, bilateralZone, interval)
  if (record === undefined || record.runs.length === 0) return 0n
  // A platform has a little of very many trades, none of which is its own.
  if (isPlatform) {
    const dues = record.runs.flatMap((run) => run.dues.filter((one) => one.account === account))
    return sumOf(dues.map(({ amount }) => amount))
  }
  let sum = 0n
  for (const { trade, versions } of trades) {
    const terms = versions.at(-1)?.terms
    if (terms === undefined || terms.rail === 'clearing-house') continue
    const delivery = record.deliveries.get(trade)
    if (delivery !== undefined) sum += delivery[terms.seller === account ? 'seller' : 'buyer']
    for (const charge of record.charges) {
      if (charge.trade === trade && !isOfDebt(charge)) sum += chargedTo(charge, account)
    }
  }
  return sum
}

/** What the runs have of it, in all zones: an account may have money where it has no meter. */
function booked(
  state: State,
  account: number,
  interval: number,
): Pick<OwnInterval, 'booked' | 'correctionCount' | 'corrected'> {
  let [all, corrected, correctionCount] = [0n, 0n, 0]
  for (const records of state.intervals.values()) {
    for (const run of records.get(interval)?.runs ?? []) {
      all += foundIn(run.net, account, (sum) => sum.account)?.amount ?? 0n
      const moved = run.run === 0 ? 0n : changedBy(run, account)
      if (moved === 0n) continue
      corrected += moved
      correctionCount += 1
    }
  }
  return { booked: all, corrected, correctionCount }
}

/** By how much a run that posts differences has changed what an interval comes to. */
const changedBy = ({ items, dues }: Run, account: number): bigint =>
  [...items, ...dues].reduce((sum, item) =>
    item.account === account && !isDebt(item) ? sum + item.amount : sum, 0n)

const positive = (value: bigint): bigint => (value > 0n ? value : 0n)

const tariffOf = (parts: readonly Part[]): bigint | null => {
  const known = parts.flatMap(({ tariff }) => tariff ?? [])
  return known.length === 0 ? null : sumOf(known)
}

const together = (energies: readonly Energies[]): Energies =>
  energies.reduce((sum, one) => ({
    imported: sum.imported + one.imported,
    exported: sum.exported + one.exported,
    bought: sum.bought + one.bought,
    sold: sum.sold + one.sold,
    tradeBought: sum.tradeBought + one.tradeBought,
    tradeSold: sum.tradeSold + one.tradeSold,
  }), nothing)
