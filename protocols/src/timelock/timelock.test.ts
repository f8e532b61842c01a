/**
 * Goal: an order opens with the committee's signature on its label, for its commitment, and in no
 * other way; whatever comes from outside is parsed strictly.
 * Method: a second implementation on another library seals what ours opens and opens what ours
 * seals; the published vectors of the hash to the curve; tables of malformed points; properties
 * over any committee, any choice of members and any changed byte. Replay one with `SEED=…`.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { bytesToHex, hexToBytes, textToBytes } from '../hash/index.ts'
import { groupOrder, hashBytesToG2, hashToG2, parseG1, pointToHex } from './curve.ts'
import {
  ciphertextBytes,
  combine,
  createOpener,
  isCiphertext,
  labelOf,
  open,
  parseLabel,
  plaintextBytes,
  seal,
  sealingKey,
  signShare,
  timelockReady,
  verificationKeyOf,
  verifyShare,
  verifySignature,
} from './index.ts'
import { nobleOpen, noblePublicKey, nobleSeal, nobleSign } from './testing/noble-timelock.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const runs = (numRuns: number) => (seed === undefined ? { numRuns } : { numRuns, seed })

const parts = {
  chainId: 31_337,
  intervalLog: `0x${'ab'.repeat(20)}`,
  zone: 2,
  interval: 5_900_123n,
}
const label = labelOf(parts)
const commitment = `0x${'12'.repeat(32)}`
const plaintext = Uint8Array.from({ length: plaintextBytes }, (_, i) => i)
const random = Uint8Array.from({ length: 48 }, (_, i) => 7 * i + 1)

const scalarHex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`
const code = (name: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === name

/** Shares of a polynomial with these coefficients: what a dealer would hand out. */
function sharesOf(coefficients: readonly bigint[], members: number): readonly bigint[] {
  return Array.from({ length: members }, (_, i) =>
    coefficients.reduceRight((sum, one) => (sum * BigInt(i + 1) + one) % groupOrder, 0n),
  )
}

const arbitraryScalar = fc.bigInt({ min: 1n, max: groupOrder - 1n })
const arbitraryBytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const arbitraryText = arbitraryBytes(plaintextBytes)
const arbitraryCommitment = arbitraryBytes(32).map(bytesToHex)

before(timelockReady)

describe('a label', () => {
  test('names version, chain, contract, zone and interval', () => {
    equal(label, `busbar/1/31337/0x${'ab'.repeat(20)}/2/5900123`)
  })

  const refused: readonly (readonly [name: string, change: object])[] = [
    ['an address in upper case', { intervalLog: `0x${'AB'.repeat(20)}` }],
    ['an address that is too short', { intervalLog: `0x${'ab'.repeat(19)}` }],
    ['an address with a slash', { intervalLog: `0x${'ab'.repeat(19)}/1` }],
    ['a fraction as interval', { interval: 0.5 }],
    ['a negative interval', { interval: -1 }],
    ['an interval that is not safe', { interval: 2 ** 53 }],
    ['an interval beyond 64 bits', { interval: 2n ** 64n }],
    ['a zone beyond 32 bits', { zone: 2 ** 32 }],
    ['a chain that is no number', { chainId: Number.NaN }],
  ]
  for (const [name, change] of refused) {
    test(`refuses ${name}`, () => {
      throws(() => labelOf({ ...parts, ...change }), code('TIMELOCK_MALFORMED'))
    })
  }
})

describe('a label that is read', () => {
  test('gives back its parts', () => {
    deepEqual(parseLabel(label), { ...parts, chainId: 31_337n })
  })

  const other = (from: string, to: string): string => label.replace(from, to)
  const refused: readonly (readonly [name: string, text: string])[] = [
    ['with a leading zero', other('/2/', '/02/')],
    ['of a zone beyond 32 bits', other('/2/', '/4294967296/')],
    ['of an interval beyond 64 bits', other('5900123', '18446744073709551616')],
    ['of another version', other('/1/', '/2/')],
    ['with an address in upper case', other('0xab', '0xAB')],
    ['with more behind it', `${label}\n`],
    ['that is empty', ''],
  ]
  for (const [name, text] of refused) {
    test(`is refused ${name}`, () => {
      throws(() => parseLabel(text), code('TIMELOCK_MALFORMED'))
    })
  }
})

