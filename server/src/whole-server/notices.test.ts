/**
 * Goal: everybody is told what concerns them and nobody anything else: platforms, retailers,
 * utilities and both sides of a trade, through agreement, limit, delivery, payment and default.
 * Method: a real server with three trades, one of which has a buyer without money; what each was
 * told is compared with a table, and each notice with what its account reads at the same moment;
 * real receivers check signatures and lose answers.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BusbarClient, verifyNotice } from '@busbar/client'
import { contractDigest, signDigest, webhookDigest } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { contractMessage } from '@busbar/protocols/trades'
import { type RunningServer, startServer } from '../start.ts'
import { NoticeReader } from '../testing/notice-reader.ts'
import {
  buyerOf,
  configOf,
  first,
  type Pair,
  participant,
  RailMarket,
  sellerOf,
  startMs,
  windowIntervals,
} from '../testing/rail-market.ts'
import { RailWorld, tokenOf } from '../testing/rail-world.ts'
import { Receiver } from '../testing/receiver.ts'

const ledger: Pair = { rail: 'clearing-house', name: 'good' }
const prepaid: Pair = { rail: 'prepaid', name: 'good' }
/** Its buyer has nothing at the provider. */
const lacking: Pair = { rail: 'money-block', name: 'lacking' }
const pairs = [ledger, prepaid, lacking]

let dataDir = ''
let server: RunningServer | undefined
const market = new RailMarket(new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), pairs)
const reader = new NoticeReader(market)
const world = new RailWorld()
const receivers: Receiver[] = []

async function start(): Promise<void> {
  const rails = ['clearing-house', 'money-block', 'prepaid'] as const
  const config = { ...configOf(dataDir, world.rails, rails), webhookReach: 'any' } as const
  server = await startServer(config, () => undefined)
  market.client = new BusbarClient({ baseUrl: server.url, timeoutMs: 60_000 })
  market.url = server.url
}

async function receiver(): Promise<Receiver> {
  const made = new Receiver()
  await made.start()
  receivers.push(made)
  return made
}

async function hook(name: string, url: string, after: number, issuedAt = Date.now()) {
  const id = `0x${'5e'.repeat(16)}`
  const webhook = await (await market.signerOf(name)).webhook({ id, url, after }, issuedAt)
  return market.client.notices.setWebhook(webhook)
}

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-notices-'))
  await world.start()
  await start()
  await market.prepare()
  await world.provider.admit(tokenOf(market.accountOf(buyerOf(lacking))), 0)
  await world.admit(market)
})

after(async () => {
  await server?.stop()
  for (const one of receivers) await one.stop()
  await world.remove()
  rmSync(dataDir, { recursive: true, force: true })
})

const [seller, buyer] = [sellerOf(ledger), buyerOf(ledger)]

test('what is only proposed is told to its sides and the platform alone', async () => {
  const terms = market.termsOf(ledger, { id: `0x${'99'.repeat(16)}` })
  const proposal = await (await market.signerOf(seller)).proposal(terms)
  await market.client.trades.propose(proposal)
  for (const name of market.names) {
    const isParty = [seller, buyer, 'platform'].includes(name)
    const isBound = ['north', 'south'].includes(name)
    const told = isParty ? ['trade_changed:invited'] : isBound ? ['agreement_recorded:'] : []
    deepEqual(await reader.told(name), told, name)
  }
  ok((await reader.check(market.names)) === 5)
  const { digest } = await market.client.trades.propose(proposal)
  await market.instruct(buyer, 'decline_trade', { contract: digest })
  for (const name of [seller, buyer, 'platform']) {
    deepEqual((await reader.told(name)).slice(1), ['trade_changed:declined'], name)
  }
  equal(await reader.check(market.names), 3)
})

test('what is agreed and limited is told to retailers and the utility as well', async () => {
  for (const pair of pairs) await market.agree(pair)
  const limited = { trade: 2, fromInterval: first, intervals: 2, energyWh: 600 }
  await market.instruct('grid', 'limit_delivery', { ...limited, reason: 'a weak line' })
  const agreed = ['trade_changed:agreed', 'trade_changed:agreed', 'trade_changed:agreed']
  const all = [...agreed, 'delivery_limited:']
  for (const name of ['north', 'south']) {
    deepEqual(await reader.told(name), ['agreement_recorded:', ...all], name)
  }
  deepEqual(await reader.told('grid'), all)
  const own = ['invited', 'agreed'].map((what) => `trade_changed:${what}`)
  deepEqual((await reader.told(seller)).slice(2), [...own, 'delivery_limited:'])
  deepEqual((await reader.told(buyerOf(prepaid))).slice(0, 2), own)
  for (const name of ['bank', 'balance', 'operator']) deepEqual(await reader.told(name), [], name)
  ok((await reader.check(market.names)) > 20)
  const relations = async (name: string) =>
    new Set((await reader.all(name)).map(({ data }) => (data as { relation?: string }).relation))
  deepEqual(await relations('north'), new Set([undefined, 'retailer']))
  deepEqual(await relations('grid'), new Set(['utility']))
  deepEqual(await relations('platform'), new Set(['party']))
})

