/**
 * Goal: with the command line a retailer’s desk brings a customer to a passkey, and a passkey that
 * was lost is taken away; the account is told of each.
 * Method: a real server and chain, the market founded by `busbar`; a device in software on the
 * other end of the link.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarError, type JoinCode, joining, parseJoinCode, Signer } from '@busbar/client'
import { deskDelaySeconds } from '@busbar/core/exchange'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()
const phone = new TestDevice(1)
const laptop = new TestDevice(2)

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
