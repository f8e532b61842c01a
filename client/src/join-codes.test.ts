/**
 * Goal: a link carries just one account and one key, and what is signed by it is a passkey's
 * registration that the exchange takes.
 * Method: codes by chance there and back; a table of texts that are none; the signature is checked
 * against the digest that it must be over. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import { instructionDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { namedWord } from '@busbar/protocols/named-keys'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import fc from 'fast-check'
import { joinCodeText, joining, newJoinCode, parseJoinCode } from './index.ts'
import { domain } from './testing/sealed-world.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const code = newJoinCode(12)
const text = joinCodeText(code)

describe('a join code', () => {
  test('is read as it was written', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_294_967_295 }), key, (account, bytes) => {
        const drawn = newJoinCode(account, () => bytes.with(0, 1))
        deepEqual(parseJoinCode(joinCodeText(drawn)), drawn)
      }),
      { ...replay, numRuns: 50 },
    )
  })

  const none: readonly (readonly [name: string, text: string])[] = [
    ['empty', ''],
    ['a key alone', text.slice(3)],
    ['cut', text.slice(0, -1)],
    ['longer', `${text}A`],
    ['with the link before it', `https://busbar.example/join#${text}`],
    ['with a blank', ` ${text}`],
    ['of an account with a zero before it', `0${text}`],
    ['in another alphabet', `12.${'+'.repeat(43)}`],
    ['with bits that count nothing', `12.${'A'.repeat(42)}B`],
    ['of a key that is none', `12.${'A'.repeat(43)}`],
  ]
  for (const [name, other] of none) {
    test(`that is ${name} is none`, () => {
      throws(() => parseJoinCode(other), { code: 'JOIN_CODE_MALFORMED' })
    })
  }

  test('signs the registration of a passkey in the name of its account', async () => {
    const device = new TestDevice(1)
    const passkey = {
      publicKey: bytesToHex(device.publicKey),
      credentialId: device.credentialId,
      ...{ host: 'busbar.example', label: 'phone' },
    }
    const signed = await joining(domain, parseJoinCode(text), passkey)
    const { id, account, kind, content, signature } = signed
    deepEqual([account, kind, content], [12, 'register_passkey', { participant: 12, ...passkey }])
    const message = { id, account, kind, content: canonicalJson(content) }
    const word = namedWord('join', instructionDigest(domain, message), hexToBytes(signature))
    equal(word, code.publicKey)
  })
})
