/**
 * Two retailers, their customers and a platform on a real server, spoken to over HTTP: the market
 * in which the same trades are paid by every rail.
 */
import {
  BusbarClient,
  credentialOf,
  GatewaySigner,
  type SignDigest,
  Signer,
  withPrivateKey,
} from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import { interRetailer, type Rail, type Rulebook, type TradeRules } from '@busbar/core/rulebook'
import { type ContractTerms, noContract } from '@busbar/core/trades'
import type { SignedInstruction } from '@busbar/protocols/api'
import {
  addressOf,
  contractDigest,
  type Domain,
  publicKeyOf,
  publicKeyOfP256,
  signDigest,
  signDigestP256,
} from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { contractMessage } from '@busbar/protocols/trades'
import type { Config } from '../settings/config.ts'
import type { BankConfig, RailsConfig } from '../settings/rails-file.ts'

export const marketId = 'rails-test'
const lengthMs = 900_000

/** 14:00, when the energy of the example begins to flow. */
export const startMs = Date.UTC(2026, 5, 1, 14)
export const openAtMs = startMs - 8 * lengthMs
export const first = startMs / lengthMs
export const windowIntervals = 8

export const railRulebook = (
  rails: readonly Rail[],
  change: Partial<TradeRules> = {},
): Rulebook => {
  const { trades, ...rest } = interRetailer
  if (trades === undefined) throw new Error('the rulebook is of trades')
  const rules = { ...trades, rails, feeMicrosPerKwh: 50_000, keyDelaySeconds: 0, ...change }
  return {
    ...rest,
    name: marketId,
    finalAfterIntervals: 24,
    trades: { ...rules, collectionIntervals: windowIntervals },
  }
}

const secretOf = (name: string): Uint8Array => keccak256(textToBytes(`rails: ${name}`))

const houses: readonly (readonly [name: string, roles: readonly Role[]])[] = [
  ['operator', ['operator', 'authority']],
  ['bank', ['bank']],
  ['north', ['retailer']],
  ['south', ['retailer']],
  ['balance', ['balancing-authority']],
  ['grid', ['distribution-utility']],
  ['platform', ['aggregator']],
]

/** A pair that trades once: its seller is the retailer north's, its buyer the retailer south's. */
export type Pair = { readonly name: string; readonly rail: Rail }

export const sellerOf = ({ name, rail }: Pair): string => `p1-${rail}-${name}`
export const buyerOf = ({ name, rail }: Pair): string => `p7-${rail}-${name}`

export const participant = (name: string, roles: readonly Role[], retailer: number | null) => {
  const publicKey = publicKeyOf(secretOf(name))
  const keys = { publicKey: bytesToHex(publicKey), address: addressOf(publicKey) }
  return { name, roles, retailer, ...keys }
}

export const operator = participant('operator', ['operator', 'authority'], null)

export const configOf = (
  dataDir: string,
  rails: RailsConfig,
  offered: readonly Rail[],
): Config => ({
  ...{ market: marketId, dataDir, databaseUrl: undefined, chainUrl: undefined },
  ...{ chainId: undefined, chainConfirmations: 0, chainOperatorKey: undefined },
  ...{ chainAuditor: undefined, chainVerifier: undefined, host: '127.0.0.1', port: 0 },
  clock: { mode: 'manual', startMs: openAtMs },
  ...{ operator, salt: `0x${'5a'.repeat(32)}`, rulebook: railRulebook(offered) },
  ...{ vaultKeys: undefined, committee: {}, rails },
  ...{ provingLeaseMs: 60_000, verifier: 'native', requestsPerMinuteMax: 1_000_000 },
  ...{ dashboard: undefined, display: { timeZone: 'UTC', currency: null } },
})

const bankAccountsMax = 40

/** A bank by files in a folder, at which every account has one of its own. */
export const bankIn = (folder: string): BankConfig => ({
  ...{ link: { folder }, prefix: 'R', currency: 'EUR', initiator: 'Market' },
  accounts: Object.fromEntries(
    Array.from({ length: bankAccountsMax }, (_none, account) => [
      account, { name: `House ${account}`, account: `B-${account}` },
    ]),
  ),
})

export type PaymentsView = {
  readonly duesMicros: number
  readonly prepaidMicros: number
  readonly payments: readonly {
    readonly payment: number
    readonly state: string
    readonly reservedMicros: number
    readonly amountMicros: number
    readonly reference: string
    readonly reason: string
  }[]
}

export type Forger = { readonly signer: Signer; readonly sign: SignDigest }

