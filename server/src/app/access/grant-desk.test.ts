/**
 * Goal: an API key reads for the account that signed its grant, as far and as long as was signed,
 * and from the moment on no more at which it ends: by its account, by suspension, with the key that
 * signed it, by time; a restart changes none of it, and nothing kept tells the key.
 * Method: a small market with real signatures over the plainest book; time is a number.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { apiKeyOf, apiKeySubject, grantMessage, type GrantScope } from '@busbar/protocols/access'
import {
  accessGrantDigest,
  accessRevocationDigest,
  keyApprovalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { networks } from '../../settings/networks.ts'
import { pureVerifier } from '../../adapters/signatures/index.ts'
import { MemoryGrants } from '../../testing/memory-grants.ts'
import { accountOf, keysOf, signedBy, SmallMarket } from '../../testing/small-market.ts'
import { GrantDesk, grantLimits } from './grant-desk.ts'

const account = accountOf('alice')
const dayMs = 86_400_000
const phone = new TestDevice(1)

let market: SmallMarket
let book: MemoryGrants
let desk: GrantDesk
let now: number
const failed: unknown[] = []
let heard: number[]

async function started(): Promise<GrantDesk> {
  const made = new GrantDesk({
    ...{ stateOf: () => market.state, domain: market.domain, verifier: pureVerifier() },
    ...{ book, networks, wallClock: () => now, report: (error: unknown) => failed.push(error) },
    onWord: (account) => heard.push(account),
  })
  await made.start()
  return made
}

beforeEach(async () => {
  market = await SmallMarket.open()
  book = new MemoryGrants()
  heard = []
  now = 1_800_000_000_000
  desk = await started()
})

const idOf = (number: number): string => `0x${number.toString(16).padStart(32, '0')}`
const keyOf = (number: number): string => apiKeyOf(idOf(number), new Uint8Array(32).fill(number))

const termsOf = (number: number, change: object = {}) => ({
  ...{ id: idOf(number), account, kind: 'api_key' as const, subject: apiKeySubject(keyOf(number)) },
  ...{ scopes: ['read'] as GrantScope[], networks: [] as string[], label: 'a controller' },
  ...{ until: now + dayMs, issuedAt: now, ...change },
})

type Sign = (digest: Uint8Array) => string
const asAlice: Sign = (digest) => signedBy('alice', digest)
const byPhone: Sign = (digest) => bytesToHex(phone.sign(digest))

const grant = (number: number, change: object = {}, sign = asAlice) => {
  const terms = termsOf(number, change)
  const signature = sign(accessGrantDigest(market.domain, grantMessage(terms)))
  return desk.submit({ ...terms, signature })
}

const revoke = (number: number, sign = asAlice) => {
  const word = { account, grant: idOf(number) }
  return desk.revoke({ ...word, signature: sign(accessRevocationDigest(market.domain, word)) })
}

const said = async (answer: ReturnType<typeof grant>): Promise<string> => {
  const one = await answer
  if (one.kind === 'refused') return `${one.reason} ${one.field}`
  return one.repeated ? 'taken again' : 'taken'
}

/** `read`, or why not. */
const tried = (key: string, address = '192.0.2.7', at = desk): string => {
  const admission = at.byApiKey(key, address)
  return admission.kind === 'reader' ? admission.reader.scopes.join('+') : admission.reason
}

const statuses = (of = desk): string[] => (of.list(account) ?? []).map(({ status }) => status)

