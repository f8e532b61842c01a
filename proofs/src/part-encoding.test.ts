/**
 * Goal: the proofs of a large set travel as one and come out as they were, or not at all; all of
 * them are verified, each by the contract of its circuit with the inputs that are its own.
 * Method: random parts; damaged bytes; and an EVM that accepts just the calls it was told of. That
 * the contract on chain reads the same is tested in contracts/test/verifiers.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fieldOrder, fieldToHex, packHeader, rootOfParts } from '@busbar/protocols/sealed-orders'
import fc from 'fast-check'
import type { CircuitName } from './circuit.ts'
import { pinOf } from './keys.ts'
import { decodeParts, encodeParts, ordersMax, type PartProofs, partsOf } from './part-encoding.ts'
import { proofsNeeded } from './part-proofs.ts'
import { verifierSize } from './verifier-source.ts'
import { checkProof, circuitsOf, verifyCall } from './verify.ts'

const field = fc.bigInt({ min: 0n, max: fieldOrder - 1n }).map((value) => fieldToHex(value))

const arbitraryParts: fc.Arbitrary<PartProofs> = fc
  .record({
    count: fc.integer({ min: 2, max: 16 }),
    length: fc.integer({ min: 0, max: 70 }),
    fields: fc.array(field, { minLength: 49, maxLength: 49 }),
    bytes: fc.uint8Array({ minLength: 1_200, maxLength: 1_200 }),
    rest: fc.uint8Array({ maxLength: 90 }),
  })
  .map(({ count, length, fields, bytes, rest }) => ({
    parts: Array.from({ length: count }, (_, i) => ({
      ordersRoot: fields[i] ?? '',
      fillsRoot: fields[16 + i] ?? '',
      before: fields[32 + i] ?? '',
      after: fields[33 + i] ?? '',
    })),
    proofs: [
      ...Array.from({ length: count }, (_, i) => bytes.slice(i * length, (i + 1) * length)),
      rest,
    ],
  }))

const plain = ({ parts, proofs }: PartProofs) => ({
  parts,
  proofs: proofs.map((proof) => Buffer.from(proof).toString('hex')),
})

describe('the proofs of parts', () => {
  test('come out as they were', () => {
    fc.assert(
      fc.property(arbitraryParts, (given) => {
        const decoded = decodeParts(encodeParts(given), given.parts.length)
        ok(decoded)
        deepEqual(plain(decoded), plain(given))
      }),
    )
  })

  test('are none where the bytes end before them, or a word is no field element', () => {
    fc.assert(
      fc.property(arbitraryParts, fc.nat(), (given, chance) => {
        const count = given.parts.length
        const bytes = encodeParts(given)
        const needed = bytes.length - (given.proofs.at(-1)?.length ?? 0)
        equal(decodeParts(bytes.subarray(0, chance % needed), count), undefined)
        const large = Buffer.from(bytes)
        large.fill(0xff, 32 * (1 + (chance % (3 * count + 1))), undefined)
        equal(decodeParts(large, count), undefined)
        const long = Buffer.from(bytes)
        long.fill(0xff, 0, 32)
        equal(decodeParts(long, count), undefined)
      }),
    )
  })

  test('are put together only if they are chained and complete', () => {
    const part = (n: number) => ({
      ...{ ordersRoot: word(n), fillsRoot: word(n), before: word(n), after: word(n + 1) },
    })
    const proof = new Uint8Array(32)
    for (const [parts, proofs] of [
      [[], []],
      [
        [part(1), part(2)],
        [proof, proof],
      ],
      [
        [part(1), part(3)],
        [proof, proof, proof],
      ],
      [
        [part(1), part(2)],
        [proof, new Uint8Array(64), proof],
      ],
    ] as const) {
      throws(() => encodeParts({ parts, proofs }))
    }
  })

  test('have a size for two parts to sixteen', () => {
    const sizes = [64, 4_096, 4_097, 8_192, 12_288, 65_536, 69_632, 8_192.5, -8_192, Number.NaN]
    deepEqual(sizes.map(partsOf), [
      ...[undefined, undefined, undefined, 2, 3, 16],
      ...[undefined, undefined, undefined, undefined],
    ])
    equal(ordersMax, 65_536)
    deepEqual(circuitsOf(65), [])
  })
})

const word = (value: number): string => fieldToHex(BigInt(value))

describe('who checks a proof of parts offline', () => {
  const parts = [10, 20].map((n) => ({
    ordersRoot: word(n),
    fillsRoot: word(n + 1),
    before: word(n),
    after: word(n + 10),
  }))
  const proofs = [1, 2, 3].map((n) => Buffer.alloc(32, n))
  const publicInputs = [
    word(7),
    rootOfParts(parts.map(({ ordersRoot }) => ordersRoot)),
    rootOfParts(parts.map(({ fillsRoot }) => fillsRoot)),
    packHeader({ orderCount: 4_100, voidCount: 0, priceMicrosPerKwh: null, energyWh: 0 }),
  ]
  const proof = encodeParts({ parts, proofs })
  const needed = proofsNeeded(publicInputs, parts) ?? []

  /** Answers yes to the calls for `proven` alone, and what a pinned verifier says of itself. */
  const evmFor = (
    proven: readonly number[],
    digests: Partial<Record<CircuitName, string>> = {},
  ) => ({
    async call(circuit: string, data: string): Promise<string | undefined> {
      const name = circuit as CircuitName
      if (data === isDevelopment) return '0x1'
      if (data === size) return `0x${verifierSize(name).toString(16)}`
      if (data === keyDigest) return `0x${digests[name] ?? pinOf(name, true).keySha256}`
      const isProven = proven.some((i) => {
        const { circuit: own, publicInputs: inputs } = needed[i] ?? {}
        return own === name && data === verifyCall(proofs[i] ?? proof, inputs ?? [])
      })
      return isProven ? '0x1' : undefined
    },
  })
  const check = (
    evm: ReturnType<typeof evmFor>,
    given: { size?: number; proof?: Uint8Array } = {},
  ) => checkProof({ size: 8_192, proof, publicInputs, ...given }, (circuit) => circuit, evm)

  test('asks for every one of them', async () => {
    const right = { isKeyPinned: true, isValid: true, isDevelopment: true }
    deepEqual(await check(evmFor([0, 1, 2])), right)
    for (const proven of [[0, 1], [0, 2], [1, 2], []]) {
      equal((await check(evmFor(proven))).isValid, false)
    }
  })

  test('wants both keys to be the pinned ones', async () => {
    for (const circuit of ['clearing-part', 'clearing-join'] as const) {
      const checked = await check(evmFor([0, 1, 2], { [circuit]: '0'.repeat(64) }))
      deepEqual([checked.isKeyPinned, checked.isValid], [false, true])
    }
  })

  test('takes no other size, and no other bytes', async () => {
    const evm = evmFor([0, 1, 2])
    for (const other of [4_096, 12_288, 65]) {
      equal((await check(evm, { size: other })).isValid, false)
    }
    equal((await check(evm, { size: 65 })).isKeyPinned, false)
    equal((await check(evm, { proof: proof.subarray(1) })).isValid, false)
    equal((await check(evm, { proof: new Uint8Array(0) })).isValid, false)
  })
})

/** Selectors by the ABI's rule, as `cast sig` prints them. */
const [isDevelopment, size, keyDigest] = ['0x1cc14cbc', '0x949d225d', '0xa9496a3c']
