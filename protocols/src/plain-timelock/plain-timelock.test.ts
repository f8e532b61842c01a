/**
 * Goal: what is sealed without WebAssembly is, byte for byte, what is sealed with it; a key that is
 * no point of the group is refused.
 * Method: both are given the same labels, keys, orders and randomness, random ones. Replay one
 * failure with `SEED=…`.
 */
import { equal, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import fc from 'fast-check'
import { bytesToHex } from '../hash/index.ts'
import { labelOf, seal, timelockReady } from '../timelock/index.ts'
import { plainSeal } from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const publicKeyOf = (secret: bigint): string =>
  `0x${bls12_381.G1.Point.BASE.multiply(secret).toHex(true)}`

const place = { chainId: 31_337, intervalLog: `0x${'ab'.repeat(20)}`, zone: 0 }
const request = {
  label: labelOf({ ...place, interval: 7 }),
  publicKey: publicKeyOf(5n),
  commitment: `0x${'0c'.repeat(32)}`,
  plaintext: new Uint8Array(57).fill(3),
  random: new Uint8Array(48).fill(9),
}

describe('sealing without WebAssembly', () => {
  before(timelockReady)

  test('seals the same', () => {
    const asked = fc.record({
      interval: fc.nat(1_000_000),
      secret: fc.bigInt({ min: 1n, max: bls12_381.fields.Fr.ORDER - 1n }),
      ...{ commitment: bytes(32), plaintext: bytes(57), random: bytes(48) },
    })
    fc.assert(
      fc.property(asked, ({ interval, secret, commitment, plaintext, random }) => {
        const one = {
          label: labelOf({ ...place, interval }),
          publicKey: publicKeyOf(secret),
          ...{ commitment: bytesToHex(commitment), plaintext, random },
        }
        equal(plainSeal(one), seal(one))
      }),
      { numRuns: 4, ...replay },
    )
  })

  const wrong: readonly (readonly [what: string, change: Partial<typeof request>, code: string])[] =
    [
      ['infinity', { publicKey: `0xc0${'00'.repeat(47)}` }, 'TIMELOCK_MALFORMED'],
      ['no point', { publicKey: `0xff${'11'.repeat(47)}` }, 'TIMELOCK_MALFORMED'],
      ['a short key', { publicKey: '0x1234' }, 'HEX_MALFORMED'],
      ['a short plaintext', { plaintext: new Uint8Array(56) }, 'TIMELOCK_MALFORMED'],
      ['a zero scalar', { random: new Uint8Array(48) }, 'TIMELOCK_MALFORMED'],
      ['too little randomness', { random: new Uint8Array(47).fill(1) }, 'TIMELOCK_MALFORMED'],
    ]
  for (const [what, change, code] of wrong) {
    test(`refuses ${what}`, () => {
      throws(() => plainSeal({ ...request, ...change }), { code })
    })
  }
})
