import { type Mandate, type MandateLimits, namedKeyIn, passkeyIn } from '../registry/index.ts'
import { floorDivide, WattHours } from '../units/index.ts'
import { ownerFor } from './account-keys.ts'
import type { Command, InstructionContent } from './command.ts'
import {
  actorWith,
  authorityRoles,
  inRange,
  intervalStart,
  isRejected,
  nameLimit,
  namePattern,
  tradingRoles,
} from './lookups.ts'
import { accepted, type Applied, type Effect } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

/** As many as one account may have at a time. */
export const mandatesMax = 8

/** How long a mandate may last at most. */
export const mandateSecondsMax = 366 * 86_400

const metersMax = 64
const dayMs = 86_400_000n
const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/

/** The day of delivery of an interval: whole days since 1970, UTC. */
export const deliveryDay = (state: State, interval: number): number =>
  Number(floorDivide(BigInt(intervalStart(state, interval)), dayMs))

/** The mandates of an account, in the order in which they were granted. */
export const mandatesOf = (state: State, account: number): readonly Mandate[] =>
  (state.mandatesOf.get(account) ?? []).flatMap((name) => state.mandates.get(name) ?? [])

/** What an agent may still order for a day of delivery, in watt-hours. */
export const leftOf = ({ dayEnergyMaxWh, used }: Mandate, day: number): bigint =>
  BigInt(dayEnergyMaxWh) - (used.get(day) ?? 0n)

/** What agents sign. They give nobody a word, let no money leave and bind to no contract. */
const agentKinds: ReadonlySet<Command['kind']> = new Set([
  'place_order', 'place_sealed_order', 'cancel_order',
])

/** The agent's key that signed a command. */
export const agentIn = (command: { readonly signature: string }): string | undefined =>
  namedKeyIn('agent', command.signature)

/** Why a command that an agent signed is not its account's word at `at`; undefined if it is. */
export function mandateRejection(state: State, at: number, command: Command): Rejected | undefined {
  if (!('signature' in command) || !('account' in command)) return undefined
  const name = agentIn(command)
  if (name === undefined) return undefined
  const mandate = state.mandates.get(name)
  if (mandate === undefined || mandate.account !== command.account || at >= mandate.until) {
    return reject('mandate_unknown', 'signature')
  }
  if (!agentKinds.has(command.kind)) return reject('registered_key_needed', 'signature')
  if (at < mandate.from) return reject('mandate_too_new', 'signature', `from ${mandate.from}`)
  return undefined
}

type Terms = {
  readonly meter: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
}

/** Why an order is none that the agent may place, whatever it has placed before. */
export function limitsRejection(
  limits: MandateLimits,
  { meter, side, energyWh, limitMicrosPerKwh }: Terms,
): Rejected | undefined {
  const { meters, buyMaxMicrosPerKwh: most, sellMinMicrosPerKwh: least } = limits
  if (!meters.includes(meter)) return reject('mandate_exceeded', 'meter', meters.join(', '))
  if ((side === 'buy' ? most : least) === null) return reject('mandate_exceeded', 'side')
  if (side === 'buy' && most !== null && limitMicrosPerKwh > most) {
    return reject('mandate_exceeded', 'limitMicrosPerKwh', `at most ${most}`)
  }
  if (side === 'sell' && least !== null && limitMicrosPerKwh < least) {
    return reject('mandate_exceeded', 'limitMicrosPerKwh', `at least ${least}`)
  }
  if (energyWh <= limits.orderEnergyMaxWh) return undefined
  return reject('mandate_exceeded', 'energyWh', `at most ${limits.orderEnergyMaxWh}`)
}

/** Why `energyWh` more in `interval` is more than the mandate leaves. */
export function dayRejection(
  state: State,
  mandate: Mandate,
  interval: number,
  energyWh: number,
): Rejected | undefined {
  if (intervalStart(state, interval) >= mandate.until) {
    return reject('mandate_exceeded', 'interval', `before ${mandate.until}`)
  }
  const left = leftOf(mandate, deliveryDay(state, interval))
  if (BigInt(energyWh) <= left) return undefined
  return reject('mandate_used_up', 'energyWh', `${left} of ${energyWh} are left of the day`)
}

/** Counts what an agent's order in `interval` comes to, or takes it back. */
export function countEnergy(
  state: State,
  agent: string | undefined,
  interval: number,
  energyWh: bigint,
): void {
  const mandate = agent === undefined ? undefined : state.mandates.get(agent)
  if (mandate === undefined) return
  const { used } = mandate
  const day = deliveryDay(state, interval)
  // Nobody orders for a day that is so long past: what opens late changes nothing of it.
  const earliest = deliveryDay(state, Math.max(0, state.clearedThrough)) - 2
  for (const old of used.keys()) if (old < earliest) used.delete(old)
  if (day < earliest) return
  const sum = (used.get(day) ?? 0n) + energyWh
  if (sum === 0n) used.delete(day)
  else used.set(day, WattHours.from(sum))
}

