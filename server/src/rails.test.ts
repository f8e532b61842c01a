/**
 * Goal: the same deliveries give everybody the same money whichever rail it goes by: P1 of one
 * retailer sells 5 kWh between 14:00 and 16:00 at 5.00 a kWh to P7 of another.
 * Method: a real server, and a payment provider and a bill network with a bank in processes of their
 * own, all spoken to over HTTP; every case of the table by every rail at once, compared with amounts
 * that were worked out by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import type { Rail } from '@busbar/core/rulebook'
import { type RunningServer, startServer } from './start.ts'
import { marketKeys, TestNetwork } from './testing/network-process.ts'
import { TestProvider } from './testing/provider-process.ts'
import {
  buyerOf,
  configOf,
  marketId,
  openAtMs,
  type Pair,
  RailMarket,
  sellerOf,
  startMs,
  windowIntervals,
} from './testing/rail-market.ts'

type Case = {
  readonly name: string
  /** Watt-hours in each quarter of an hour. */
  readonly exportedWh: number
  readonly importedWh: number
  /** What each is better off by, in micros. */
  readonly seller: number
  readonly buyer: number
  readonly platform: number
}

/**
 * 625 Wh a quarter; 0.05 a kWh from each side to the exchange, 0.10 from the seller to the platform.
 * Beyond the band of 62 Wh the short side pays a quarter of the price; a short buyer also what the
 * seller lost, which got 0.08 a kWh in the place of 5.00.
 */
const cases: readonly Case[] = [
  ['100 %', 625, 625, 24_250_000, -25_250_000, 500_000],
  ['92 %', 575, 625, 22_310_000, -23_230_000, 460_000],
  ['60 %', 375, 625, 12_670_000, -13_270_000, 300_000],
  ['0 %', 0, 625, -5_630_000, 5_630_000, 0],
  ['over', 700, 625, 24_250_000, -25_250_000, 500_000],
  ['buyer short', 625, 375, 26_270_000, -26_870_000, 300_000],
].map(([name, exportedWh, importedWh, seller, buyer, platform]) => ({
  ...{ name: String(name), exportedWh: Number(exportedWh), importedWh: Number(importedWh) },
  ...{ seller: Number(seller), buyer: Number(buyer), platform: Number(platform) },
}))

const offered: readonly Rail[] = [
  ...(['clearing-house', 'money-block', 'prepaid', 'bill-seller', 'bill-platform'] as const),
]
const pairs: readonly Pair[] = offered.flatMap((rail) =>
  cases.map(({ name }) => ({ rail, name: name.replaceAll(/[^a-z0-9]+/g, '-') })),
)
const caseOf = (pair: Pair): Case => {
  const found = cases[pairs.indexOf(pair) % cases.length]
  if (found === undefined) throw new Error('every pair has a case')
  return found
}

const tokenOf = (account: number): string => `${marketId}.${account}`

const accountsOf = (pair: Pair): number[] =>
  [sellerOf(pair), buyerOf(pair)].map((name) => market.accountOf(name))

let dataDir = ''
let provider: TestProvider
let network: TestNetwork
let server: RunningServer | undefined
let market: RailMarket
const logged: string[] = []

/** The exchange for its fees, the two retailers, and the platform. */
const bankAccounts = [1, 5, 6, 9]
const accounts = Object.fromEntries(
  bankAccounts.map((account) => [account, { name: `House ${account}`, account: `B-${account}` }]),
)

async function start(): Promise<void> {
  const { apiKey, webhookSecret } = provider.credentials
  const moneyBlock = {
    ...{ url: provider.url, apiKey, webhookSecrets: [webhookSecret], deadlineMs: 5_000 },
  }
  const pem = { format: 'pem' } as const
  const bills = {
    ...{ url: network.url, institution: 'district', network: 'bill-network', currency: 'EUR' },
    privateKey: String(marketKeys.privateKey.export({ type: 'pkcs8', ...pem })),
    networkKey: String(network.networkKey.export({ type: 'spki', ...pem })),
    deadlineMs: 5_000,
  }
  const bank = {
    link: { url: network.url, bankKey: network.bankKey, deadlineMs: 5_000 },
    ...{ prefix: 'R', currency: 'EUR', initiator: 'Market', accounts },
  }
  const rails = { moneyBlock, bills, bank }
  server = await startServer(configOf(dataDir, rails, offered), (message, details) => {
    logged.push(JSON.stringify({ message, ...details }))
  })
  const client = new BusbarClient({ baseUrl: server.url, timeoutMs: 60_000 })
  market = new RailMarket(client, pairs)
  market.url = server.url
}

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-rails-'))
  provider = await new TestProvider({ clock: 'market' }).start()
  await provider.tell('clock', { nowMs: openAtMs })
  network = await new TestNetwork({ clock: 'market' }).start()
  await network.advance(openAtMs)
  await network.admitMarket('district')
  for (const { name, account } of Object.values(accounts)) {
    await network.tell('bank/accounts', { name, account, currency: 'EUR' })
  }
  await start()
  await market.prepare()
})

