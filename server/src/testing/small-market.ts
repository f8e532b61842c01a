/** A market of four on doubles of store, chain and clock, with real signatures and real rules. */
import { canonicalJson } from '@busbar/core/encoding'
import type { Engine, InstructionContent, InstructionKind, State } from '@busbar/core/exchange'
import { emptyState } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { openDerToCash, type Rulebook } from '@busbar/core/rulebook'
import type { DeviceReadingItem, SignedDeviceReadingBatch } from '@busbar/protocols/api'
import { deviceBatchToSign } from '@busbar/protocols/device-readings'
import {
  addressOf,
  createDomain,
  type Domain,
  instructionDigest,
  orderDigest,
  publicKeyOf,
  publicKeyOfP256,
  signDigest,
  signDigestP256,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import { batchToSign } from '@busbar/protocols/readings'
import { labelOf } from '@busbar/protocols/timelock'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { receiptSigner } from '../adapters/signatures/receipt-signer.ts'
import { createVault } from '../adapters/vault/vault.ts'
import { enginesFor, placeOf } from '../app/engines.ts'
import { Intake } from '../app/intake.ts'
import { journalStart } from '../app/journal-chain.ts'
import { Lane, type Told } from '../app/lane.ts'
import { Openings } from '../app/opening/openings.ts'
import type { JournalEnd } from '../app/ports/journal.ts'
import type { SignedOrder, SignedReadingBatch, Submission } from '../app/ports/exchange-service.ts'
import { NettingWorker } from '../app/payments/netting-worker.ts'
import { PaymentWorker, type Rails } from '../app/payments/payment-worker.ts'
import type { RetailerTransfers } from '../app/ports/transfers.ts'
import { Demands } from '../app/proving/demands.ts'
import { Disputes } from '../app/proving/disputes.ts'
import { ProofWatch } from '../app/proving/proof-watch.ts'
import { ProvingQueue } from '../app/proving/proving-queue.ts'
import { Scheduler } from '../app/scheduler.ts'
import { SealedClearings } from '../app/sealed-clearings.ts'
import { LedgerChain } from './ledger-chain.ts'
import { MemoryStore } from './memory-store.ts'
import { PlainOpening } from './plain-opening.ts'

export const smallRulebook: Rulebook = {
  ...openDerToCash,
  name: 'small',
  finalAfterIntervals: 3,
  correctionIntervals: 12,
}

const lengthMs = smallRulebook.intervalSeconds * 1_000
export const startMs = Date.UTC(2026, 5, 1, 10)
export const first = startMs / lengthMs

/** In the order of their accounts, from 3. */
const people: readonly (readonly [name: string, roles: readonly Role[], supplied: boolean])[] = [
  ['operator', ['operator', 'bank'], false],
  ['retailer', ['retailer'], false],
  ['balance', ['balancing-authority'], false],
  ['grid', ['distribution-utility'], false],
  ['alice', ['prosumer'], true],
  ['bob', ['prosumer'], true],
]

export const accountOf = (name: string): number => 3 + people.findIndex(([own]) => own === name)
export const meters = { alice: 0, bob: 1 } as const
/** Of the same two people in a zone below the first, where there is one: see `openCourt`. */
export const courtMeters = { aliceInCourt: 2, bobInCourt: 3 } as const
const allMeters = { ...meters, ...courtMeters }
export type MeterName = keyof typeof allMeters

const secretOf = (name: string): Uint8Array => keccak256(textToBytes(`a key for tests: ${name}`))
export const keysOf = (name: string) => {
  const publicKey = publicKeyOf(secretOf(name))
  return { publicKey: bytesToHex(publicKey), address: addressOf(publicKey) }
}

export const domainFor = (chain: LedgerChain): Domain => {
  const { chainId, clearingHouse } = chain.deployment
  return createDomain({ market: 'small', chainId, verifyingContract: clearingHouse })
}

export const testVault = createVault([secretOf('vault')])

/** The operator's key on the chain, which is another than its key in the market. */
const operatorReceipts = receiptSigner(secretOf('chain operator'), 'pure')

export class SmallMarket {
  readonly store: MemoryStore
  readonly chain: LedgerChain
  readonly lane: Lane
  readonly intake: Intake
  readonly scheduler: Scheduler
  readonly opening: PlainOpening
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly demands: Demands
  readonly payments: PaymentWorker
  readonly netting: NettingWorker
  readonly disputes: Disputes
  readonly clearings: SealedClearings
  readonly engine: Engine
  /** What failed on the way to an opening. */
  readonly reported: string[] = []
  /** What provers count their leases by. */
  wallNow = 0
  readonly told: Told[] = []
  readonly queued: string[][] = []
  readonly broken: Error[] = []
  now = startMs - lengthMs
  #ids: number

  constructor(
    from: {
      readonly store?: MemoryStore
      readonly chain?: LedgerChain
      readonly state?: State
      readonly end?: JournalEnd
      readonly now?: number
      readonly opening?: PlainOpening
      /** As with a real clock: nothing waits for what is opened. */
      readonly isReal?: boolean
      readonly rails?: Rails
      readonly transfers?: RetailerTransfers
    } = {},
  ) {
    this.store = from.store ?? new MemoryStore()
    this.chain = from.chain ?? new LedgerChain()
    this.now = from.now ?? this.now
    this.#ids = 1_000 * this.store.entries.length
    const clock = { now: () => this.now }
    const { chain, store } = this
    this.engine = enginesFor(chain.deployment, this.domain).fast
    this.lane = new Lane({
      ...{ state: from.state ?? emptyState(), end: from.end ?? journalStart },
      ...{ store, chain, clock, engine: this.engine, vault: testVault },
      tell: (told, queued) => {
        this.scheduler.hear(told)
        this.proving.hear(told)
        this.payments.hear(told)
        this.netting.hear(told)
        this.told.push(...told)
        this.queued.push([...queued])
      },
      onBroken: (error) => this.broken.push(error),
    })
    const { lane: writer } = this
    this.opening = from.opening ?? new PlainOpening()
    this.openings = new Openings({
      ...{ lane: writer, clock, opening: this.opening, inOrder: from.isReal !== true },
      labelOf: (zone, interval) => labelOf({ ...placeOf(chain.deployment), zone, interval }),
      limits: { concurrentMax: 2, retryMs: { first: 1, most: 4 }, awaitedAttemptsMax: 2 },
      report: (...failure) => this.reported.push(failure.map(String).join(' ')),
    })
    this.proofs = new ProofWatch(writer, clock, chain)
    this.clearings = new SealedClearings(store, testVault, placeOf(chain.deployment))
    const { clearings } = this
    const queue = { state: writer.state, outbox: store, chain, clearings, queued: () => undefined }
    const leases = { wallClock: () => this.wallNow, leaseMs: 60_000 }
    this.proving = new ProvingQueue({ ...queue, ...leases })
    this.demands = new Demands(queue)
    this.payments = new PaymentWorker({
      ...{ lane: writer, rails: from.rails ?? {}, wallClock: () => this.wallNow },
      inOrder: from.isReal !== true,
      report: (payment, rail, error) => this.reported.push(`${payment} ${rail} ${String(error)}`),
    })
    this.netting = new NettingWorker({
      ...{ lane: writer, transfers: from.transfers, wallClock: () => this.wallNow },
      inOrder: from.isReal !== true,
      report: (what, error) => this.reported.push(`${what} ${String(error)}`),
    })
    this.disputes = new Disputes(queue)
    this.scheduler = new Scheduler(writer, clock, chain, this)
    const [lane, domain] = [this.lane, this.domain]
    this.intake = new Intake({ lane, domain, verifier: pureVerifier(), receipts: operatorReceipts })
  }

  /** Everybody admitted, two homes with meters on a P-256 gateway, and money in their accounts. */
  static async open(
    rulebook: Rulebook = smallRulebook,
    from: ConstructorParameters<typeof SmallMarket>[0] = {},
  ): Promise<SmallMarket> {
    const market = new SmallMarket(from)
    const operator = participant('operator', ['operator', 'bank'], null)
    await market.lane.submit({
      ...{ kind: 'open_market', market: 'small', rulebook, operator },
      salt: `0x${'5a'.repeat(32)}`,
    })
    for (const [name, roles, supplied] of people.slice(1)) {
      const retailer = supplied ? accountOf('retailer') : null
      await market.instruct('operator', 'admit_participant', participant(name, roles, retailer))
    }
    const tariff = { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
    await market.instruct('retailer', 'set_tariff', { fromInterval: first, ...tariff })
    const zone = { name: 'street', parent: null, bridgeWatts: 0 }
    await market.instruct('operator', 'register_zone', zone)
    const publicKey = bytesToHex(publicKeyOfP256(secretOf('gateway')))
    const gateway = { name: 'gateway', curve: 'p256', owner: accountOf('grid') } as const
    await market.instruct('operator', 'register_gateway', { ...gateway, publicKey })
    for (const name of ['alice', 'bob']) {
      await market.instruct('grid', 'register_meter', {
        ...{ name, kind: 'physical', account: accountOf(name), zone: 0, gateway: 0 },
        ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
      })
    }
    const deposits = ['retailer', 'balance', 'alice', 'bob'].map((name) => ({
      ...{ account: accountOf(name), amountMicros: 50_000_000 },
    }))
    await market.instruct('operator', 'fund_accounts', { deposits })
    await market.scheduler.recordMovements()
    return market
  }

  /** A day in small: an auction, one boundary with a deviation, and a correction after it. */
  static async traded(): Promise<SmallMarket> {
    const market = await SmallMarket.open()
    await market.intake.orders([
      market.order('alice', { energyWh: 800 }),
      market.order('bob', { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 }),
    ])
    await market.to(0)
    await market.read(0, { alice: [0, 0], bob: [0, 0] })
    await market.to(1)
    await market.read(1, { alice: [0, 700], bob: [650, 0] })
    await market.to(1)
    return market
  }

  get domain(): Domain {
    return domainFor(this.chain)
  }

  get state(): State {
    return this.lane.state
  }

  /** Whether `signature` is the operator's, as the contracts would recover it. */
  isReceipt(digest: Uint8Array, signature: string): boolean {
    const key = publicKeyOf(secretOf('chain operator'))
    return pureVerifier().verifyRecoverable(key, digest, hexToBytes(signature))
  }

  id(): string {
    this.#ids += 1
    return `0x${this.#ids.toString(16).padStart(32, '0')}`
  }

  /** Moves the clock to `seconds` after the start of an interval, and does what is due then. */
  async to(interval: number, seconds = 0): Promise<void> {
    this.now = startMs + interval * lengthMs + seconds * 1_000
    await this.scheduler.run()
  }

  order(name: 'alice' | 'bob', change: Partial<SignedOrder> = {}): SignedOrder {
    const order = {
      ...{ id: this.id(), account: accountOf(name), meter: meters[name], interval: first },
      ...{ side: 'sell' as const, energyWh: 100, limitMicrosPerKwh: 100_000 },
      ...change,
    }
    return { ...order, signature: signedBy(name, orderDigest(this.domain, order)) }
  }

  withdrawal(name: string, amountMicros: number) {
    const { address: to } = keysOf(name)
    const withdrawal = { id: this.id(), account: accountOf(name), amountMicros, to }
    return { ...withdrawal, signature: signedBy(name, withdrawalDigest(this.domain, withdrawal)) }
  }

  instruction<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ) {
    const [id, account] = [this.id(), accountOf(name)]
    const text = canonicalJson(content)
    const digest = instructionDigest(this.domain, { id, account, kind, content: text })
    return { id, account, kind, content, signature: signedBy(name, digest) }
  }

  async instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ): Promise<Submission> {
    const instruction = this.instruction(name, kind, content)
    // One of the union by construction, which the compiler does not see through `Kind`.
    const [answer] = await this.intake.instructions([instruction as never])
    if (answer?.kind !== 'accepted') throw new Error(`${kind}: ${JSON.stringify(answer)}`)
    return answer
  }

  batch(
    boundary: number,
    registers: Partial<Record<MeterName, readonly [number, number]>>,
    version = 0,
    blind?: string,
  ): SignedReadingBatch {
    const readings = Object.entries(registers).map(([name, [importWh, exportWh]]) => ({
      meter: allMeters[name as MeterName],
      ...{ boundary: first + boundary, version, importWh, exportWh },
    }))
    const salted = blind === undefined ? {} : { blind }
    const batch = { id: this.id(), gateway: 0, readings, ...salted }
    const { digest } = batchToSign(this.domain, batch)
    return { ...batch, signature: bytesToHex(signDigestP256(secretOf('gateway'), digest)) }
  }

  deviceBatch(readings: readonly DeviceReadingItem[]): SignedDeviceReadingBatch {
    const batch = { id: this.id(), gateway: 0, readings: [...readings] }
    const { digest } = deviceBatchToSign(this.domain, batch)
    return { ...batch, signature: bytesToHex(signDigestP256(secretOf('gateway'), digest)) }
  }

  async read(...of: Parameters<SmallMarket['batch']>): Promise<void> {
    const [answer] = await this.intake.readings([this.batch(...of)])
    if (answer?.kind !== 'accepted') throw new Error(JSON.stringify(answer))
  }
}

export const signedBy = (name: string, digest: Uint8Array): string =>
  bytesToHex(signDigest(secretOf(name), digest))

const participant = (name: string, roles: readonly Role[], retailer: number | null) => ({
  ...{ name, roles, retailer },
  ...keysOf(name),
})
