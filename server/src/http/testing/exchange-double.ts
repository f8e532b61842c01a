import type { Result } from '@busbar/core/exchange'
import { openDerToCash } from '@busbar/core/rulebook'
import { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import {
  accessDigest,
  addressOf,
  createDomain,
  type Domain,
  orderDigest,
  publicKeyOf,
  signDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import type {
  ClockView,
  ExchangeService,
  Page,
  ParticipantsAsked,
  Reader,
  Reveal,
  SignedOrder,
  SignedSealedOrder,
  StatementQuery,
  Submission,
} from '../../app/ports/exchange-service.ts'
import type {
  HealthView,
  IntervalView,
  ParticipantView,
  StatementPageView,
} from '../../app/ports/exchange-views.ts'
import type { AccessService } from '../../app/ports/access-service.ts'
import type { SignInService } from '../../app/ports/sign-in.ts'
import type { HandedInProof, ProofTaken } from '../../app/ports/proving.ts'
import type { StreamEvent } from '../../app/ports/stream-event.ts'
import * as sealed from './sealed-views.ts'
import { measures } from './measure-views.ts'
import { meters } from './meter-views.ts'
import { signatures } from './signature-views.ts'
import { books } from './book-views.ts'
import { access } from './grant-views.ts'
import { signIn } from './sign-in-double.ts'
import { devices } from './device-views.ts'
import { NoticesDouble } from './notice-views.ts'
import { operator } from './operator-views.ts'
import { trading } from './trading-views.ts'
import * as views from './views.ts'

/** Accounts of the double, each with its key. */
export const people = {
  operator: { account: 3, key: new Uint8Array(32).fill(3) },
  alice: { account: 4, key: new Uint8Array(32).fill(4) },
  bob: { account: 5, key: new Uint8Array(32).fill(5) },
  auditor: { account: 6, key: new Uint8Array(32).fill(6) },
  prover: { account: 7, key: new Uint8Array(32).fill(7) },
} as const

const roles: Readonly<Record<keyof typeof people, ParticipantView['roles']>> = {
  operator: ['operator', 'authority'],
  // Everything that somebody may be who sees no more than what is its own.
  alice: ['prosumer', 'retailer', 'distribution-utility'],
  bob: ['prosumer'],
  auditor: ['auditor'],
  prover: ['prover'],
}

export const testDomain: Domain = createDomain({
  market: 'der-to-cash',
  chainId: 31_337,
  verifyingContract: `0x${'c1'.repeat(20)}`,
})

/** An order for so much energy gets the answer of this code instead of a place in the book. */
export const rejectedByEnergyWh: ReadonlyMap<number, Extract<Submission, { kind: 'rejected' }>> =
  new Map([
    [1_001, { kind: 'rejected', reason: 'funds_insufficient', field: 'account', limit: 'needs 9' }],
    [1_002, { kind: 'rejected', reason: 'gate_closed', field: 'interval' }],
    [1_003, { kind: 'rejected', reason: 'meter_foreign', field: 'meter' }],
    [1_004, { kind: 'rejected', reason: 'server_busy' }],
  ])

/**
 * An exchange in memory that keeps what the port promises: order by order answers, ids that count
 * once, signatures that hold. What it shows is fixed.
 */
export class ExchangeDouble implements ExchangeService {
  readonly orders = new Map<string, { readonly digest: string; readonly sequence: number }>()
  readonly submitted: string[] = []
  clockView: ClockView = { mode: 'manual', nowMs: 1_700_000_000_000, speed: 0 }
  healthView: HealthView = views.health
  open = true
  readonly readsAs = new Map<number, Reader>()
  /** Thrown by the next write. */
  failure: Error | undefined
  /** Awaited by every write. */
  hold: Promise<void> = Promise.resolve()
  readonly trading = trading
  readonly notices = new NoticesDouble()
  readonly devices = devices
  readonly operator = operator
  readonly measures = measures
  readonly meters = meters
  readonly signatures = signatures
  readonly books = books
  readonly access: AccessService = access
  readonly signIn: SignInService = signIn
  readonly #listeners = new Set<(event: StreamEvent) => void>()

  async submitOrders(orders: readonly SignedOrder[]): Promise<readonly Submission[]> {
    await this.#ready('orders')
    return orders.map((order) => this.#take(order))
  }

  async submitSealedOrders(
    orders: readonly SignedSealedOrder[],
  ): Promise<readonly Submission[]> {
    await this.#ready('sealed orders')
    return orders.map(({ zone, interval, commitment }) => ({
      ...accepted({ kind: 'sealed_order_placed', zone, interval, commitment }),
      receipt: `0x${'4e'.repeat(65)}`,
    }))
  }

  async submitReveals(reveals: readonly Reveal[]): Promise<readonly Submission[]> {
    await this.#ready('reveals')
    return reveals.map(({ commitment, opening }) =>
      opening.energyWh === 1
        ? { kind: 'rejected', reason: 'opening_mismatch', field: 'opening' }
        : accepted({ kind: 'order_revealed', commitment }),
    )
  }

  async submitCancellations(
    items: readonly { readonly order: string }[],
  ): Promise<readonly Submission[]> {
    await this.#ready('cancellations')
    return items.map(({ order }) => accepted({ kind: 'order_cancelled', order }))
  }

  async submitWithdrawals(
    items: readonly { readonly amountMicros: number }[],
  ): Promise<readonly Submission[]> {
    await this.#ready('withdrawals')
    return items.map(({ amountMicros }) => accepted({ kind: 'withdrawal_released', amountMicros }))
  }

  async submitInstructions(
    items: readonly { readonly kind: string }[],
  ): Promise<readonly Submission[]> {
    await this.#ready('instructions')
    return items.map(({ kind }) => accepted(views.resultOf(kind)))
  }

  async submitReadings(
    batches: readonly { readonly readings: readonly unknown[] }[],
  ): Promise<readonly Submission[]> {
    await this.#ready('readings')
    return batches.map(({ readings }) =>
      accepted({ kind: 'readings_taken', outcomes: readings.map(() => 'counted') }),
    )
  }

  async submitContracts(items: readonly { readonly terms: unknown }[]) {
    await this.#ready('contracts')
    return items.map(() => accepted({ kind: 'trade_proposed', trade: 1, contract }))
  }

  async submitAcceptances(items: readonly { readonly contract: string }[]) {
    await this.#ready('acceptances')
    return items.map((item) => {
      const taken = { kind: 'trade_agreed', trade: 1, contract: item.contract } as const
      return { ...accepted(taken), digest: item.contract }
    })
  }

  async #ready(what: string): Promise<void> {
    this.submitted.push(what)
    await this.hold
    const { failure } = this
    this.failure = undefined
    if (failure !== undefined) throw failure
  }

  #take(order: SignedOrder): Submission {
    const planned = rejectedByEnergyWh.get(order.energyWh)
    if (planned !== undefined) return planned
    const key = keyOf(order.account)
    if (key === undefined) return { kind: 'rejected', reason: 'account_unknown', field: 'account' }
    const digest = orderDigest(testDomain, order)
    if (bytesToHex(signDigest(key, digest)) !== order.signature) {
      return { kind: 'rejected', reason: 'signature_invalid', field: 'signature' }
    }
    const hex = bytesToHex(digest)
    const id = `${order.account}:${order.id}`
    const before = this.orders.get(id)
    if (before !== undefined && before.digest !== hex) {
      return { kind: 'rejected', reason: 'id_exists', field: 'id' }
    }
    const repeated = before !== undefined
    const sequence = before?.sequence ?? this.orders.size + 1
    this.orders.set(id, { digest: hex, sequence })
    return { ...accepted({ kind: 'order_placed', digest: hex }), digest: hex, sequence, repeated }
  }

  async authenticate(credential: {
    readonly account: number
    readonly untilMs: number
    readonly signature: string
  }) {
    const { account, untilMs: until, signature } = credential
    const person = Object.entries(people).find(([, some]) => some.account === account)
    if (person === undefined) return undefined
    const [name, { key }] = person
    const expected = bytesToHex(signDigest(key, accessDigest(testDomain, { account, until })))
    if (signature !== expected) return undefined
    return this.readsAs.get(account) ?? { account, roles: roles[name as keyof typeof people] }
  }

  market() {
    return this.open ? views.market(testDomain, openDerToCash) : undefined
  }

  clock(): ClockView {
    return this.clockView
  }

  async setClock(nowMs: number): Promise<number> {
    this.clockView = { ...this.clockView, nowMs }
    return nowMs
  }

  async intervals(
    zone: number,
    { from, limit }: Page,
  ): Promise<readonly IntervalView[] | undefined> {
    if (zone !== 0) return undefined
    const all = Array.from({ length: 10 }, (_, index) => views.interval(100 + index))
    if (from === undefined) return all.slice(-limit)
    return all.filter(({ interval }) => interval >= from).slice(0, limit)
  }

  async interval(zone: number, interval: number): Promise<IntervalView | undefined> {
    return zone === 0 && interval >= 100 && interval < 110 ? views.interval(interval) : undefined
  }

  async account(account: number) {
    const participant = participantOf(account)
    if (participant === undefined) return undefined
    return {
      ...participant,
      tariff: { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(80_000n) },
      balance: Micros.from(9_000_000n),
      held: Micros.from(1_000_000n),
      available: Micros.from(8_000_000n),
      withdrawable: Micros.from(8_000_000n),
      arrears: [{ creditor: 5, amount: Micros.from(7n) }],
      meters: [views.meter(account)],
      joinCodes: [],
      mandates: [],
      openOrders: [{ ...views.order(account), zone: 0, interval: 110 }],
    }
  }

  async accountInterval(account: number, interval: number) {
    return interval === 100 ? views.accountInterval(account, interval) : undefined
  }

  async statement(
    account: number,
    { from, kind, order, limit }: StatementQuery,
  ): Promise<StatementPageView> {
    const all = Array.from({ length: 5 }, (_, index) => views.statementLine(account, index))
    const isDown = order === 'desc'
    const lines = (isDown ? all.reverse() : all).filter((line) =>
      (isDown ? line.sequence <= (from ?? Infinity) : line.sequence >= (from ?? 0)) &&
      (kind ?? line.kind) === line.kind)
    return { lines: lines.slice(0, limit), nextFrom: lines[limit]?.sequence ?? null }
  }

  async participants(
    { from = 0, limit }: Page,
    { name, find = '', role, status }: ParticipantsAsked = {},
  ): Promise<readonly ParticipantView[]> {
    return [3, 4, 5, 6]
      .filter((account) => account >= from)
      .flatMap((account) => participantOf(account) ?? [])
      .filter((one) => (name ?? one.name) === one.name && one.name.includes(find))
      .filter((one) => (status ?? one.status) === one.status)
      .filter((one) => role === undefined || one.roles.includes(role))
      .slice(0, limit)
  }

  async joinCode(account: number, publicKey: string) {
    return views.joinCode(account, publicKey)
  }

  async orderProof(_zone: number, _interval: number, digest: string) {
    return digest === `0x${'aa'.repeat(32)}` ? views.proof(people.alice.account) : undefined
  }

  async postingProof(_zone: number, _interval: number, account: number) {
    return views.proof(account)
  }

  async readingProof(_zone: number, _interval: number, meter: number) {
    return meter === 0 ? views.proof(people.alice.account) : undefined
  }

  async sealedOrderProof(_zone: number, _interval: number, commitment: string) {
    if (commitment !== sealed.commitment) return undefined
    return sealed.orderPath(people.alice.account)
  }

  async orderNeighbours({ signature }: { readonly signature: string }) {
    return signature === sealed.receiptSignature ? sealed.neighbours : 'receipt_invalid'
  }

  async auditOpenings(zone: number, interval: number) {
    return zone === 0 && interval === 100 ? sealed.openings : undefined
  }

  async claimProving(prover: number, limits: { readonly zones?: readonly number[] | undefined }) {
    const { zones = [0] } = limits
    this.submitted.push(`claim of ${prover}`)
    return zones.includes(0) ? sealed.claim : undefined
  }

  async handInProof({ size }: HandedInProof): Promise<ProofTaken> {
    if (size < 64) return { kind: 'refused', reason: 'size_invalid' }
    return { kind: 'taken', repeated: false }
  }

  async provingQueue() {
    return sealed.queue
  }

  async auditReplay(zone: number, interval: number) {
    return zone === 0 && interval === 100 ? views.auditReplay(zone, interval) : undefined
  }

  async auditInterval(zone: number, interval: number) {
    return zone === 0 && interval === 100 ? views.auditInterval(zone, interval) : undefined
  }

  health(): HealthView {
    return this.healthView
  }

  subscribe(listener: (event: StreamEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: StreamEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  get listenerCount(): number {
    return this.#listeners.size
  }
}

const contract = `0x${'dd'.repeat(32)}`

const keyOf = (account: number): Uint8Array | undefined =>
  Object.values(people).find((person) => person.account === account)?.key

const accepted = (result: Result): Extract<Submission, { kind: 'accepted' }> => ({
  kind: 'accepted',
  digest: `0x${'dd'.repeat(32)}`,
  sequence: 1,
  repeated: false,
  result,
})

function participantOf(account: number): ParticipantView | undefined {
  const person = Object.entries(people).find(([, some]) => some.account === account)
  if (person === undefined) return undefined
  const [name, { key }] = person
  const publicKey = publicKeyOf(key)
  return {
    account,
    name,
    roles: roles[name as keyof typeof people],
    address: addressOf(publicKey),
    publicKey: bytesToHex(publicKey),
    retailer: null,
    status: 'active',
    passkeys: [],
  }
}

/** An event with figures that only its number decides. */
export const clearedEvent = (interval: number): StreamEvent => ({
  kind: 'interval_cleared',
  zone: 0,
  interval,
  price: MicrosPerKwh.from(BigInt(interval)),
  energy: WattHours.from(5n),
})
