/** A small market on a real server, and every door of it: what the tests of refusals knock at. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import {
  BusbarClient,
  credentialOf,
  GatewaySigner,
  Signer,
  type SignDigest,
  withPrivateKey,
} from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { openDerToCash, type Rulebook } from '@busbar/core/rulebook'
import type { AccountDetail, Conservation, SignedOrder } from '@busbar/protocols/api'
import { type Domain, signDigestP256 } from '@busbar/protocols/eip712'
import {
  addressOfKey,
  createHttpExchange,
  type Exchange,
  type MarketNumbers,
  type MarketPlan,
  seededKey,
  signNative,
} from '@busbar/simulator'
import { type ServerProcess, startServerProcess } from '../market/server-process.ts'

const seed = 7

/** As `der-to-cash`, with a life that a test sees the end of. */
export const doorRulebook: Rulebook = {
  ...openDerToCash,
  name: 'doors',
  horizonIntervals: 6,
  orderEnergyMaxWh: 5_000,
  ordersPerAccountMax: 4,
  finalAfterIntervals: 3,
  correctionIntervals: 8,
}

const intervalMs = doorRulebook.intervalSeconds * 1_000
/** The first interval that takes orders starts here. */
const startMs = Date.UTC(2026, 5, 1, 10)
export const first = startMs / intervalMs

/** 12 kW: 1,000 Wh in five minutes. */
const houseWatts = 12_000

const companies: readonly (readonly [name: string, roles: readonly Role[], deposit: number])[] = [
  ['operator', ['operator', 'authority'], 0],
  ['bank', ['bank'], 0],
  ['retailer', ['retailer'], 1_000_000_000],
  ['balance', ['balancing-authority'], 1_000_000_000],
  ['grid', ['distribution-utility'], 0],
  ['auditor', ['auditor'], 0],
]

/** Carol has a meter and no money. */
const homes = { alice: 50_000_000, bob: 50_000_000, carol: 0, dave: 50_000_000, erin: 50_000_000 }

export type Home = keyof typeof homes

/** Erin's street has a gateway of its own, with a key of the other curve. */
const gatewayOf = (home: string): string => (home === 'erin' ? 'gateway-2' : 'gateway-1')

const keyOf = (name: string) => seededKey(seed, name, 'secp256k1')
const gatewayKeyOf = (name: string) =>
  seededKey(seed, name, name === 'gateway-1' ? 'p256' : 'secp256k1')

export const addressOf = (name: string): string => addressOfKey(keyOf(name))
export const publicKeyOf = (name: string): string => keyOf(name).publicKey

function plan(): MarketPlan {
  const people = [...companies, ...Object.entries(homes).map(homePlan)]
  const rating = { importWattsMax: houseWatts, exportWattsMax: houseWatts, digits: 9 }
  return {
    market: 'doors',
    rulebook: doorRulebook,
    openAt: startMs - 240_000,
    zone: 'street',
    participants: people.map(([name, roles, depositMicros]) => ({
      name,
      roles,
      key: keyOf(name),
      retailer: name in homes ? 'retailer' : null,
      depositMicros,
    })),
    gateways: ['gateway-1', 'gateway-2'].map((name) => ({
      name,
      key: gatewayKeyOf(name),
      owner: 'grid',
    })),
    meters: Object.keys(homes).map((name) => ({
      ...{ name, kind: 'physical' as const, owner: name, gateway: gatewayOf(name) },
      ...rating,
    })),
    tariffs: [
      {
        retailer: 'retailer',
        fromInterval: first,
        retailMicrosPerKwh: 300_000,
        feedInMicrosPerKwh: 80_000,
      },
    ],
  }
}

const homePlan = ([name, deposit]: [string, number]) => [name, ['prosumer'], deposit] as const

/** What a refused request must not change. */
export type Standing = {
  readonly sequence: number
  readonly conservation: Conservation
  readonly balances: unknown
  readonly accounts: readonly AccountDetail[]
}

/** An answer as far as the tests look: a problem's code, field and limit, or the first result's. */
export type Answer = {
  readonly status: number
  readonly code: string
  readonly field?: string
  readonly limit?: string
}

export type OrderFields = Omit<SignedOrder, 'id' | 'account' | 'signature'> & {
  readonly id?: string
}

export class DoorMarket {
  readonly server: ServerProcess
  readonly dataDir: string
  readonly client: BusbarClient
  readonly #exchange: Exchange
  readonly #numbers: MarketNumbers
  readonly #auditor: BusbarClient
  #stopped: Promise<string> | undefined

  private constructor(
    server: ServerProcess,
    dataDir: string,
    client: BusbarClient,
    exchange: Exchange,
    numbers: MarketNumbers,
  ) {
    this.server = server
    this.dataDir = dataDir
    this.client = client
    this.#exchange = exchange
    this.#numbers = numbers
    this.#auditor = this.as('auditor')
  }

