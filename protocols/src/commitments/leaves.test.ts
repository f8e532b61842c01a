/**
 * Goal: a leaf commits to all that it says and to nothing else, and tells nothing without its salt.
 * Method: golden lengths, every field changed once must change the leaf, and the small world of a
 * street's energies is searched against a root with and without the salt.
 */
import { equal, notDeepEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { voidReasons } from '@busbar/core/exchange'
import { bytesToHex, keccak256, textToBytes } from '../hash/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import {
  clearingLeaf,
  energyLeaf,
  fillLeaf,
  leafSalt,
  orderLeaf,
  postingLeaf,
  sealedClearingLeaves,
  voidReasonLeaf,
} from './leaves.ts'

const place = { zone: 3, interval: 5_837_762 }
const digest = `0x${'ab'.repeat(32)}`
const marketSalt = keccak256(textToBytes('a secret'))
const blind = leafSalt(marketSalt, 'energy', place, [0, 7])
const energy = { meter: 7, imported: 831n, exported: 0n, assurance: 'metered' as const }
const line = {
  meter: 7,
  trade: 0,
  reason: 'auction_buy' as const,
  energy: 779n,
  price: 174_990n,
  amount: -136_318n,
}
const posting = { run: 0, account: 9, amount: -136_318n, lines: [line] }

describe('leaves', () => {
  test('each begins with zone and interval and has one length', () => {
    const leaves = [
      [orderLeaf(place, digest), 44],
      [clearingLeaf(place, { price: -5n, energy: 10n }), 29],
      [fillLeaf(place, digest, 10n), 52],
      [energyLeaf(place, blind, energy), 49],
      [postingLeaf(place, blind, posting), 81],
      [voidReasonLeaf(place, digest, 'mismatch'), 45],
    ] as const
    for (const [leaf, length] of leaves) {
      equal(leaf.length, length)
      equal(bytesToHex(leaf.slice(0, 12)), '0x0000000300000000005913c2')
    }
  })

  test('every field of an energy changes its leaf', () => {
    const leaf = energyLeaf(place, blind, energy)
    const others = [
      energyLeaf({ ...place, zone: 4 }, blind, energy),
      energyLeaf({ ...place, interval: place.interval + 1 }, blind, energy),
      energyLeaf(place, leafSalt(marketSalt, 'energy', place, [1, 7]), energy),
      energyLeaf(place, blind, { ...energy, meter: 8 }),
      energyLeaf(place, blind, { ...energy, imported: 832n }),
      energyLeaf(place, blind, { ...energy, exported: 1n }),
      energyLeaf(place, blind, { ...energy, assurance: 'repeated' }),
    ]
    for (const other of others) notDeepEqual(other, leaf)
  })

  test('every field of a posting changes its leaf', () => {
    const leaf = postingLeaf(place, blind, posting)
    const changedLines = [
      { ...line, meter: 8 },
      { ...line, trade: 1 },
      { ...line, reason: 'retail_import' as const },
      { ...line, energy: 780n },
      { ...line, price: 174_991n },
      { ...line, amount: -136_319n },
    ]
    const others = [
      postingLeaf(place, blind, { ...posting, run: 1 }),
      postingLeaf(place, blind, { ...posting, account: 10 }),
      postingLeaf(place, blind, { ...posting, amount: 0n }),
      postingLeaf(place, blind, { ...posting, lines: [] }),
      ...changedLines.map((changed) => postingLeaf(place, blind, { ...posting, lines: [changed] })),
    ]
    for (const other of others) notDeepEqual(other, leaf)
  })

  test('a negative and a missing price are told apart from zero', () => {
    const of = (price: bigint | null) => bytesToHex(clearingLeaf(place, { price, energy: 0n }))
    equal(new Set([of(null), of(0n), of(-1n), of(1n)]).size, 4)
  })
})

describe('the clearing of a sealed book', () => {
  const roots = { fillsRoot: `0x${'0f'.repeat(32)}`, voidsRoot: `0x${'0e'.repeat(32)}` }
  const rootWith = (price: bigint | null, changed: Partial<typeof roots> = {}): string => {
    const both = { ...roots, ...changed }
    return bytesToHex(merkleRoot(sealedClearingLeaves(place, { price, energy: 7n }, both)))
  }

  test('changes with its price, its fills and its voids', () => {
    const other = `0x${'01'.repeat(32)}`
    const all = [
      ...[rootWith(1n), rootWith(null)],
      ...[rootWith(1n, { fillsRoot: other }), rootWith(1n, { voidsRoot: other })],
    ]
    equal(new Set(all).size, all.length)
  })

  test('every reason of a void has a leaf of its own', () => {
    const leaves = voidReasons.map((reason) => bytesToHex(voidReasonLeaf(place, digest, reason)))
    equal(new Set(leaves).size, voidReasons.length)
    ok(!leaves.includes(bytesToHex(voidReasonLeaf(place, `0x${'01'.repeat(32)}`, 'mismatch'))))
  })
})

describe('leafSalt', () => {
  /** What somebody who knows everything but the salt can do: try each energy of a small meter. */
  const guess = (root: Uint8Array, salt: Uint8Array): bigint | undefined => {
    for (let imported = 0n; imported < 2_000n; imported += 1n) {
      const leaf = energyLeaf(place, salt, { ...energy, imported })
      if (bytesToHex(merkleRoot([leaf])) === bytesToHex(root)) return imported
    }
    return undefined
  }
  const nothing = new Uint8Array(16)

  test('a root over one unsalted meter gives its energy away', () => {
    equal(
      guess(
        merkleRoot([energyLeaf(place, leafSalt(null, 'energy', place, [0, 7]), energy)]),
        nothing,
      ),
      831n,
    )
  })

  test('a root over one salted meter does not', () => {
    equal(guess(merkleRoot([energyLeaf(place, blind, energy)]), nothing), undefined)
  })

  test('no two leaves share a salt', () => {
    const salts = [
      blind,
      leafSalt(marketSalt, 'posting', place, [0, 7]),
      leafSalt(marketSalt, 'energy', { ...place, zone: 4 }, [0, 7]),
      leafSalt(marketSalt, 'energy', place, [1, 7]),
      leafSalt(marketSalt, 'energy', place, [0, 8]),
      leafSalt(keccak256(textToBytes('another')), 'energy', place, [0, 7]),
    ].map((salt) => bytesToHex(salt))
    equal(new Set(salts).size, salts.length)
    ok(salts.every((salt) => salt.length === 34))
  })
})
