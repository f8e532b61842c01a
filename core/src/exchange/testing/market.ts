/**
 * A small market for tests, spoken to in its own words: `market.order('alice', 'buy', …)`.
 *
 * Intervals and boundaries count from the first that takes orders, which is 0. Names stand for
 * accounts and their meters. Not part of the exchange: nothing outside of tests imports it.
 */
import { clear } from '../../clearing/index.ts'
import { availableOf, balanceOf, heldOf } from '../../ledger/index.ts'
import { allocate, shortages } from '../../metering/index.ts'
import type { Role } from '../../registry/index.ts'
import type { Rulebook } from '../../rulebook/index.ts'
import { reconcile, settleActuals } from '../../settlement/index.ts'
import {
  apply,
  type Applied,
  type Command,
  type Effect,
  emptyState,
  type Engine,
  type Envelope,
  type InstructionContent,
  type InstructionKind,
  type IntervalRecord,
  type NewMeter,
  type NewParticipant,
  type Outcome,
  recordOf,
  type Result,
  type State,
} from '../index.ts'

/** Different for different content, and a field element: all that a test asks of a commitment. */
export const testCommitment: Engine['commitment'] = ({ zone, interval, rulebook }, opening) => {
  const { account, meter, side, energyWh, limitMicrosPerKwh, salt } = opening
  const parts = [
    zone, interval, rulebook.version, account, meter, side, energyWh, limitMicrosPerKwh, salt,
  ]
  return `0x0${digestOf(parts.join()).slice(3)}`
}

/** As an identity must be: different for different terms. */
export const testContract: Engine['contract'] = (terms) => digestOf(JSON.stringify(terms))

export const fastEngine: Engine = {
  ...{ clear, reconcile, allocate, shortages, settleActuals },
  ...{ contract: testContract, commitment: testCommitment },
}

/** As `der-to-cash`, with a shorter life, so that a test sees the end of it. */
export const testRulebook: Rulebook = {
  name: 'test',
  version: 1,
  intervalSeconds: 300,
  gateLeadSeconds: 60,
  horizonIntervals: 6,
  priceMinMicrosPerKwh: -500_000,
  priceMaxMicrosPerKwh: 1_000_000,
  priceTickMicrosPerKwh: 10,
  orderEnergyMaxWh: 5_000,
  ordersPerAccountMax: 4,
  // So wide that only tests which are about the band meet it.
  reconciliation: {
    policy: 'balancing-authority',
    spreadBasisPoints: 1_000,
    overDeviationBasisPoints: 1_000_000,
  },
  feeMicrosPerKwh: 500,
  readingDeadlineSeconds: 120,
  finalAfterIntervals: 3,
  correctionIntervals: 8,
  orderBook: 'open',
  revealSeconds: 0,
  bondMicros: 0,
  proof: 'none',
  proofDeadlineSeconds: 0,
}

const lengthMs = testRulebook.intervalSeconds * 1_000

/** Interval 0 starts here: 2026-06-01T10:00Z. */
export const startMs = Date.UTC(2026, 5, 1, 10)
export const firstInterval = startMs / lengthMs

/** Who is in the market when it opens, in the order of their accounts, from 3. */
export const people = ['operator', 'retailer', 'balance', 'grid', 'alice', 'bob', 'carol'] as const
export type Person = (typeof people)[number] | 'guarantee' | 'fees' | 'rounding'

const rolesOf: Readonly<Record<string, readonly Role[]>> = {
  operator: ['operator'],
  retailer: ['retailer'],
  balance: ['balancing-authority'],
  grid: ['distribution-utility', 'bank'],
}

export const accountOf = (person: Person): number => {
  if (person === 'rounding') return 0
  if (person === 'fees') return 1
  return person === 'guarantee' ? 2 : 3 + people.indexOf(person)
}

/** The meter of each: the retailer's is virtual, the others' hang on gateway 0. */
export const meters = { retailer: 0, alice: 1, bob: 2, carol: 3 } as const
export type MeterOwner = keyof typeof meters

/** 12 kW in and out: 1,000 Wh in five minutes. */
export const houseWatts = 12_000

/** Different for different text: what a digest must be. Not secure, and it need not be. */
export function digestOf(text: string): string {
  let digest = ''
  for (let part = 0; part < 8; part += 1) {
    let hash = 0x811c9dc5 ^ (part * 0x9e3779b1)
    for (let i = 0; i < text.length; i += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
      hash ^= hash >>> 15
    }
    digest += (hash >>> 0).toString(16).padStart(8, '0')
  }
  return `0x${digest}`
}

