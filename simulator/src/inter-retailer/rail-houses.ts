import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LocalNetwork, startNetworkProcess } from '../bill-network/index.ts'
import { type LocalProvider, startProviderProcess } from '../payments/index.ts'
import { accountIn, type Cast, platform, retailers } from './cast.ts'
import { debtors } from './dealings.ts'
import type { Homes } from './homes.ts'

const [institution, currency, prefix] = ['market', 'EUR', 'IR'] as const
const exchangeAccounts = [0, 1, 2]
const feesAccount = 1
const microsPerCent = 10_000n

/** What each home has at the payment provider at first. */
export const providedMicros = 100_000_000

/** What goes wrong by itself between the market and its rails, as shares of what is asked. */
const usualFaults = { 'fail-before': 0.02, 'fail-after': 0.02, garbled: 0.01 }

/**
 * Where the money is that the exchange does not hold: a payment provider, a bill network and a
 * bank, each simulated in a process of its own, by the market's clock.
 */
export class RailHouses {
  readonly #market: string
  readonly #cast: Cast
  readonly #directory: string
  readonly #provider: LocalProvider
  readonly #network: LocalNetwork
  readonly #privateKey: string
  readonly #toldMs = new Map<LocalProvider | LocalNetwork, number>()

  private constructor(
    { market, cast, directory }: RailHousesOptions,
    provider: LocalProvider,
    network: LocalNetwork,
  ) {
    this.#market = market
    this.#cast = cast
    this.#directory = directory
    this.#provider = provider
    this.#network = network
    this.#privateKey = keyIn(join(directory, 'institution.pem'))
  }

  /** Starts them, or goes on with those of the folder. */
  static async start(options: RailHousesOptions): Promise<RailHouses> {
    const { directory, cast, seed } = options
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const { cycle, rulebook } = cast
    // Shorter than what is asked for: each hold has to be renewed at least once.
    const holdMaxMs = Math.floor(1.5 * cycle * rulebook.intervalSeconds * 1_000)
    const common = { port: 0, clock: 'market', seed } as const
    const at = (name: string) => ({ ...common, directory: join(directory, name) })
    const provider = await startProviderProcess({ ...at('provider'), holdMaxMs })
    try {
      return new RailHouses(options, provider, await startNetworkProcess(at('network')))
    } catch (error) {
      await provider.stop()
      throw error
    }
  }

  /** The file of rails that a server is told of them by; its owner alone may read it. */
  writeFile(): string {
    const { url, credentials } = this.#network
    const accounts = Object.fromEntries(
      this.#houses.map(({ account, name, bank }) => [account, { name, account: bank }]),
    )
    const deadlineSeconds = 10
    const parts = {
      moneyBlock: {
        ...{ url: this.#provider.url, apiKey: this.#provider.credentials.apiKey, deadlineSeconds },
        webhookSecrets: [this.#provider.credentials.webhookSecret],
      },
      bills: {
        ...{ url, institution, network: 'bill-network', currency, deadlineSeconds },
        ...{ privateKey: this.#privateKey, networkKey: credentials.networkKey },
      },
      bank: {
        ...{ url, bankKey: credentials.bankKey, deadlineSeconds },
        ...{ prefix, currency, initiator: 'Market', accounts },
      },
    }
    const path = join(this.#directory, 'rails.json')
    writeFileSync(path, `${JSON.stringify(parts, null, 2)}\n`, { mode: 0o600 })
    return path
  }

  /** Everybody is known to all of them, and from now on some of what they do goes wrong. */
  async admit(homes: Homes): Promise<void> {
    const { rulebook, cycle, openAtMs } = this.#cast
    const pem = { type: 'spki', format: 'pem' } as const
    const key = createPublicKey(createPrivateKey(this.#privateKey)).export(pem)
    await this.advance(openAtMs)
    await this.#network.admitInstitution(institution, String(key))
    for (const { name, bank } of this.#houses) {
      await this.#network.openAccount({ account: bank, name, currency })
    }
    for (const account of [...exchangeAccounts, accountIn(this.#cast, platform)]) {
      await this.#provider.admit(this.#token(account))
      await this.#network.admitParty({ name: this.#token(account), institution })
    }
    const buyers = homes.names.filter((_, home) => homes.hasPanels[home] !== true)
    const lateMs = (cycle * rulebook.intervalSeconds * 1_000) / 8
    for (const { name } of this.#cast.homes) {
      const token = this.#token(accountIn(this.#cast, name))
      await this.#provider.admit(token, providedMicros)
      const late = { pays: 'late', delayMs: lateMs } as const
      const habit =
        name === buyers[debtors.never] ? ({ pays: 'never' } as const)
        : name === buyers[debtors.late] || name === buyers[debtors.postpones] ? late : {}
      await this.#network.admitParty({ name: token, institution, ...habit })
    }
    await this.#provider.misbehaveAtRates(usualFaults)
    await this.#network.misbehaveAtRates(usualFaults)
  }

  /** From here on nothing goes wrong any more. */
  async behave(): Promise<void> {
    await this.#provider.behave()
    await this.#network.behave()
  }

  /**
   * Lets the market's time pass for them, before it passes for the server: after a stop in between
   * they may know a later time already.
   */
  async advance(nowMs: number): Promise<void> {
    for (const house of [this.#provider, this.#network]) {
      const before = this.#toldMs.get(house) ?? (await house.nowMs())
      this.#toldMs.set(house, Math.max(nowMs, before))
      if (nowMs > before) await house.advance(nowMs)
    }
  }

  /** What each account has at the provider and at the network, in micros. */
  async balances(): Promise<ReadonlyMap<number, bigint>> {
    const balances = new Map<number, bigint>()
    const add = (token: string, micros: bigint): void => {
      const account = Number(token.slice(this.#market.length + 1))
      balances.set(account, (balances.get(account) ?? 0n) + micros)
    }
    for (const { token, balanceMicros } of await this.#provider.parties()) {
      add(token, BigInt(balanceMicros))
    }
    for (const { name, balanceCents } of await this.#network.parties()) {
      add(name, BigInt(balanceCents) * microsPerCent)
    }
    return balances
  }

  /** What banks have moved for each house by now, in micros, by its account at the exchange. */
  async banked(): Promise<ReadonlyMap<number, bigint>> {
    const accounts = new Map(
      (await this.#network.accounts()).map((one) => [one.account, BigInt(one.balanceCents)]),
    )
    const micros = (bank: string): bigint => (accounts.get(bank) ?? 0n) * microsPerCent
    return new Map(this.#houses.map(({ account, bank }) => [account, micros(bank)]))
  }

  async stop(): Promise<void> {
    await this.#network.stop()
    await this.#provider.stop()
  }

  get #houses() {
    const of = (name: string) => ({ name, account: accountIn(this.#cast, name), bank: `B-${name}` })
    const exchange = { name: 'exchange', account: feesAccount, bank: 'B-exchange' }
    return [exchange, ...[...retailers, platform].map(of)]
  }

  #token(account: number): string {
    return `${this.#market}.${account}`
  }
}

export type RailHousesOptions = {
  /** The market's id: their names of accounts begin with it. */
  readonly market: string
  readonly cast: Cast
  readonly seed: number
  readonly directory: string
}

function keyIn(path: string): string {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(path, pem, { mode: 0o600 })
  }
  return readFileSync(path, 'utf8')
}