test('what would change is no matter of retailers and utilities until it is agreed', async () => {
  const others = ['north', 'south', 'grid'] as const
  const before = await Promise.all(others.map((name) => reader.told(name)))
  const terms = market.termsOf(ledger)
  const replaces = bytesToHex(contractDigest(await market.client.domain(), contractMessage(terms)))
  const change = { id: `0x${'77'.repeat(16)}`, replaces, priceMicrosPerKwh: 4_000_000 }
  const signer = await market.signerOf(seller)
  const proposal = await signer.proposal(market.termsOf(ledger, change))
  const { digest } = await market.client.trades.propose(proposal)
  await market.instruct(buyer, 'decline_trade', { contract: digest })
  for (const name of [seller, buyer, 'platform']) {
    const told = (await reader.told(name)).slice(-2)
    deepEqual(told, ['trade_changed:modification_requested', 'trade_changed:refused'], name)
  }
  deepEqual(await Promise.all(others.map((name) => reader.told(name))), before)
  equal(await reader.check(market.names), 6)
})

test('a webhook is taken from its account alone, for an address that may be one', async () => {
  const { url } = await receiver()
  const set = (change: object) => async () => {
    const signer = await market.signerOf('south')
    const fields = { url, after: 0, ...change }
    await market.client.notices.setWebhook(await signer.webhook(fields, Date.now()))
  }
  await rejects(set({ url: 'ftp://127.0.0.1/' }), { code: 'field_invalid', field: 'url' })
  await rejects(set({ url: 'http://a:b@127.0.0.1/' }), { code: 'field_invalid', field: 'url' })
  await rejects(set({ after: 6 }), { code: 'field_invalid', field: 'after', limit: 'at most 5' })
  const far = { code: 'field_invalid', field: 'issuedAt' }
  await rejects(hook('south', url, 0, Date.now() - 600_000), far)
  await rejects(hook('south', url, 0, Date.now() + 600_000), far)
  const { signature: _, ...webhook } = await (await market.signerOf('south')).webhook(
    { url, after: 0 },
    Date.now(),
  )
  const foreign = keccak256(textToBytes('somebody else'))
  const digest = webhookDigest((await market.signerOf('south')).domain, webhook)
  const signature = bytesToHex(signDigest(foreign, digest))
  const forged = market.client.notices.setWebhook({ ...webhook, signature })
  await rejects(forged, { code: 'signature_invalid', status: 403 })
  const unknown = market.client.notices.setWebhook({ ...webhook, account: 99, signature })
  await rejects(unknown, { code: 'account_unknown' })
  equal((await (await market.as('south')).notices.webhook(6)).url, '')
})

test('webhooks bring it all, signed, in order, and again where an answer was lost', async () => {
  const issuedAt = Date.now()
  const south = await receiver()
  south.manner = (_notice, before) => (before === 0 ? 500 : 204)
  deepEqual(await hook('south', south.url, 0, issuedAt), {
    ...{ account: 6, issuedAtMs: issuedAt, repeated: false },
  })
  const platform = await receiver()
  await hook('platform', platform.url, 2)
  await south.until(() => south.sequences.length >= 10, 'each twice')
  await platform.until(() => platform.known.length >= 6, 'behind the second')
  const { receiverTerms } = await terms()
  for (const [name, one] of [['south', south], ['platform', platform]] as const) {
    const listed = new Map((await reader.all(name)).map((notice) => [notice.id, notice]))
    for (const { header, body, notice } of one.received) {
      const received = verifyNotice({ header, body }, receiverTerms(name), Date.now())
      deepEqual(received.kind === 'notice' && received.notice, listed.get(notice.id))
      equal(verifyNotice({ header, body }, receiverTerms('north'), Date.now()).kind, 'refused')
    }
  }
  equal(Math.min(...platform.sequences), 3)
  for (const subject of ['trade/2', 'trade/3']) {
    const own = south.received.filter(({ notice }) => notice.subject === subject)
    const order = own.map(({ notice }) => notice.sequence)
    deepEqual(order, [...order].sort((a, b) => a - b), subject)
  }
  deepEqual((await hook('south', south.url, 0, issuedAt)).repeated, true)
  const superseded = { code: 'webhook_superseded', field: 'issuedAt' }
  await rejects(hook('south', south.url, 1, issuedAt), superseded)
  await rejects(hook('south', south.url, 0, issuedAt - 1), superseded)
})

