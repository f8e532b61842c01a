import { assert } from '../errors/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import type { Opening, SystemCommand } from './command.ts'
import type { Engine } from './engine.ts'
import { clearRecord, orderDigests } from './gate.ts'
import { recordOf, rulebookFor } from './lookups.ts'
import { limitsRejection } from './mandates.ts'
import { capacityRejection, priceRejection, requirement } from './orders.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import { isOpeningOf, revealUntil } from './sealed-orders.ts'
import type { IntervalRecord, OpenOrder, SealedOrder, State, VoidReason } from './state.ts'

/**
 * Opens the sealed orders of an interval and clears it. Whatever does not open, does not fit its
 * commitment or would have been refused in an open book is void, with a reason, and keeps nobody
 * else from trading. Should a committee be lost for good, all may be null: then all are void.
 */
export function openOrders(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'open_orders' }>,
  engine: Engine,
): Applied | Rejected {
  const { zone, interval } = command
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.status === 'open') {
    return reject('interval_not_fixed', 'interval')
  }
  if (record.status !== 'fixed') return reject('orders_opened', 'interval')
  const rulebook = rulebookFor(state, interval)
  const reveals = rulebook.orderBook === 'sealed-reveal'
  const expected = reveals ? 0 : record.sealed.size
  if (command.openings.length !== expected) {
    return reject('field_invalid', 'openings', `${expected} of them`)
  }
  if (reveals && at < revealUntil(state, interval) && isAnyHidden(record)) {
    return reject('reveal_open', 'interval')
  }
  const openings = new Map<string, Opening | null>()
  if (!reveals) {
    orderDigests(record).forEach((commitment, i) => {
      openings.set(commitment, command.openings[i] ?? null)
    })
  }
  const openingOf = ({ commitment, revealed }: SealedOrder): Opening | null =>
    (reveals ? revealed?.opening : openings.get(commitment)) ?? null
  const orders = judgedOrders(state, record, rulebook, openingOf, engine)
  const cleared = clearRecord(state, record, orders, sequence, engine)
  const [opened, voided] = [orders.length, record.voids.size]
  return accepted(sequence, { kind: 'orders_opened', opened, voided }, [cleared])
}

const isAnyHidden = ({ sealed, voids }: IntervalRecord): boolean =>
  [...sealed.values()].some(({ commitment, revealed }) =>
    revealed === null && !voids.has(commitment))

/**
 * The orders of the set that trade; the others are given their reason. Each account's are judged in
 * the order of their acceptance, as they would have been in an open book: one that is void counts
 * for nothing, one that fits counts towards its meter's connection and the account's collateral.
 */
function judgedOrders(
  state: State,
  record: IntervalRecord,
  rulebook: Rulebook,
  openingOf: (order: SealedOrder) => Opening | null,
  engine: Engine,
): readonly OpenOrder[] {
  const all: OpenOrder[] = []
  for (const [account, commitments] of record.sealedOf) {
    const orders = commitments
      .filter((commitment) => !record.voids.has(commitment))
      .map((commitment) => {
        const order = record.sealed.get(commitment)
        assert(order !== undefined, 'an account has its commitments from the set')
        return order
      })
    const declared = orders.reduce((sum, { collateral }) => sum + collateral, 0n)
    const kept: OpenOrder[] = []
    let hidden = 0
    for (const order of orders) {
      const opening = openingOf(order)
      const judged = opening === null
        ? 'not_opened'
        : judge(state, record, rulebook, order, opening, kept, declared, engine)
      if (typeof judged === 'object') kept.push(judged)
      else record.voids.set(order.commitment, judged)
      if (opening === null) hidden += 1
    }
    const lost = BigInt(hidden) * BigInt(rulebook.bondMicros)
    if (lost > 0n) record.bondsLost.set(account, Micros.from(lost))
    all.push(...kept)
  }
  return all
}

/** The order behind an opening, or why it is void beside those that are `kept`. */
function judge(
  state: State,
  record: IntervalRecord,
  rulebook: Rulebook,
  sealed: SealedOrder,
  opening: Opening,
  kept: readonly OpenOrder[],
  declared: bigint,
  engine: Engine,
): OpenOrder | VoidReason {
  const { commitment, account, sequence } = sealed
  if (!isOpeningOf(record, commitment, rulebook, opening, engine)) return 'mismatch'
  const meter = state.meters[opening.meter]
  const isOwn = meter?.account === account && meter.zone === record.zone
  // A meter that came after the gate was in no open book either.
  const counts = (state.meterFrom[opening.meter] ?? 0) <= record.interval
  if (meter === undefined || !isOwn || !counts) return 'meter_foreign'
  if (opening.energyWh > rulebook.orderEnergyMaxWh) return 'energy_exceeded'
  if (capacityRejection(meter, rulebook, kept, opening) !== undefined) return 'capacity_exceeded'
  const unpriced = priceRejection(rulebook, opening)?.reason
  if (unpriced !== undefined) return unpriced
  const { within } = sealed
  if (within !== undefined && limitsRejection(within, opening) !== undefined) {
    return 'mandate_exceeded'
  }
  const order: OpenOrder = {
    id: sealed.id,
    digest: commitment,
    account,
    meter: opening.meter,
    side: opening.side,
    energy: WattHours.from(BigInt(opening.energyWh)),
    limit: MicrosPerKwh.from(BigInt(opening.limitMicrosPerKwh)),
    sequence,
  }
  const needed = requirement(state, rulebook, [...kept, order], record.interval)
  return needed > declared ? 'collateral_short' : order
}