after(async () => {
  await server?.stop()
  await provider.remove()
  await network.remove()
  rmSync(dataDir, { recursive: true, force: true })
})

const own = 60_000_000

/** What an account has, wherever it is kept. */
async function worthOf(name: string, rail: Rail): Promise<number> {
  if (rail === 'clearing-house') return market.balance(name)
  const { duesMicros, prepaidMicros } = await market.payments(name)
  if (rail === 'prepaid') return duesMicros + prepaidMicros
  if (rail !== 'money-block') return own + duesMicros + (await billedTo(market.accountOf(name)))
  return duesMicros + (await provider.party(tokenOf(market.accountOf(name)))).balanceMicros
}

async function billedTo(account: number): Promise<number> {
  const moves = (await network.moves()).filter(({ party }) => party === tokenOf(account))
  return moves.reduce((sum, { cents }) => sum + 10_000 * cents, 0)
}

test('both sides sign, and each rail sets the money aside', async () => {
  for (const account of [0, 1, 2]) await provider.admit(tokenOf(account), 0)
  await provider.admit(tokenOf(market.accountOf('platform')), 0)
  for (const pair of pairs.filter(({ rail }) => rail === 'money-block')) {
    for (const name of [sellerOf(pair), buyerOf(pair)]) {
      await provider.admit(tokenOf(market.accountOf(name)), own)
    }
  }
  const billed = pairs.filter(({ rail }) => rail.startsWith('bill-'))
  const parties = [1, 9, ...billed.flatMap((pair) => accountsOf(pair))]
  for (const account of parties) await network.admitParty(tokenOf(account))
  for (const pair of pairs) await market.agree(pair)
  await market.to(-4)
  for (const pair of pairs.filter(({ rail }) => rail === 'money-block')) {
    const { payments } = await market.payments(buyerOf(pair))
    deepEqual(payments.map(({ state }) => state), ['reserved'], `${pair.name} ${logged.at(-1)}`)
    const held = (await provider.party(tokenOf(market.accountOf(buyerOf(pair))))).heldMicros
    equal(held >= 25_250_000, true, `${held} are held`)
  }
})

test('what was delivered is paid, the same by every rail', async () => {
  await market.to(-1)
  for (let boundary = 0; boundary <= windowIntervals; boundary += 1) {
    await market.to(boundary, 5)
    await market.read(boundary, (pair) => {
      const { exportedWh, importedWh } = caseOf(pair)
      return [boundary * exportedWh, boundary * importedWh]
    })
  }
  const collectMs = startMs + (windowIntervals + 6) * 900_000
  await provider.tell('clock', { nowMs: collectMs })
  await network.advance(collectMs)
  await market.client.setClock(collectMs)
  await network.advance(collectMs + 1_000)
  await market.client.setClock(collectMs + 1_000)
  for (const rail of offered) {
    for (const pair of pairs.filter((one) => one.rail === rail)) {
      const { name, seller, buyer } = caseOf(pair)
      const sides = [await worthOf(sellerOf(pair), rail), await worthOf(buyerOf(pair), rail)]
      deepEqual(sides, [own + seller, own + buyer], `${name} by ${rail}`)
    }
  }
  const total = cases.reduce((sum, { platform }) => sum + platform, 0)
  equal(await market.balance('platform'), total, 'by the ledger')
  equal((await provider.party(tokenOf(market.accountOf('platform')))).balanceMicros, total)
  equal((await provider.party(tokenOf(1))).balanceMicros, total, 'the fees of the exchange')
  deepEqual([await billedTo(9), await billedTo(1)], [2 * total, 2 * total], 'by two kinds of bills')
})

test('retailers settle by their banks what their customers moved', async () => {
  // A cycle after the first of it was moved.
  const nettingMs = startMs + (2 * windowIntervals + 7) * 900_000
  await network.advance(nettingMs)
  await market.client.setClock(nettingMs)
  await market.client.setClock(nettingMs + 1_000)
  const { accounts: booked } = (await network.ask('GET', 'bank/accounts')) as {
    accounts: readonly { readonly account: string; readonly balanceCents: number }[]
  }
  const sum = (of: (one: Case) => number): number => cases.reduce((all, one) => all + of(one), 0)
  const [sellers, buyers, platform] = [sum((c) => c.seller), sum((c) => c.buyer), sum((c) => c.platform)]
  deepEqual(
    booked.map(({ account, balanceCents }) => [account, balanceCents * 10_000]),
    [['B-1', platform], ['B-5', sellers], ['B-6', buyers], ['B-9', platform]],
  )
  equal(sellers + buyers + 2 * platform, 0)
  const { checks } = await market.client.health()
  deepEqual(checks.filter(({ ok }) => !ok), [])
})