/** Lets an agent trade within limits. Its key has this mandate and never another. */
export function grantMandate(
  state: State,
  at: number,
  sequence: number,
  command: Extract<Command, { readonly kind: 'grant_mandate' }>,
): Applied | Rejected {
  const { account, content, signature } = command
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  const invalid = metersRejection(state, account, content.meters) ??
    contentRejection(state, at, content)
  if (invalid !== undefined) return invalid
  const kept: readonly string[] = mandatesOf(state, account)
    .filter(({ until }) => at < until)
    .map(({ publicKey }) => publicKey)
  if (kept.length >= mandatesMax) {
    return reject('mandates_exceeded', 'account', `at most ${mandatesMax}`)
  }
  const { publicKey, meters, fromMs: from, untilMs: until, label } = content
  for (const name of state.mandatesOf.get(account) ?? []) {
    if (!kept.includes(name)) state.mandates.delete(name)
  }
  state.taken.add(`key:${publicKey}`)
  state.mandatesOf.set(account, [...kept, publicKey])
  state.mandates.set(publicKey, {
    publicKey,
    meters: [...meters],
    buyMaxMicrosPerKwh: content.buyMaxMicrosPerKwh,
    sellMinMicrosPerKwh: content.sellMinMicrosPerKwh,
    orderEnergyMaxWh: content.orderEnergyMaxWh,
    account,
    dayEnergyMaxWh: content.dayEnergyMaxWh,
    ...{ from, until, label, grantedBy: passkeyIn(signature) ?? null, sequence, at },
    used: new Map(),
  })
  const told = { kind: 'mandate_granted', account, publicKey } as const
  return accepted(sequence, told, [told])
}

/** Takes an agent's word away, at once. Orders that it placed stand; their owner cancels them. */
export function revokeMandate(
  state: State,
  sequence: number,
  by: number,
  { publicKey }: InstructionContent['revoke_mandate'],
): Applied | Rejected {
  const mandate = state.mandates.get(publicKey)
  if (mandate === undefined) return reject('mandate_unknown', 'publicKey')
  const { account } = mandate
  const owner = ownerFor(state, by, account, authorityRoles)
  if (isRejected(owner)) return owner
  const effects = endMandates(state, account, (one) => one === mandate)
  return accepted(sequence, { kind: 'mandate_revoked', account, publicKey }, effects)
}

/** Ends those of an account's mandates that `isEnded` names. */
export function endMandates(
  state: State,
  account: number,
  isEnded: (mandate: Mandate) => boolean,
): Effect[] {
  const ended = mandatesOf(state, account).filter(isEnded).map(({ publicKey }) => publicKey)
  if (ended.length === 0) return []
  for (const name of ended) state.mandates.delete(name)
  const left = (state.mandatesOf.get(account) ?? []).filter((name) => !ended.includes(name))
  if (left.length === 0) state.mandatesOf.delete(account)
  else state.mandatesOf.set(account, left)
  return ended.map((publicKey) => ({ kind: 'mandate_revoked', account, publicKey }))
}

function metersRejection(
  state: State,
  account: number,
  meters: readonly number[],
): Rejected | undefined {
  const unknown = meters.find((meter) => state.meters[meter] === undefined)
  if (unknown !== undefined) return reject('meter_unknown', 'meters', `not ${unknown}`)
  const foreign = meters.find((meter) => state.meters[meter]?.account !== account)
  return foreign === undefined ? undefined : reject('meter_foreign', 'meters', `not ${foreign}`)
}

function contentRejection(
  state: State,
  at: number,
  content: InstructionContent['grant_mandate'],
): Rejected | undefined {
  const { publicKey, meters, orderEnergyMaxWh, dayEnergyMaxWh, fromMs, untilMs, label } = content
  const { buyMaxMicrosPerKwh: buy, sellMinMicrosPerKwh: sell } = content
  // One mandate a key: what an order was within is then beyond dispute.
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', 'publicKey')
  const invalid = (field: string, limit: string) => reject('field_invalid', field, limit)
  if (!publicKeyPattern.test(publicKey)) {
    return invalid('publicKey', 'a compressed key: 0x02 or 0x03 and 64 hex')
  }
  const isSet = new Set(meters).size === meters.length && inRange(meters.length, 1, metersMax)
  if (!isSet) return invalid('meters', `1 to ${metersMax}, each once`)
  if (buy === null && sell === null) return invalid('buyMaxMicrosPerKwh', 'it or a selling price')
  const prices = [['buyMaxMicrosPerKwh', buy], ['sellMinMicrosPerKwh', sell]] as const
  for (const [field, price] of prices) {
    if (price !== null && !Number.isSafeInteger(price)) return invalid(field, 'an integer or null')
  }
  if (!inRange(orderEnergyMaxWh, 1, Number.MAX_SAFE_INTEGER)) {
    return invalid('orderEnergyMaxWh', 'an integer of at least 1')
  }
  if (!inRange(dayEnergyMaxWh, orderEnergyMaxWh, Number.MAX_SAFE_INTEGER)) {
    return invalid('dayEnergyMaxWh', 'an integer of at least orderEnergyMaxWh')
  }
  const last = at + mandateSecondsMax * 1_000
  if (!inRange(untilMs, at + 1, last)) return invalid('untilMs', `after ${at}, at most ${last}`)
  if (!inRange(fromMs, 0, untilMs - 1)) return invalid('fromMs', 'before untilMs')
  return namePattern.test(label) ? undefined : invalid('label', nameLimit)
}
