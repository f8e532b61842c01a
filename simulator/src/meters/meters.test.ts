/**
 * Goal: registers count as real ones do, batches are signed so that anybody can check them, and
 * faults happen exactly as asked for.
 * Method: worked register values; signatures checked by Node's own crypto and against the slow
 * signer; fault plans compared with their rates and lists.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { createDomain } from '@busbar/protocols/eip712'
import { type Hex, hexToBytes } from '@busbar/protocols/hash'
import { batchToSign, provesReading, readingSalt, readingsTree } from '@busbar/protocols/readings'
import fc from 'fast-check'
import secp256k1 from 'secp256k1'
import { planFaults } from './faults.ts'
import { seededGateways, signBatch } from './gateways.ts'
import { addressOfKey, seededId, seededKey, signNative, signSlow } from './keys.ts'
import { createMainMeter } from './main-meter.ts'
import { createMeter } from './registers.ts'

const seed = Number(process.env.SEED ?? 1)

test('registers add up and begin again after their last digit', () => {
  const meter = createMeter({ digits: 6, initial: { importWh: 999_990, exportWh: 5 } })
  deepEqual(meter.reported(), { importWh: 999_990, exportWh: 5 })
  meter.count({ importWh: 30, exportWh: 0 })
  meter.count({ importWh: 0, exportWh: 7 })
  deepEqual(meter.reported(), { importWh: 20, exportWh: 12 })
  deepEqual(meter.truth(), meter.reported())
})

test('a lying meter reports its share of the truth, to the watt-hour over time', () => {
  const lieBasisPoints = { import: 9_000, export: 11_000 }
  const initial = { importWh: 0, exportWh: 0 }
  const meter = createMeter({ digits: 9, initial, lieBasisPoints })
  for (let k = 0; k < 100; k += 1) meter.count({ importWh: 7, exportWh: 3 })
  deepEqual(meter.truth(), { importWh: 700, exportWh: 300 })
  deepEqual(meter.reported(), { importWh: 630, exportWh: 330 })
})

test('native and plain signing give the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), (digest, name) => {
      const { privateKey } = seededKey(seed, name, 'secp256k1')
      deepEqual(signNative(privateKey, digest), signSlow(privateKey, digest))
    }),
    { seed, numRuns: 20 },
  )
})

test('keys and ids repeat by seed and differ by name', () => {
  equal(seededKey(1, 'a', 'p256').publicKey, seededKey(1, 'a', 'p256').publicKey)
  ok(seededKey(1, 'a', 'secp256k1').publicKey !== seededKey(2, 'a', 'secp256k1').publicKey)
  equal(addressOfKey(seededKey(1, 'a', 'secp256k1')).length, 42)
  ok(/^0x[0-9a-f]{32}$/.test(seededId(1, 'x')) && seededId(1, 'x') !== seededId(1, 'y'))
})

test('a batch carries one signature over all its readings, whatever the curve', () => {
  const place = { market: 'der-to-cash', chainId: 1, verifyingContract: `0x${'1'.repeat(40)}` }
  const domain = createDomain(place)
  const gateways = seededGateways(seed, 45)
  deepEqual(gateways.map((gateway) => gateway.sites.length), [20, 20, 5])
  gateways.forEach(({ key }, gateway) => {
    const readings = [3, 4].map((meter) => ({
      meter, boundary: 9, version: 0, importWh: 100 + meter, exportWh: 0,
    }))
    const content = { gateway, boundary: 9, attempt: 0, readings }
    const batch = signBatch(domain, seed, key, content)
    deepEqual(signBatch(domain, seed, key, content), batch)
    const { id, blind } = batch
    const { digest, root } = batchToSign(domain, { id, gateway, readings, blind })
    equal(batch.root, root)
    ok(signedBy(key.publicKey, key.curve, digest, batch.signature))
    const place = { index: 1, count: 2, path: readingsTree(readings, blind).proof(1) }
    const [, second] = readings
    ok(second !== undefined)
    const salt = readingSalt(blind, 1)
    ok(provesReading(hexToBytes(root), second, { ...place, salt }))
    equal(provesReading(hexToBytes(root), second, place), false)
  })
})

test('faults come at their rate, at the same places for the same seed', () => {
  const options = {
    late: { rate: 0.2, delayIntervals: 3 },
    duplicate: { rate: 0.1 },
    lost: { rate: 0.05 },
    lying: { rate: 0.1, percent: -20 },
  }
  const faults = planFaults(seed, options)
  const all = Array.from({ length: 20_000 }, (_, i) => faults.arrivals(i % 9, i))
  const share = (want: (arrivals: readonly number[]) => boolean): number =>
    all.filter(want).length / all.length
  const near = (value: number, wanted: number): void =>
    ok(Math.abs(value - wanted) < 0.01, `${value} is not ${wanted}`)
  near(share((arrivals) => arrivals.length === 0), 0.05)
  near(share((arrivals) => arrivals.length === 2), 0.95 * 0.1)
  near(share((arrivals) => arrivals[0] === 3), 0.95 * 0.2)
  const again = planFaults(seed, options)
  deepEqual(again.liars(1_000), faults.liars(1_000))
  near(faults.liars(10_000).length / 10_000, 0.1)
  const [liar = -1] = faults.liars(1_000)
  deepEqual(faults.lieBasisPoints(liar), { import: 8_000, export: 12_000 })
})

test('faults come exactly where they were asked for', () => {
  const faults = planFaults(seed, {
    late: { exactly: [{ gateway: 1, boundary: 4 }], delayIntervals: 2 },
    duplicate: { exactly: [{ gateway: 1, boundary: 4 }] },
    lost: { exactly: [{ gateway: 0, boundary: 7 }], recoveredAfterIntervals: 5 },
    lying: { exactly: [3], percent: 10 },
  })
  deepEqual(faults.arrivals(1, 4), [2, 2])
  deepEqual(faults.arrivals(0, 4), [0])
  deepEqual(faults.arrivals(0, 7), [5])
  deepEqual(faults.liars(10), [3])
  deepEqual(faults.lieBasisPoints(2), { import: 10_000, export: 10_000 })
})

test('fault options outside their limits are refused by name', () => {
  throws(() => planFaults(1, { late: { rate: 2, delayIntervals: 1 } }), /late.rate is 2, must be/)
  throws(() => planFaults(1, { late: { rate: 1, delayIntervals: 0 } }), /late.delayIntervals is 0/)
  throws(() => planFaults(1, { lying: { rate: 1, percent: 101 } }), /lying.percent is 101/)
})

test('the main meter sees the sum, interval by interval', () => {
  const main = createMainMeter()
  main.count({ importWh: 10, exportWh: 0 })
  main.count({ importWh: 0, exportWh: 25 })
  main.next()
  main.next()
  deepEqual(main.netImportWh(), [-15, 0])
})

/** P-256 by Node's own verification, from the compressed key as SPKI DER. */
function signedBy(publicKey: Hex, curve: string, digest: Uint8Array, signature: Hex): boolean {
  const compact = hexToBytes(signature).subarray(0, 64)
  if (curve === 'secp256k1') return secp256k1.ecdsaVerify(compact, digest, hexToBytes(publicKey))
  const algorithm = sequence('06072a8648ce3d020106082a8648ce3d030107')
  const der = Buffer.from(sequence(`${algorithm}032200${publicKey.slice(2)}`), 'hex')
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify('sha256', digest, { key, dsaEncoding: 'ieee-p1363' }, compact)
}

const sequence = (hex: string): string =>
  `30${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
