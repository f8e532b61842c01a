/**
 * Two retailers, two utilities, four homes and a local day of 23 hours on a real server and a chain
 * of its own: what the tests of bills bill.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient, credentialOf, GatewaySigner, Signer, withPrivateKey } from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { interRetailer, type Rulebook } from '@busbar/core/rulebook'
import type { ContractTerms } from '@busbar/core/trades'
import { addressOf, publicKeyOf, signDigestP256 } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { type Anvil, startAnvil } from '@busbar/server/adapters/chain/anvil'
import { HttpRpc } from '@busbar/server/adapters/chain/rpc'
import { type RunningServer, startServer } from '@busbar/server/start'
import {
  addressOfKey,
  createHttpExchange,
  type MarketNumbers,
  type MarketPlan,
  seededKey,
} from '@busbar/simulator'

const seed = 11
const trades = interRetailer.trades
if (trades === undefined) throw new Error('the rulebook has contracts')

const rulebook: Rulebook = {
  ...interRetailer,
  name: 'bills',
  finalAfterIntervals: 4,
  correctionIntervals: 200,
  trades: { ...trades, rails: ['clearing-house'] },
}

/** 29 March 2026 in Berlin: the clock is put forward, and the day has 23 hours. */
export const day = '2026-03-29'
export const intervalMs = 900_000
const startMs = Date.UTC(2026, 2, 28, 23)
export const first = startMs / intervalMs
export const quarters = 92

export const homes = ['alice', 'bob', 'carol', 'dave'] as const
export type Home = (typeof homes)[number]
const retailerOf: Readonly<Record<Home, string>> = {
  ...{ alice: 'north', bob: 'south', carol: 'north', dave: 'north' },
}
export const prices = { 'grid-north': 11_000, 'grid-south': 17_003 } as const

/** What flows at a home's meter in a quarter of the day, watt-hours: bob's roof is in the way. */
export function flowOf(home: Home, quarter: number): readonly [taken: number, given: number] {
  if (home === 'alice') return quarter % 4 === 3 ? [121, 0] : [0, 400 + quarter]
  if (home === 'bob') return [350 + (quarter % 7), 0]
  if (home === 'carol') return [30, quarter % 3 === 0 ? 0 : 210 + quarter]
  return [150 - (quarter % 5), 0]
}

const companies: readonly (readonly [name: string, roles: readonly Role[]])[] = [
  ['operator', ['operator', 'authority']],
  ['bank', ['bank']],
  ['balancing-authority', ['balancing-authority']],
  ['auditor', ['auditor']],
  ['north', ['retailer']],
  ['south', ['retailer']],
  ['grid-north', ['distribution-utility']],
  ['grid-south', ['distribution-utility']],
]

const keyOf = (name: string) => seededKey(seed, name, 'secp256k1')
const gatewayKeyOf = (retailer: string) => seededKey(seed, `${retailer}-gateway`, 'p256')

function plan(): MarketPlan {
  const funded = new Set<string>([...homes, 'balancing-authority', 'north', 'south'])
  const people = [
    ...companies.map(([name, roles]) => ({ name, roles, retailer: null })),
    ...homes.map((name) => ({
      ...{ name, roles: ['prosumer'] as const, retailer: retailerOf[name] },
    })),
  ]
  return {
    ...{ market: 'bills', rulebook, openAt: startMs - 900_000, zone: 'north-1' },
    participants: people.map((one) => ({
      ...one,
      key: keyOf(one.name),
      depositMicros: funded.has(one.name) ? 1_000_000_000 : 0,
    })),
    gateways: ['north', 'south'].map((owner) => ({
      ...{ name: `${owner}-gateway`, key: gatewayKeyOf(owner), owner },
    })),
    meters: [],
    tariffs: ['north', 'south'].map((retailer) => ({
      ...{ retailer, fromInterval: first - 1 },
      ...{ retailMicrosPerKwh: 310_000, feedInMicrosPerKwh: 80_000 },
    })),
  }
}

type Reading = Parameters<GatewaySigner['readings']>[0][number]

export class BillingMarket {
  readonly folder = mkdtempSync(join(tmpdir(), 'busbar-bills-'))
  #anvil: Anvil | undefined
  #server: RunningServer | undefined
  #numbers: MarketNumbers | undefined
  readonly #meters = new Map<Home, number>()
  readonly #registers = new Map<Home, [taken: number, given: number]>()
  #read = -1

