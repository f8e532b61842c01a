/**
 * Goal: no proof, whoever made it, shows of a key what is not so.
 * Method: the definition written a second time; and an attacker who has every proof of several
 * trees and bends, mixes and shortens them, against the leaves themselves. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, hexToBytes } from '../hash/index.ts'
import { leafHash } from '../merkle/index.ts'
import { findingOf, type KeyProof, type SortedLeaf, SortedTree } from './sorted-tree.ts'
import { ends, naiveLeaves, naiveTreePath, naiveTreeRoot } from './testing/naive-tree.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const place = { zone: 4_294_967_294, interval: 1_900_000 }
const next = { ...place, interval: place.interval + 1 }

/** Keys that differ in their last byte, so that neighbours are close. */
const keyOf = (last: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : i === 31 ? last : 0))
const valueOf = (of: number): Uint8Array => new Uint8Array(32).fill(of)
const leafOf = (last: number): SortedLeaf => ({ key: keyOf(last), value: valueOf(last) })

const hex = (proof: KeyProof) => ({
  ...proof,
  leaves: proof.leaves.map(({ key, value }) => [bytesToHex(key), bytesToHex(value)]),
  // In one order for both: which of two comes first, the root says.
  path: proof.path.map((hash) => bytesToHex(hash)).toSorted(),
})

describe('a sorted tree', () => {
  test('has its recorded root without a leaf, and with one', () => {
    const roots = [[], [leafOf(7)]].map((some) => bytesToHex(new SortedTree(place, some).root))
    deepEqual(roots, [
      '0x7df59c8a0f09730acdcc42ccfb5656d9447bc6a996ad6565a91502a52f88fcf6',
      '0xb0897c2e6843ab2f08b67a09ca9b55a4efaec9be880a21273094519867b72e82',
    ])
  })

  test('has the root and the proofs of the definition', () => {
    const sets = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 25 })
    fc.assert(
      fc.property(sets, fc.integer({ min: 0, max: 40 }), (lasts, asked) => {
        const leaves = naiveLeaves(lasts.map(leafOf))
        const tree = new SortedTree(place, lasts.map(leafOf))
        deepEqual(tree.root, naiveTreeRoot(place, leaves))
        const proof = tree.prove(keyOf(asked))
        const isIn = lasts.includes(asked)
        const length = isIn ? 1 : 2
        const texts = leaves.map(({ key }) => bytesToHex(key))
        const position = isIn
          ? texts.indexOf(bytesToHex(keyOf(asked)))
          : texts.findIndex((text) => text > bytesToHex(keyOf(asked))) - 1
        const expected = {
          position,
          count: leaves.length,
          leaves: leaves.slice(position, position + length),
          path: naiveTreePath(place, leaves, position, length),
        }
        deepEqual(hex(proof), hex(expected))
        const finding = findingOf(place, keyOf(asked), proof)
        deepEqual(finding?.root, tree.root)
        deepEqual(
          finding?.kind === 'present' ? finding.value : finding?.kind,
          isIn ? valueOf(asked) : 'absent',
        )
      }),
      replay,
    )
  })

  test('does not depend on the order in which it is given', () => {
    const leaves = [3, 9, 1, 7].map(leafOf)
    deepEqual(new SortedTree(place, leaves).root, new SortedTree(place, leaves.toReversed()).root)
  })

  const refused: readonly (readonly [what: string, leaves: readonly SortedLeaf[]])[] = [
    ['a key twice', [leafOf(1), leafOf(2), { key: keyOf(1), value: valueOf(9) }]],
    ['the lowest key', [{ key: ends[0].key, value: valueOf(1) }]],
    ['the highest key', [{ key: ends[1].key, value: valueOf(1) }]],
    ['a short key', [{ key: keyOf(1).slice(1), value: valueOf(1) }]],
    ['a long value', [{ key: keyOf(1), value: new Uint8Array(33) }]],
  ]
  for (const [what, leaves] of refused) {
    test(`refuses ${what}`, () => {
      throws(() => new SortedTree(place, leaves), { code: 'TRADED_ENERGY_INVALID' })
    })
  }

  test('has no proof of a key that no leaf can have', () => {
    const tree = new SortedTree(place, [leafOf(1)])
    for (const key of [ends[0].key, ends[1].key, new Uint8Array(31)]) {
      throws(() => tree.prove(key), { code: 'TRADED_ENERGY_INVALID' })
    }
  })
})

