/**
 * Goal: what a browser signs is the word of the passkey that its person chose, also where the
 * browser has never seen that passkey; and nothing is signed by another.
 * Method: devices in software in place of the browser’s; each word is verified as by the exchange.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accessDigest, createDomain } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { passkeyWord } from '@busbar/protocols/passkeys'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import type { Device } from './device.ts'
import {
  accountIn,
  forget,
  type KnownPasskey,
  knownPasskeys,
  remember,
  userHandleOf,
} from './known-passkeys.ts'
import { credentialBy, credentialByAny, sessionMs, withDevice } from './signing.ts'

const market = 'der-to-cash'
const verifyingContract = `0x${'11'.repeat(20)}`
const domain = createDomain({ market, chainId: 31_337, verifyingContract })

/** A phone that holds these, and whose person always takes the first that is allowed. */
function phone(held: readonly TestDevice[], userHandle: Uint8Array | null): Device {
  return {
    create: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
    sign: async (challenge, known) => {
      const allowed: readonly string[] = known.map((id) => bytesToHex(id))
      const device = held.find(({ credentialId }) =>
        allowed.length === 0 || allowed.includes(credentialId))
      if (device === undefined) throw new DOMException('no', 'NotAllowedError')
      const credentialId = hexToBytes(device.credentialId)
      return { ...device.answer(challenge), credentialId, userHandle }
    },
  }
}

const keyOf = ({ publicKey, credentialId }: TestDevice) => ({
  publicKey: bytesToHex(publicKey),
  credentialId,
})

function ownerOf(credential: string): string | undefined {
  const [, account = '', until = '', signature = ''] =
    /^Busbar (\d+)\.(\d+)\.(0x[0-9a-f]+)$/.exec(credential) ?? []
  const digest = accessDigest(domain, { account: Number(account), until: Number(until) })
  return passkeyWord(digest, hexToBytes(signature))?.publicKey
}

const [mine, old, others] = [new TestDevice(1), new TestDevice(2), new TestDevice(3)]
const handle = userHandleOf(market, 7)

describe('signing in', () => {
  test('with a passkey that this browser knows asks once', async () => {
    const known = { ...keyOf(mine), account: 7 }
    const credential = await credentialBy(phone([old, mine], null), domain, known, 1_000)
    equal(ownerOf(credential), keyOf(mine).publicKey)
    equal(credential.startsWith(`Busbar 7.${1_000 + sessionMs}.`), true)
  })

  test('with one that it does not know finds out which it is', async () => {
    const found = await credentialByAny(phone([mine], handle), domain, market, 0)
    deepEqual([found.account, found.key], [7, keyOf(mine)])
    equal(ownerOf(found.credential), keyOf(mine).publicKey)
  })

  test('with one of another market, or of nobody, is not tried', async () => {
    for (const told of [userHandleOf('other', 7), null, new Uint8Array(4)]) {
      const asked = credentialByAny(phone([mine], told), domain, market, 0)
      await rejects(asked, { name: 'CannotSign', why: 'other-market' })
    }
  })

  test('with a device that answers by another key the second time is refused', async () => {
    const honest = phone([mine], handle)
    const lying: Device = {
      ...honest,
      sign: (challenge, known) =>
        known.length === 0
          ? honest.sign(challenge, known)
          : phone([others], handle).sign(challenge, []),
    }
    const asked = credentialByAny(lying, domain, market, 0)
    await rejects(asked, { name: 'CannotSign', why: 'unknown-key' })
  })
})

describe('signing', () => {
  const digest = new Uint8Array(32).fill(9)

  test('takes whichever of the account’s passkeys the device has', async () => {
    const sign = withDevice(phone([mine], null), [keyOf(old), keyOf(mine)])
    equal(passkeyWord(digest, await sign(digest))?.publicKey, keyOf(mine).publicKey)
  })

  test('is refused where there is none, and where the person says no', async () => {
    const none = withDevice(phone([mine], null), [])
    await rejects(async () => none(digest), { name: 'CannotSign', why: 'no-passkey' })
    const elsewhere = withDevice(phone([mine], null), [keyOf(old)])
    await rejects(async () => elsewhere(digest), { name: 'NotAllowedError' })
  })
})

describe('what a browser knows of passkeys', () => {
  const passkey: KnownPasskey = { ...keyOf(mine), market, account: 7, name: 's001' }

  function keeperWith(text: string | null) {
    let kept = text
    return {
      getItem: () => kept,
      setItem: (_place: string, value: string) => {
        kept = value
      },
    }
  }

  test('is of this market, the last one used first', () => {
    const keeper = keeperWith(null)
    const second = { ...passkey, ...keyOf(old), name: 's002' }
    remember(keeper, passkey)
    remember(keeper, { ...passkey, ...keyOf(others), market: 'other' })
    remember(keeper, second)
    remember(keeper, passkey)
    deepEqual(knownPasskeys(keeper, market), [passkey, second])
    forget(keeper, passkey.publicKey)
    deepEqual(knownPasskeys(keeper, market), [second])
  })

  for (const text of ['', '{', '{}', '7', '[7]', `[${JSON.stringify({ ...passkey, name: 1 })}]`]) {
    test(`is nothing in ${text.slice(0, 12)}`, () => {
      deepEqual(knownPasskeys(keeperWith(text), market), [])
    })
  }

  test('is bounded', () => {
    const keeper = keeperWith(null)
    for (let i = 0; i < 40; i += 1) remember(keeper, { ...passkey, publicKey: `0x${i}` })
    equal(knownPasskeys(keeper, market).length, 32)
  })

  const handles: readonly (readonly [text: string, account: number | undefined])[] = [
    ['der-to-cash:7', 7], ['der-to-cash:0', 0], ['der-to-cash:', undefined],
    ['der-to-cash:07', undefined], ['der-to-cash:-1', undefined], ['other:7', undefined],
    ['der-to-cash:12345678901', undefined], ['', undefined],
  ]
  for (const [text, account] of handles) {
    test(`tells ${account} by “${text}”`, () => {
      equal(accountIn(market, new TextEncoder().encode(text)), account)
    })
  }
})
