/**
 * Goal: pairings that are computed two at a time are those of two other libraries, to the byte, for
 * whatever points; an opener that computes them wrong voids nobody's order.
 * Method: properties against noble's pairing and its field of twelve, and against mcl's pairing;
 * numbers whose limbs are as large as limbs can be; a planted wrong pairing. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { bytesToHex } from '../../hash/index.ts'
import { affineG1, affineG2, g2FromHex, pair, parseG1 } from '../curve.ts'
import {
  createOpener,
  labelOf,
  plaintextBytes,
  seal,
  signShare,
  timelockReady,
  verificationKeyOf,
} from '../index.ts'
import { finalExponentiation } from './final-exponentiation.ts'
import { createTwinPairing } from './index.ts'
import { inverse, inverses, reduced } from './lines.ts'
import { createMachine, type Machine } from './machine.ts'
import { prime } from './field-code.ts'
import { fieldBytes, fp12Bytes, fp2Bytes } from './tower-code.ts'

const { Fp12 } = bls12_381.fields
type Value = ReturnType<typeof Fp12.fromBigTwelve>

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const runs = (numRuns: number) => (seed === undefined ? { numRuns } : { numRuns, seed })

const groupOrder = bls12_381.fields.Fr.ORDER
const label = labelOf({ chainId: 1, intervalLog: `0x${'ab'.repeat(20)}`, zone: 0, interval: 7 })
const scalarHex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`
const arbitraryScalar = fc.bigInt({ min: 1n, max: groupOrder - 1n })

before(timelockReady)

const pointOf = (scalar: bigint) =>
  parseG1(bls12_381.G1.Point.BASE.multiply(scalar).toBytes(true), 'point')

function twinOf(signature: string) {
  const twin = createTwinPairing(affineG2(g2FromHex(signature, 'signature')))
  ok(twin !== null, 'this machine multiplies and adds at once')
  return twin
}

/** As `K` is written: of each square extension the imaginary part first. */
function nobleBytes(value: Value): Uint8Array {
  const bytes = Fp12.toBytes(value)
  const swapped = Array.from({ length: 6 }, (_, i) => [
    ...bytes.subarray(96 * i + 48, 96 * i + 96),
    ...bytes.subarray(96 * i, 96 * i + 48),
  ])
  return Uint8Array.from(swapped.flat())
}

describe('pairings of twins', () => {
  test('are those of a second library, to the byte', () => {
    fc.assert(
      fc.property(
        arbitraryScalar,
        fc.array(arbitraryScalar, { minLength: 1, maxLength: 3 }),
        (secret, scalars) => {
          const signature = signShare(scalarHex(secret), label)
          const paired = twinOf(signature).pair(scalars.map((one) => affineG1(pointOf(one))))
          const other = bls12_381.G2.Point.fromHex(signature.slice(2))
          const expected = scalars.map((one) =>
            nobleBytes(bls12_381.pairing(bls12_381.G1.Point.BASE.multiply(one), other)),
          )
          deepEqual(paired, expected)
        },
      ),
      runs(6),
    )
  })

  test('are those of a third one, for as many points as there are, even and odd', () => {
    const signature = signShare(scalarHex(77n), label)
    const joint = g2FromHex(signature, 'signature')
    const twin = twinOf(signature)
    deepEqual(twin.pair([]), [])
    let scalar = 3n
    for (const count of [1, 2, 63, 64, 65, 131]) {
      const points = Array.from({ length: count }, () => {
        scalar = (scalar * scalar + 1n) % groupOrder
        return pointOf(scalar)
      })
      const paired = twin.pair(points.map(affineG1))
      deepEqual(paired, points.map((point) => pair(point, joint).serialize()))
    }
  })

  test('of two openers do not disturb each other', () => {
    const [first, second] = [5n, 6n].map((secret) => signShare(scalarHex(secret), label))
    ok(first !== undefined && second !== undefined)
    const [one, two] = [twinOf(first), twinOf(second)]
    const point = pointOf(9n)
    for (const [twin, signature] of [[one, first], [two, second], [one, first]] as const) {
      const expected = pair(point, g2FromHex(signature, 'signature')).serialize()
      deepEqual(twin.pair([affineG1(point)]), [expected])
    }
  })
})

