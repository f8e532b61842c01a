import { assert } from '../errors/index.ts'
import {
  addArrears,
  arrearsOf,
  holdOf,
  leavingOf,
  type Ledger,
  post,
  releaseHold,
  setHold,
  unheldOf,
} from '../ledger/index.ts'
import { type MeteredEnergy, meteredEnergy } from '../metering/index.ts'
import { type Meter, systemAccounts } from '../registry/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import {
  applyDifference,
  difference,
  type MeterPosition,
  netOf,
  noTrade,
  type Reason,
  type ReconciliationInput,
  type Run,
  type RunKind,
  saysSameEnergy,
  type SettlementItem,
} from '../settlement/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import { filledWorstCase } from './collateral.ts'
import type { Engine } from './engine.ts'
import { ordering } from './gate.ts'
import {
  bilateralZone,
  zoneKey,
  estimateHoldKey,
  intervalEnd,
  orderHoldKey,
  participantOf,
  recordOf,
  retailerOf,
  rulebookFor,
  tariffAt,
  unprovenHoldKey,
} from './lookups.ts'
import { accepted, type Applied } from './outcome.ts'
import { awaitsProof, holdUnproven, releaseUnproven } from './proof.ts'
import { reject, type Rejected } from './rejection.ts'
import { settleTrades } from './trading/settle-trades.ts'
import { coverShortfalls, moneyItem, noteArrears } from './shortfalls.ts'
import type { IntervalRecord, State } from './state.ts'
import { tradedEnergy } from './trading/traded-energy.ts'

/**
 * Posts the next run of an interval, if one is due: the provisional run when its readings are in or
 * their deadline has passed, a correction when they changed, the final run in its time. Each run
 * posts only the difference between what the readings say now and what stands.
 */
export function settleInterval(
  state: State,
  at: number,
  sequence: number,
  command: { readonly zone: number; readonly interval: number },
  engine: Engine,
): Applied | Rejected {
  const { zone, interval } = command
  const record = recordOf(state, zone, interval)
  if (record !== undefined && zone === bilateralZone) {
    return settleTrades(state, at, sequence, record, engine)
  }
  const authority = state.participants.find((one) => one.roles.includes('balancing-authority'))
  if (authority === undefined) return reject('balancing_authority_missing')
  if (record === undefined || record.status === 'open' || record.status === 'fixed') {
    return reject('interval_not_cleared', 'interval')
  }
  const kind = dueRun(state, at, record, () => allRead(state, zone, interval))
  if (typeof kind !== 'string') return kind

  const meters = meteredOf(state, record, engine)
  const rulebook = rulebookFor(state, interval)
  const input = reconciliationOf(record, meters, authority.account, rulebook)
  const target = engine.reconcile(input)
  const items = difference(record.posted, [...target.items, ...bondItems(record)])
  const covered = coverShortfalls(state, heldFor(state, record), items)
  if (covered === undefined) return reject('guarantee_exhausted', 'interval')

  state.dirty.delete(zoneKey(zone, interval))
  releaseUnproven(state, record)
  const estimated = meters
    .filter(({ energy }) => energy !== undefined && energy.assurance !== 'metered')
    .map(({ position }) => position)
  const shown = {
    traded: [],
    energy: target.energy,
    metered: meters.flatMap(({ position, energy }) =>
      energy === undefined ? [] : [{ meter: position.meter, ...energy }],
    ),
    estimated: estimated.map(({ meter }) => meter),
  }
  // A reading that confirms an estimate moves no money, but it takes the mark away.
  const isSame = items.length === 0 && saysSameEnergy(record.runs.at(-1), shown)
  const silent = kind !== 'final' && isSame
  if (!silent) {
    const all = [...items, ...covered]
    const what = { items: all, dues: [], net: netOf(all) }
    const run: Run = { run: record.runs.length, kind, sequence, at, ...what, ...shown }
    postRun(state, record, run, items, covered)
  }
  const accounts = new Set(meters.map(({ position }) => position.account))
  retain(state, record, accounts, kind === 'provisional' ? estimated : [])
  holdUnproven(state, record)
  if (silent) return accepted(sequence, { kind: 'interval_settled', run: null, runKind: null })
  const run = record.runs.length - 1
  return accepted(sequence, { kind: 'interval_settled', run, runKind: kind }, [
    { kind: 'run_posted', zone, interval, run, runKind: kind },
  ])
}

