/**
 * Goal: an owner is given what was signed for it, whole enough to be checked without the exchange,
 * and nothing from which another's readings or orders could be found.
 * Method: a small market whose gateway signs with and without a blind, corrections, conflicts and a
 * replaced device; each answer is checked as a page would; and a neighbour's register is looked for
 * in what was given, by trying.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SignedReading } from '@busbar/protocols/api'
import {
  instructionDigest,
  isSignedBy,
  orderDigest,
  publicKeyOf,
  readingBatchDigest,
  sealedOrderDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { leafHash } from '@busbar/protocols/merkle'
import { namedWord, signNamed } from '@busbar/protocols/named-keys'
import { batchToSign, provesReading, readingLeaf } from '@busbar/protocols/readings'
import { openSealedMarket, withOrders } from '../../testing/sealed-market.ts'
import { accountOf, first, keysOf, meters, SmallMarket } from '../../testing/small-market.ts'
import type { Reader } from '../ports/exchange-service.ts'
import { signatureViews } from './signatures.ts'

const blind = `0x${'b1'.repeat(32)}`
const alice: Reader = { account: accountOf('alice'), roles: ['prosumer'] }
const bob: Reader = { account: accountOf('bob'), roles: ['prosumer'] }
const auditor: Reader = { account: 99, roles: ['auditor'] }

const viewsOf = (market: SmallMarket) =>
  signatureViews(market.lane, market.store, market.clearings)

const readingOf = async (market: SmallMarket, reader: Reader, boundary = 1) => {
  const where = { meter: meters.alice, boundary: first + boundary }
  return (await viewsOf(market).signedReading(reader, where))?.answer
}

async function opened(): Promise<SmallMarket> {
  const market = await SmallMarket.open()
  await market.to(1)
  return market
}

/** As somebody does who has nothing but the answer and the market's domain. */
function isProven(market: SmallMarket, signed: SignedReading | undefined): boolean {
  if (signed?.batch == null) return false
  const { reading, gateway, batch } = signed
  const { id, root, count, index, leafSalt } = batch
  const place = {
    ...{ index, count, path: batch.path.map((node) => hexToBytes(node)) },
    salt: leafSalt === null ? undefined : hexToBytes(leafSalt),
  }
  const digest = readingBatchDigest(market.domain, { id, gateway: gateway.gateway, root, count })
  const curve = gateway.form === 'signed-batch/p256' ? 'p256' : 'secp256k1'
  const [key, signature] = [gateway.publicKey, batch.signature].map((text) => hexToBytes(text))
  return (
    provesReading(hexToBytes(root), reading, place) &&
    isSignedBy(curve, key ?? new Uint8Array(), digest, signature ?? new Uint8Array())
  )
}