describe('a grant', () => {
  test('lets its key read for its account, with the roles of now', async () => {
    equal(await said(grant(1, { scopes: ['read', 'prove'] })), 'taken')
    const admission = desk.byApiKey(keyOf(1), '::1')
    deepEqual(admission.kind === 'reader' && admission.reader, {
      ...{ account, roles: ['prosumer'], scopes: ['read', 'prove'], untilMs: now + dayMs },
    })
    equal(tried(keyOf(2)), 'credential_invalid')
    const other = keyOf(1).slice(0, -1) + (keyOf(1).endsWith('0') ? '1' : '0')
    equal(tried(other), 'credential_invalid', 'the same grant, another secret')
    equal(tried(apiKeySubject(keyOf(1))), 'credential_invalid', 'what is kept opens nothing')
  })

  test('counts from its networks alone', async () => {
    await grant(1, { networks: ['192.0.2.0/24', '2001:db8::/32'] })
    equal(tried(keyOf(1), '192.0.2.9'), 'read')
    equal(tried(keyOf(1), '::ffff:192.0.2.9'), 'read')
    equal(tried(keyOf(1), '2001:db8::1'), 'read')
    equal(tried(keyOf(1), '198.51.100.1'), 'network_foreign')
  })

  test('is taken once, and what differs under its id is refused', async () => {
    equal(await said(grant(1)), 'taken')
    equal(await said(grant(1)), 'taken again')
    equal(await said(grant(1, { label: 'another' })), 'id_exists id')
    await revoke(1)
    equal(await said(grant(1)), 'taken again')
    equal(tried(keyOf(1)), 'credential_revoked', 'the same word does not bring it back')
    deepEqual(heard, [account], 'its account has said something')
  })

  test('is the word of its account alone', async () => {
    const asBob: Sign = (digest) => signedBy('bob', digest)
    equal(await said(grant(1, {}, asBob)), 'signature_invalid signature')
    equal(await said(grant(1, { account: accountOf('bob') })), 'signature_invalid signature')
    equal(await said(grant(1, { account: 99 })), 'account_unknown account')
    const terms = termsOf(1)
    const signature = asAlice(accessGrantDigest(market.domain, grantMessage(terms)))
    const more = desk.submit({ ...terms, scopes: ['read', 'prove'], signature })
    equal(await said(more), 'signature_invalid signature')
    deepEqual([book.kept.size, heard], [0, []])
  })

  const wrong: readonly (readonly [what: string, change: () => object, said: string])[] = [
    ['an end that is over', () => ({ until: now }), 'field_invalid until'],
    ['an end too far', () => ({ until: now + 400 * dayMs + 1 }), 'field_invalid until'],
    ['an old word', () => ({ issuedAt: now - 300_001 }), 'field_invalid issuedAt'],
    ['a word of tomorrow', () => ({ issuedAt: now + 300_001 }), 'field_invalid issuedAt'],
    ['a subject that is no hash', () => ({ subject: 'secret' }), 'field_invalid subject'],
    ['a network that is none', () => ({ networks: ['192.0.2.0/33'] }), 'field_invalid networks'],
  ]
  for (const [what, change, code] of wrong) {
    test(`with ${what} is ${code}`, async () => equal(await said(grant(1, change())), code))
  }

  test('has a last use, to the minute', async () => {
    await grant(1)
    equal(desk.list(account)?.[0]?.lastUsedMs, null)
    tried(keyOf(1))
    const first = now
    now += 59_999
    tried(keyOf(1))
    equal(desk.list(account)?.[0]?.lastUsedMs, first)
    now += 1
    tried(keyOf(1))
    equal(desk.list(account)?.[0]?.lastUsedMs, now)
    equal((await started()).list(account)?.[0]?.lastUsedMs, now)
  })

  test('is kept without its key', async () => {
    await grant(1)
    tried(keyOf(1))
    const kept = JSON.stringify([...book.kept.values()])
    const secret = keyOf(1).split('_')[2] ?? ''
    match(secret, /^[0-9a-f]{64}$/)
    ok(!kept.includes(secret) && !kept.includes(Buffer.from(secret, 'hex').toString('base64')))
  })
})