export class RailMarket {
  client: BusbarClient
  readonly pairs: readonly Pair[]
  readonly names: string[]
  #domain: Domain | undefined

  constructor(client: BusbarClient, pairs: readonly Pair[]) {
    this.client = client
    this.pairs = pairs
    this.names = [...houses.map(([name]) => name), ...this.customers]
  }

  get customers(): readonly string[] {
    return this.pairs.flatMap((pair) => [sellerOf(pair), buyerOf(pair)])
  }

  accountOf = (name: string): number => 3 + this.names.indexOf(name)
  meterOf = (name: string): number => this.customers.indexOf(name)

  async signerOf(name: string): Promise<Signer> {
    this.#domain ??= await this.client.domain()
    const sign = withPrivateKey(secretOf(name))
    return new Signer({ domain: this.#domain, account: this.accountOf(name), sign })
  }

  /** Who signs with the key of `name` in the name of another account. */
  async forgerOf(name: string, account: number): Promise<Forger> {
    const { domain } = await this.signerOf(name)
    const sign = withPrivateKey(secretOf(name))
    return { signer: new Signer({ domain, account, sign }), sign }
  }

  async as(name: string): Promise<BusbarClient> {
    return this.client.as(credentialOf(await this.signerOf(name)))
  }

  async instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    ...contents: readonly InstructionContent[Kind][]
  ): Promise<void> {
    const signer = await this.signerOf(name)
    const signed: SignedInstruction[] = []
    for (const content of contents) signed.push(await signer.instruction(kind, content))
    for (const result of await this.client.submitInstructions(signed)) {
      if (result.kind !== 'accepted') throw new Error(`${kind}: ${JSON.stringify(result)}`)
    }
  }

  /** Everybody admitted, homes with meters, and money where each rail takes it from. */
  async prepare(): Promise<void> {
    const retailerOf = (name: string): number =>
      this.accountOf(name.startsWith('p1-') ? 'north' : 'south')
    const admitted = [
      ...houses.slice(1).map(([name, roles]) => participant(name, roles, null)),
      ...this.customers.map((name) => participant(name, ['prosumer'], retailerOf(name))),
    ]
    await this.instruct('operator', 'admit_participant', ...admitted)
    const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
    for (const retailer of ['north', 'south']) await this.instruct(retailer, 'set_tariff', tariff)
    const zone = { name: 'street', parent: null, bridgeWatts: 0 }
    await this.instruct('operator', 'register_zone', zone)
    await this.instruct('operator', 'assign_utility', { zone: 0, utility: this.accountOf('grid') })
    const publicKey = bytesToHex(publicKeyOfP256(secretOf('gateway')))
    const gateway = { name: 'gateway', curve: 'p256', owner: this.accountOf('grid') } as const
    await this.instruct('operator', 'register_gateway', { ...gateway, publicKey })
    const meters = this.customers.map((name) => ({
      ...{ name, kind: 'physical' as const, account: this.accountOf(name), zone: 0, gateway: 0 },
      ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
    }))
    await this.instruct('grid', 'register_meter', ...meters)
    // What compels each retailer for the other's customers: no collateral is needed besides.
    await this.instruct('operator', 'record_agreement', {
      retailers: [this.accountOf('north'), this.accountOf('south')],
      ...{ basis: 'bilateral', documentHash: `0x${'77'.repeat(32)}` },
      ...{ fromInterval: 0, untilInterval: null },
    })
    for (const name of this.customers) {
      await this.instruct(name, 'consent_to_enforcement', { textHash: `0x${'11'.repeat(32)}` })
    }
    await this.#fund()
  }

  /** Admits somebody besides those that every market has. */
  async admit(name: string, roles: readonly Role[], retailer: string | null): Promise<void> {
    const supplier = retailer === null ? null : this.accountOf(retailer)
    await this.instruct('operator', 'admit_participant', participant(name, roles, supplier))
    this.names.push(name)
  }

  async #fund(): Promise<void> {
    const deposits = this.pairs
      .filter(({ rail }) => rail === 'clearing-house')
      .flatMap((pair) => [sellerOf(pair), buyerOf(pair)])
      .map((name) => ({ account: this.accountOf(name), amountMicros: 60_000_000 }))
    if (deposits.length > 0) await this.instruct('bank', 'fund_accounts', { deposits })
    for (const pair of this.pairs.filter(({ rail }) => rail === 'prepaid')) {
      const sides = [['north', sellerOf(pair)], ['south', buyerOf(pair)]] as const
      for (const [retailer, name] of sides) {
        const account = this.accountOf(name)
        const topUp = { account, amountMicros: 60_000_000, reference: `top-up ${name}` }
        await this.instruct(retailer, 'top_up_prepaid', topUp)
      }
    }
    const last = this.pairs.findLast(({ rail }) => rail === 'clearing-house')
    if (last === undefined) return
    for (let turn = 0; turn < 400; turn += 1) {
      await this.client.setClock((await this.client.market()).clock.nowMs)
      if ((await this.balance(buyerOf(last))) > 0) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the deposits did not come')
  }

  async balance(name: string): Promise<number> {
    return (await (await this.as(name)).account(this.accountOf(name))).balanceMicros
  }

  async payments(name: string): Promise<PaymentsView> {
    const credential = credentialOf(await this.signerOf(name))
    const account = this.accountOf(name)
    return this.#get(`/v1/accounts/${account}/payments?limit=100`, await credential())
  }

  /** To `seconds` after the start of an interval counted from 14:00. */
  async to(interval: number, seconds = 0): Promise<void> {
    await this.client.setClock(this.msOf(interval) + seconds * 1_000)
  }

  /** The start of an interval counted from 14:00. */
  msOf = (interval: number): number => startMs + interval * lengthMs

  /** P1 sells 5 kWh between 14:00 and 16:00 at 5.00 a kWh to P7, unless `change` says otherwise. */
  termsOf(pair: Pair, change: Partial<ContractTerms> = {}): ContractTerms {
    const number = this.pairs.indexOf(pair) + 1
    const [seller, buyer] = [sellerOf(pair), buyerOf(pair)]
    return {
      id: `0x${number.toString(16).padStart(32, '0')}`,
      ...{ seller: this.accountOf(seller), buyer: this.accountOf(buyer) },
      ...{ sellerMeter: this.meterOf(seller), buyerMeter: this.meterOf(buyer) },
      ...{ sellerRetailer: this.accountOf('north'), buyerRetailer: this.accountOf('south') },
      ...{ fromInterval: first, intervals: windowIntervals },
      profile: { kind: 'total', energyWh: 5_000, weights: [] },
      priceMicrosPerKwh: 5_000_000,
      ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 2_500, buyerShort: 'actual' },
      ...{ exitFeeMicros: null, rail: pair.rail, platform: this.accountOf('platform') },
      ...{ platformFeeMicrosPerKwh: 100_000, expiresAt: startMs - lengthMs, replaces: noContract },
      ...change,
    }
  }