describe('a signed reading', () => {
  test('is shown to its owner with its place in the batch, and to auditors', async () => {
    const market = await opened()
    await market.read(1, { alice: [3, 700], bob: [650, 1] }, 0, blind)
    const signed = await readingOf(market, alice)
    ok(isProven(market, signed))
    const wanted = { meter: meters.alice, boundary: first + 1, version: 0 }
    deepEqual(signed?.reading, { ...wanted, importWh: 3, exportWh: 700 })
    deepEqual(signed?.gateway.publicKey, market.state.gateways[0]?.publicKey)
    equal(signed?.batch?.count, 2)
    deepEqual(await readingOf(market, auditor), signed)
    ok(!isProven(market, signed && { ...signed, reading: { ...signed.reading, exportWh: 701 } }))
  })

  test('is nothing to others, and where there is none', async () => {
    const market = await opened()
    await market.read(1, { alice: [3, 700], bob: [650, 1] }, 0, blind)
    const views = viewsOf(market)
    const where = { meter: meters.alice, boundary: first + 1 }
    const nothing = { owner: alice.account, answer: undefined }
    deepEqual(await views.signedReading(bob, where), nothing)
    deepEqual(await views.signedReading(alice, { ...where, boundary: first }), nothing)
    equal(await views.signedReading(auditor, { ...where, meter: 99 }), undefined)
  })

  test('without a blind is shown whole to who may see all of it, and to nobody else', async () => {
    const market = await opened()
    await market.read(1, { alice: [3, 700], bob: [650, 1] })
    const signed = await readingOf(market, alice)
    deepEqual([signed?.reading.exportWh, signed?.batch], [700, null])
    ok(isProven(market, await readingOf(market, auditor)))
    await market.to(2)
    await market.read(2, { alice: [4, 800] })
    const own = await readingOf(market, alice, 2)
    ok(isProven(market, own))
    equal(own?.batch?.leafSalt, null)
  })

  test('is the one that counts: none that conflicts, and a correction after it', async () => {
    const market = await opened()
    await market.read(1, { bob: [1, 1], alice: [3, 700] }, 0, blind)
    await market.read(1, { alice: [3, 699] }, 0, blind)
    await market.read(1, { alice: [3, 700] }, 0, blind)
    const before = await readingOf(market, alice)
    deepEqual([before?.reading.exportWh, before?.batch?.count], [700, 2])
    await market.read(1, { alice: [3, 650], bob: [1, 2] }, 4, blind)
    const after = await readingOf(market, alice)
    deepEqual([after?.reading.exportWh, after?.reading.version], [650, 4])
    ok(isProven(market, before) && isProven(market, after))
  })

  test('is not there where a replaced device begins: that is no gateway’s word', async () => {
    const market = await opened()
    await market.read(1, { alice: [3, 700] }, 0, blind)
    await market.instruct('grid', 'replace_meter', {
      ...{ meter: meters.alice, boundary: first + 1, digits: 9 },
      ...{ finalImportWh: 3, finalExportWh: 701, initialImportWh: 0, initialExportWh: 0 },
    })
    equal(await readingOf(market, alice), undefined)
  })

  test('tells nothing of its neighbour, whose register cannot be found by trying', async () => {
    const market = await opened()
    const batch = market.batch(1, { alice: [3, 700], bob: [650, 1] }, 0, blind)
    await market.intake.readings([batch])
    const signed = await readingOf(market, alice)
    const [, theirs] = batch.readings
    const [beside = ''] = signed?.batch?.path ?? []
    /** What somebody can do who knows all but one register of a neighbour. */
    const guess = (node: string): number | undefined => {
      for (let importWh = 0; importWh < 1_000; importWh += 1) {
        const leaf = theirs && readingLeaf({ ...theirs, importWh })
        if (leaf !== undefined && bytesToHex(leafHash(leaf)) === node) return importWh
      }
      return undefined
    }
    equal(guess(beside), undefined)
    const bare = { id: batch.id, gateway: 0, readings: batch.readings }
    ok(batchToSign(market.domain, bare).root !== signed?.batch?.root)
    equal(theirs && guess(bytesToHex(leafHash(readingLeaf(theirs)))), 650)
    ok(!JSON.stringify(signed).includes(blind.slice(2)))
  })
})