  get url(): string {
    return this.#server?.url ?? ''
  }

  get node(): string {
    return this.#anvil?.url ?? ''
  }

  get client(): BusbarClient {
    return new BusbarClient({ baseUrl: this.url })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  account(name: string): number {
    return this.#numbers?.accounts.get(name) ?? -1
  }

  meter(home: Home): number {
    return this.#meters.get(home) ?? -1
  }

  as(name: string): BusbarClient {
    return this.client.as(credentialOf(this.#signer(name)))
  }

  async start(): Promise<this> {
    this.#anvil = await startAnvil(this.folder)
    const secret = keccak256(textToBytes('bills: operator of the chain'))
    const rpc = new HttpRpc(() => this.node)
    const rich = '0xffffffffffffffffff'
    await rpc.call('anvil_setBalance', [addressOf(publicKeyOf(secret)), rich])
    const operator = keyOf('operator')
    this.#server = await startServer(
      {
        ...{ market: 'bills', dataDir: this.path('data'), databaseUrl: undefined },
        ...{ chainUrl: this.node, chainId: undefined, chainConfirmations: 0 },
        ...{ chainOperatorKey: bytesToHex(secret), chainAuditor: undefined },
        ...{ chainVerifier: undefined, host: '127.0.0.1', port: 0 },
        clock: { mode: 'manual', startMs: plan().openAt },
        operator: {
          ...{ name: 'operator', roles: ['operator', 'authority'], retailer: null },
          ...{ address: addressOfKey(operator), publicKey: operator.publicKey },
        },
        ...{ salt: `0x${'5b'.repeat(32)}`, rulebook, vaultKeys: undefined, committee: {} },
        ...{ provingLeaseMs: 60_000, verifier: 'native', requestsPerMinuteMax: 1_000_000 },
        ...{ rails: {}, dashboard: undefined, display: { timeZone: 'UTC', currency: null } },
      },
      () => undefined,
    )
    this.#numbers = await createHttpExchange({ client: this.client, seed }).open(plan())
    await this.#wires()
    for (const retailer of ['north', 'south']) {
      const secret = keyOf(retailer).privateKey
      writeFileSync(this.path(`${retailer}.key`), `${bytesToHex(secret)}\n`)
    }
    return this
  }

  async remove(): Promise<void> {
    await this.#server?.stop()
    await this.#anvil?.end()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Zones, meters and what wires cost: bob lives in the south, the others in the north. */
  async #wires(): Promise<void> {
    await this.instruct('operator', 'register_zone', {
      ...{ name: 'south-1', parent: null, bridgeWatts: 0 },
    })
    for (const [zone, utility] of [[0, 'grid-north'], [1, 'grid-south']] as const) {
      const content = { zone, utility: this.account(utility) }
      await this.instruct('operator', 'assign_utility', content)
      const wheeling = { fromInterval: first, microsPerKwh: prices[utility] }
      await this.instruct(utility, 'set_wheeling', wheeling)
    }
    for (const home of homes) {
      const result = await this.instruct('operator', 'register_meter', {
        ...{ name: home, kind: 'physical', account: this.account(home) },
        zone: home === 'bob' ? 1 : 0,
        gateway: this.#numbers?.gateways.get(`${retailerOf[home]}-gateway`) ?? -1,
        ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
      })
      if (result.kind === 'meter_registered') this.#meters.set(home, result.meter)
      this.#registers.set(home, [0, 0])
      const textHash = bytesToHex(keccak256(textToBytes('terms')))
      await this.instruct(home, 'consent_to_enforcement', { textHash })
    }
  }

  async instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ) {
    const signed = await this.#signer(name).instruction(kind, content)
    return (await this.client.instruct(signed)).result
  }

  /** A contract of so much in each of some quarters, signed by both. */
  async trade(seller: Home, buyer: Home, from: number, count: number, energyWh: number) {
    const terms: ContractTerms = {
      id: bytesToHex(keccak256(textToBytes(`${seller}/${buyer}/${from}`))).slice(0, 34),
      ...{ seller: this.account(seller), buyer: this.account(buyer) },
      ...{ sellerMeter: this.meter(seller), buyerMeter: this.meter(buyer) },
      sellerRetailer: this.account(retailerOf[seller]),
      buyerRetailer: this.account(retailerOf[buyer]),
      ...{ fromInterval: first + from, intervals: count },
      profile: { kind: 'per-interval', energyWh },
      ...{ priceMicrosPerKwh: 200_000, toleranceBasisPoints: 1_000, penaltyBasisPoints: 500 },
      ...{ buyerShort: 'actual', exitFeeMicros: null, rail: 'clearing-house' },
      ...{ platform: null, platformFeeMicrosPerKwh: 0, replaces: `0x${'0'.repeat(64)}` },
      expiresAt: (first + from) * intervalMs - 600_000,
    }
    await this.client.trades.propose(await this.#signer(seller).proposal(terms))
    await this.client.trades.accept(await this.#signer(buyer).acceptance(terms))
  }

  async order(home: Home, quarter: number, side: 'buy' | 'sell', energyWh: number) {
    const limitMicrosPerKwh = side === 'buy' ? 300_000 : 100_000
    const interval = first + quarter
    const fields = { meter: this.meter(home), interval, side, energyWh, limitMicrosPerKwh }
    await this.client.placeOrder(await this.#signer(home).order(fields))
  }

  /**
   * Lets the day pass up to the end of a quarter, and reads all meters on the way.
   *
   * @param silent whose reading at the end of a quarter does not come
   */
  async passTo(
    quarter: number,
    silent: (home: Home, boundary: number) => boolean = () => false,
  ): Promise<void> {
    while (this.#read < quarter) {
      // An hour at once: all readings are in before anything is final.
      const last = Math.min(this.#read + 4, quarter)
      await this.client.setClock(startMs + last * intervalMs)
      const readings = new Map<string, Reading[]>([['north', []], ['south', []]])
      for (let boundary = this.#read + 1; boundary <= last; boundary += 1) {
        for (const home of homes) {
          const reading = this.#reading(home, boundary)
          if (!silent(home, boundary)) readings.get(retailerOf[home])?.push(reading)
        }
      }
      for (const [retailer, own] of readings) await this.send(retailer, own)
      this.#read = last
    }
  }

  /** A better reading of what a meter showed at the beginning of a quarter. */
  async correct(home: Home, quarter: number, more: { taken: number; given: number }) {
    const shown: [number, number] = [more.taken, more.given]
    for (let before = 0; before < quarter; before += 1) {
      const [taken, given] = flowOf(home, before)
      shown[0] += taken
      shown[1] += given
    }
    const [importWh, exportWh] = shown
    const reading = { meter: this.meter(home), boundary: first + quarter, version: 1 }
    await this.send(retailerOf[home], [{ ...reading, importWh, exportWh }])
  }

  /** Lets time pass without readings; also to now, when the chain is looked at. */
  async waitTo(quarter: number): Promise<void> {
    await this.client.setClock(startMs + quarter * intervalMs)
  }

  #reading(home: Home, quarter: number): Reading {
    const registers = this.#registers.get(home)
    if (registers === undefined) throw new RangeError(`${home} has no meter`)
    const [taken, given] = quarter === 0 ? [0, 0] : flowOf(home, quarter - 1)
    registers[0] += taken
    registers[1] += given
    const [importWh, exportWh] = registers
    const boundary = first + quarter
    return { meter: this.meter(home), boundary, version: 0, importWh, exportWh }
  }

  async send(retailer: string, readings: readonly Reading[]): Promise<void> {
    const domain = this.#numbers?.domain
    if (domain === undefined) throw new Error('the market is not open')
    const gateway = this.#numbers?.gateways.get(`${retailer}-gateway`) ?? -1
    const sign = withPrivateKey(gatewayKeyOf(retailer).privateKey, signDigestP256)
    const signed = await new GatewaySigner({ domain, gateway, sign }).readings(readings)
    await this.client.sendReadings(signed)
  }

  #signer(name: string): Signer {
    const domain = this.#numbers?.domain
    if (domain === undefined) throw new Error('the market is not open')
    const sign = withPrivateKey(keyOf(name).privateKey)
    return new Signer({ domain, account: this.account(name), sign })
  }
}
