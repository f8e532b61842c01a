/**
 * Goal: a proof as it travels shows the energy of its meter or that there is none, and nothing of
 * anybody else.
 * Method: trees of random meters against the list they are made of, as bytes; every byte changed;
 * and what a curious neighbour can try. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, notDeepEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import { bytesToHex, keccak256, textToBytes } from '../hash/index.ts'
import {
  energyKey,
  energyValue,
  type MeterEnergy,
  meterSecret,
  secretHashOf,
  TradedEnergyTree,
} from './energy.ts'
import { decodeProof, encodeProof, openProof } from './proof.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const place = { zone: 4_294_967_294, interval: 1_900_000 }
const run = { ...place, run: 0 }
const salt = keccak256(textToBytes('salt of a market'))
const energyOf = (meter: number, soldWh: bigint, boughtWh = 0n): MeterEnergy => ({
  meter,
  soldWh: WattHours.from(soldWh),
  boughtWh: WattHours.from(boughtWh),
})

const meters = [energyOf(7, 831n), energyOf(8, 0n, 5_000n), energyOf(9, 0n), energyOf(12, 1n, 2n)]
const tree = new TradedEnergyTree(run, salt, meters)

function open(
  bytes: Uint8Array,
  meter: number,
  where = place,
  secret = meterSecret(salt, meter),
) {
  const proof = decodeProof(bytes)
  return proof === undefined ? undefined : openProof(where, meter, secret, proof)
}

describe('a tree of traded energy', () => {
  const wattHours = fc.bigInt({ min: 0n, max: WattHours.max })
  const anyMeters = fc.uniqueArray(fc.tuple(fc.nat({ max: 20 }), wattHours, wattHours), {
    maxLength: 15,
    selector: ([meter]) => meter,
  })
  const anySalt = fc.option(fc.constantFrom(salt, keccak256(salt)))

  test('shows of every meter what it was made of', () => {
    fc.assert(
      fc.property(anyMeters, anySalt, fc.nat({ max: 3 }), (some, blind, number) => {
        const energies = some.map(([meter, sold, bought]) => energyOf(meter, sold, bought))
        const made = new TradedEnergyTree({ ...place, run: number }, blind, energies)
        equal(made.count, energies.length + 2)
        for (let meter = 0; meter <= 21; meter += 1) {
          const bytes = encodeProof(made.prove(meter))
          const found = open(bytes, meter, place, meterSecret(blind, meter))
          const energy = energies.find((one) => one.meter === meter)
          const expected = energy === undefined
            ? null
            : { soldWh: energy.soldWh, boughtWh: energy.boughtWh }
          deepEqual(found, { root: made.root, energy: expected })
        }
      }),
      replay,
    )
  })

  test('has no meter twice', () => {
    const twice = [energyOf(7, 1n), energyOf(8, 1n), energyOf(7, 2n)]
    throws(() => new TradedEnergyTree(run, salt, twice), { code: 'TRADED_ENERGY_INVALID' })
  })

  test('takes the secrets from who keeps them', () => {
    const asked: number[] = []
    const kept = new TradedEnergyTree(run, salt, meters, (meter) => {
      asked.push(meter)
      return meterSecret(salt, meter)
    })
    equal(kept.root, tree.root)
    deepEqual(asked, [7, 8, 9, 12])
  })
})

describe('a proof', () => {
  test('is of one meter, interval and secret', () => {
    for (const [proved, asked] of [[7, 8], [7, 10], [10, 7], [10, 12]] as const) {
      const bytes = encodeProof(tree.prove(proved))
      const found = open(bytes, asked)
      // Neighbours of one absent meter may be those of another; never of one that is there.
      if (found !== undefined && asked !== 10) notDeepEqual(found.root, tree.root)
      for (const where of [{ ...place, interval: place.interval + 1 }, { ...place, zone: 0 }]) {
        equal(open(bytes, proved, where)?.root === tree.root, false)
      }
      equal(open(bytes, proved, place, keccak256(salt))?.root === tree.root, false)
    }
  })

  test('with any bit changed shows nothing under the root', () => {
    for (const meter of [7, 10]) {
      const bytes = encodeProof(tree.prove(meter))
      equal(open(bytes, meter)?.root, tree.root)
      for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
        const at = Math.floor(bit / 8)
        const changed = bytes.with(at, (bytes[at] as number) ^ (1 << (bit % 8)))
        equal(open(changed as Uint8Array, meter)?.root === tree.root, false)
      }
      for (let length = 0; length < bytes.length; length += 1) {
        equal(open(bytes.slice(0, length), meter)?.root === tree.root, false)
      }
      equal(open(Uint8Array.from([...bytes, ...salt]), meter)?.root === tree.root, false)
    }
  })

  test('has one form: what is read is written the same again', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.constantFrom(1, 2, 3), fc.nat({ max: 4 }), fc.boolean())
        .chain(([kind, hashes, exact]) => {
          const length = (kind === 1 ? 40 : 136) + 32 * hashes + (exact ? 0 : 1)
          return fc
            .uint8Array({ minLength: length, maxLength: length })
            .map((rest) => Uint8Array.from([kind, ...rest]))
        }),
    )
    let read = 0
    fc.assert(
      fc.property(bytes, (some) => {
        const proof = decodeProof(some)
        if (proof === undefined) return
        read += 1
        deepEqual(encodeProof(proof), some)
      }),
      { ...replay, numRuns: 2_000 },
    )
    equal(read > 100, true)
  })

  test('names no energy that no meter has', () => {
    const proof = tree.prove(7)
    if (proof.kind !== 'traded') throw new Error('meter 7 traded')
    const bytes = encodeProof(proof)
    bytes.fill(0xff, 25, 33)
    equal(decodeProof(bytes), undefined)
  })

  test('has the length that the page of its format states', () => {
    const path = tree.prove(7).path.length
    equal(encodeProof(tree.prove(7)).length, 41 + 32 * path)
    const none = tree.prove(10)
    equal(encodeProof(none).length, 137 + 32 * none.path.length)
  })
})

describe('what a neighbour learns', () => {
  /** Who knows everything but the salt tries each energy of a small meter. */
  const guess = (value: Uint8Array, blind: Uint8Array): bigint | undefined => {
    for (let sold = 0n; sold < 1_000n; sold += 1n) {
      const tried = energyValue(blind, energyOf(7, sold))
      if (bytesToHex(tried) === bytesToHex(value)) return sold
    }
    return undefined
  }
  const valueOf = (marketSalt: Uint8Array | null): Uint8Array => {
    const alone = new TradedEnergyTree(run, marketSalt, [energyOf(7, 831n)])
    const proof = alone.prove(10)
    if (proof.kind !== 'none') throw new Error('meter 10 traded nothing')
    const shown = proof.leaves.find(({ value }) => value.some((byte) => byte !== 0))
    if (shown === undefined) throw new Error('meter 7 is a neighbour')
    return shown.value
  }

  test('of a market with a salt: nothing of the energy', () => {
    equal(guess(valueOf(salt), new Uint8Array(16)), undefined)
  })

  test('of a market that hides nothing: all of it', () => {
    equal(guess(valueOf(null), new Uint8Array(16)), 831n)
  })

  test('the same energy has another value in each interval, run and market', () => {
    const values = [
      { ...run },
      { ...run, run: 1 },
      { ...run, interval: place.interval + 1 },
      { ...run, zone: 0 },
    ].map((where) => {
      const proof = new TradedEnergyTree(where, salt, [energyOf(7, 831n)]).prove(7)
      return proof.kind === 'traded' ? bytesToHex(proof.salt) : ''
    })
    equal(new Set(values).size, values.length)
  })

  test('every part of an energy changes the value', () => {
    const energy = energyOf(7, 831n, 5n)
    const values = [
      energyValue(new Uint8Array(16), energy),
      energyValue(new Uint8Array(16).fill(1), energy),
      energyValue(new Uint8Array(16), { ...energy, meter: 8 }),
      energyValue(new Uint8Array(16), energyOf(7, 832n, 5n)),
      energyValue(new Uint8Array(16), energyOf(7, 831n, 6n)),
    ]
    equal(new Set(values.map(bytesToHex)).size, values.length)
  })

  test('a secret or a salt of another length is refused', () => {
    const code = { code: 'TRADED_ENERGY_INVALID' }
    throws(() => energyKey(salt.slice(1), 1), code)
    throws(() => energyValue(salt, energyOf(7, 1n)), code)
  })

  test('a meter has another key in each interval, and another secret in each market', () => {
    const secrets = [
      meterSecret(salt, 7),
      meterSecret(salt, 8),
      meterSecret(keccak256(salt), 7),
      meterSecret(null, 7),
    ]
    equal(new Set(secrets.map(secretHashOf)).size, secrets.length)
    const keys = [0, 1].map((by) => bytesToHex(energyKey(meterSecret(salt, 7), by)))
    equal(new Set(keys).size, 2)
  })
})