describe('the hash to the curve', () => {
  /** RFC 9380, appendix J.10.1. */
  const tag = 'QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_'
  const vectors: readonly (readonly [message: string, x0: string, x1: string])[] = [
    [
      '',
      '0141ebfbdca40eb85b87142e130ab689c673cf60f1a3e98d' +
        '69335266f30d9b8d4ac44c1038e9dcdd5393faf5c41fb78a',
      '05cb8437535e20ecffaef7752baddf98034139c38452458b' +
        'aeefab379ba13dff5bf5dd71b72418717047f5b0f37da03d',
    ],
    [
      'abc',
      '02c2d18e033b960562aae3cab37a27ce00d80ccd5ba4b7fe' +
        '0e7a210245129dbec7780ccc7954725f4168aff2787776e6',
      '139cddbccdc5e91b9623efd38c49f81a6f83f175e80b06fc' +
        '374de9eb4b41dfe4ca3a230ed250fbe3a2acf73a41177fd8',
    ],
  ]
  for (const [message, x0, x1] of vectors) {
    test(`gives the published point for "${message}"`, () => {
      const hex = pointToHex(hashBytesToG2(textToBytes(message), tag)).slice(2)
      // Compressed: the imaginary part of x with three flags on top, then the real part.
      const first = (BigInt(`0x${hex.slice(0, 2)}`) & 0x1fn).toString(16).padStart(2, '0')
      equal(first + hex.slice(2, 96), x1)
      equal(hex.slice(96), x0)
    })
  }

  test('agrees with the second library under our tag, and is kept', () => {
    equal(pointToHex(hashToG2(label)), nobleSign(1n, label))
    equal(hashToG2(label), hashToG2(label))
  })
})

describe('sealing', () => {
  test('opens with the signature on its label, for its commitment only', () => {
    const [share] = [scalarHex(42n)]
    const publicKey = verificationKeyOf(share)
    const ciphertext = seal({ label, publicKey, commitment, plaintext, random })
    const signature = signShare(share, label)
    equal(hexToBytes(ciphertext).length, ciphertextBytes)
    deepEqual(open({ signature, commitment, ciphertext }), plaintext)
    equal(open({ signature, commitment: `0x${'13'.repeat(32)}`, ciphertext }), null)
    const other = signShare(share, labelOf({ ...parts, interval: 5_900_124 }))
    equal(open({ signature: other, commitment, ciphertext }), null)
    equal(open({ signature: signShare(scalarHex(43n), label), commitment, ciphertext }), null)
  })

  test('both implementations open what the other seals, to the byte', () => {
    fc.assert(
      fc.property(
        arbitraryScalar,
        arbitraryScalar,
        arbitraryText,
        arbitraryCommitment,
        (secret, scalar, text, ownCommitment) => {
          const publicKey = noblePublicKey(secret)
          equal(verificationKeyOf(scalarHex(secret)), publicKey)
          const signature = signShare(scalarHex(secret), label)
          equal(signature, nobleSign(secret, label))
          const order = { label, publicKey, commitment: ownCommitment, plaintext: text }
          const theirs = nobleSeal({ ...order, scalar })
          const wide = hexToBytes(`0x${scalar.toString(16).padStart(96, '0')}`)
          const ours = seal({ ...order, random: wide })
          equal(ours, theirs)
          const request = { signature, commitment: ownCommitment, ciphertext: ours }
          deepEqual(open(request), text)
          deepEqual(nobleOpen(request), text)
        },
      ),
      runs(8),
    )
  })

  test('a key that is reused gives each order a key of its own, and the same point', () => {
    const publicKey = verificationKeyOf(scalarHex(42n))
    const reuse = sealingKey({ label, publicKey, random })
    const request = { label, publicKey, plaintext, random: new Uint8Array(0), reuse }
    const first = seal({ ...request, commitment })
    const second = seal({ ...request, commitment: `0x${'13'.repeat(32)}` })
    equal(
      first,
      seal({ ...request, commitment, random, reuse: sealingKey({ ...request, random }) }),
    )
    equal(first.slice(0, 98), second.slice(0, 98))
    notEqual(first.slice(98), second.slice(98))
    const opener = createOpener(signShare(scalarHex(42n), label))
    deepEqual(opener.open(commitment, first), plaintext)
    deepEqual(opener.open(`0x${'13'.repeat(32)}`, second), plaintext)
    equal(opener.open(commitment, second), null)
    opener.close()
    throws(() => opener.open(commitment, first), /invariant broken/)
  })

  test('a key of another label or committee is not reused', () => {
    const publicKey = verificationKeyOf(scalarHex(42n))
    const reuse = sealingKey({ label, publicKey, random })
    const request = { label, publicKey, commitment, plaintext, random, reuse }
    const other = verificationKeyOf(scalarHex(43n))
    throws(() => seal({ ...request, label: `${label}0` }), code('TIMELOCK_MALFORMED'))
    throws(() => seal({ ...request, publicKey: other }), code('TIMELOCK_MALFORMED'))
  })

  test('any changed bit of a ciphertext opens nothing and stops nobody', () => {
    const publicKey = verificationKeyOf(scalarHex(42n))
    const ciphertext = hexToBytes(seal({ label, publicKey, commitment, plaintext, random }))
    const opener = createOpener(signShare(scalarHex(42n), label))
    fc.assert(
      fc.property(fc.nat(ciphertextBytes * 8 - 1), (bit) => {
        const changed = ciphertext.slice()
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        equal(opener.open(commitment, bytesToHex(changed)), null)
      }),
      runs(60),
    )
    deepEqual(opener.open(commitment, bytesToHex(ciphertext)), plaintext)
    opener.close()
  })

  test('refuses random bytes and plaintexts of another length', () => {
    const publicKey = verificationKeyOf(scalarHex(42n))
    const request = { label, publicKey, commitment, plaintext, random }
    throws(() => seal({ ...request, random: random.slice(1) }), code('TIMELOCK_MALFORMED'))
    throws(() => seal({ ...request, random: new Uint8Array(48) }), code('TIMELOCK_MALFORMED'))
    throws(() => seal({ ...request, plaintext: new Uint8Array(56) }), code('TIMELOCK_MALFORMED'))
    throws(() => seal({ ...request, commitment: '0x12' }), code('HEX_MALFORMED'))
  })
})

