/**
 * Goal: with the command line a retailer’s desk brings a customer to a passkey, and a passkey that
 * was lost is taken away; the account is told of each.
 * Method: a real server and chain, the market founded by `busbar`; a device in software on the
 * other end of the link.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import {
  BusbarError,
  type JoinCode,
  joining,
  parseJoinCode,
  Signer,
  withMandate,
} from '@busbar/client'
import { deskDelaySeconds } from '@busbar/core/exchange'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()
const phone = new TestDevice(1)
const laptop = new TestDevice(2)
const tablet = new TestDevice(3)

before(() => world.start())
after(() => world.end())

type Invited = {
  readonly link: string
  readonly public_key: string
  readonly delay_seconds: number
}

const passkeyOf = (device: TestDevice, label: string) => ({
  publicKey: bytesToHex(device.publicKey),
  credentialId: device.credentialId,
  ...{ host: 'busbar.example', label },
})

const pages = ['--pages', 'https://busbar.example/anywhere']

/** As the page does that the link leads to. */
async function open(link: string, device: TestDevice, label: string): Promise<JoinCode> {
  const { origin, pathname, hash } = new URL(link)
  deepEqual([origin, pathname], ['https://busbar.example', '/join'])
  const code = parseJoinCode(hash.slice(1))
  const { client } = world
  const { host } = await client.keys.joinCode(code)
  await client.instruct(
    await joining(await client.domain(), code, { ...passkeyOf(device, label), host }),
  )
  return code
}

async function readsBy(device: TestDevice): Promise<boolean> {
  const domain = await world.client.domain()
  const signer = new Signer({
    domain,
    account: world.accountOf('alice'),
    sign: (digest) => device.sign(digest),
  })
  const read = world.client.as(() => signer.credential(Date.now() + 60_000))
  try {
    return (await read.account(signer.account)).account === signer.account
  } catch (error) {
    if (error instanceof BusbarError && error.code === 'credential_invalid') return false
    throw error
  }
}