describe('findingOf', () => {
  const tree = new SortedTree(place, [2, 4, 6, 8].map(leafOf))
  const between = tree.prove(keyOf(5))
  const at = tree.prove(keyOf(4))
  const [left, right] = between.leaves as [SortedLeaf, SortedLeaf]
  const other = new SortedTree(next, [2, 4, 6, 8].map(leafOf))
  const isShown = (key: Uint8Array, proof: KeyProof, where = place): boolean => {
    const finding = findingOf(where, key, proof)
    return finding !== undefined && bytesToHex(finding.root) === bytesToHex(tree.root)
  }

  test('takes the proofs that this table bends', () => {
    equal(isShown(keyOf(5), between), true)
    equal(isShown(keyOf(4), at), true)
  })

  const bent: readonly (readonly [what: string, key: Uint8Array, proof: KeyProof])[] = [
    ['neighbours of another place', keyOf(3), between],
    ['neighbours shifted', keyOf(5), { ...between, position: between.position + 1 }],
    ['neighbours that are none', keyOf(4), { ...between, leaves: [leafOf(2), right] }],
    ['neighbours in the wrong order', keyOf(5), { ...between, leaves: [right, left] }],
    ['one neighbour alone', keyOf(5), { ...between, leaves: [left] }],
    ['the leaf itself as a neighbour', keyOf(4), between],
    ['the leaf itself as the right neighbour', keyOf(6), between],
    ['no leaf', keyOf(5), { ...between, leaves: [] }],
    ['three leaves', keyOf(5), { ...between, leaves: [left, right, leafOf(8)] }],
    ['another value', keyOf(4), { ...at, leaves: [{ key: keyOf(4), value: valueOf(5) }] }],
    ['another key', keyOf(5), { ...at, leaves: [{ key: keyOf(5), value: valueOf(4) }] }],
    ['another count', keyOf(5), { ...between, count: between.count + 1 }],
    ['a count beyond its type', keyOf(5), { ...between, count: 2 ** 32 }],
    ['a path without its end', keyOf(5), { ...between, path: between.path.slice(0, -1) }],
    ['a path that goes on', keyOf(5), { ...between, path: [...between.path, keyOf(1)] }],
    ['a proof of another interval', keyOf(5), other.prove(keyOf(5))],
    ['an end as a leaf', ends[0].key, { ...at, position: 0, leaves: [ends[0]] }],
    ['a shorter key', keyOf(4).slice(1), at],
    ['a longer value', keyOf(4), { ...at, leaves: [{ key: keyOf(4), value: new Uint8Array(33) }] }],
  ]
  for (const [what, key, proof] of bent) {
    test(`does not take ${what}`, () => equal(isShown(key, proof), false))
  }

  test('finds nothing of the key of an end, which is no meter’s', () => {
    const [low, high] = ends.map(({ key, value }) => {
      const start = Buffer.from('fffffffe00000000001cfde0', 'hex')
      return leafHash(Buffer.concat([start, key, value]))
    }) as [Uint8Array, Uint8Array]
    const proofs = [low, high].map((_, position) => ({
      position,
      count: 2,
      leaves: [ends[position] as SortedLeaf],
      path: [position === 0 ? high : low],
    }))
    for (const [i, proof] of proofs.entries()) {
      equal(findingOf(place, (ends[i] as SortedLeaf).key, proof), undefined)
    }
  })

  test('finds nothing in a tree that has more leaves than a count can say', () => {
    const path = Array.from({ length: 33 }, () => keyOf(1))
    const proof = { position: 0, count: 2 ** 33, leaves: [leafOf(4)], path }
    equal(findingOf(place, keyOf(4), proof), undefined)
    ok(findingOf(place, keyOf(4), { ...proof, count: 2 ** 32 - 1, path: path.slice(1) }))
  })

  test('does not take its own interval for another', () => {
    equal(isShown(keyOf(5), between, next), false)
    equal(isShown(keyOf(4), at, { ...place, zone: 0 }), false)
  })

  test('never shows what is not so, however proofs are bent and mixed', () => {
    let shown = 0
    fc.assert(
      fc.property(attacks, ({ worlds, from, asked, target, bends }) => {
        const trees = worlds.map((lasts, i) => new SortedTree(placeAt(i), lasts.map(leafOf)))
        const proofs = from.map(([world, last]) => proofOf(trees, world, last))
        const proof = bends.reduce(
          (made, one) => bend(made, one, proofs),
          proofs[0] as KeyProof,
        )
        const index = target % trees.length
        const finding = findingOf(placeAt(index), keyOf(asked), proof)
        if (finding === undefined) return
        if (bytesToHex(finding.root) !== bytesToHex((trees[index] as SortedTree).root)) return
        shown += 1
        const isIn = worlds[index]?.includes(asked) === true
        equal(finding.kind, isIn ? 'present' : 'absent')
        if (finding.kind === 'present') deepEqual(finding.value, valueOf(asked))
      }),
      { ...replay, numRuns: 5_000 },
    )
    // Else the attacker was too clumsy to try anything.
    ok(shown > 100, `${shown} proofs held`)
  })
})

