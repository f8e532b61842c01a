import { ordersMax } from '../clearing/index.ts'
import { availableOf, holdOf, setHold } from '../ledger/index.ts'
import type { MandateLimits } from '../registry/index.ts'
import type { Rulebook } from '../rulebook/index.ts'
import { Micros } from '../units/index.ts'
import type { Opening, PlaceSealedOrder, RevealOrder } from './command.ts'
import type { Engine } from './engine.ts'
import {
  actorWith,
  committeeFor,
  gateOf,
  gateRejection,
  inRange,
  intervalMax,
  isRejected,
  orderHoldKey,
  recordFor,
  recordOf,
  rulebookFor,
  tradingRoles,
  zoneKey,
} from './lookups.ts'
import { agentIn, countEnergy, dayRejection } from './mandates.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { IntervalRecord, SealedOrder, State, VoidReason } from './state.ts'

/** The order of BN254's scalar field, as a commitment is written. */
const fieldOrder = '0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001'
const zero = `0x${'0'.repeat(64)}`

/** The most that can be proven: sixteen parts of 4,096, which is what a joined proof takes. */
const provableOrdersMax = 65_536

/** A point of 48 bytes, the opening's 57 bytes, a tag of 16. */
const ciphertextPattern = /^0x[0-9a-f]{242}$/

/**
 * Takes a commitment and sets aside what its owner says that the order can cost, with its bond.
 * That is checked when the order opens: it is void if it can cost more.
 */
export function placeSealedOrder(
  state: State,
  at: number,
  sequence: number,
  command: PlaceSealedOrder,
): Applied | Rejected {
  const { account, zone, interval, commitment, ciphertext } = command
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  if (state.zones[zone] === undefined) return reject('zone_unknown', 'zone')
  if (!state.connected.has(zoneKey(zone, account))) {
    return reject('meter_unknown', 'zone', 'a zone in which the account has a meter')
  }
  const malformed = fieldRejection(state, command)
  if (malformed !== undefined) return malformed
  const rulebook = rulebookFor(state, interval)
  const closed = gateRejection(state, at, rulebook, interval)
  if (closed !== undefined) return closed
  if (rulebook.orderBook === 'open') return reject('order_book_mismatch', 'interval', 'open')
  if (rulebook.orderBook === 'sealed-committee' && committeeFor(state, interval) === undefined) {
    return reject('committee_missing', 'interval')
  }
  const present = recordOf(state, zone, interval)
  if (present?.sealed.has(commitment) === true) return reject('commitment_exists', 'commitment')
  const mandate = state.mandates.get(agentIn(command) ?? '')
  // What is in it nobody knows yet: it counts as the most that it may hold.
  const beyond = mandate && dayRejection(state, mandate, interval, mandate.orderEnergyMaxWh)
  if (beyond !== undefined) return beyond
  const own = present?.sealedOf.get(account) ?? []
  if (own.length >= rulebook.ordersPerAccountMax) {
    return reject('orders_exceeded', 'account', `at most ${rulebook.ordersPerAccountMax}`)
  }
  // Those taken back are in the set that is proven, too.
  const most = rulebook.proof === 'required' ? provableOrdersMax : ordersMax
  if ((present?.orderCount ?? 0) >= most) {
    return reject('orders_exceeded', 'interval', `at most ${most}`)
  }
  const collateral = Micros.from(BigInt(command.collateralMicros))
  const needed = collateral + BigInt(rulebook.bondMicros)
  const available = availableOf(state.ledger, account)
  if (needed > available) {
    return reject('funds_insufficient', 'account', `needs ${needed} micros, has ${available}`)
  }

  const record = recordFor(state, zone, interval)
  const { id } = command
  record.sealed.set(commitment, {
    ...{ id, commitment, account, sequence, collateral, ciphertext, revealed: null },
    ...(mandate === undefined ? {} : { within: limitsOf(mandate) }),
  })
  countMost(state, record.sealed.get(commitment), interval, 1n)
  record.sealedOf.set(account, [...own, commitment])
  record.orderCount += 1
  const key = orderHoldKey(account, zone, interval)
  setHold(state.ledger, key, account, Micros.from(holdOf(state.ledger, key) + needed))
  state.totals.orders += 1
  return accepted(sequence, { kind: 'sealed_order_placed', zone, interval, commitment }, [
    { kind: 'order_placed', zone, interval },
  ])
}

function fieldRejection(state: State, command: PlaceSealedOrder): Rejected | undefined {
  const { interval, commitment, collateralMicros, ciphertext } = command
  if (!inRange(interval, 0, intervalMax)) {
    return reject('field_invalid', 'interval', `from 0 to ${intervalMax}`)
  }
  // Zero is what stands where a tree of commitments has none.
  const isElement = isHex32(commitment) && commitment > zero && commitment < fieldOrder
  if (!isElement) {
    return reject('field_invalid', 'commitment', `0x and 64 hex, above 0 and below ${fieldOrder}`)
  }
  if (!inRange(collateralMicros, 0, Number.MAX_SAFE_INTEGER)) {
    return reject('field_invalid', 'collateralMicros', `0 to ${Number.MAX_SAFE_INTEGER}`)
  }
  const { orderBook } = rulebookFor(state, interval)
  if (orderBook === 'sealed-committee' && !isText(ciphertext, ciphertextPattern)) {
    return reject('field_invalid', 'ciphertext', '0x and 242 lower-case hex')
  }
  if (orderBook === 'sealed-reveal' && ciphertext !== '') {
    return reject('field_invalid', 'ciphertext', 'empty where owners reveal')
  }
  return undefined
}

