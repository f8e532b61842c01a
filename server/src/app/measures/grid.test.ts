/**
 * Goal: over each bridge flows what the meters below it put in less what they took out, whatever
 * the tree; what is not settled is unknown and not zero.
 * Method: a table of trees with their flows, and a property against a naive sum that asks of every
 * zone whether it lies below the bridge (replay with `SEED=…`).
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Zone } from '@busbar/core/registry'
import fc from 'fast-check'
import type { GridView, SeriesPoint } from '../ports/measures.ts'
import { gridView, newestSettled } from './grid.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const intervalMs = 300_000

/** What a zone's meters put in and took out; `open` where nothing is settled yet. */
type Metered = readonly [injected: number, consumed: number] | 'open' | 'none'

const pointOf = (metered: Metered): SeriesPoint | undefined => {
  if (metered === 'none') return undefined
  const [injected, consumed] = metered === 'open' ? [null, null] : metered.map(BigInt)
  return { injected, consumed } as unknown as SeriesPoint
}

const zone = (number: number, parent: number | null, bridgeWatts = 0): Zone => ({
  ...{ zone: number, name: `zone-${number}`, parent, bridgeWatts },
})

const seen = (zones: readonly Zone[], metered: readonly Metered[]): GridView =>
  gridView(zones, 7, intervalMs, (one) => pointOf(metered[one] ?? 'none'))

const flowsOf = ({ zones }: GridView): readonly (bigint | null)[] => zones.map(({ flow }) => flow)

/** Zone by zone: does it lie below, and what did it put in? */
function naiveFlow(zones: readonly Zone[], metered: readonly Metered[], top: number) {
  let sum = 0
  for (const { zone: start } of zones) {
    let at: number | null = start
    while (at !== null && at !== top) at = zones[at]?.parent ?? null
    if (at === null) continue
    const own = metered[start] ?? 'none'
    if (own === 'open') return null
    if (own !== 'none') sum += own[0] - own[1]
  }
  return BigInt(sum)
}

describe('the grid', () => {
  const town = [zone(0, null), zone(1, 0, 60_000), zone(2, 0, 12_000), zone(3, 2, 6_000)]
  const cases: readonly (readonly [string, readonly Metered[], readonly (bigint | null)[]])[] = [
    ['one street feeds the other', [[0, 0], [30, 5], [0, 20], 'none'], [5n, 25n, -20n, 0n]],
    ['what is below comes with it', [[0, 0], [0, 0], [9, 0], [0, 40]], [-31n, 0n, -31n, -40n]],
    ['an unsettled zone hides all above', [[1, 0], [2, 0], [3, 0], 'open'], [null, 2n, null, null]],
    ['zones without meters carry nothing', ['none', 'none', 'none', 'none'], [0n, 0n, 0n, 0n]],
  ]
  for (const [name, metered, flows] of cases) {
    test(name, () => deepEqual(flowsOf(seen(town, metered)), flows))
  }

  test('a bridge is loaded in either direction, and more than full where it is', () => {
    const { zones } = seen(town, [[0, 0], [0, 2_500], [1_500, 0], [0, 0]])
    deepEqual(
      zones.map(({ capacity, loadingBasisPoints }) => [capacity, loadingBasisPoints]),
      [[null, null], [5_000n, 5_000n], [1_000n, 15_000n], [500n, 0n]],
    )
  })

  test('a bridge that carries nothing has no loading', () => {
    const { zones } = seen([zone(0, null), zone(1, 0, 0)], [[0, 0], [5, 0]])
    deepEqual([zones[1]?.capacity, zones[1]?.loadingBasisPoints], [0n, null])
  })

  test('every tree agrees with the naive sum', () => {
    const metered = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.nat(9_999), fc.nat(9_999)) },
      { weight: 1, arbitrary: fc.constantFrom('open' as const, 'none' as const) },
    )
    const tree = fc.array(fc.tuple(fc.nat(99), metered), { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(tree, (drawn) => {
        // A few have no zone above them: a market may have several trees.
        const zones = drawn.map(([above], i) => zone(i, above % (i + 1) === i ? null : above % i))
        const all = drawn.map(([, one]) => one)
        deepEqual(flowsOf(seen(zones, all)), zones.map((_one, i) => naiveFlow(zones, all, i)))
      }),
      replay,
    )
  })
})

describe('the newest settled interval', () => {
  const two = [zone(0, null), zone(1, 0)]
  const rows: Readonly<Record<number, readonly Metered[]>> = {
    5: [[1, 0], [1, 0]],
    6: [[1, 0], 'none'],
    7: [[1, 0], 'open'],
    8: ['open', 'open'],
  }
  const newest = (from: number, zones = two): number | null =>
    newestSettled(zones, from, (one, interval) => pointOf(rows[interval]?.[one] ?? 'none'))

  test('is settled wherever it is known', () => {
    equal(newest(8), 6)
    equal(newest(5), 5)
  })
  test('or, where none is, settled somewhere', () => {
    equal(newestSettled(two, 7, (one, interval) => interval < 7 ? undefined : pointOf(
      rows[interval]?.[one] ?? 'none')), 7)
  })
  test('is none before the first run', () => equal(newest(4), null))
})