const placeAt = (index: number) => ({ ...place, interval: place.interval + index })

const proofOf = (trees: readonly SortedTree[], world: number, last: number): KeyProof =>
  (trees[world % trees.length] as SortedTree).prove(keyOf(last))

const last = fc.integer({ min: 0, max: 9 })

type Bend = {
  readonly what: 'position' | 'count' | 'leaf' | 'leaves' | 'path' | 'cut' | 'add' | 'byte'
  readonly by: number
}

const attacks = fc.record({
  worlds: fc.array(fc.uniqueArray(last, { maxLength: 8 }), { minLength: 1, maxLength: 2 }),
  from: fc.array(fc.tuple(fc.nat({ max: 1 }), last), { minLength: 1, maxLength: 3 }),
  asked: last,
  target: fc.nat({ max: 1 }),
  bends: fc.array(
    fc.record({
      what: fc.constantFrom<Bend['what'][]>(
        'position', 'count', 'leaf', 'leaves', 'path', 'cut', 'add', 'byte',
      ),
      by: fc.integer({ min: 0, max: 30 }),
    }),
    { maxLength: 3 },
  ),
})

/** One thing that whoever has all these proofs may do to the first of them. */
function bend(proof: KeyProof, { what, by }: Bend, proofs: readonly KeyProof[]): KeyProof {
  const other = proofs[by % proofs.length] as KeyProof
  const { position, count, leaves, path } = proof
  if (what === 'position') return { ...proof, position: position + (by % 5) - 2 }
  if (what === 'count') return { ...proof, count: count + (by % 5) - 2 }
  if (what === 'leaves') return { ...proof, leaves: other.leaves }
  if (what === 'path') return { ...proof, path: other.path }
  if (what === 'cut') return by % 2 === 0
    ? { ...proof, path: path.slice(1) }
    : { ...proof, leaves: leaves.slice(by % 4 === 1 ? 0 : 1, by % 4 === 1 ? 1 : 2) }
  if (what === 'add') return { ...proof, leaves: [...leaves, ...other.leaves].slice(0, 2) }
  if (what === 'leaf') {
    const leaf = other.leaves[by % other.leaves.length] as SortedLeaf
    return { ...proof, leaves: leaves.map((one, i) => (i === by % leaves.length ? leaf : one)) }
  }
  return { ...proof, path: path.map((hash, i) => (i === by % path.length ? flip(hash, by) : hash)) }
}

function flip(hash: Uint8Array, at: number): Uint8Array {
  const changed = hexToBytes(bytesToHex(hash))
  changed[at % 32] = (changed[at % 32] as number) ^ 1
  return changed
}