describe('the field of twelve', () => {
  const machine = createMachine() as Machine
  const [a, b, d, line, point] = Array.from({ length: 5 }, () => machine.room(fp12Bytes)) as [
    number, number, number, number, number,
  ]
  const write = (at: number, numbers: readonly bigint[], lane: 0 | 1): void => {
    for (const [i, one] of numbers.entries()) machine.write(at + i * fieldBytes, lane, one)
  }
  const read = (at: number, lane: 0 | 1): Value =>
    Fp12.fromBigTwelve(
      Array.from({ length: 12 }, (_, i) => machine.read(at + i * fieldBytes, lane)) as never,
    )
  const value = (numbers: readonly bigint[]): Value => Fp12.fromBigTwelve(numbers as never)

  /** In memory a number is multiplied by this. */
  const radix = (1n << 408n) % prime
  /** A number whose limbs in memory are as far from zero as they get, or nearly. */
  const extreme = fc
    .array(fc.constantFrom(-1n, 1n), { minLength: 7, maxLength: 7 })
    .map((signs) => {
      const sum = signs.reduce((all, sign, i) => all + ((sign << 50n) - sign << BigInt(51 * i)), 0n)
      return reduced((sum + (3n << 357n)) * inverse(radix))
    })
  const uniform = fc.bigInt({ min: 0n, max: prime - 1n })
  const few = fc.constantFrom(0n, 1n, 2n, prime - 1n, prime - 2n)
  const number = fc.oneof(uniform, extreme, few)
  const twelve = fc.array(number, { minLength: 12, maxLength: 12 })

  test('multiplies, squares and conjugates as another library does, each lane its own', () => {
    fc.assert(
      fc.property(twelve, twelve, twelve, twelve, (a0, a1, b0, b1) => {
        for (const [lane, x, y] of [[0, a0, b0], [1, a1, b1]] as const) {
          write(a, x, lane)
          write(b, y, lane)
        }
        const results = (['multiply12', 'square12', 'conjugate'] as const).map((name) => {
          machine.run[name](d, a, b)
          return [read(d, 0), read(d, 1)]
        })
        const lanes = [[a0, b0], [a1, b1]].map(([x = [], y = []]) => [value(x), value(y)] as const)
        const expected = [
          lanes.map(([x, y]) => Fp12.mul(x, y)),
          lanes.map(([x]) => Fp12.sqr(x)),
          lanes.map(([x]) => Fp12.conjugate(x)),
        ]
        deepEqual(results, expected)
      }),
      runs(150),
    )
  })

  test('multiplies by a line as by the element that it stands for', () => {
    fc.assert(
      fc.property(twelve, twelve, (f, [c0 = 0n, c1 = 0n, s0 = 0n, s1 = 0n, y = 0n, x = 0n]) => {
        for (const lane of [0, 1] as const) {
          write(a, f, lane)
          write(line, [c0, c1, s0, s1], lane)
          write(point, [y, x], lane)
        }
        machine.run.multiplyLine(d, a, line, point)
        const times = (one: bigint, other: bigint): bigint => reduced(one * other)
        const element = [times(c0, y), times(c1, y), times(s0, x), times(s1, x)]
        const zeros = new Array<bigint>(12).fill(0n)
        const sparse = value([...element, ...zeros.slice(4, 8), 1n, ...zeros.slice(9)])
        deepEqual(read(d, 1), Fp12.mul(value(f), sparse))
      }),
      runs(80),
    )
  })

  test('has the final exponentiation of another library, also of many at once', () => {
    const finish = finalExponentiation(machine)
    fc.assert(
      fc.property(twelve, twelve, (x, y) => {
        fc.pre([x, y].every((one) => one.some((part) => part !== 0n)))
        write(a, x, 0)
        write(a, y, 1)
        write(b, y, 0)
        write(b, x, 1)
        finish([a, b])
        const [ofX, ofY] = [x, y].map((one) => Fp12.finalExponentiate(value(one)))
        deepEqual([read(a, 0), read(a, 1), read(b, 0), read(b, 1)], [ofX, ofY, ofY, ofX])
      }),
      runs(12),
    )
  })

  test('squares what the final exponentiation squares, hundreds of times', () => {
    let x = Fp12.finalExponentiate(value(Array.from({ length: 12 }, (_, i) => 7n ** BigInt(i))))
    const bigTwelve = [x.c0, x.c1].flatMap(({ c0, c1, c2 }) =>
      [c0, c1, c2].flatMap((one) => [one.c0, one.c1]),
    )
    for (const lane of [0, 1] as const) write(a, bigTwelve, lane)
    let [from, to] = [a, d]
    for (let i = 0; i < 400; i += 1) {
      machine.run.squareCyclotomic(to, from)
      x = Fp12.sqr(x)
      deepEqual(read(to, (i % 2) as 0 | 1), x)
      ;[from, to] = [to, from]
    }
  })

  test('inverts many numbers as one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: prime - 1n }), { maxLength: 9 }), (some) => {
        deepEqual(inverses(some), some.map(inverse))
        for (const one of some) equal(reduced(one * inverse(one)), 1n)
      }),
      runs(50),
    )
  })

  test('ends where its memory ends', () => {
    const machineOfItsOwn = createMachine() as Machine
    let failed: unknown
    for (let i = 0; failed === undefined && i < 10_000; i += 1) {
      try {
        machineOfItsOwn.room(fp2Bytes)
      } catch (error) {
        failed = error
      }
    }
    ok(failed instanceof Error && /memory is full/.test(failed.message))
  })
})