describe('a customer', () => {
  test('makes a passkey by the link of its retailer, once', async () => {
    const { link, public_key: publicKey, delay_seconds: delay } = await world.json<Invited>(
      'north', 'retailer', 'invite', 'alice', ...pages,
    )
    // She has consented to enforcement by her key: somebody can notice.
    equal(delay, deskDelaySeconds)
    equal(publicKey, parseJoinCode(new URL(link).hash.slice(1)).publicKey)
    await open(link, phone, 'phone')
    await rejects(open(link, laptop, 'laptop'), { code: 'not_found' })
    equal(await readsBy(phone), false)
  })

  test('has the link taken back that went astray', async () => {
    const { link, public_key: key } = await world.json<Invited>(
      'north', 'retailer', 'invite', 'alice', ...pages, '--days', '1',
    )
    const told = await world.as('north', 'retailer', 'revoke-invite', 'alice', key)
    match(told.out, /alice’s link counts no longer/)
    await rejects(open(link, laptop, 'laptop'), { code: 'not_found' })
  })

  test('who has lost a phone is helped by its retailer, after a day and with notices', async () => {
    const lost = bytesToHex(phone.publicKey)
    await world.json('north', 'retailer', 'revoke-passkey', lost)
    const told = world.file('laptop.json', { participant: 0, ...passkeyOf(laptop, 'laptop') })
    const registered = await world.json<{ readonly signs_from_ms: number }>(
      'north', 'retailer', 'register-passkey', 'alice', told,
    )
    const { clock } = await world.client.market()
    equal(registered.signs_from_ms, clock.nowMs + deskDelaySeconds * 1_000)
    equal(await readsBy(laptop), false)
    const key = ['--as', 'alice', '--server', world.url]
    const listed = await world.busbar('key', 'passkeys', world.file('alice.key'), ...key)
    match(listed.out, /laptop +busbar\.example +2026-06-02.+north \(5\)/)
    const { notices } = await (await world.readerFor('alice')).notices.list(
      world.accountOf('alice'), { limit: 200 },
    )
    const kinds = notices.map(({ kind }) => kind).filter((kind) => /passkey|join/.test(kind))
    deepEqual(kinds, [
      'join_code_issued', 'passkey_registered', 'join_code_issued', 'join_code_revoked',
      'passkey_revoked', 'passkey_registered',
    ])
    const bad = world.file('bad.json', { publicKey: lost })
    const refused = await world.as('north', 'retailer', 'register-passkey', 'alice', bad)
    deepEqual([refused.code, /takes JSON/.test(refused.err)], [2, true])
  })

  test('helps herself by her own key: another device at once, and the wrong one gone', async () => {
    const key = [world.file('alice.key'), '--as', 'alice', '--server', world.url]
    const lost = bytesToHex(laptop.publicKey)
    await world.busbar('key', 'revoke-passkey', ...key, '--public-key', lost)
    const { out } = await world.busbar('key', 'invite', ...key, ...pages, '--json')
    const { link, delay_seconds: delay } = JSON.parse(out) as Invited
    equal(delay, 0)
    await open(link, tablet, 'tablet')
    equal(await readsBy(tablet), true)
  })

  test('has an agent trade within a mandate, and ends that at once', async () => {
    const { out } = await world.busbar('key', 'new', world.file('agent.key'), '--plain', '--json')
    const { public_key: publicKey } = JSON.parse(out) as { readonly public_key: string }
    const key = [world.file('alice.key'), '--as', 'alice', '--server', world.url]
    const given = ['--public-key', publicKey, '--meters', '0', '--sell-from', '0.12']
    const granted = await world.busbar(
      'key', 'mandate', ...key, ...given, '--energy', '2kWh', '--order-energy', '500Wh',
      ...['--label', 'battery'],
    )
    match(granted.out, /battery trades for alice until[\s\S]+buys up to +nothing/)
    const { clock, interval } = await world.client.market()
    equal(clock.mode, 'manual')
    const signer = new Signer({
      ...{ domain: await world.client.domain(), account: world.accountOf('alice') },
      sign: withMandate(readFileSync(world.file('agent.key'), 'utf8').trim()),
    })
    const at = interval.openFrom + 2
    const order = { meter: 0, interval: at, side: 'sell', energyWh: 400 } as const
    await world.client.placeOrder(await signer.order({ ...order, limitMicrosPerKwh: 120_000 }))
    const cheap = await signer.order({ ...order, limitMicrosPerKwh: 119_000 })
    await rejects(world.client.placeOrder(cheap), { code: 'mandate_exceeded' })
    const listed = await world.busbar('key', 'mandates', ...key)
    match(listed.out, /battery +0 +0\.12.* 2 kWh +1\.6 kWh/)
    const reads = world.client.as(() => signer.credential(Date.now() + 60_000))
    const [mandate] = (await reads.account(signer.account)).mandates
    deepEqual([mandate?.usedTodayWh, mandate?.leftTodayWh], [400, 1_600])
    await world.busbar('key', 'revoke-mandate', ...key, '--public-key', publicKey)
    await rejects(reads.account(signer.account), { code: 'credential_invalid' })
    const late = await signer.order({ ...order, limitMicrosPerKwh: 120_000 })
    await rejects(world.client.placeOrder(late), { code: 'mandate_unknown' })
  })

  test('is nobody’s but its retailer’s to invite, and to pages that a browser trusts', async () => {
    const foreign = await world.as('south', 'retailer', 'invite', 'alice', ...pages)
    match(foreign.err, /role_missing/)
    const plain = ['--pages', 'http://busbar.example']
    const bad = await world.as('north', 'retailer', 'invite', 'alice', ...plain)
    deepEqual([bad.code, /--pages is http:/.test(bad.err)], [2, true])
    const late = await world.as('north', 'retailer', 'invite', 'alice', ...pages, '--days', '15')
    deepEqual([late.code, /--days/.test(late.err)], [2, true])
  })
})
