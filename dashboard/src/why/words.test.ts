/**
 * Goal: an order is somebody's word only by a key of the public registry, a reading only by the
 * gateway that it names; and what only the exchange says is neither green nor red.
 * Method: the sample of the checks, with words by keys of every kind, and with each of them by
 * somebody else, revoked, replaced or outside of what it may sign.
 */
import { deepEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import type { OrderWord, SignedReading } from '@busbar/protocols/api'
import { instructionDigest, publicKeyOf, signDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { signNamed } from '@busbar/protocols/named-keys'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { batchToSign, readingsTree } from '@busbar/protocols/readings'
import {
  account,
  accountKey,
  domain,
  gatewayKey,
  interval,
  marketOf,
  meter,
  sampleEvidence,
} from '../../testing/sample-evidence.ts'
import { type Check, type CheckName, checksOf } from './checks.ts'
import type { Evidence, Known } from './evidence.ts'

type Book = 'sealed' | 'open'

const stateOf = (evidence: Evidence, book: Book, name: CheckName): readonly Check['state'][] =>
  checksOf(evidence, marketOf(book)).filter((one) => one.name === name).map(({ state }) => state)

/** The sample with its one order signed otherwise, and another registry or device. */
function withWord(
  book: Book,
  change: (word: OrderWord, digest: Uint8Array) => Partial<OrderWord>,
  known: Partial<Known> = {},
): Evidence {
  const evidence = sampleEvidence(book)
  const zones = [...evidence.zones].map(([number, zone]) => {
    const words = [...zone.words].map(([name, word]) => {
      return [name, { ...word, ...change(word, hexToBytes(word.digest)) }] as const
    })
    return [number, { ...zone, words: new Map(words) }] as const
  })
  return { ...evidence, zones: new Map(zones), known: { ...evidence.known, ...known } }
}

const signed = (evidence: Evidence, book: Book = 'open') => stateOf(evidence, book, 'order-signed')

describe('an order', () => {
  const stranger = new Uint8Array(32).fill(77)

  test('by the registered key holds, by another one fails, in either book', () => {
    for (const book of ['open', 'sealed'] as const) {
      deepEqual(signed(sampleEvidence(book), book), ['holds'])
      const other = withWord(book, (_word, digest) => {
        return { signature: bytesToHex(signDigest(stranger, digest)) }
      })
      deepEqual(signed(other, book), ['fails'])
    }
  })

  test('by a key that was replaced since is what the exchange says', () => {
    const old = withWord('open', (_word, digest) => ({
      signature: bytesToHex(signDigest(stranger, digest)), isKeyReplaced: true,
    }))
    deepEqual(signed(old), ['told'])
    deepEqual(signed(withWord('open', () => ({}), { participant: null })), ['told'])
  })

  test('by a passkey holds for the host that it was registered for', () => {
    const phone = new TestDevice(7)
    const { participant } = sampleEvidence('open').known
    ok(participant !== null)
    const passkeys = (host: string) => ({
      participant: {
        ...participant,
        passkeys: [{ publicKey: bytesToHex(phone.publicKey), host, signsFromMs: 0 }],
      },
    })
    const said = (known: Partial<Known>, over?: Uint8Array) =>
      signed(withWord('open', (_word, digest) => {
        return { signature: bytesToHex(phone.sign(over ?? digest)) }
      }, known))
    deepEqual(said(passkeys('busbar.example')), ['holds'])
    deepEqual(said(passkeys('other.example')), ['fails'])
    deepEqual(said(passkeys('busbar.example'), new Uint8Array(32)), ['fails'])
    // Revoked since: the registry names it no more.
    deepEqual(said({}), ['told'])
  })

  describe('by an agent', () => {
    const agent = new Uint8Array(32).fill(12)
    const limits = {
      ...{ publicKey: bytesToHex(publicKeyOf(agent)), meters: [meter], label: 'battery' },
      ...{ buyMaxMicrosPerKwh: null, sellMinMicrosPerKwh: 90_000, orderEnergyMaxWh: 400 },
      ...{ dayEnergyMaxWh: 9_000, fromMs: 0, untilMs: (interval + 1) * 300_000 },
    }
    const mandate = (change: object = {}, key = accountKey): OrderWord['mandate'] => {
      const [id, content] = [`0x${'2a'.repeat(16)}`, canonicalJson({ ...limits, ...change })]
      const digest = instructionDigest(domain, { id, account, kind: 'grant_mandate', content })
      const signature = bytesToHex(signDigest(key, digest))
      return { id, account, content, sequence: 4, atMs: 1, signature }
    }
    const by = (given: OrderWord['mandate'], book: Book = 'open') =>
      signed(withWord(book, (_word, digest) => ({
        signature: bytesToHex(signNamed('agent', agent, digest)), mandate: given,
      })), book)

    test('holds with the mandate that the account has signed', () => {
      deepEqual(by(mandate()), ['holds'])
      deepEqual(by(mandate(), 'sealed'), ['holds'])
    })

    test('fails outside of it, or where another has signed it', () => {
      const changes = [
        { meters: [meter + 1] }, { sellMinMicrosPerKwh: 90_001 }, { sellMinMicrosPerKwh: null },
        { orderEnergyMaxWh: 399 }, { untilMs: interval * 300_000 },
        { publicKey: bytesToHex(publicKeyOf(stranger)) },
      ]
      for (const change of changes) {
        deepEqual(by(mandate(change)), ['fails'], JSON.stringify(change))
        deepEqual(by(mandate(change), 'sealed'), ['fails'], JSON.stringify(change))
      }
      deepEqual(by(mandate({}, stranger)), ['fails'])
      const given = mandate()
      const content = given?.content.replace('9000', '9001') ?? ''
      deepEqual(by(given && { ...given, content }), ['fails'])
    })

    test('is what the exchange says where the mandate is no more', () => {
      deepEqual(by(null), ['told'])
    })
  })
})

describe('a sealed order', () => {
  const opened = (evidence: Evidence) => stateOf(evidence, 'sealed', 'order-opened')

  test('is opened by this device alone, and by the exchange alone', () => {
    deepEqual(opened(withWord('sealed', () => ({ opening: null }))), ['holds'])
    deepEqual(opened(withWord('sealed', () => ({}), { kept: new Map() })), ['holds'])
  })

  test('that nobody opens is what the exchange says', () => {
    deepEqual(opened(withWord('sealed', () => ({ opening: null }), { kept: new Map() })), ['told'])
  })

  test('of which the exchange says something else than this device fails', () => {
    const other = withWord('sealed', ({ opening }) => ({
      opening: opening && { ...opening, limitMicrosPerKwh: 1 },
    }))
    deepEqual(opened(other), ['fails'])
  })
})

describe('a reading', () => {
  const readingsOf = (evidence: Evidence) => stateOf(evidence, 'open', 'reading-signed')
  const withReading = (change: (one: SignedReading) => SignedReading | null): Evidence => {
    const evidence = sampleEvidence('open')
    const zones = [...evidence.zones].map(([number, zone]) => {
      const signed = [...zone.signed].map(([key, one]) => [key, one && change(one)] as const)
      return [number, { ...zone, signed: new Map(signed) }] as const
    })
    return { ...evidence, zones: new Map(zones) }
  }

  test('holds at both ends, by the gateway that the registry names', () => {
    deepEqual(readingsOf(sampleEvidence('open')), ['holds'])
    const other = sampleEvidence('open')
    const gateways = new Map([...other.known.gateways].map(([one, gateway]) => {
      return [one, { ...gateway, gateway: gateway.gateway + 1 }] as const
    }))
    deepEqual(readingsOf({ ...other, known: { ...other.known, gateways } }), ['fails'])
    const none = { ...other.known, gateways: new Map() }
    deepEqual(readingsOf({ ...other, known: none }), ['told'])
  })

  test('is what the exchange says where it is not shown', () => {
    deepEqual(readingsOf(withReading((one) => ({ ...one, batch: null }))), ['told'])
    deepEqual(readingsOf(withReading(() => null)), ['told'])
  })

  test('that is corrected meanwhile waits', () => {
    const later = withReading((one) => ({ ...one, reading: { ...one.reading, version: 3 } }))
    deepEqual(readingsOf(later), ['open'])
  })

  test('holds in a batch without a blind that is its owner’s alone, on the other curve', () => {
    const key = new Uint8Array(32).fill(31)
    const gateway = {
      ...{ gateway: 2, form: 'signed-batch/secp256k1' as const },
      publicKey: bytesToHex(publicKeyOf(key)),
    }
    const evidence = withReading((one) => {
      const batch = { id: `0x${'3c'.repeat(16)}`, gateway: 2, readings: [one.reading] }
      const { root, count, digest } = batchToSign(domain, batch)
      const path = readingsTree(batch.readings).proof(0).map((node) => bytesToHex(node))
      const signature = bytesToHex(signDigest(key, digest))
      const place = { index: 0, count, leafSalt: null, path }
      return { ...one, gateway, batch: { id: batch.id, root, signature, ...place } }
    })
    const known = { ...evidence.known, gateways: new Map([[meter, gateway]]) }
    deepEqual(readingsOf({ ...evidence, known }), ['holds'])
    const others = { ...known, gateways: new Map([[meter, gatewayKey]]) }
    deepEqual(readingsOf({ ...evidence, known: others }), ['fails'])
  })
})