describe('a grant ends', () => {
  const endings: readonly (readonly [
    how: string, end: () => Promise<unknown>, code: string, status: string,
  ])[] = [
    ['by its account', () => revoke(1), 'credential_revoked', 'revoked'],
    ['by time', async () => (now += dayMs), 'credential_expired', 'expired'],
    ['with the key that signed it', replaceKey, 'credential_revoked', 'key_replaced'],
    ['with its account', suspend, 'credential_revoked', 'suspended'],
  ]
  for (const [how, end, code, status] of endings) {
    test(`${how}, over a restart as well`, async () => {
      await grant(1)
      equal(tried(keyOf(1)), 'read')
      await end()
      equal(tried(keyOf(1)), code)
      const again = await started()
      equal(tried(keyOf(1), '::1', again), code)
      deepEqual([statuses(), statuses(again)], [[status], [status]])
    })
  }

  async function replaceKey(): Promise<void> {
    const { publicKey, address } = keysOf('alice anew')
    const digest = keyApprovalDigest(market.domain, { account, publicKey })
    const approval = signedBy('alice', digest)
    const content = { participant: account, publicKey, address, approval }
    await market.instruct('operator', 'replace_key', content)
  }

  async function suspend(): Promise<void> {
    await market.instruct('operator', 'suspend_participant', { participant: account })
    desk.hear(market.told)
  }

  test('at the moment in which its revocation is taken, before it is written', async () => {
    await grant(1)
    const written = Promise.withResolvers<undefined>()
    book.endGrants = () => written.promise
    const answer = revoke(1)
    await new Promise((resolve) => setImmediate(resolve))
    equal(tried(keyOf(1)), 'credential_revoked')
    written.resolve(undefined)
    equal(await said(answer), 'taken')
    equal(await said(revoke(1)), 'taken again')
  })

  test('for ever when its account is suspended, whatever is written by then', async () => {
    await grant(1)
    await market.instruct('operator', 'suspend_participant', { participant: account })
    equal(tried(keyOf(1)), 'credential_revoked', 'nobody has told the desk yet')
    equal(await said(grant(2)), 'account_suspended account')
    const again = await started()
    await market.instruct('operator', 'reinstate_participant', { participant: account })
    equal(tried(keyOf(1), '::1', again), 'credential_revoked')
    desk = again
    equal(await said(grant(2)), 'taken')
    equal(tried(keyOf(2)), 'read')
  })

  test('for ever when it is written only while its account is suspended', async () => {
    const held = Promise.withResolvers<undefined>()
    const write = book.addGrant.bind(book)
    book.addGrant = async (one) => {
      await held.promise
      await write(one)
    }
    const taken = grant(1)
    const queued = grant(2)
    await new Promise((resolve) => setImmediate(resolve))
    await suspend()
    await market.instruct('operator', 'reinstate_participant', { participant: account })
    const after = grant(3)
    held.resolve(undefined)
    deepEqual([await said(taken), await said(queued), await said(after)], Array(3).fill('taken'))
    const again = await started()
    for (const at of [desk, again]) {
      deepEqual([1, 2, 3].map((number) => tried(keyOf(number), '::1', at)), [
        'credential_revoked', 'credential_revoked', 'read',
      ])
    }
  })

  test('by its account’s word alone', async () => {
    await grant(1)
    equal(await said(revoke(1, (digest) => signedBy('bob', digest))), 'signature_invalid signature')
    equal(await said(revoke(2)), 'not_found grant')
    const word = { account: accountOf('bob'), grant: idOf(1) }
    const signature = signedBy('bob', accessRevocationDigest(market.domain, word))
    equal(await said(desk.revoke({ ...word, signature })), 'not_found grant')
    equal(tried(keyOf(1)), 'read')
  })
})

describe('a passkey', () => {
  const content = {
    ...{ participant: account, publicKey: bytesToHex(phone.publicKey), label: 'phone' },
    ...{ credentialId: phone.credentialId, host: 'busbar.example' },
  }

  test('signs grants and their ends; they end with it', async () => {
    equal(await said(grant(1, {}, byPhone)), 'signature_invalid signature')
    await market.instruct('alice', 'register_passkey', content)
    equal(await said(grant(1, {}, byPhone)), 'taken')
    equal(await said(grant(2, {}, byPhone)), 'taken')
    equal(await said(grant(3)), 'taken')
    equal(await said(revoke(2, byPhone)), 'taken')
    await market.instruct('alice', 'revoke_passkey', { publicKey: content.publicKey })
    const all = [1, 2, 3].map((number) => tried(keyOf(number)))
    deepEqual(all, ['credential_revoked', 'credential_revoked', 'read'])
    equal(await said(grant(4, {}, byPhone)), 'signature_invalid signature')
  })

  test('of the retailer’s desk signs none before its time', async () => {
    await market.instruct('retailer', 'register_passkey', content)
    equal(await said(grant(1, {}, byPhone)), 'passkey_too_new signature')
    await grant(1)
    equal(await said(revoke(1, byPhone)), 'passkey_too_new signature')
  })
})

describe('an account', () => {
  const { activeMax, allMax, shownDays } = grantLimits

  test('has so many grants at a time', async () => {
    for (let number = 1; number <= activeMax; number += 1) {
      equal(await said(grant(number)), 'taken')
    }
    equal(await said(grant(activeMax + 1)), 'grants_exceeded account')
    await revoke(1)
    equal(await said(grant(activeMax + 1)), 'taken')
    equal(desk.list(account)?.length, activeMax + 1)
    equal(desk.list(99), undefined)
  })

  test('has so many in a while, and those that ended are forgotten after it', async () => {
    for (let number = 1; number <= allMax; number += 1) {
      await grant(number)
      await revoke(number)
    }
    equal(await said(grant(500)), 'grants_exceeded account')
    now += shownDays * dayMs
    equal(await said(grant(500)), 'grants_exceeded account')
    now += 1
    deepEqual(desk.list(account), [])
    equal(await said(grant(500)), 'taken')
    equal(book.kept.size, 1)
    equal(tried(keyOf(1)), 'credential_invalid')
  })
})