describe('points from outside', () => {
  const base = bls12_381.G1.Point.BASE.toBytes(true)
  const prime = bls12_381.fields.Fp.ORDER
  const withX = (x: bigint, flags: bigint): Uint8Array =>
    hexToBytes(`0x${(x | (flags << 376n)).toString(16).padStart(96, '0')}`)

  /** On the curve and outside of the subgroup: nearly every point is, found by trying. */
  function outsideSubgroup(): Uint8Array {
    for (let x = 1n; ; x += 1n) {
      const bytes = withX(x, 0x80n)
      try {
        if (!bls12_381.G1.Point.fromBytes(bytes).isTorsionFree()) return bytes
      } catch (error) {
        ok(error instanceof Error)
        if (/subgroup|torsion/i.test(error.message)) return bytes
      }
    }
  }

  const malformed: readonly (readonly [name: string, bytes: Uint8Array, why: RegExp])[] = [
    ['infinity', withX(0n, 0xc0n), /infinity/],
    ['a coordinate that is not reduced', withX(prime + 4n, 0x80n), /no point/],
    ['no flag of compression', withX(BigInt(bytesToHex(base)) & (2n ** 380n - 1n), 0n), /no point/],
    ['a coordinate off the curve', withX(1n, 0x80n), /subgroup|no point/],
    ['47 bytes', base.slice(1), /47 bytes/],
    ['49 bytes', Uint8Array.of(...base, 0), /49 bytes/],
    ['nothing', new Uint8Array(0), /0 bytes/],
    ['a point outside the subgroup', outsideSubgroup(), /outside the subgroup/],
  ]
  for (const [name, bytes, why] of malformed) {
    test(`refuses ${name}`, () => {
      throws(() => parseG1(bytes, 'publicKey'), code('TIMELOCK_MALFORMED'))
      throws(() => parseG1(bytes, 'publicKey'), why)
      const ciphertext = bytesToHex(Uint8Array.of(...bytes, ...new Uint8Array(73)))
      equal(isCiphertext(ciphertext), false)
      equal(open({ signature: signShare(scalarHex(1n), label), commitment, ciphertext }), null)
    })
  }

  test('the group is checked unless it was before', () => {
    const bytes = outsideSubgroup()
    ok(!parseG1(bytes, 'point', 'checked_before').isValidOrder())
    ok(parseG1(base, 'point').isValidOrder())
  })

  test('a share is a number from 1 to the order less 1', () => {
    for (const value of [0n, groupOrder, 2n ** 256n - 1n]) {
      throws(() => signShare(scalarHex(value), label), code('TIMELOCK_MALFORMED'))
    }
    throws(() => signShare('0x01', label), code('HEX_MALFORMED'))
    equal(signShare(scalarHex(groupOrder - 1n), label), nobleSign(groupOrder - 1n, label))
  })
})

