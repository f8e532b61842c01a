import type { ContractTerms, DeliveryLimit } from '../../trades/index.ts'
import { MicrosPerKwh, WattHours } from '../../units/index.ts'
import type { Judged } from '../guarded.ts'
import {
  actorWith,
  gateOf,
  inRange,
  intervalMax,
  isRejected,
  participantOf,
} from '../lookups.ts'
import { accepted, type Applied } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from './trade-command.ts'

type Handled = Applied | Rejected

/** Says which utility runs the wires of a zone: its checks and its charges count there. */
export function assignUtility(
  state: State,
  sequence: number,
  by: number,
  content: TradeInstructionContent['assign_utility'],
): Judged {
  const actor = actorWith(state, by, ['operator', 'authority'])
  if (isRejected(actor)) return actor
  const { zone, utility } = content
  if (state.zones[zone] === undefined) return reject('zone_unknown', 'zone')
  const participant = participantOf(state, utility)
  if (participant === undefined) return reject('account_unknown', 'utility')
  if (!participant.roles.includes('distribution-utility')) {
    return reject('role_missing', 'utility', 'needs distribution-utility')
  }
  return () => {
    state.trading.utilities.set(zone, utility)
    return accepted(sequence, { kind: 'utility_assigned', zone })
  }
}

const wheelingMax = 1_000_000_000_000

/**
 * What a utility charges each side for what trades deliver over its wires; the bill asks for it.
 */
export function setWheeling(
  state: State,
  sequence: number,
  by: number,
  content: TradeInstructionContent['set_wheeling'],
): Handled {
  const actor = actorWith(state, by, ['distribution-utility'])
  if (isRejected(actor)) return actor
  const { fromInterval, microsPerKwh } = content
  if (!inRange(fromInterval, 0, intervalMax)) {
    return reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(microsPerKwh, 0, wheelingMax)) {
    return reject('field_invalid', 'microsPerKwh', `0 to ${wheelingMax}`)
  }
  if (fromInterval <= state.clearedThrough) {
    return reject('effective_in_past', 'fromInterval', `at least ${state.clearedThrough + 1}`)
  }
  const rates = (state.trading.wheeling.get(by) ?? []).filter(({ from }) => from < fromInterval)
  rates.push({ from: fromInterval, rate: MicrosPerKwh.from(BigInt(microsPerKwh)) })
  state.trading.wheeling.set(by, rates)
  return accepted(sequence, { kind: 'wheeling_set', fromInterval })
}

/**
 * Lets a trade deliver no more than `energyWh` in each of some intervals whose gate is open: zero
 * rejects it. Of two utilities' limits the lower one counts; a utility may lift its own.
 */
export function limitDelivery(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: TradeInstructionContent['limit_delivery'],
): Handled {
  const actor = actorWith(state, by, ['distribution-utility'])
  if (isRejected(actor)) return actor
  const trade = state.trading.trades.get(content.trade)
  const terms = trade?.versions.at(-1)?.terms
  if (terms !== undefined && !runsWiresOf(state, by, terms)) {
    return reject('utility_foreign', 'trade')
  }
  const { fromInterval, intervals, energyWh, reason } = content
  const malformed = limitFields(content)
  if (malformed !== undefined) return malformed
  if (fromInterval <= state.clearedThrough || at >= gateOf(state, fromInterval)) {
    return reject('gate_closed', 'fromInterval', `at least ${state.clearedThrough + 1}`)
  }
  if (trade === undefined || terms === undefined) return reject('trade_unknown', 'trade')
  if (fromInterval < terms.fromInterval || fromInterval + intervals > trade.endsAt) {
    return reject('window_closed', 'intervals', 'within the delivery window')
  }
  const own = { utility: by, energy: WattHours.from(BigInt(energyWh)), reason, sequence }
  const limits = state.trading.limits.get(trade.trade) ?? new Map<number, DeliveryLimit[]>()
  for (let interval = fromInterval; interval < fromInterval + intervals; interval += 1) {
    const others = (limits.get(interval) ?? []).filter(({ utility }) => utility !== by)
    limits.set(interval, [...others, own])
  }
  state.trading.limits.set(trade.trade, limits)
  return accepted(sequence, { kind: 'delivery_limited', trade: trade.trade, intervals }, [
    { kind: 'delivery_limited', trade: trade.trade, fromInterval, intervals },
  ])
}

const runsWiresOf = (state: State, utility: number, terms: ContractTerms): boolean =>
  [terms.sellerMeter, terms.buyerMeter].some(
    (meter) => state.trading.utilities.get(state.meters[meter]?.zone ?? -1) === utility,
  )

function limitFields(content: TradeInstructionContent['limit_delivery']): Rejected | undefined {
  const { fromInterval, intervals, energyWh, reason } = content
  if (!inRange(fromInterval, 0, intervalMax)) {
    return reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)
  }
  if (!inRange(intervals, 1, 86_400)) return reject('field_invalid', 'intervals', '1 to 86400')
  if (!inRange(energyWh, 0, Number(WattHours.max))) {
    return reject('field_invalid', 'energyWh', `0 to ${WattHours.max}`)
  }
  if (reason.length < 1 || reason.length > 200) {
    return reject('field_invalid', 'reason', '1 to 200 characters')
  }
  return undefined
}