describe('an order as it was signed', () => {
  const where = (digest: string) => ({ zone: 0, interval: first, digest })

  test('is shown to its owner, and to nobody else', async () => {
    const market = await SmallMarket.open()
    const order = market.order('alice')
    await market.intake.orders([order])
    const views = viewsOf(market)
    const digest = orderDigest(market.domain, order)
    const named = where(bytesToHex(digest))
    const word = (await views.orderWord(alice, named))?.answer
    deepEqual([word?.digest, word?.signature], [named.digest, order.signature])
    deepEqual([word?.sealed, word?.mandate, word?.opening], [null, null, null])
    const { publicKey } = keysOf('alice')
    ok(isSignedBy('secp256k1', hexToBytes(publicKey), digest, hexToBytes(word?.signature ?? '')))
    deepEqual(await views.orderWord(bob, named), { owner: alice.account, answer: undefined })
    deepEqual((await views.orderWord(auditor, named))?.answer, word)
    equal(await views.orderWord(alice, { ...named, interval: first + 1 }), undefined)
    equal(await views.orderWord(alice, where(`0x${'00'.repeat(32)}`)), undefined)
  })

  test('is read from the journal only when it is there: the state is ahead of it', async () => {
    const market = await SmallMarket.open()
    const order = market.order('alice')
    await market.intake.orders([order])
    const steps: string[] = []
    const { lane, store, clearings } = market
    const journal = Object.assign(Object.create(store) as typeof store, {
      read: (...asked: Parameters<typeof store.read>) => {
        steps.push('read')
        return store.read(...asked)
      },
    })
    const durable = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      steps.push('durable')
    }
    const views = signatureViews({ state: lane.state, durable }, journal, clearings)
    ok(await views.orderWord(alice, where(bytesToHex(orderDigest(market.domain, order)))))
    deepEqual(steps, ['durable', 'read'])
  })

  test('by an agent comes with the mandate, until that is revoked', async () => {
    const market = await SmallMarket.open()
    const secret = new Uint8Array(32).fill(11)
    const publicKey = bytesToHex(publicKeyOf(secret))
    await market.instruct('alice', 'grant_mandate', {
      ...{ publicKey, meters: [0], buyMaxMicrosPerKwh: null, sellMinMicrosPerKwh: 100_000 },
      ...{ orderEnergyMaxWh: 400, dayEnergyMaxWh: 500, fromMs: 0, label: 'battery' },
      untilMs: market.now + 3_600_000,
    })
    const order = market.order('alice')
    const digest = orderDigest(market.domain, order)
    const signature = bytesToHex(signNamed('agent', secret, digest))
    await market.intake.orders([{ ...order, signature }])
    const word = (await viewsOf(market).orderWord(alice, where(bytesToHex(digest))))?.answer
    equal(namedWord('agent', digest, hexToBytes(word?.signature ?? '')), publicKey)
    const { id = '', account = -1, content = '', signature: given = '' } = word?.mandate ?? {}
    equal((JSON.parse(content) as { readonly publicKey: string }).publicKey, publicKey)
    const kind = 'grant_mandate'
    const granted = instructionDigest(market.domain, { id, account, kind, content })
    const key = hexToBytes(keysOf('alice').publicKey)
    ok(isSignedBy('secp256k1', key, granted, hexToBytes(given)))
    await market.instruct('alice', 'revoke_mandate', { publicKey })
    const later = (await viewsOf(market).orderWord(alice, where(bytesToHex(digest))))?.answer
    deepEqual(later, { ...word, mandate: null })
  })

  test('says where its key has been replaced since', async () => {
    const market = await SmallMarket.open()
    const order = market.order('alice')
    await market.intake.orders([order])
    const named = where(bytesToHex(orderDigest(market.domain, order)))
    equal((await viewsOf(market).orderWord(alice, named))?.answer?.isKeyReplaced, false)
    const content = { participant: alice.account, ...keysOf('alice again') }
    await market.instruct('operator', 'replace_key', content)
    equal((await viewsOf(market).orderWord(alice, named))?.answer?.isKeyReplaced, true)
  })

  test('that is sealed says what it was once it is cleared', async () => {
    const market = await openSealedMarket()
    const { sells } = await withOrders(market)
    const views = viewsOf(market)
    const named = where(sells.order.commitment)
    const before = (await views.orderWord(alice, named))?.answer
    deepEqual([before?.sealed?.commitment, before?.opening], [sells.order.commitment, null])
    await market.to(-1, 240)
    const word = (await views.orderWord(alice, named))?.answer
    deepEqual(word?.opening, sells.opening)
    const toAuditors = (await views.orderWord(auditor, named))?.answer
    deepEqual([toAuditors?.signature, toAuditors?.opening], [word?.signature, null])
    const { id = '', account = -1, zone = 0, interval = 0, sealed } = word ?? {}
    ok(sealed != null && word !== undefined)
    const digest = sealedOrderDigest(market.domain, { id, account, zone, interval, ...sealed })
    equal(bytesToHex(digest), word.digest)
    const key = hexToBytes(keysOf('alice').publicKey)
    ok(isSignedBy('secp256k1', key, digest, hexToBytes(word.signature)))
    deepEqual(await views.orderWord(bob, named), { owner: alice.account, answer: undefined })
  })
})
