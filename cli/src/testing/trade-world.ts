/**
 * A market of contracts on a real server and a node of its own, founded and spoken to by the
 * command line alone, as its participants would.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import { interRetailer, type Rulebook } from '@busbar/core/rulebook'
import { WattHours } from '@busbar/core/units'
import { signDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { answerTradedEnergy, TradedEnergyTree } from '@busbar/protocols/traded-energy'
import { type Anvil, startAnvil } from '@busbar/server/adapters/chain/anvil'
import { HttpRpc } from '@busbar/server/adapters/chain/rpc'
import type { RailsConfig } from '@busbar/server/settings/rails-file'
import { type RunningServer, startServer } from '@busbar/server/start'
import { marketKeys, TestNetwork } from '@busbar/server/testing/network-process'
import { run } from '../run.ts'
import type { Ran } from './run-busbar.ts'

const lengthMs = 900_000

/** 14:00, when the energy of the contracts begins to flow. */
export const startMs = Date.UTC(2026, 5, 1, 14)
export const first = startMs / lengthMs

const rulebook: Rulebook = {
  ...interRetailer,
  name: 'trade-cli',
  finalAfterIntervals: 16,
  ...(interRetailer.trades && {
    trades: {
      ...interRetailer.trades,
      rails: ['clearing-house', 'prepaid', 'bill-seller'],
      collectionIntervals: 4,
      verificationIntervals: 4,
      paymentTermSeconds: 3_600,
      enforcement: {
        ...{ warningSeconds: 3_600, fineSeconds: 3_600, suspensionSeconds: 86_400 },
        fineMicros: 5_000_000,
      },
    },
  }),
}

const everybody = [
  ['operator', ['operator', 'authority'], null],
  ['bank', ['bank'], null],
  ['north', ['retailer'], null],
  ['south', ['retailer'], null],
  ['balance', ['balancing-authority'], null],
  ['grid', ['distribution-utility'], null],
  ['alice', ['prosumer'], 'north'],
  ['bob', ['prosumer'], 'south'],
  ['carol', ['prosumer'], 'south'],
] as const

export type Name = (typeof everybody)[number][0]
export const homes = ['alice', 'bob', 'carol'] as const

type Answer = Readonly<Record<string, unknown>>