  static async start(): Promise<DoorMarket> {
    const dataDir = mkdtempSync(join(tmpdir(), 'busbar-doors-'))
    const { market, openAt } = plan()
    const rulebook = join(dataDir, 'rulebook.json')
    writeFileSync(rulebook, JSON.stringify(doorRulebook))
    const operator = {
      name: 'operator',
      roles: ['operator', 'authority'],
      address: addressOf('operator'),
      publicKey: publicKeyOf('operator'),
      retailer: null,
    }
    const server = await startServerProcess({
      BUSBAR_MARKET: market,
      BUSBAR_DATA_DIR: dataDir,
      BUSBAR_PORT: '0',
      BUSBAR_CLOCK: 'manual',
      BUSBAR_CLOCK_START_MS: String(openAt),
      BUSBAR_RULEBOOK: rulebook,
      BUSBAR_OPERATOR: JSON.stringify(operator),
      BUSBAR_REQUESTS_PER_MINUTE: '1000000',
    })
    const client = new BusbarClient({ baseUrl: server.url })
    const exchange = createHttpExchange({ client, seed })
    return new DoorMarket(server, dataDir, client, exchange, await exchange.open(plan()))
  }

  /** Ends the server, and keeps what it wrote. */
  stop(): Promise<string> {
    this.#stopped ??= this.server.stop()
    return this.#stopped
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  get domain(): Domain {
    return this.#numbers.domain
  }

  account(name: string): number {
    const account = this.#numbers.accounts.get(name)
    if (account === undefined) throw new RangeError(`${name} has no account`)
    return account
  }

  meter(name: string): number {
    return this.#numbers.meters.get(name) ?? -1
  }

  signer(name: string, domain = this.domain, sign: SignDigest = signWith(name)): Signer {
    return new Signer({ domain, account: this.account(name), sign })
  }

  /** Batches of `gateway` by number, signed with the key of `key`. */
  gatewaySigner(gateway: string, key = gateway): GatewaySigner {
    const { curve, privateKey } = gatewayKeyOf(key)
    const sign = withPrivateKey(privateKey, curve === 'p256' ? signDigestP256 : signNative)
    const number = this.#numbers.gateways.get(gateway) ?? -1
    return new GatewaySigner({ domain: this.domain, gateway: number, sign })
  }

  as(name: string): BusbarClient {
    return this.client.as(credentialOf(this.signer(name)))
  }

  /** An order that is good for now, unless `change` says otherwise. */
  async order(name: string, change: Partial<OrderFields> = {}): Promise<SignedOrder> {
    return this.signer(name).order({ ...(await this.goodOrder(name)), ...change })
  }

  async goodOrder(name: string): Promise<OrderFields> {
    const { interval } = await this.client.market()
    return {
      meter: this.meter(name),
      interval: interval.openFrom,
      side: 'sell',
      energyWh: 100,
      limitMicrosPerKwh: 100_000,
    }
  }

  async instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ): Promise<void> {
    await this.client.instruct(await this.signer(name).instruction(kind, content))
  }

  /** What the meters show at a boundary counted from the first interval; the others stand still. */
  async read(boundary: number, registers: Partial<Record<Home, readonly [number, number]>>) {
    const all = new Map<string, { meter: number; importWh: number; exportWh: number }[]>()
    for (const [home, [importWh, exportWh]] of Object.entries(registers)) {
      const items = all.get(gatewayOf(home)) ?? []
      all.set(gatewayOf(home), [...items, { meter: this.meter(home), importWh, exportWh }])
    }
    for (const [gateway, items] of all) {
      const readings = items.map((item) => ({ ...item, boundary: first + boundary, version: 0 }))
      await this.client.sendReadings(await this.gatewaySigner(gateway).readings(readings))
    }
  }

  /** Moves the clock to `seconds` after the start of an interval counted from the first. */
  async to(interval: number, seconds = 0): Promise<void> {
    await this.#exchange.advanceTo(startMs + interval * intervalMs + seconds * 1_000)
  }

  /** Moves no time, but does what is due: with a manual clock nobody else does. */
  async settle(): Promise<void> {
    await this.client.setClock((await this.client.market()).clock.nowMs)
  }

  async standing(): Promise<Standing> {
    const accounts = Object.keys(homes).map((home) => this.#auditor.account(this.account(home)))
    return {
      sequence: (await this.client.health()).journalSequence,
      conservation: await this.client.conservation(),
      balances: await this.#auditor.auditBalances(),
      accounts: await Promise.all(accounts),
    }
  }

  async post(path: string, body: unknown, contentType = 'application/json'): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return this.ask('POST', path, { 'content-type': contentType }, text)
  }

  /** Says that so many bytes will come, and sends none: what is too large need not be sent. */
  async announce(path: string, bytes: number): Promise<Answer> {
    const headers = { 'content-type': 'application/json', 'content-length': bytes }
    const asked = request(`${this.server.url}${path}`, { method: 'POST', headers })
    asked.flushHeaders()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    const { code = '' } = (await json(response)) as Partial<Answer>
    asked.destroy()
    return { status: response.statusCode ?? 0, code }
  }

  async ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Answer> {
    const content = body === undefined ? {} : { body }
    const response = await fetch(`${this.server.url}${path}`, { method, headers, ...content })
    const answer = (await response.json()) as Partial<Answer> & {
      readonly results?: readonly { readonly kind: string; readonly code?: string }[]
    }
    const [result] = answer.results ?? []
    const { code = result?.code ?? result?.kind ?? 'ok', field, limit } = answer
    return {
      status: response.status,
      code,
      ...(field === undefined ? {} : { field }),
      ...(limit === undefined ? {} : { limit }),
    }
  }
}

export const signWith = (name: string): SignDigest =>
  withPrivateKey(keyOf(name).privateKey, signNative)
