/**
 * Goal: what a device said has one leaf, and its batch is signed as what it is and nothing else.
 * Method: a recorded leaf and digest, leaves that differ wherever any two readings do, a table of
 * fields out of range, and the same numbers as a meter's batch. Replay with `SEED=…`.
 */
import { equal, notEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import { createDomain, readingBatchDigest } from '../eip712/index.ts'
import { bytesToHex } from '../hash/index.ts'
import { readingLeafLength } from '../readings/index.ts'
import {
  deviceBatchToSign,
  deviceKinds,
  type DeviceReading,
  deviceReadingLeaf,
  deviceReadingLeafLength,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const register = fc.bigInt({ min: 0n, max: 10n ** 15n })
const arbitraryReading: fc.Arbitrary<DeviceReading> = fc.record({
  account: fc.integer({ min: 0, max: 0xffff_ffff }),
  device: fc.integer({ min: 0, max: 7 }),
  kind: fc.constantFrom(...deviceKinds),
  boundary: fc.maxSafeNat(),
  version: fc.integer({ min: 0, max: 255 }),
  inWh: register,
  outWh: register,
  chargeBasisPoints: fc.option(fc.integer({ min: 0, max: 10_000 })),
  isPluggedIn: fc.option(fc.boolean()),
})

const reading: DeviceReading = {
  ...{ account: 7, device: 1, kind: 'battery', boundary: 5_900_000, version: 1 },
  ...{ inWh: 123_456n, outWh: 9, chargeBasisPoints: 5_000, isPluggedIn: null },
}

describe('what a device said', () => {
  test('has its recorded leaf', () => {
    equal(
      bytesToHex(deviceReadingLeaf(reading)),
      `0x${'00000007'}${'01'}${'01'}${'00000000005a06e0'}${'01'}${'000000000001e240'}` +
        `${'0000000000000009'}${'00001388'}${'ff'}`,
    )
    equal(deviceReadingLeafLength, 36)
    notEqual(deviceReadingLeafLength, readingLeafLength)
  })

  test('differs in its leaf wherever it differs in a field', () => {
    fc.assert(
      fc.property(arbitraryReading, arbitraryReading, (a, b) => {
        const same = Object.keys(a).every((key) => Reflect.get(a, key) === Reflect.get(b, key))
        equal(bytesToHex(deviceReadingLeaf(a)) === bytesToHex(deviceReadingLeaf(b)), same)
      }),
      replay,
    )
    const change = (changed: Partial<DeviceReading>): string =>
      bytesToHex(deviceReadingLeaf({ ...reading, ...changed }))
    const leaves = [
      change({}), change({ chargeBasisPoints: null }), change({ chargeBasisPoints: 0 }),
      change({ isPluggedIn: true }), change({ isPluggedIn: false }),
      ...deviceKinds.filter((kind) => kind !== 'battery').map((kind) => change({ kind })),
    ]
    equal(new Set(leaves).size, leaves.length)
  })

  test('outside its ranges has no leaf', () => {
    const changes = [
      { account: -1 }, { account: 2 ** 32 }, { device: 256 }, { boundary: 0.5 }, { version: -1 },
      { inWh: -1n }, { outWh: 2n ** 64n }, { chargeBasisPoints: -1 }, { kind: 'toaster' },
    ]
    for (const change of changes) {
      const [field] = Object.keys(change)
      throws(() => deviceReadingLeaf({ ...reading, ...change } as DeviceReading), (error) => {
        return error instanceof Fault && error.details.field === field
      })
    }
  })
})

describe('a batch of devices', () => {
  const domain = createDomain({
    market: 'm',
    chainId: 1,
    verifyingContract: `0x${'11'.repeat(20)}`,
  })
  const id = `0x${'22'.repeat(16)}`
  const batch = { id, gateway: 4, readings: [reading, { ...reading, device: 2 }] }

  test('has its recorded digest', () => {
    const { root, count, digest } = deviceBatchToSign(domain, batch)
    equal(root, '0x01bab5687d8fba128bae00be5bf8c52957d244c919e1285dbf818cfada524774')
    equal(count, 2)
    equal(
      bytesToHex(digest),
      '0xe39efd1761b2fcbbcce50748487c52ac8cb28b6e82be903fd20c3a4f3d4667b2',
    )
  })

  test('is not what a gateway signs of its meters, though its numbers are the same', () => {
    const { root, count, digest } = deviceBatchToSign(domain, batch)
    const meters = readingBatchDigest(domain, { id, gateway: 4, root, count })
    notEqual(bytesToHex(meters), bytesToHex(digest))
  })

  test('is another with another id, gateway, order or number of readings', () => {
    const digestOf = (changed: Partial<typeof batch>): string =>
      bytesToHex(deviceBatchToSign(domain, { ...batch, ...changed }).digest)
    const digests = [
      digestOf({}), digestOf({ gateway: 5 }), digestOf({ id: `0x${'23'.repeat(16)}` }),
      digestOf({ readings: batch.readings.toReversed() }),
      digestOf({ readings: batch.readings.slice(1) }),
    ]
    equal(new Set(digests).size, digests.length)
  })
})
