/**
 * Goal: a passkey's signature is the word of its owner over just one digest, on just one host's
 * pages, and no byte of it can be another.
 * Method: a device in software; a table of what a device or a page may do wrong; properties with
 * each byte changed; a second verifier by JSON and WebCrypto. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, notEqual, throws } from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { describe, test } from 'node:test'
import { passkeyIn } from '@busbar/core/registry'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { bytesToHex } from '../hash/index.ts'
import {
  base64Url,
  compactSignature,
  decodeAssertion,
  encodeAssertion,
  isPasskeyKey,
  keysBehind,
  passkeyPoint,
  passkeyPublicKey,
  passkeySignatureMax,
  passkeyWord,
} from './index.ts'
import { type AskedFor, passkeyCases, TestDevice } from './testing/index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const digest = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1)
const device = new TestDevice(1)
const word = { publicKey: bytesToHex(device.publicKey), host: 'busbar.example' }
const arbitraryDigest = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** The same question, answered from the standard's text: parsed JSON, Node's curve. */
async function naiveWord(asked: Uint8Array, bytes: Uint8Array): Promise<string | undefined> {
  const { buffer } = bytes
  const view = new DataView(buffer, bytes.byteOffset, bytes.length)
  const key = bytes.subarray(1, 34)
  const dataLength = view.getUint16(34)
  const data = bytes.subarray(36, 36 + dataLength)
  const client = bytes.subarray(38 + dataLength, bytes.length - 64)
  if (client.length !== view.getUint16(36 + dataLength)) return undefined
  const said = JSON.parse(Buffer.from(client).toString('utf8')) as Record<string, unknown>
  const { hostname, protocol } = new URL(String(said.origin))
  const hash = async (part: Uint8Array) =>
    Buffer.from(await webcrypto.subtle.digest('SHA-256', Uint8Array.from(part)))
  const flags = data[32] ?? 0
  const rightly =
    said.type === 'webauthn.get' && said.crossOrigin !== true && said.topOrigin === undefined &&
    said.challenge === Buffer.from(asked).toString('base64url') &&
    (protocol === 'https:' || hostname === 'localhost') &&
    (await hash(Buffer.from(hostname))).equals(data.subarray(0, 32)) && (flags & 5) === 5
  if (!rightly) return undefined
  const point = Buffer.from(p256.Point.fromBytes(key).toBytes(false))
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const imported = await webcrypto.subtle.importKey('raw', point, curve, false, ['verify'])
  const valid = await webcrypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    imported,
    Uint8Array.from(bytes.subarray(bytes.length - 64)),
    Buffer.concat([data, await hash(client)]),
  )
  return valid ? hostname : undefined
}