const isText = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value)

const isHex32 = (value: unknown): value is string => isText(value, /^0x[0-9a-f]{64}$/)

/** The sealed order that an account placed under `id`, and where it stands. */
export function sealedOrderOf(
  state: State,
  account: number,
  id: string,
): { readonly record: IntervalRecord; readonly order: SealedOrder } | undefined {
  const result = state.remembered.get(`${account}:${id}`)?.result
  if (result?.kind !== 'sealed_order_placed') return undefined
  const record = recordOf(state, result.zone, result.interval)
  const order = record?.sealed.get(result.commitment)
  return record === undefined || order === undefined ? undefined : { record, order }
}

/** Takes a sealed order out of the auction before its gate. It stays in the set as void. */
export function voidBeforeGate(
  state: State,
  record: IntervalRecord,
  order: SealedOrder,
  reason: VoidReason,
): void {
  const { zone, interval } = record
  const key = orderHoldKey(order.account, zone, interval)
  const { bondMicros } = rulebookFor(state, interval)
  const left = holdOf(state.ledger, key) - order.collateral - BigInt(bondMicros)
  setHold(state.ledger, key, order.account, Micros.from(left))
  countMost(state, order, interval, -1n)
  record.voids.set(order.commitment, reason)
  record.sealed.set(order.commitment, stripped(order))
}

/** What is kept of a sealed order that can no longer trade or has traded. */
export function stripped({ within: _within, ...order }: SealedOrder): SealedOrder {
  return { ...order, collateral: Micros.zero, ciphertext: '', revealed: null }
}

/** Counts an agent's sealed order as the most that it may hold, or takes that back. */
export function countMost(
  state: State,
  order: SealedOrder | undefined,
  interval: number,
  sign: 1n | -1n,
): void {
  const { within } = order ?? {}
  if (within === undefined) return
  countEnergy(state, within.publicKey, interval, sign * BigInt(within.orderEnergyMaxWh))
}

const limitsOf = (mandate: MandateLimits): MandateLimits => ({
  publicKey: mandate.publicKey,
  meters: mandate.meters,
  buyMaxMicrosPerKwh: mandate.buyMaxMicrosPerKwh,
  sellMinMicrosPerKwh: mandate.sellMinMicrosPerKwh,
  orderEnergyMaxWh: mandate.orderEnergyMaxWh,
})

/** The moment until which owners may reveal their orders of `interval`. */
export const revealUntil = (state: State, interval: number): number =>
  gateOf(state, interval) + rulebookFor(state, interval).revealSeconds * 1_000

/** Takes an owner's opening after the gate. Whether the order fits is judged with all others. */
export function revealOrder(
  state: State,
  at: number,
  sequence: number,
  command: RevealOrder,
  engine: Engine,
): Applied | Rejected {
  const { zone, interval, commitment, opening } = command
  const record = recordOf(state, zone, interval)
  const order = record?.sealed.get(commitment)
  const result = { kind: 'order_revealed', commitment } as const
  if (record?.status === 'open') return reject('gate_open', 'interval')
  if (record !== undefined && rulebookFor(state, interval).orderBook !== 'sealed-reveal') {
    return reject('order_book_mismatch', 'interval', rulebookFor(state, interval).orderBook)
  }
  if (record === undefined || order === undefined || record.voids.has(commitment)) {
    return reject('order_unknown', 'commitment')
  }
  if (record.status !== 'fixed' || at >= revealUntil(state, interval)) {
    return reject('reveal_closed', 'interval')
  }
  if (!isOpeningOf(record, commitment, rulebookFor(state, interval), opening, engine)) {
    return reject('opening_mismatch', 'opening')
  }
  if (order.revealed !== null) {
    // A commitment has one opening: it is the same again.
    const first = order.revealed.sequence
    return { outcome: { kind: 'accepted', sequence: first, repeated: true, result }, effects: [] }
  }
  const { account, meter, side, energyWh, limitMicrosPerKwh, salt } = opening
  const plain = { account, meter, side, energyWh, limitMicrosPerKwh, salt }
  record.sealed.set(commitment, { ...order, revealed: { opening: plain, sequence } })
  return accepted(sequence, result)
}

/** A commitment's word has 28 bits for energy and 41 for the price, which is offset. */
const energyWhMax = 2 ** 28 - 1
const limitMax = 10 ** 12

/** Whether the numbers of `opening` are such as a commitment can hold. */
export const isOpening = (opening: Opening): boolean =>
  inRange(opening.account, 0, 2 ** 32 - 1) &&
  inRange(opening.meter, 0, 2 ** 32 - 1) &&
  (opening.side === 'buy' || opening.side === 'sell') &&
  inRange(opening.energyWh, 1, energyWhMax) &&
  inRange(opening.limitMicrosPerKwh, -limitMax, limitMax) &&
  isHex32(opening.salt)

/** Whether `opening` is that of a commitment in the set of `record`, by its own account. */
export function isOpeningOf(
  record: IntervalRecord,
  commitment: string,
  rulebook: Rulebook,
  opening: Opening,
  engine: Engine,
): boolean {
  const { zone, interval } = record
  return (
    opening.account === record.sealed.get(commitment)?.account &&
    isOpening(opening) &&
    engine.commitment({ zone, interval, rulebook }, opening) === commitment
  )
}