export class TradeWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'busbar-trade-cli-'))
  readonly network = new TestNetwork({ clock: 'market' })
  readonly logged: string[] = []
  #anvil: Anvil | undefined
  #server: RunningServer | undefined

  get url(): string {
    return this.#server?.url ?? ''
  }

  get node(): string {
    return this.#anvil?.url ?? ''
  }

  get client(): BusbarClient {
    return new BusbarClient({ baseUrl: this.url, timeoutMs: 60_000 })
  }

  file(name: string, content?: unknown): string {
    const path = join(this.folder, name)
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    if (content !== undefined) writeFileSync(path, text)
    return path
  }

  accountOf = (name: Name): number => 3 + everybody.findIndex(([own]) => own === name)

  /** `busbar …` in this process: what it printed, and the exit code. */
  async busbar(...args: readonly string[]): Promise<Ran> {
    const printed: string[] = []
    const noted: string[] = []
    const code = await run(args, {
      print: (text) => printed.push(text),
      note: (text) => noted.push(text),
      progress: () => undefined,
    })
    return { code, out: printed.join('\n'), err: noted.join('\n') }
  }

  /** As somebody, with the key that this one has made. */
  as(name: Name, ...args: readonly string[]): Promise<Ran> {
    const key = this.file(`${name}.key`)
    return this.busbar(...args, '--server', this.url, '--as', name, '--key', key)
  }

  /** The same for a machine. @throws Error with the words of a refusal */
  async json<Form = Answer>(name: Name, ...args: readonly string[]): Promise<Form> {
    const { code, out, err } = await this.as(name, ...args, '--json')
    if (code !== 0) throw new Error(`busbar ${args.join(' ')}: ${out}${err}`)
    return JSON.parse(out) as Form
  }

  /** A signature from each side: the number of the trade. */
  async agreed(seller: Name, buyer: Name, ...terms: readonly string[]): Promise<number> {
    const card = this.file(`${buyer}.json`, (await this.as(buyer, 'trade', 'card')).out)
    const propose = ['trade', 'propose', '--sell', '--with', card, ...terms]
    const { trade, contract } = await this.json<{ trade: number; contract: string }>(
      seller, ...propose,
    )
    await this.json(buyer, 'trade', 'accept', String(trade), contract)
    return trade
  }

  instruct(name: Name, kind: string, content: object): Promise<Answer> {
    return this.json(name, 'authority', 'instruct', kind, this.file('content.json', content))
  }

  async start(): Promise<void> {
    this.#anvil = await startAnvil(this.folder)
    await this.network.start()
    await this.network.advance(startMs - 8 * lengthMs)
    await this.network.admitMarket('district')
    for (const { name, account } of Object.values(this.#houses)) {
      await this.network.tell('bank/accounts', { name, account, currency: 'EUR' })
    }
    const cards = new Map<Name, { readonly public_key: string; readonly address: string }>()
    for (const [name] of everybody) {
      cards.set(name, await this.#made(this.file(`${name}.key`), '--plain'))
    }
    const [[, roles]] = everybody
    const operator = cards.get('operator')
    await this.#serve({
      ...{ name: 'operator', roles, retailer: null },
      ...{ publicKey: operator?.public_key ?? '', address: operator?.address ?? '' },
    })
    for (const [name, own, supplier] of everybody.slice(1)) {
      const retailer = supplier === null ? null : this.accountOf(supplier)
      const { public_key: publicKey, address } = cards.get(name) ?? {}
      const content = { name, roles: own, retailer, publicKey, address }
      await this.instruct('operator', 'admit_participant', content)
    }
    await this.#found()
    await this.#fund()
  }

  async #made(file: string, ...more: readonly string[]) {
    const { code, out } = await this.busbar('key', 'new', file, ...more, '--json')
    if (code !== 0) throw new Error(out)
    return JSON.parse(out) as { readonly public_key: string; readonly address: string }
  }

  async #serve(operator: Parameters<typeof startServer>[0]['operator']): Promise<void> {
    const rpc = new HttpRpc(() => this.node)
    const { address } = await this.#made(this.file('chain.key'), '--plain')
    const key = readFileSync(this.file('chain.key'), 'utf8').trim()
    await rpc.call('anvil_setBalance', [address, '0xffffffffffffffffff'])
    this.#server = await startServer({
      ...{ market: 'trade-cli', dataDir: join(this.folder, 'data'), databaseUrl: undefined },
      ...{ chainUrl: this.node, chainId: undefined, chainConfirmations: 0, chainOperatorKey: key },
      ...{ chainAuditor: undefined, chainVerifier: undefined, host: '127.0.0.1', port: 0 },
      clock: { mode: 'manual', startMs: startMs - 8 * lengthMs },
      ...{ operator, salt: `0x${'5a'.repeat(32)}`, rulebook, vaultKeys: undefined, committee: {} },
      ...{ rails: this.#rails, provingLeaseMs: 60_000, verifier: 'native' },
      ...{ requestsPerMinuteMax: 1_000_000, dashboard: undefined, webhookReach: 'any' },
      display: { timeZone: 'UTC', currency: 'EUR' },
    }, (message, details) => this.logged.push(JSON.stringify({ message, ...details })))
  }

  /** The exchange for its fees, and the two retailers. */
  get #houses() {
    const accounts = [1, this.accountOf('north'), this.accountOf('south')]
    const house = (account: number) => ({ name: `House ${account}`, account: `B-${account}` })
    return Object.fromEntries(accounts.map((account) => [account, house(account)]))
  }

  get #rails(): RailsConfig {
    const pem = { format: 'pem' } as const
    return {
      bills: {
        ...{ url: this.network.url, institution: 'district', network: 'bill-network' },
        privateKey: String(marketKeys.privateKey.export({ type: 'pkcs8', ...pem })),
        networkKey: String(this.network.networkKey.export({ type: 'spki', ...pem })),
        ...{ currency: 'EUR', deadlineMs: 5_000 },
      },
      bank: {
        link: { url: this.network.url, bankKey: this.network.bankKey, deadlineMs: 5_000 },
        ...{ accounts: this.#houses, prefix: 'R', currency: 'EUR', initiator: 'Market' },
      },
    }
  }

  /** A zone, a gateway of the retailers, meters, tariffs and consents. */
  async #found(): Promise<void> {
    const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
    for (const name of ['north', 'south'] as const) await this.instruct(name, 'set_tariff', tariff)
    const zone = { name: 'street', parent: null, bridgeWatts: 0 }
    await this.instruct('operator', 'register_zone', zone)
    await this.json('operator', 'authority', 'assign-utility', 'street', 'grid')
    const { public_key: publicKey } = await this.#made(
      this.file('gateway.key'), '--plain', '--curve', 'p256',
    )
    await this.instruct('operator', 'register_gateway', {
      name: 'gateway', curve: 'p256', owner: this.accountOf('north'), publicKey,
    })
    for (const name of homes) {
      await this.instruct('operator', 'register_meter', {
        ...{ name, kind: 'physical', account: this.accountOf(name), zone: 0, gateway: 0 },
        ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
      })
    }
    const document = this.file('agreement.txt', 'North and South act for each other.')
    const agreed = ['agreement', 'north', 'south', '--document', document, '--from', '0']
    await this.json('operator', 'authority', ...agreed)
    const text = this.file('rules.txt', 'What a retailer may do about what is not paid.')
    for (const name of homes) await this.json(name, 'trade', 'consent', text)
    for (const name of homes) await this.network.admitParty(this.#token(name), 'never')
    await this.network.admitParty('trade-cli.1')
  }

  #token = (name: Name): string => `trade-cli.${this.accountOf(name)}`

  async #fund(): Promise<void> {
    const deposits = (['alice', 'bob', 'carol', 'north', 'south', 'balance'] as const)
      .map((name) => ({ account: this.accountOf(name), amountMicros: 60_000_000 }))
    await this.instruct('bank', 'fund_accounts', { deposits })
    for (let turn = 0; turn < 400; turn += 1) {
      await this.client.setClock((await this.client.market()).clock.nowMs)
      const { availableMicros } = await this.account('carol')
      if (availableMicros > 0) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the deposits did not come')
  }

  /** The client as somebody reads by the key that this one has made. */
  async readerFor(name: Name): Promise<BusbarClient> {
    const sign = withPrivateKey(readFileSync(this.file(`${name}.key`), 'utf8').trim())
    const account = this.accountOf(name)
    const signer = new Signer({ domain: await this.client.domain(), account, sign })
    return this.client.as(credentialOf(signer))
  }

  async account(name: Name) {
    return (await this.readerFor(name)).account(this.accountOf(name))
  }

  /** To `seconds` after the start of an interval counted from 14:00. */
  async to(interval: number, seconds = 0): Promise<void> {
    const nowMs = startMs + interval * lengthMs + seconds * 1_000
    await this.network.advance(nowMs)
    await this.client.setClock(nowMs)
  }

  /** What meters show at a boundary counted from 14:00: import and export, by home. */
  async read(
    boundary: number,
    registers: Readonly<Partial<Record<(typeof homes)[number], readonly [number, number]>>>,
    version = 0,
  ): Promise<Ran> {
    const rows = Object.entries(registers).map(([name, [importWh, exportWh]]) => {
      const meter = homes.findIndex((own) => own === name)
      return [meter, first + boundary, version, importWh, exportWh].join()
    })
    const head = 'meter,boundary,version,import_wh,export_wh'
    const file = this.file('readings.csv', `${[head, ...rows].join('\n')}\n`)
    const key = ['--gateway', '0', '--gateway-key', this.file('gateway.key')]
    return this.busbar('retailer', 'send-readings', file, ...key, '--server', this.url, '--json')
  }

  /** What the exchange's own key signs of meter 1: where `file` was, but of other energy. */
  async forgedAnswer(file: string): Promise<object> {
    const { sequence, secret } = JSON.parse(readFileSync(this.file(file), 'utf8')) as {
      readonly sequence: number
      readonly secret: string
    }
    const key = hexToBytes(readFileSync(this.file('chain.key'), 'utf8').trim(), 32, 'key')
    const bytes = hexToBytes(secret, 32, 'secret')
    const energy = { meter: 1, soldWh: WattHours.zero, boughtWh: WattHours.from(1n) }
    const place = { zone: bilateralZone, interval: first, run: 0 }
    const tree = new TradedEnergyTree(place, null, [energy], () => bytes)
    const question = { zone: bilateralZone, meter: 1, fromInterval: first, count: 1 }
    const asked = { ...question, sequence, secret: bytes }
    const sign = (digest: Uint8Array): Uint8Array => signDigest(key, digest)
    return { ...answerTradedEnergy(await this.client.domain(), asked, [tree], sign), secret }
  }

  async end(): Promise<void> {
    await this.#server?.stop()
    await this.network.remove()
    await this.#anvil?.end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