describe('a passkey’s signature', () => {
  test('is its key’s word, and known as one by its first byte and its length', () => {
    const bytes = device.sign(digest)
    deepEqual(passkeyWord(digest, bytes), word)
    equal(passkeyIn(bytesToHex(bytes)), word.publicKey)
    for (const other of [new Uint8Array(65).fill(0x50), new Uint8Array(64), new Uint8Array(0)]) {
      equal(passkeyIn(bytesToHex(other)), undefined)
      equal(passkeyWord(digest, other), undefined)
    }
  })

  test('is verified alike by WebCrypto, with either s of the device', async () => {
    const asked = fc.record({
      highS: fc.boolean(),
      flags: fc.constantFrom(0x01, 0x04, 0x05, 0x0d, 0x1d),
      origin: fc.constantFrom(
        'https://busbar.example', 'https://busbar.example:8443', 'http://busbar.example',
        'https://busbar.example.evil', 'https://evil.busbar.example', 'http://localhost:4173',
      ),
      host: fc.constantFrom('busbar.example', 'localhost'),
      type: fc.constantFrom('webauthn.get', 'webauthn.get', 'webauthn.create', 'payment.get'),
      behind: fc.constantFrom('}', ',"crossOrigin":false}', ',"crossOrigin":true}'),
    })
    await fc.assert(
      fc.asyncProperty(arbitraryDigest, asked, async (message, one) => {
        const bytes = device.sign(message, one)
        equal(passkeyWord(message, bytes)?.host, await naiveWord(message, bytes))
      }),
      { ...replay, numRuns: 40 },
    )
  })

  const wrong: readonly (readonly [what: string, asked: Partial<AskedFor>])[] = [
    ['for another host', { host: 'evil.example' }],
    ['on another host’s page', { origin: 'https://evil.example' }],
    ['on a host below', { origin: 'https://a.busbar.example' }],
    ['on a page without TLS', { origin: 'http://busbar.example' }],
    ['on a page with a name before the host', { origin: 'https://busbar.example@evil.example' }],
    ['on a path', { origin: 'https://busbar.example/' }],
    ['at registration', { type: 'webauthn.create' }],
    ['while nobody is there', { flags: 0x04 }],
    ['for whom the device did not recognise', { flags: 0x01 }],
    ['with a key in it', { flags: 0x45, extensions: new Uint8Array(40) }],
    ['backed up and not eligible for it', { flags: 0x15 }],
    ['with bytes that are no extensions', { extensions: Uint8Array.of(0xa0) }],
    ['with extensions that are not there', { flags: 0x85 }],
    ['in somebody’s frame', { behind: ',"crossOrigin":true}' }],
    ['in somebody’s frame, said of the top', { behind: ',"topOrigin":"https://evil.example"}' }],
    ['with another origin behind', { behind: ',"origin":"https://busbar.example"}' }],
    ['without an end', { behind: ',"crossOrigin":false' }],
    ['with a letter that is none', { behind: ',"crossOrigin":false,"a":"\u00e9"}' }],
  ]
  for (const [what, asked] of wrong) {
    test(`${what} is none`, () => {
      equal(passkeyWord(digest, device.sign(digest, asked)), undefined)
    })
  }

  const right: readonly (readonly [what: string, asked: Partial<AskedFor>, host?: string])[] = [
    ['with a port', { origin: 'https://busbar.example:8443' }],
    ['on this machine', { origin: 'http://localhost:4173', host: 'localhost' }, 'localhost'],
    ['by a browser that says less', { behind: '}' }],
    ['by a browser that says more', { behind: ',"crossOrigin":false,"other_keys":"ignore"}' }],
    ['by a key on one device', { flags: 0x05 }],
    ['with extensions', { flags: 0x85, extensions: Uint8Array.of(0xa0) }],
  ]
  for (const [what, asked, host = word.host] of right) {
    test(`${what} is one`, () => {
      deepEqual(passkeyWord(digest, device.sign(digest, asked)), { ...word, host })
    })
  }

  test('is none with any byte changed, and none of another digest', () => {
    const bytes = device.sign(digest)
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = bytes.with(i, (bytes[i] as number) ^ 1)
      notEqual(passkeyWord(digest, changed)?.publicKey, word.publicKey)
    }
    fc.assert(
      fc.property(arbitraryDigest, (other) => {
        equal(passkeyWord(other, bytes) !== undefined, bytesToHex(other) === bytesToHex(digest))
      }),
      { ...replay, numRuns: 20 },
    )
    equal(passkeyWord(digest.subarray(1), bytes), undefined)
  })

  test('has one spelling: nothing more or less, and no other s', () => {
    const bytes = device.sign(digest)
    const longer = Uint8Array.from([...bytes, 0])
    for (const other of [bytes.subarray(1), bytes.subarray(0, -1), longer]) {
      equal(passkeyWord(digest, other), undefined)
    }
    const high = device.answer(digest, { highS: true })
    const low = device.answer(digest)
    notEqual(bytesToHex(high.signature), bytesToHex(low.signature))
    deepEqual(compactSignature(high.signature), compactSignature(low.signature))
    const s = p256.Signature.fromBytes(high.signature, 'der').toBytes('compact')
    const twin = Uint8Array.from([...bytes.subarray(0, -64), ...s])
    equal(passkeyWord(digest, twin), undefined)
  })

  test('is judged as the table of all judges says', () => {
    const atHome = new TestDevice(2)
    const hosts = new Map<string, string>([
      [word.publicKey, word.host], [bytesToHex(atHome.publicKey), 'localhost'],
    ])
    for (const { name, signature, host } of passkeyCases(digest, device, atHome)) {
      const found = passkeyWord(digest, signature)
      const isRight = found !== undefined && hosts.get(found.publicKey) === found.host
      equal(isRight ? found.host : null, host, name)
    }
  })

  test('is read as it was written, whatever the lengths', () => {
    const part = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
    const assertion = fc.record({
      publicKey: part(33, 33), authenticatorData: part(37, 512),
      clientData: part(1, 1_024), signature: part(64, 64),
    })
    fc.assert(
      fc.property(assertion, (one) => {
        const decoded = decodeAssertion(encodeAssertion(one))
        deepEqual(decoded && encodeAssertion(decoded), encodeAssertion(one))
        deepEqual(decoded, { ...one })
      }),
      { ...replay, numRuns: 50 },
    )
    fc.assert(
      fc.property(part(0, 400), (bytes) => {
        const decoded = decodeAssertion(bytes.length === 0 ? bytes : bytes.with(0, 0x50))
        if (decoded !== undefined) deepEqual(encodeAssertion(decoded), bytes.with(0, 0x50))
      }),
      { ...replay, numRuns: 200 },
    )
    equal(decodeAssertion(new Uint8Array(passkeySignatureMax + 1).fill(0x50)), undefined)
  })
})

