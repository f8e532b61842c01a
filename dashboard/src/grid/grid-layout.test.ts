/**
 * Goal: every zone has its place under the one above it, no line runs through another zone, and
 * what a bridge carries is said by more than a colour.
 * Method: a tree by hand, and any tree (property, replay with `SEED=…`).
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GridZone } from '@busbar/protocols/api'
import fc from 'fast-check'
import { flowState, gridLayout, gridSizes, lineWidth, loadingTone } from './grid-layout.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const zone = (number: number, parent: number | null): GridZone => ({
  ...{ zone: number, name: `zone-${number}`, parent, bridgeWatts: 0, status: null },
  ...{ priceMicrosPerKwh: null, tradedWh: null, injectedWh: null, consumedWh: null },
  ...{ selfSuppliedWh: null, estimatedMeterCount: 0, flowWh: null, capacityWh: null },
  loadingBasisPoints: null,
})

describe('the picture of the grid', () => {
  test('has each zone before all below it', () => {
    const { places, height } = gridLayout([zone(0, null), zone(1, 0), zone(2, 0), zone(3, 1)])
    deepEqual(places.map((place) => [place.zone.zone, place.depth]), [
      [0, 0], [1, 1], [3, 2], [2, 1],
    ])
    equal(height, 4 * (gridSizes.bridge + gridSizes.bar + gridSizes.zone))
    deepEqual(gridLayout([]), { places: [], height: 0 })
  })

  test('has every zone once, and its line beside what stands between', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 1, maxLength: 30 }), (above) => {
        const zones = above.map((one, i) => zone(i, i === 0 || one % 7 === 0 ? null : one % i))
        const { places } = gridLayout(zones)
        deepEqual(
          places.map((place) => place.zone.zone).toSorted((a, b) => a - b),
          zones.map((one) => one.zone),
        )
        for (const [index, place] of places.entries()) {
          if (place.zone.parent === null) continue
          const parent = places.findIndex((one) => one.zone.zone === place.zone.parent)
          ok(parent >= 0 && parent < index)
          equal(place.from, (places[parent]?.barTop ?? 0) + gridSizes.bar)
          // Deeper than a phone has room for, zones stand under each other.
          if (place.depth > gridSizes.depthMax) continue
          for (const between of places.slice(parent + 1, index)) ok(place.trunk < between.left)
        }
      }),
      replay,
    )
  })

  test('says which way energy flows, and how full a bridge is', () => {
    deepEqual([5, -5, 0, null].map((flowWh) => flowState({ flowWh })), [
      'up', 'down', 'still', 'unknown',
    ])
    deepEqual([null, 7_999, 8_000, 10_000, 10_001].map(loadingTone), [
      'plain', 'plain', 'warn', 'warn', 'bad',
    ])
    deepEqual([null, 0, 5_000, 10_000, 99_000].map(lineWidth), [3, 3, 5.5, 8, 8])
  })
})