async function terms() {
  const { receiptSigner } = await market.client.market()
  const domain = await market.client.domain()
  const receiverTerms = (name: string) => ({
    ...{ domain, operator: receiptSigner ?? '', account: market.accountOf(name) },
  })
  return { receiverTerms }
}

test('who sets no money aside is in default, and whom it concerns hears', async () => {
  await market.to(-4)
  await market.to(-4, 1)
  const told = async (name: string) =>
    (await reader.all(name)).filter(({ kind }) => kind === 'default_changed')
  const debtor = market.accountOf(buyerOf(lacking))
  const creditor = market.accountOf(sellerOf(lacking))
  const shown = new Map<string, readonly unknown[]>([
    [buyerOf(lacking), [debtor, creditor]],
    [sellerOf(lacking), [debtor, creditor]],
    ['south', [debtor, null]],
    ['north', [null, creditor]],
  ])
  for (const name of market.names) {
    const seen = (await told(name)).at(-1)?.data as
      | { readonly account: unknown; readonly creditor: unknown }
      | undefined
    const pair = seen && [seen.account, seen.creditor]
    deepEqual(pair, shown.get(name), name)
  }
  ok((await reader.check(market.names)) > 8)
})

test('what is delivered and paid is told, and the webhook comes back after a restart', async () => {
  for (let boundary = 0; boundary <= windowIntervals; boundary += 1) {
    await market.to(boundary, 5)
    await market.read(boundary, () => [boundary * 625, boundary * 625])
    await reader.check(['north', 'south', 'grid', 'platform'])
  }
  const south = receivers[1] as Receiver
  await server?.stop()
  await start()
  await world.to(startMs + (windowIntervals + 6) * 900_000)
  await market.to(windowIntervals + 6)
  await market.to(windowIntervals + 6, 1)
  ok((await reader.check(market.names)) >= 6)
  for (const name of ['north', 'south', 'grid', 'platform']) {
    const told = new Set(await reader.told(name))
    ok(told.has('run_posted:'), name)
    ok(told.has('trade_changed:completed'), name)
  }
  ok((await reader.told('grid')).includes('meter_data_requested:'), 'it owns the gateway')
  ok(!(await reader.told('south')).includes('meter_data_requested:'))
  for (const side of [sellerOf(prepaid), buyerOf(prepaid)]) {
    ok((await reader.told(side)).includes('payment_changed:captured'), side)
  }
  const runs = (await reader.told(seller)).filter((one) => one.startsWith('run_posted'))
  deepEqual(runs, [], 'a household hears of runs by the stream')
  const { lastSequence } = await (await market.as('south')).notices.webhook(6)
  await south.until(() => south.known.length === lastSequence, `${lastSequence} to the retailer`)
})

test('a receiver that is gone is seen by its account and by the operator', async () => {
  const gone = await receiver()
  const { url } = gone
  await gone.stop()
  await hook('grid', url, 0)
  const client = await market.as('grid')
  for (let turn = 0; turn < 1_500; turn += 1) {
    if ((await client.notices.webhook(8)).failures >= 3) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const webhook = await client.notices.webhook(8)
  deepEqual([webhook.lastError, webhook.givenUp], ['ECONNREFUSED', 0])
  ok(webhook.waiting > 4)
  const check = (await market.client.health()).checks.find(({ name }) => name === 'webhooks')
  equal(check?.ok, false)
  match(check?.detail ?? '', /account 8: 0 given up, \d+ failures; ECONNREFUSED/)
  await hook('grid', '', 0)
  const healed = (await market.client.health()).checks.find(({ name }) => name === 'webhooks')
  equal(healed?.ok, true)
})

test('a suspension and another key are told to whose they are', async () => {
  const [account, retailer] = [market.accountOf(seller), market.accountOf('north')]
  const before = (await reader.all('north')).length
  await market.instruct('operator', 'suspend_participant', { participant: account })
  await market.instruct('operator', 'reinstate_participant', { participant: account })
  const standing = ['participant_changed:suspended', 'participant_changed:active']
  deepEqual((await reader.told('north')).slice(before), standing)
  deepEqual((await reader.told(seller)).slice(-2), standing)
  ok((await reader.check(market.names)) >= 4)
  const { publicKey, address } = participant('another key', [], null)
  await market.instruct('operator', 'replace_key', { participant: account, publicKey, address })
  const operator = await market.as('operator')
  const { notices } = await operator.notices.list(account, { limit: 500 })
  deepEqual(notices.at(-1)?.data, { account, address })
  equal((await operator.notices.list(retailer, { limit: 500 })).notices.length, before + 2)
})