/** What a rulebook has the meters of a zone reconciled by. */
export function reconciliationOf(
  { price }: Pick<IntervalRecord, 'price'>,
  meters: ReturnType<typeof meteredOf>,
  balancingAuthority: number,
  { reconciliation, feeMicrosPerKwh }: Rulebook,
): ReconciliationInput {
  return {
    price,
    meters: meters.map(({ position }) => position),
    balancingAuthority,
    spreadBasisPoints: reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: reconciliation.overDeviationBasisPoints,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(feeMicrosPerKwh)),
    isRetailBilled: reconciliation.policy === 'retailer-bill',
  }
}

/** Which run of a record is due, if one is. `isRead`: all readings that it waits for are there. */
export function dueRun(
  state: State,
  at: number,
  record: IntervalRecord,
  isRead: () => boolean,
): RunKind | Rejected {
  const { zone, interval } = record
  const rulebook = rulebookFor(state, interval)
  const end = intervalEnd(state, interval)
  const finalAt = end + rulebook.finalAfterIntervals * rulebook.intervalSeconds * 1_000
  const isFinal = at >= finalAt && !awaitsProof(state, record)
  if (record.runs.length === 0) {
    if (isFinal) return 'final'
    if (at >= end + rulebook.readingDeadlineSeconds * 1_000) return 'provisional'
    if (at < end || !isRead()) return reject('readings_awaited', 'interval')
    return 'provisional'
  }
  if (record.status === 'provisional' && isFinal) return 'final'
  if (!state.dirty.has(zoneKey(zone, interval))) {
    const waits = record.status === 'provisional' && at >= finalAt
    return reject(waits ? 'proof_awaited' : 'nothing_to_settle', 'interval')
  }
  return record.status === 'final' ? 'resettled' : 'provisional'
}

const meterCounts = (state: State, meter: Meter, zone: number, interval: number): boolean =>
  meter.zone === zone && (state.meterFrom[meter.meter] ?? 0) <= interval

/** Whether every physical meter that counts was read at both boundaries of the interval. */
export function allRead(state: State, zone: number, interval: number): boolean {
  // Cheap to ask after every batch of readings: most often the end is not read by all yet.
  const { count, newestFrom } = state.physicalMeters.get(zone) ?? { count: 0, newestFrom: 0 }
  const ended = state.readCounts.get(zoneKey(zone, interval + 1)) ?? 0
  if (newestFrom <= interval && ended < count) return false
  const physical = state.meters.filter(
    (meter) => meter.kind === 'physical' && meterCounts(state, meter, zone, interval),
  )
  return physical.every((meter) => {
    const boundaries = state.readings.get(meter.meter)?.boundaries
    return boundaries?.has(interval) === true && boundaries.has(interval + 1)
  })
}