describe('a committee', () => {
  test('any t of n make the joint signature, the same one', () => {
    const committee = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }))
      .chain(([threshold, more]) => {
        const members = threshold + more
        return fc.record({
          coefficients: fc.array(arbitraryScalar, { minLength: threshold, maxLength: threshold }),
          members: fc.constant(members),
          chosen: fc.shuffledSubarray(
            Array.from({ length: members }, (_, i) => i),
            { minLength: threshold },
          ),
        })
      })
    fc.assert(
      fc.property(committee, ({ coefficients, members, chosen }) => {
        const shares = sharesOf(coefficients, members)
        fc.pre(shares.every((share) => share !== 0n))
        const partials = chosen.map((i) => ({
          index: i + 1,
          partial: signShare(scalarHex(shares[i] ?? 0n), label),
        }))
        const [secret = 0n] = coefficients
        const joint = combine(coefficients.length, partials)
        equal(joint, nobleSign(secret, label))
        ok(verifySignature(noblePublicKey(secret), label, joint))
      }),
      runs(12),
    )
  })

  test('fewer than t open nothing, also not with wrong ones among them', () => {
    const coefficients = [11n, 22n, 33n]
    const publicKey = noblePublicKey(11n)
    const ciphertext = seal({ label, publicKey, commitment, plaintext, random })
    const partials = sharesOf(coefficients, 5).map((share, i) => ({
      index: i + 1,
      partial: signShare(scalarHex(share), label),
    }))
    const two = partials.slice(0, 2)
    throws(() => combine(3, two), code('COMMITTEE_BELOW_THRESHOLD'))
    const attempts = [
      combine(2, two),
      combine(3, [...two, { index: 4, partial: partials[4]?.partial ?? '' }]),
      combine(3, [...two, { index: 3, partial: signShare(scalarHex(99n), label) }]),
      ...two.map(({ partial }) => partial),
    ]
    for (const signature of attempts) {
      equal(verifySignature(publicKey, label, signature), false)
      equal(open({ signature, commitment, ciphertext }), null)
    }
    const signature = combine(3, partials)
    ok(verifySignature(publicKey, label, signature))
    deepEqual(open({ signature, commitment, ciphertext }), plaintext)
  })

  test('a wrong share is found by its key', () => {
    const key = verificationKeyOf(scalarHex(5n))
    ok(verifyShare(key, label, signShare(scalarHex(5n), label)))
    equal(verifyShare(key, label, signShare(scalarHex(6n), label)), false)
    equal(verifyShare(key, `${label}0`, signShare(scalarHex(5n), label)), false)
    equal(verifyShare(key, label, '0x00'), false)
    equal(verifyShare(key, label, `0xc0${'00'.repeat(95)}`), false)
    throws(() => verifyShare('0x00', label, signShare(scalarHex(5n), label)), code('HEX_MALFORMED'))
  })

  test('nobody counts twice, and numbers start at 1', () => {
    const partial = signShare(scalarHex(5n), label)
    for (const [first, second] of [
      [1, 1],
      [0, 1],
      [1, 256],
      [1, 1.5],
    ] as const) {
      const partials = [
        { index: first, partial },
        { index: second, partial },
      ]
      throws(() => combine(2, partials), code('TIMELOCK_MALFORMED'))
    }
    throws(() => combine(0, [{ index: 1, partial }]), code('COMMITTEE_BELOW_THRESHOLD'))
  })
})
