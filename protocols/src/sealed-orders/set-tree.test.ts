/**
 * Goal: one root for each set, one path for each place in it, and none for anything else. Method: a
 * tree made the long way, tampering with every part of a path, and the shape at the borders.
 */
import { deepEqual, equal, notEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { poseidon2Hash } from '@zkpassport/poseidon2'
import {
  emptyRoot,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  groupsOf,
  hashFields,
  isInSet,
  isOrderSet,
  partCount,
  partRoots,
  partSize,
  rootFromPath,
  rootOfParts,
  type SetPath,
  setPath,
  setRoot,
  SetTree,
} from './index.ts'

/** As commitments look: ascending, and with digits all over. */
const leavesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, k) => fieldToHex((BigInt(k) + 1n) * 0x1_0000_0000_0001_0001n))

/** Without any shortcut: all 4,096 leaves, level by level. */
function longWay(leaves: readonly string[]): string {
  let row = [
    ...leaves.map((leaf) => BigInt(leaf)),
    ...Array<bigint>(4_096 - leaves.length).fill(0n),
  ]
  while (row.length > 1) {
    row = Array.from({ length: row.length / 16 }, (_, k) =>
      poseidon2Hash(row.slice(16 * k, 16 * k + 16)),
    )
  }
  return fieldToHex(row[0] ?? 0n)
}

describe('the root', () => {
  for (const count of [0, 1, 16, 17, 300]) {
    test(`of ${count} leaves is that of 4,096 with zeros`, () => {
      equal(setRoot(leavesOf(count)), longWay(leavesOf(count)))
    })
  }

  test('of an empty set is known', () => {
    equal(setRoot([]), emptyRoot)
    equal(new SetTree([]).count, 0)
    deepEqual(partRoots([]), [emptyRoot])
  })

  test('depends on each leaf, their order and how many they are', () => {
    const leaves = leavesOf(20)
    const root = setRoot(leaves)
    notEqual(setRoot(leaves.slice(0, 19)), root)
    notEqual(setRoot([...leaves.slice(0, 18), leaves[19] ?? '', leaves[18] ?? '']), root)
    notEqual(setRoot(leaves.with(7, fieldToHex(9n))), root)
    // But for zeros behind the last: they are what an empty slot is, so the chain keeps the count.
    equal(setRoot([...leaves, fieldToHex(0n)]), root)
  })

  test('of more than a part is the hash of the parts', () => {
    const leaves = leavesOf(partSize + 3)
    const tree = new SetTree(leaves)
    equal(tree.partRoots.length, 2)
    equal(tree.partRoots[0], setRoot(leaves.slice(0, partSize)))
    equal(tree.partRoots[1], setRoot(leaves.slice(partSize)))
    equal(tree.root, fieldToHex(hashFields(tree.partRoots.map((root) => fieldFromHex(root)))))
    for (const position of [0, partSize - 1, partSize, partSize + 2]) {
      const path = tree.path(position)
      const leaf = leaves[position] ?? ''
      equal(isInSet(tree, leaf, path), true)
      equal(
        isInSet(tree, leaf, { ...path, position: (position + partSize) % (2 * partSize) }),
        false,
      )
      equal(isInSet({ root: tree.root, count: partSize }, leaf, path), false)
      equal(isInSet(tree, leaf, { ...path, partRoots: path.partRoots.toReversed() }), false)
    }
  })

  test('counts parts', () => {
    deepEqual([0, 1, 4_096, 4_097, 8_192, 8_193].map(partCount), [1, 1, 1, 2, 2, 3])
  })

  test('is of field elements only', () => {
    throws(() => setRoot(['0x1']), { code: 'FIELD_MALFORMED' })
    throws(() => rootOfParts([`0x${'f'.repeat(64)}`]), { code: 'FIELD_MALFORMED' })
  })
})

