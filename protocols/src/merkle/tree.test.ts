/**
 * Goal: roots and proofs are RFC 6962's with Keccak-256, and nothing but the one proof passes.
 * Method: the RFC's recursive definition as a second implementation over every size from 0 to 70,
 * every leaf's proof, every byte of it changed. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, notDeepEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, keccak256 } from '../hash/index.ts'
import {
  leafHash,
  merkleRoot,
  MerkleTree,
  nodeHash,
  rootOfRun,
  verifyInclusion,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const sizes = [...Array(71).keys()]
const leavesOf = (count: number, length = 9) =>
  Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length }, (_, k) => (31 * i + 7 * k + length) % 256),
  )

describe('merkleRoot', () => {
  const golden: readonly (readonly [leaves: readonly string[], root: string])[] = [
    [[], '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    [[''], '0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a'],
    [['a'], '0x9722201502e620d70d78ee63045f3493812c206b988cbbe76c28918a7364fdbd'],
    [['a', 'b'], '0x00d25e3ecfd5a8430c58b5562d4a00f53ce3e76001e3683df8496c541fecb9da'],
    [['a', 'b', 'c'], '0x3f6c2d6d0c2fcd67795ea50af0dc85c8e2df8832efe3c49e36d8fe2e71bcc07b'],
  ]
  for (const [leaves, root] of golden) {
    test(`of [${leaves.join(' ')}]`, () => {
      equal(bytesToHex(merkleRoot(leaves.map((leaf) => Buffer.from(leaf)))), root)
    })
  }

  test('is the recursive definition at every size', () => {
    for (const size of sizes) {
      const leaves = leavesOf(size)
      deepEqual(merkleRoot(leaves), naiveRoot(leaves))
      deepEqual(new MerkleTree(leaves).root, naiveRoot(leaves))
    }
  })

  test('is the recursive definition for leaves of any length', () => {
    const leaves = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
    fc.assert(
      fc.property(leaves, (some) => deepEqual(merkleRoot(some), naiveRoot(some))),
      replay,
    )
  })

  test('depends on the order and on the number of leaves', () => {
    const leaves = leavesOf(7)
    notDeepEqual(merkleRoot(leaves.toReversed()), merkleRoot(leaves))
    // The known weakness of trees that double an odd last leaf.
    notDeepEqual(merkleRoot([...leaves, leaves[6] as Uint8Array]), merkleRoot(leaves))
  })
})

describe('verifyInclusion', () => {
  test('passes every leaf of every size, with the shortest path there is', () => {
    for (const size of sizes) {
      const leaves = leavesOf(size)
      const tree = new MerkleTree(leaves)
      for (const [index, leaf] of leaves.entries()) {
        const path = tree.proof(index)
        equal(verifyInclusion(tree.root, leaf, index, size, path), true)
        deepEqual(path, naivePath(index, leaves))
      }
    }
  })

  test('fails for any changed byte of the leaf, the path or the root', () => {
    const places = [[1, 0], [2, 1], [5, 4], [6, 2], [7, 6], [13, 12], [16, 9]] as const
    for (const [size, index] of places) {
      const leaves = leavesOf(size)
      const tree = new MerkleTree(leaves)
      const leaf = leaves[index] as Uint8Array
      const path = tree.proof(index)
      for (const changed of changes(leaf)) {
        equal(verifyInclusion(tree.root, changed, index, size, path), false)
      }
      for (const changed of changes(tree.root)) {
        equal(verifyInclusion(changed, leaf, index, size, path), false)
      }
      for (const [level, hash] of path.entries()) {
        for (const changed of changes(hash)) {
          equal(verifyInclusion(tree.root, leaf, index, size, path.with(level, changed)), false)
        }
      }
    }
  })

  test('fails at every other index, for every size', () => {
    for (const size of sizes) {
      const leaves = leavesOf(size)
      const tree = new MerkleTree(leaves)
      for (const [index, leaf] of leaves.entries()) {
        for (const other of [...leaves.keys(), -1, size, size + index, 2 ** 32, 0.5, Number.NaN]) {
          if (other === index) continue
          equal(verifyInclusion(tree.root, leaf, other, size, tree.proof(index)), false)
        }
      }
    }
  })

  test('fails for a path that is longer, shorter or not of hashes', () => {
    const leaves = leavesOf(11)
    const tree = new MerkleTree(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const path = tree.proof(index)
      const extra = new Uint8Array(32)
      const wrong = [
        [],
        path.slice(1),
        path.slice(0, -1),
        [...path, extra],
        [extra, ...path],
        path.map((hash) => hash.subarray(1)),
        path.map((hash) => Uint8Array.from([...hash, 0])),
        path.toReversed(),
      ]
      for (const other of wrong) {
        equal(verifyInclusion(tree.root, leaf, index, 11, other), false)
      }
    }
  })

  test('fails with a count that gives the path another shape', () => {
    const leaves = leavesOf(6)
    const tree = new MerkleTree(leaves)
    const last = leaves[5] as Uint8Array
    for (const count of [-1, 0, 1, 5, 7, 8, 9, 2 ** 53, 6.5, Number.NaN]) {
      equal(verifyInclusion(tree.root, last, 5, count, tree.proof(5)), false)
    }
  })

  test('does not take an inner node for a leaf', () => {
    const leaves = leavesOf(4)
    const tree = new MerkleTree(leaves)
    const [a, b, c, d] = leaves.map(leafHash) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const right = nodeHash(c, d)
    // The two hashes below a node, given as if they were the data of a leaf at that place.
    const forged = Buffer.concat([a, b])
    equal(verifyInclusion(tree.root, forged, 0, 2, [right]), false)
    equal(verifyInclusion(tree.root, Buffer.concat([Buffer.of(1), forged]), 0, 2, [right]), false)
    notDeepEqual(merkleRoot([forged, Buffer.concat([c, d])]), tree.root)
  })

  test('has no leaf to prove in an empty tree', () => {
    const tree = new MerkleTree([])
    equal(tree.count, 0)
    equal(verifyInclusion(tree.root, new Uint8Array(0), 0, 0, []), false)
    throws(() => tree.proof(0), { code: 'UNIT_OUT_OF_RANGE' })
  })

  test('a tree has no proof for an index outside', () => {
    const tree = new MerkleTree(leavesOf(3))
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      throws(() => tree.proof(index), { code: 'UNIT_OUT_OF_RANGE' })
    }
  })
})

describe('rootOfRun', () => {
  test('is the root for every row of every size, by the path of the recursive definition', () => {
    for (const size of [...Array(20).keys(), 31, 32, 33, 64, 65]) {
      const leaves = leavesOf(size)
      const tree = new MerkleTree(leaves)
      for (let first = 0; first < size; first += 1) {
        for (let length = 1; length <= Math.min(5, size - first); length += 1) {
          const row = leaves.slice(first, first + length)
          const path = tree.runProof(first, length)
          deepEqual(rootOfRun(row, first, size, path), tree.root)
          const expected = naiveRunPath(first, length, leaves).map((hash) => bytesToHex(hash))
          deepEqual(path.map((hash) => bytesToHex(hash)).toSorted(), expected.toSorted())
        }
      }
    }
  })

  test('of one leaf is what verifyInclusion takes', () => {
    const tree = new MerkleTree(leavesOf(37))
    for (let i = 0; i < 37; i += 1) deepEqual(tree.runProof(i, 1), tree.proof(i))
  })

  test('is another or none for any other row, place, count or path', () => {
    const anything = fc.record({
      size: fc.integer({ min: 1, max: 40 }),
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 3 }),
      change: fc.constantFrom('leaf', 'swap', 'shift', 'shorter', 'longer', 'hash', 'fewer'),
      where: fc.nat(),
    })
    fc.assert(
      fc.property(anything, ({ size, at, length: asked, change, where }) => {
        const leaves = leavesOf(size)
        const tree = new MerkleTree(leaves)
        const first = at % size
        const length = Math.min(asked, size - first)
        const row = leaves.slice(first, first + length)
        const path = tree.runProof(first, length)
        const bent = bend({ row, first, path }, change, where)
        if (bent === undefined) return
        notDeepEqual(rootOfRun(bent.row, bent.first, size, bent.path), tree.root)
      }),
      { ...replay, numRuns: 2_000 },
    )
  })

  test('is none outside of the leaves', () => {
    const leaves = leavesOf(5)
    const tree = new MerkleTree(leaves)
    for (const [first, count] of [[-1, 5], [5, 5], [4, 5], [0.5, 5], [0, 1], [0, NaN]] as const) {
      equal(rootOfRun(leaves.slice(0, 2), first, count, []), undefined)
    }
    equal(rootOfRun([], 0, 5, [tree.root]), undefined)
    const path = tree.runProof(1, 2)
    for (const hash of [new Uint8Array(31), new Uint8Array(33), new Uint8Array(0)]) {
      equal(rootOfRun(leaves.slice(1, 3), 1, 5, path.with(0, hash)), undefined)
    }
    for (const [first, length] of [[0, 0], [-1, 1], [4, 2], [0, 6], [0.5, 1]] as const) {
      throws(() => tree.runProof(first, length), { code: 'UNIT_OUT_OF_RANGE' })
    }
  })
})

type Run = { readonly row: Uint8Array[]; readonly first: number; readonly path: Uint8Array[] }

/** The run with one thing wrong; undefined where there is no such thing to be wrong. */
function bend({ row, first, path }: Run, change: string, where: number): Run | undefined {
  const hash = path[where % Math.max(1, path.length)]
  const other = (bytes: Uint8Array): Uint8Array =>
    changes(bytes)[where % bytes.length] as Uint8Array
  if (change === 'leaf') return { row: row.with(0, other(row[0] as Uint8Array)), first, path }
  if (change === 'swap') return row.length < 2 ? undefined : { row: row.toReversed(), first, path }
  if (change === 'shift') return { row, first: first + 1 + (where % 3), path }
  if (change === 'longer') return { row, first, path: [...path, new Uint8Array(32)] }
  if (change === 'fewer') return row.length < 2 ? undefined : { row: row.slice(1), first, path }
  if (hash === undefined) return undefined
  if (change === 'shorter') return { row, first, path: path.filter((one) => one !== hash) }
  return { row, first, path: path.map((one) => (one === hash ? other(hash) : one)) }
}

/** The roots of the largest subtrees that hold nothing of the row, by the recursive definition. */
function naiveRunPath(
  first: number,
  length: number,
  leaves: readonly Uint8Array[],
): Uint8Array[] {
  if (leaves.length === 0) return []
  if (first >= leaves.length || first + length <= 0) return [naiveRoot(leaves)]
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return [
    ...naiveRunPath(first, length, leaves.slice(0, k)),
    ...naiveRunPath(first - k, length, leaves.slice(k)),
  ]
}

/** RFC 6962, 2.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return keccak256(new Uint8Array(0))
  if (leaves.length === 1) return keccak256(Buffer.concat([Buffer.of(0), leaves[0] as Uint8Array]))
  const k = split(leaves.length)
  const children = [naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
  return keccak256(Buffer.concat([Buffer.of(1), ...children]))
}

/** RFC 6962, 2.1.1. */
function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...naivePath(index, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(index - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let k = 1
  while (2 * k < count) k *= 2
  return k
}

/** `bytes` with one bit of one byte turned, for every byte. */
const changes = (bytes: Uint8Array): Uint8Array[] =>
  [...bytes.keys()].map((i) => bytes.with(i, (bytes[i] as number) ^ (1 << (i % 8))) as Uint8Array)