describe('what a browser tells', () => {
  test('of a new key is compressed, and nothing else is taken for one', async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' }
    const pair = await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify'])
    const spki = new Uint8Array(await webcrypto.subtle.exportKey('spki', pair.publicKey))
    const raw = new Uint8Array(await webcrypto.subtle.exportKey('raw', pair.publicKey))
    deepEqual(passkeyPublicKey(spki), p256.Point.fromBytes(raw).toBytes(true))
    for (const bad of [raw, spki.subarray(1), spki.with(20, 1), spki.with(90, spki[90]! ^ 1)]) {
      throws(() => passkeyPublicKey(bad), { code: 'KEY_MALFORMED' })
    }
    equal(isPasskeyKey(word.publicKey), true)
    const { x, y } = passkeyPoint(device.publicKey)
    const uncompressed = Uint8Array.from([4, ...x, ...y])
    deepEqual(p256.Point.fromBytes(uncompressed).toBytes(true), device.publicKey)
    throws(() => passkeyPoint(device.publicKey.with(0, 5)), { code: 'KEY_MALFORMED' })
    const { publicKey } = word
    for (const bad of [`0x02${'ff'.repeat(32)}`, publicKey.slice(0, 66), `${publicKey}00`]) {
      equal(isPasskeyKey(bad), false)
    }
    throws(() => compactSignature(Uint8Array.of(0x30, 0)), { code: 'KEY_MALFORMED' })
  })

  test('twice names its key, which nobody told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.boolean(), (seed, highS) => {
        const some = new TestDevice(seed)
        const keys = [digest, digest.toReversed()].map((asked) =>
          keysBehind(some.answer(asked, { highS })).map((key) => bytesToHex(key)))
        const [first = [], second = []] = keys
        deepEqual(first.filter((key) => second.includes(key)), [bytesToHex(some.publicKey)])
      }),
      { ...replay, numRuns: 30 },
    )
    const broken = { ...device.answer(digest), signature: Uint8Array.of(0x30, 0) }
    throws(() => keysBehind(broken), { code: 'KEY_MALFORMED' })
  })

  test('of a challenge is base64 for addresses', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        equal(base64Url(bytes), Buffer.from(bytes).toString('base64url'))
      }),
      { ...replay, numRuns: 100 },
    )
  })
})