  /** Both sides sign the same bytes. */
  async agree(pair: Pair, change: Partial<ContractTerms> = {}): Promise<void> {
    const terms = this.termsOf(pair, change)
    const seller = await this.signerOf(sellerOf(pair))
    const buyer = await this.signerOf(buyerOf(pair))
    const digest = contractDigest(seller.domain, contractMessage(terms))
    const signed = (name: string): string => bytesToHex(signDigest(secretOf(name), digest))
    const id = (side: string): string => `0x${side}${terms.id.slice(4)}`
    await this.#post('/v1/contracts', 'contracts', {
      ...{ id: id('a1'), account: seller.account, terms, signature: signed(sellerOf(pair)) },
    })
    await this.#post('/v1/acceptances', 'acceptances', {
      ...{ id: id('b7'), account: buyer.account, contract: bytesToHex(digest) },
      signature: signed(buyerOf(pair)),
    })
  }

  /** What the meters of all pairs show at a boundary counted from 14:00. */
  async read(
    boundary: number,
    registersOf: (pair: Pair) => readonly [number, number],
    version = 0,
  ): Promise<void> {
    const sign = withPrivateKey(secretOf('gateway'), signDigestP256)
    const gateway = new GatewaySigner({ domain: await this.client.domain(), gateway: 0, sign })
    const readings = this.pairs.flatMap((pair) => {
      const [exportWh, importWh] = registersOf(pair)
      const at = { boundary: first + boundary, version }
      return [
        { meter: this.meterOf(sellerOf(pair)), ...at, importWh: 0, exportWh },
        { meter: this.meterOf(buyerOf(pair)), ...at, importWh, exportWh: 0 },
      ]
    })
    await this.client.sendReadings(await gateway.readings(readings))
  }

  async #post(path: string, list: string, item: object): Promise<void> {
    const body = JSON.stringify({ [list]: [item] })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}${path}`, { method: 'POST', headers, body })
    const text = await response.text()
    if (!response.ok || text.includes('"rejected"')) throw new Error(`${path}: ${text}`)
  }

  async #get<View>(path: string, authorization: string): Promise<View> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization } })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${text}`)
    return JSON.parse(text) as View
  }

  url = ''
}
