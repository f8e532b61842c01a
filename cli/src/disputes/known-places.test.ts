/**
 * Goal: of a set that the chain has, exactly the faults that it has are found, in exactly the
 * places that are known; and what is not that set is none.
 * Method: sets of numbers with one fault each, known by some paths or as a whole, against a look at
 * the plain list; every place that is found has to lead to the root.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fieldToHex, rootFromPath, SetTree } from '@busbar/protocols/sealed-orders'
import {
  descentIn,
  type KnownPlaces,
  miscountIn,
  placesOfAll,
  placesOfPaths,
} from './known-places.ts'

const listOf = (count: number, change: Readonly<Record<number, number>> = {}) =>
  Array.from({ length: count }, (_, n) => fieldToHex(BigInt(change[n] ?? 10 * (n + 1))))

const known = (
  leaves: readonly string[],
  from: readonly number[] | 'all',
  count = leaves.length,
) => {
  const tree = new SetTree(leaves)
  const set = { ordersRoot: tree.root, orderCount: count }
  const paths = (from === 'all' ? [] : from).map((position) => ({
    commitment: leaves[position] ?? fieldToHex(0n), ...tree.path(position),
  }))
  const places = from === 'all' ? placesOfAll(set, leaves) : placesOfPaths(set, paths)
  return { set, tree, places }
}

function leads(places: KnownPlaces, root: string, position: number): void {
  const leaf = places.leafAt(position) ?? ''
  const { path } = places.placeAt(position)
  const siblings = [0, 1, 2].map((level) => {
    const at = Math.floor((position % 4_096) / 16 ** level) % 16
    return path.slice(16 * level, 16 * level + 16).toSpliced(at, 1)
  })
  equal(rootFromPath(leaf, { position, siblings, partRoots: places.partRoots }), root)
}

describe('of a set on the chain', () => {
  type Case = readonly [string, number, Record<number, number>, number | undefined]
  const cases: readonly Case[] = [
    ['ascends', 40, {}, undefined],
    ['has an order twice', 40, { 7: 70 }, 6],
    ['descends inside a group', 40, { 9: 95, 10: 93 }, 9],
    ['descends at the border of two groups', 40, { 16: 155 }, 15],
    ['descends at the border of two parts', 4_100, { 4_096: 40_955 }, 4_095],
  ]
  for (const [name, count, change, descent] of cases) {
    test(`that ${name}, the descent is found where it is known`, () => {
      const leaves = listOf(count, change)
      const sources = ['all', [0, 17, count - 1, count - 6], [0], [33]] as const
      for (const source of sources) {
        const { set, places } = known(leaves, source)
        ok(places)
        const isKnown = (position: number): boolean => places.positions.includes(position)
        const isSeen = descent !== undefined && isKnown(descent) && isKnown(descent + 1)
        equal(descentIn(set, places), isSeen ? descent : undefined, `${name}: ${String(source)}`)
        equal(miscountIn(set, places), undefined)
        if (isSeen) for (const one of [descent, descent + 1]) leads(places, set.ordersRoot, one)
      }
    })
  }

  test('the count is compared with every place that is known', () => {
    const counts = [[40, undefined], [39, 39], [41, 40], [30, 30], [60, 40]] as const
    for (const [count, found] of counts) {
      const { set, places } = known(listOf(40), 'all', count)
      ok(places)
      equal(miscountIn(set, places), found)
      if (found !== undefined) leads(places, set.ordersRoot, found)
      // Orders beyond the count are no neighbours, whatever they are.
      equal(descentIn(set, places), count > 40 ? 39 : undefined)
      const first = known(listOf(40), [3], count)
      ok(first.places)
      equal(miscountIn(first.set, first.places), undefined)
    }
  })

  test('what leads to another root, or to another number of parts, is not that set', () => {
    const leaves = listOf(40)
    const { set } = known(leaves, 'all')
    equal(placesOfAll(set, listOf(41)), undefined)
    equal(placesOfAll({ ...set, orderCount: 4_097 }, leaves), undefined)
    const { tree } = known(listOf(41), 'all')
    equal(placesOfPaths(set, [{ commitment: leaves[2] ?? '', ...tree.path(2) }]), undefined)
    deepEqual(placesOfPaths(set, [])?.positions, [])
  })
})
