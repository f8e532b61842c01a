/** Payment provider, bill network and bank beside a market of rails, each a process of its own. */
import type { RailsConfig } from '../settings/rails-file.ts'
import { marketKeys, TestNetwork } from './network-process.ts'
import { TestProvider } from './provider-process.ts'
import { buyerOf, marketId, openAtMs, type RailMarket, sellerOf } from './rail-market.ts'
import type { HouseOptions } from './simulated-house.ts'

export const tokenOf = (account: number): string => `${marketId}.${account}`

/** What everybody has at first, wherever it is kept. */
export const own = 60_000_000

/** The exchange for its fees, the two retailers, and the platform. */
const bankAccounts = [1, 5, 6, 9]
export const platform = 9

export class RailWorld {
  readonly provider: TestProvider
  readonly network = new TestNetwork({ clock: 'market' })
  readonly #accounts = Object.fromEntries(
    bankAccounts.map((account) => [account, { name: `House ${account}`, account: `B-${account}` }]),
  )

  /** @param provides how the provider differs from what it is by itself, as its program takes it */
  constructor(provides: HouseOptions = {}) {
    this.provider = new TestProvider({ clock: 'market', ...provides })
  }

  async start(): Promise<void> {
    await this.provider.start()
    await this.network.start()
    await this.to(openAtMs)
    await this.network.admitMarket('district')
    for (const { name, account } of Object.values(this.#accounts)) {
      await this.network.tell('bank/accounts', { name, account, currency: 'EUR' })
    }
  }

  async to(nowMs: number): Promise<void> {
    await this.provider.tell('clock', { nowMs })
    await this.network.advance(nowMs)
  }

  /** Has the counterparts bring their notices to the server. */
  async listenAt(url: string): Promise<void> {
    await this.provider.tell('webhook', { url: `${url}/v1/rails/money-block/notices` })
    await this.network.admitMarket('district', `${url}/v1/rails/bills/notices`)
  }

  /** Whether some of what the counterparts said by themselves was taken. */
  async haveHeard(): Promise<boolean> {
    for (let turn = 0; turn < 100; turn += 1) {
      if ((await this.provider.taken()) > 0) return true
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return false
  }

  async remove(): Promise<void> {
    await this.provider.remove()
    await this.network.remove()
  }

  /** The parts of the file of rails, as a server is configured with them. */
  get file() {
    const { apiKey, webhookSecret } = this.provider.credentials
    const pem = { format: 'pem' } as const
    return {
      moneyBlock: {
        ...{ url: this.provider.url, apiKey, webhookSecrets: [webhookSecret] },
        deadlineSeconds: 5,
      },
      bills: {
        ...{ url: this.network.url, institution: 'district', network: 'bill-network' },
        privateKey: String(marketKeys.privateKey.export({ type: 'pkcs8', ...pem })),
        networkKey: String(this.network.networkKey.export({ type: 'spki', ...pem })),
        ...{ currency: 'EUR', deadlineSeconds: 5 },
      },
      bank: {
        ...{ url: this.network.url, bankKey: this.network.bankKey, deadlineSeconds: 5 },
        ...{ prefix: 'R', currency: 'EUR', initiator: 'Market', accounts: this.#accounts },
      },
    }
  }

  get rails(): RailsConfig {
    const { moneyBlock, bills, bank } = this.file
    const { url, bankKey, accounts, prefix, currency, initiator } = bank
    const deadlineMs = 5_000
    return {
      moneyBlock: { ...moneyBlock, deadlineMs },
      bills: { ...bills, deadlineMs },
      bank: { link: { url, bankKey, deadlineMs }, accounts, prefix, currency, initiator },
    }
  }

  /** Everybody known, with money where a provider takes it from. */
  async admit(market: RailMarket): Promise<void> {
    for (const account of [0, 1, 2, platform]) await this.provider.admit(tokenOf(account), 0)
    for (const account of [1, platform]) await this.network.admitParty(tokenOf(account))
    for (const pair of market.pairs) {
      for (const name of [sellerOf(pair), buyerOf(pair)]) {
        const token = tokenOf(market.accountOf(name))
        if (pair.rail === 'money-block') await this.provider.admit(token, own)
        if (pair.rail.startsWith('bill-')) await this.network.admitParty(token)
      }
    }
  }

  async providedTo(account: number): Promise<number> {
    return (await this.provider.party(tokenOf(account))).balanceMicros
  }

  async billedTo(account: number): Promise<number> {
    const moves = (await this.network.moves()).filter(({ party }) => party === tokenOf(account))
    return moves.reduce((sum, { cents }) => sum + 10_000 * cents, 0)
  }

  /** What the banks of the houses have booked, in micros. */
  async banked(): Promise<readonly (readonly [account: string, micros: number])[]> {
    const { accounts } = (await this.network.ask('GET', 'bank/accounts')) as {
      accounts: readonly { readonly account: string; readonly balanceCents: number }[]
    }
    return accounts.map(({ account, balanceCents }) => [account, balanceCents * 10_000])
  }

  /** What an account has, wherever its rail keeps it. */
  async worthOf(market: RailMarket, name: string, rail: string): Promise<number> {
    if (rail === 'clearing-house') return market.balance(name)
    const { duesMicros, prepaidMicros } = await market.payments(name)
    const account = market.accountOf(name)
    if (rail === 'prepaid') return duesMicros + prepaidMicros
    if (rail === 'money-block') return duesMicros + (await this.providedTo(account))
    return own + duesMicros + (await this.billedTo(account))
  }
}