export const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`

export const newcomer = (number: number, change: Partial<NewParticipant> = {}): NewParticipant => ({
  name: `site-${number}`,
  roles: ['prosumer'],
  address: hex(number, 40),
  publicKey: `0x02${hex(number, 64).slice(2)}`,
  retailer: accountOf('retailer'),
  ...change,
})

export type MarketOptions = {
  readonly rulebook?: Rulebook
  readonly engine?: Engine
  /** Micros deposited for each of the people and the guarantee. */
  readonly deposits?: Partial<Readonly<Record<Person, number>>>
}

export class Market {
  readonly state: State = emptyState()
  readonly journal: Envelope[] = []
  readonly effects: Effect[] = []
  readonly rulebook: Rulebook
  readonly #engine: Engine
  /** UTC milliseconds; commands are applied at this time. */
  at: number
  #ids = 0

  /** An empty journal, before anything. `openMarket` gives one in which people can trade. */
  constructor(options: MarketOptions = {}) {
    this.rulebook = options.rulebook ?? testRulebook
    this.#engine = options.engine ?? fastEngine
    // The gate of interval 0 is the next to close.
    this.at = startMs - lengthMs
  }

  /** A fresh id that no command has used. */
  id(): string {
    this.#ids += 1
    return hex(this.#ids, 32)
  }

  apply(command: Command): Applied {
    const envelope = { sequence: this.state.sequence + 1, at: this.at, command }
    const applied = apply(this.state, envelope, this.#engine)
    if (applied.outcome.kind === 'accepted' && !applied.outcome.repeated) {
      this.journal.push(envelope)
      this.effects.push(...applied.effects)
    }
    return applied
  }

  submit(command: Command): Outcome {
    return this.apply(command).outcome
  }

  /** As `submit`, for what a test takes for granted. */
  must(command: Command): Result {
    const outcome = this.submit(command)
    if (outcome.kind === 'accepted') return outcome.result
    throw new Error(`${command.kind} was rejected: ${outcome.reason} ${outcome.field ?? ''}`)
  }

  /** Moves the clock to `seconds` after the gate of an interval closed. */
  toGate(interval: number, seconds = 0): this {
    const gateMs = startMs + interval * lengthMs - this.rulebook.gateLeadSeconds * 1_000
    return this.to(gateMs + seconds * 1_000)
  }

  /** Moves the clock to `seconds` after the start of an interval. */
  toStart(interval: number, seconds = 0): this {
    return this.to(startMs + interval * lengthMs + seconds * 1_000)
  }

  to(at: number): this {
    if (at < this.at) throw new Error(`the clock stands at ${this.at}, ${at} has passed`)
    this.at = at
    return this
  }

  signed<Kind extends string>(kind: Kind, person: Person, id = this.id()) {
    const account = accountOf(person)
    return { kind, id, account, digest: digestOf(`${kind} ${id} ${account}`), signature: '0x' }
  }

  instruction<Kind extends InstructionKind>(
    kind: Kind,
    person: Person,
    content: InstructionContent[Kind],
    id = this.id(),
  ): Command {
    const digest = digestOf(`${id} ${JSON.stringify([kind, person, content])}`)
    // One of the union by construction, which the compiler does not see through `Kind`.
    return { ...this.signed(kind, person, id), content, digest } as unknown as Command
  }

  orderOf(
    owner: MeterOwner,
    side: 'buy' | 'sell',
    energyWh: number,
    limitMicrosPerKwh: number,
    interval: number,
    id = this.id(),
  ): Extract<Command, { kind: 'place_order' }> {
    const meter = meters[owner]
    const order = { meter, interval: firstInterval + interval, side, energyWh, limitMicrosPerKwh }
    const digest = digestOf(`${id} ${owner} ${JSON.stringify(order)}`)
    return { ...this.signed('place_order', owner, id), ...order, digest }
  }

  /** Places an order that must be accepted, and gives its id. */
  order(...of: Parameters<Market['orderOf']>): string {
    const command = this.orderOf(...of)
    this.must(command)
    return command.id
  }

  cancellation(owner: Person, order: string, id = this.id()): Command {
    const digest = digestOf(`${id} cancel ${order}`)
    return { ...this.signed('cancel_order', owner, id), order, digest }
  }

  withdrawal(person: Person, amountMicros: number, id = this.id()) {
    const to = this.state.participants[accountOf(person) - 3]?.address ?? ''
    const digest = digestOf(`${id} withdraw ${amountMicros} ${to}`)
    return { ...this.signed('withdraw', person, id), amountMicros, to, digest }
  }

  deposit(person: Person, amountMicros: number, reference = `0x${this.id()}:0`): Command {
    return { kind: 'record_deposit', reference, account: accountOf(person), amountMicros }
  }

  readings(
    items: readonly (readonly [MeterOwner, number, number, number, number?])[],
    id = this.id(),
  ): Extract<Command, { kind: 'submit_readings' }> {
    const readings = items.map(([owner, boundary, importWh, exportWh, version = 0]) => ({
      meter: meters[owner], boundary: firstInterval + boundary, version, importWh, exportWh,
    }))
    const root = digestOf(JSON.stringify(readings))
    const digest = digestOf(`${id} ${root}`)
    return { kind: 'submit_readings', id, gateway: 0, readings, root, digest, signature: '0x' }
  }

  /** What the registers of one meter showed at a boundary; what became of it. */
  read(owner: MeterOwner, boundary: number, importWh: number, exportWh: number, version = 0) {
    const result = this.must(this.readings([[owner, boundary, importWh, exportWh, version]]))
    return result.kind === 'readings_taken' ? result.outcomes[0] : undefined
  }

  closeGate(interval: number): Outcome {
    return this.submit({ kind: 'close_gate', interval: firstInterval + interval })
  }

  settle(interval: number): Outcome {
    return this.submit({ kind: 'settle_interval', zone: 0, interval: firstInterval + interval })
  }

  /** The kind of run that was posted, null if nothing was, or why not. */
  settled(interval: number): string | null {
    const outcome = this.settle(interval)
    if (outcome.kind === 'rejected') return outcome.reason
    return outcome.result.kind === 'interval_settled' ? outcome.result.runKind : 'other'
  }

  record(interval: number): IntervalRecord {
    const record = recordOf(this.state, 0, firstInterval + interval)
    if (record === undefined) throw new Error(`nothing is known of interval ${interval}`)
    return record
  }

  balance = (person: Person): bigint => balanceOf(this.state.ledger, accountOf(person))
  available = (person: Person): bigint => availableOf(this.state.ledger, accountOf(person))
  held = (person: Person): bigint => heldOf(this.state.ledger, accountOf(person))
}

export const meterContent = (name: string, change: Partial<NewMeter> = {}): NewMeter => ({
  name,
  kind: 'physical',
  account: accountOf('alice'),
  zone: 0,
  gateway: 0,
  importWattsMax: houseWatts,
  exportWattsMax: houseWatts,
  digits: 9,
  ...change,
})

const gridOperator = { roles: ['operator'] as const, retailer: null }

/** The market with its people funded and their meters registered, before the gate of 0. */
export function openMarket(options: MarketOptions = {}): Market {
  const market = new Market(options)
  const { rulebook } = market
  const operator = newcomer(1, { name: 'operator', ...gridOperator })
  market.must({ kind: 'open_market', market: 'test', rulebook, operator })
  for (const [i, name] of people.entries()) {
    if (name === 'operator') continue
    const roles = rolesOf[name] ?? ['prosumer']
    const retailer = name in rolesOf ? null : accountOf('retailer')
    const content = newcomer(i + 1, { name, roles, retailer })
    market.must(market.instruction('admit_participant', 'operator', content))
  }
  const zone = { name: 'street', parent: null, bridgeWatts: 0 }
  market.must(market.instruction('register_zone', 'operator', zone))
  const gateway = {
    name: 'gateway', curve: 'p256' as const, publicKey: `0x03${hex(1, 64).slice(2)}`,
    owner: accountOf('grid'),
  }
  market.must(market.instruction('register_gateway', 'grid', gateway))
  const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 60_000 }
  market.must(market.instruction('set_tariff', 'retailer', tariff))
  for (const owner of Object.keys(meters) as MeterOwner[]) {
    const content = meterContent(`meter-${owner}`, {
      account: accountOf(owner),
      ...(owner === 'retailer'
        ? { kind: 'virtual', gateway: null, importWattsMax: 10 ** 9, exportWattsMax: 10 ** 9 }
        : {}),
    })
    market.must(market.instruction('register_meter', 'grid', content))
  }
  for (const person of [...people, 'guarantee'] as const) {
    const amount = options.deposits?.[person] ?? (person === 'operator' ? 0 : 100_000_000)
    if (amount > 0) market.must(market.deposit(person, amount))
  }
  return market
}