describe('a path', () => {
  const leaves = leavesOf(37)
  const tree = new SetTree(leaves)
  const leafAt = (position: number): string => leaves[position] ?? fieldToHex(0n)

  test('leads from every place to the root, also from empty ones', () => {
    for (const position of [0, 1, 15, 16, 31, 36, 37, 48, 300, 4_095]) {
      const path = tree.path(position)
      equal(isInSet(tree, leafAt(position), path), true)
      deepEqual(setPath(leaves, position), path)
      deepEqual(
        path.siblings.map((row) => row.length),
        [15, 15, 15],
      )
      equal(rootFromPath(leafAt(position), path), tree.root)
    }
  })

  test('is none outside', () => {
    for (const position of [-1, 4_096, 0.5, Number.NaN]) {
      throws(() => tree.path(position), { code: 'SET_POSITION_INVALID' })
    }
  })

  const path = tree.path(20)
  const leaf = leafAt(20)
  const other = fieldToHex(12_345n)

  test('of another leaf or place leads nowhere', () => {
    equal(isInSet(tree, leafAt(21), path), false)
    for (let position = 0; position < 64; position += 1) {
      equal(isInSet(tree, leaf, { ...path, position }), position === 20)
    }
    for (const position of [-1, 20.5, 20 + partSize, Number.NaN]) {
      equal(isInSet(tree, leaf, { ...path, position }), false)
    }
  })

  test('with any node changed leads nowhere', () => {
    for (let level = 0; level < 3; level += 1) {
      for (let child = 0; child < 15; child += 7) {
        const row = (path.siblings[level] ?? []).with(child, other)
        equal(isInSet(tree, leaf, { ...path, siblings: path.siblings.with(level, row) }), false)
      }
    }
    equal(isInSet(tree, leaf, { ...path, partRoots: [other] }), false)
    equal(isInSet({ root: other, count: 37 }, leaf, path), false)
  })

  const root = path.partRoots[0] ?? other
  const malformed: readonly (readonly [what: string, path: SetPath])[] = [
    ['a level less', { ...path, siblings: path.siblings.slice(1) }],
    ['a level more', { ...path, siblings: [...path.siblings, path.siblings[0] ?? []] }],
    ['a sibling less', { ...path, siblings: path.siblings.with(1, []) }],
    ['no parts', { ...path, partRoots: [] }],
    ['a part more', { ...path, partRoots: [root, root] }],
    ['no element', { ...path, partRoots: [`0x${'f'.repeat(64)}`] }],
  ]
  for (const [what, wrong] of malformed) {
    test(`with ${what} is refused, not thrown over`, () => equal(isInSet(tree, leaf, wrong), false))
  }

  test('cannot show an inner node as a leaf of a larger set', () => {
    // The nodes under the root of one part look like the roots of sixteen parts.
    const groups = groupsOf(leaf, path) ?? []
    const top = groups[2] ?? []
    const inner: SetPath = {
      position: 0,
      siblings: [[], ...path.siblings.slice(0, 2)].map((row) => row.slice(0, 15)),
      partRoots: top,
    }
    equal(rootOfParts(top), tree.root)
    equal(isInSet(tree, groups[0]?.[0] ?? '', inner), false)
    equal(isInSet({ root: tree.root, count: 37 }, leaf, { ...path, partRoots: top }), false)
  })

  test('in groups is what a contract hashes from the leaf to the part', () => {
    const groups = groupsOf(leaf, path) ?? []
    deepEqual(
      groups.map((group) => group.length),
      [16, 16, 16],
    )
    equal(groups[0]?.[20 % 16], leaf)
    const hashes = groups.map((group) => fieldToHex(hashFields(group.map((node) => BigInt(node)))))
    equal(groups[1]?.[1], hashes[0])
    equal(groups[2]?.[0], hashes[1])
    equal(hashes[2], tree.root)
    equal(groupsOf('0x1', path), undefined)
    equal(groupsOf(leaf, { ...path, position: partSize }), undefined)
    // The hash would take it for 5: an element has one spelling.
    const twin = `0x${(5n + fieldOrder).toString(16)}`
    for (const level of [0, 1, 2]) {
      const row = (path.siblings[level] ?? []).with(3, twin)
      equal(groupsOf(leaf, { ...path, siblings: path.siblings.with(level, row) }), undefined)
    }
  })
})

describe('an order set', () => {
  const [a = '', b = '', c = ''] = leavesOf(3)
  const cases: readonly (readonly [what: string, set: readonly string[], is: boolean])[] = [
    ['nothing', [], true],
    ['one', [a], true],
    ['ascending', [a, b, c], true],
    ['descending', [b, a], false],
    ['twice the same', [a, a], false],
    ['zero', [fieldToHex(0n), a], false],
    ['no element', ['0x1'], false],
    ['beyond the field', [a, `0x${'f'.repeat(64)}`], false],
  ]
  for (const [what, set, is] of cases) test(`of ${what}`, () => equal(isOrderSet(set), is))
})
