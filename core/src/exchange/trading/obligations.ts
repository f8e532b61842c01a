import {
  contractedEnergy,
  type DeliveryLimit,
  type Obligation,
  type Trade,
} from '../../trades/index.ts'
import { assert } from '../../errors/index.ts'
import { WattHours } from '../../units/index.ts'
import { bilateralZone, recordFor, rulebookFor } from '../lookups.ts'
import type { Effect } from '../outcome.ts'
import { fixContracts } from './contract-sets.ts'
import { extendReservations, holdNeeded } from './reservations.ts'
import { forgetSpent } from './trade-book.ts'
import { endTrade } from './trade-end.ts'
import type { IntervalRecord, State } from '../state.ts'

/**
 * Fixes what trades owe in the interval whose gate closes: their contracts in force, as the
 * utilities limit them. What was recorded since the gate before gets its root on the chain with it.
 */
export function fixObligations(
  state: State,
  at: number,
  sequence: number,
  interval: number,
): Effect[] {
  const { trading } = state
  if (rulebookFor(state, interval).trades === undefined) return []
  const record = recordFor(state, bilateralZone, interval)
  assert(record.status === 'open', 'obligations are fixed once')
  const effects: Effect[] = []
  for (const number of [...trading.inForce]) {
    const trade = trading.trades.get(number)
    assert(trade !== undefined, 'a trade in force is known')
    if (interval >= trade.endsAt) {
      effects.push(...endTrade(state, trade))
      continue
    }
    effects.push(...extendReservations(state, at, sequence, trade, interval))
    const obligation = obligationOf(state, trade, interval)
    if (obligation !== undefined) record.obligations.set(number, obligation)
  }
  const contractsRecorded = fixContracts(trading, interval, sequence)
  Object.assign(record, { contractsRecorded, charges: trading.charges })
  trading.charges = []
  forgetSpent(state, at)
  clearObligations(state, record, sequence)
  effects.push(...askForMeterData(state, interval))
  const place = { zone: bilateralZone, interval }
  const { price, energy } = record
  return [
    ...effects,
    { kind: 'orders_fixed', ...place },
    { kind: 'interval_cleared', ...place, price, energy },
  ]
}

function obligationOf(state: State, trade: Trade, interval: number): Obligation | undefined {
  const version = trade.versions.at(-1)
  assert(version !== undefined, 'a trade in force has its contract')
  const contracted = contractedEnergy(version.terms, interval)
  const limit = limitOn(state, trade.trade, interval)
  state.trading.limits.get(trade.trade)?.delete(interval)
  // Nothing was set aside for it: its money was not there in time, and it ends here.
  if (contracted === 0n || interval >= trade.endsAt) return undefined
  const { buyer, seller } = holdNeeded(state, version.terms, interval)
  const { trade: number } = trade
  const { contract } = version
  return { trade: number, contract, contracted, limit, buyerHold: buyer, sellerHold: seller }
}

/** So often retailers are asked for what the meters of trades have counted since. */
function askForMeterData(state: State, interval: number): Effect[] {
  const { trades } = rulebookFor(state, interval)
  if (trades === undefined || (interval + 1) % trades.verificationIntervals !== 0) return []
  const intervals = trades.verificationIntervals
  return [{ kind: 'meter_data_requested', fromInterval: interval + 1 - intervals, intervals }]
}

/**
 * What utilities let a trade deliver in an interval whose gate is open: the lowest they have said.
 */
export function limitOn(state: State, trade: number, interval: number): DeliveryLimit | null {
  let lowest: DeliveryLimit | null = null
  for (const limit of state.trading.limits.get(trade)?.get(interval) ?? []) {
    if (lowest === null || limit.energy < lowest.energy) lowest = limit
  }
  return lowest
}

/** Nothing is auctioned here: what is contracted stands as the record's energy. */
function clearObligations(state: State, record: IntervalRecord, sequence: number): void {
  let energy = WattHours.zero
  for (const { contracted } of record.obligations.values()) {
    energy = WattHours.add(energy, contracted)
  }
  record.status = 'cleared'
  record.fixedSequence = sequence
  record.openedSequence = sequence
  record.orderCount = record.contractsRecorded.length
  record.energy = energy
}
