/**
 * Goal: whoever signs by a passkey sends what the exchange takes for its word.
 * Method: a device in software that gives either s; each command's signature is checked against the
 * digest that it must be over.
 */
import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accessDigest, orderDigest, withdrawalDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { passkeyWord } from '@busbar/protocols/passkeys'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { Signer, withPasskey } from './index.ts'
import { domain } from './testing/sealed-world.ts'

const device = new TestDevice(1)
const publicKey = bytesToHex(device.publicKey)
const word = { publicKey, host: 'busbar.example' }

describe('a signer with a passkey', () => {
  for (const highS of [false, true]) {
    test(`signs what it is asked, with the ${highS ? 'upper' : 'lower'} s`, async () => {
      const sign = withPasskey(publicKey, async (digest) => device.answer(digest, { highS }))
      const signer = new Signer({ domain, account: 4, sign })
      const fields = { meter: 1, interval: 5, side: 'buy', energyWh: 10 } as const
      const order = await signer.order({ ...fields, limitMicrosPerKwh: 200_000 })
      const wordOf = (digest: Uint8Array, signature: string) =>
        passkeyWord(digest, hexToBytes(signature))
      deepEqual(wordOf(orderDigest(domain, order), order.signature), word)
      equal(wordOf(orderDigest(domain, { ...order, energyWh: 11 }), order.signature), undefined)
      const to = `0x${'a7'.repeat(20)}`
      const withdrawal = await signer.withdrawal({ amountMicros: 1_000, to })
      deepEqual(wordOf(withdrawalDigest(domain, withdrawal), withdrawal.signature), word)
      const [, until, signature = ''] = (await signer.credential(9_000)).split('.')
      deepEqual(wordOf(accessDigest(domain, { account: 4, until: Number(until) }), signature), word)
    })
  }

  test('throws on what the person or the device says instead', async () => {
    const refusing = withPasskey(publicKey, () => Promise.reject(new RangeError('not now')))
    await rejects(async () => refusing(new Uint8Array(32)), RangeError)
    const broken = withPasskey(publicKey, async (digest) => ({
      ...device.answer(digest),
      signature: Uint8Array.of(0x30, 0),
    }))
    await rejects(async () => broken(new Uint8Array(32)), { code: 'KEY_MALFORMED' })
    throws(() => withPasskey('0x02', async (digest) => device.answer(digest)), {
      code: 'HEX_MALFORMED',
    })
  })
})