describe('an opener of many orders', () => {
  const secret = scalarHex(42n)
  const count = 40

  function orders() {
    const publicKey = verificationKeyOf(secret)
    return Array.from({ length: count }, (_, i) => {
      const commitment = bytesToHex(new Uint8Array(32).fill(i + 1))
      const plaintext = new Uint8Array(plaintextBytes).fill(i)
      const random = new Uint8Array(48).fill(i + 1)
      const ciphertext = seal({ label, publicKey, commitment, plaintext, random })
      return { commitment, ciphertext, plaintext }
    })
  }

  test('opens each, and voids those alone that do not open', () => {
    const sealed = orders()
    const spoilt = sealed.map((order, i) => {
      if (i % 5 === 1) return { ...order, commitment: `0x${'ff'.repeat(32)}` }
      if (i % 5 === 2) return { ...order, ciphertext: `0x00${order.ciphertext.slice(4)}` }
      if (i % 5 === 3) return { ...order, ciphertext: '0x12' }
      return order
    })
    const opener = createOpener(signShare(secret, label))
    const isSpoilt = (i: number): boolean => i % 5 > 0 && i % 5 < 4
    const expected = sealed.map(({ plaintext }, i) => (isSpoilt(i) ? null : plaintext))
    deepEqual(opener.openAll(spoilt), expected)
    deepEqual(opener.openAll(sealed), sealed.map(({ plaintext }) => plaintext))
    deepEqual(opener.openAll([]), [])
    opener.close()
  })

  test('opens them all the same where twins come out wrong, or there are none', () => {
    const sealed = orders()
    const expected = sealed.map(({ plaintext }) => plaintext)
    const wrong = { pair: (points: readonly object[]) => points.map(() => new Uint8Array(576)) }
    for (const twin of [wrong, null]) {
      const opener = createOpener(signShare(secret, label), 'subgroup', () => twin)
      deepEqual(opener.openAll(sealed), expected)
      opener.close()
    }
  })
})