/** Every meter that has energy or a contract in this interval, ascending, with what it metered. */
export function meteredOf(
  state: State,
  record: IntervalRecord,
  engine: Engine,
): readonly { readonly position: MeterPosition; readonly energy: MeteredEnergy | undefined }[] {
  const { zone, interval } = record
  const none = { bought: WattHours.zero, sold: WattHours.zero }
  const { contracts } = record
  const traded = tradedEnergy(state, interval, engine)
  return state.meters
    .filter((meter) => meterCounts(state, meter, zone, interval) || contracts.has(meter.meter))
    .map((meter) => {
      const contract = record.contracts.get(meter.meter) ?? none
      const readings = state.readings.get(meter.meter)
      assert(readings !== undefined, 'a meter has its readings')
      const energy = meter.kind === 'physical' ? meteredEnergy(readings, interval) : undefined
      const retailer = meter.kind === 'physical' ? retailerOf(state, meter) : null
      return {
        position: {
          meter: meter.meter,
          account: meter.account,
          kind: meter.kind,
          ...contract,
          imported: energy?.imported ?? WattHours.zero,
          exported: energy?.exported ?? WattHours.zero,
          tradeBought: traded.get(meter.meter)?.bought ?? WattHours.zero,
          tradeSold: traded.get(meter.meter)?.sold ?? WattHours.zero,
          retailer,
          tariff: tariffAt(state, retailer, interval),
        },
        energy,
      }
    })
}

/** What an account set aside for the interval, which is there for its runs. */
const heldFor = ({ ledger }: State, { zone, interval }: IntervalRecord) => (account: number) =>
  holdOf(ledger, orderHoldKey(account, zone, interval)) +
  holdOf(ledger, estimateHoldKey(account, zone, interval)) +
  holdOf(ledger, unprovenHoldKey(account, zone, interval))

/** The bonds of orders that were not revealed: the guarantee gets them, which stands in for all. */
function bondItems({ bondsLost }: IntervalRecord): SettlementItem[] {
  if (bondsLost.size === 0) return []
  let received = 0n
  const lost = [...bondsLost].map(([account, amount]) => {
    received += amount
    return moneyItem(account, 'bond_lost', -amount)
  })
  return [...lost, moneyItem(systemAccounts.guarantee, 'bond_received', received)]
}

function postRun(
  state: State,
  record: IntervalRecord,
  run: Run,
  items: readonly SettlementItem[],
  covers: readonly SettlementItem[],
): void {
  const { zone, interval } = record
  for (const account of ordering(record)) {
    releaseHold(state.ledger, orderHoldKey(account, zone, interval))
  }
  for (const { account } of run.net) {
    releaseHold(state.ledger, estimateHoldKey(account, zone, interval))
  }
  post(state.ledger, run.net)
  applyDifference(record.posted, items)
  noteArrears(state.ledger, covers)
  record.runs.push(run)
  if (run.kind === 'provisional') record.status = 'provisional'
  if (run.kind === 'final') record.status = 'final'
}

/**
 * Holds back what is uncertain, until the readings or the final run come: what estimated meters
 * earned, and what their contracts may still cost. Otherwise who silences its meter has its
 * collateral back before the meter speaks.
 */
function retain(
  state: State,
  record: IntervalRecord,
  accounts: ReadonlySet<number>,
  estimated: readonly MeterPosition[],
): void {
  const { zone, interval, runs } = record
  if (estimated.length === 0 && runs.every((run) => run.estimated.length === 0)) return
  const standing = new Map<number, bigint>()
  if (estimated.length > 0) {
    for (const [key, { amount }] of record.posted) {
      const meter = Number(key.split('/')[1])
      standing.set(meter, (standing.get(meter) ?? 0n) + amount)
    }
  }
  const uncertain = new Map<number, bigint>()
  for (const { account, meter } of estimated) {
    const most = filledWorstCase(state, record, meter) + (standing.get(meter) ?? 0n)
    if (most > 0n) uncertain.set(account, (uncertain.get(account) ?? 0n) + most)
  }
  for (const account of [...accounts].sort((a, b) => a - b)) {
    const key = estimateHoldKey(account, zone, interval)
    releaseHold(state.ledger, key)
    const amount = uncertain.get(account) ?? 0n
    if (amount === 0n) continue
    const unheld = unheldOf(state.ledger, account)
    if (unheld <= 0n) continue
    setHold(state.ledger, key, account, amount < unheld ? Micros.from(amount) : unheld)
  }
}
