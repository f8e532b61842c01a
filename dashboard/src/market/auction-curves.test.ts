/**
 * Goal: what is drawn of an auction is to scale, and nothing is drawn that is not told.
 * Method: small curves in a frame of a hundred by a hundred, whose numbers can be read off.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelAt, rangeOf, type Scale, shapeOf } from './auction-curves.ts'

const scale: Scale = {
  frame: { left: 0, end: 100, top: 0, bottom: 100 },
  range: [0, 100],
  priceMicrosPerKwh: 40,
  energyWh: 40,
}
const step = (energyWh: number, meanMicrosPerKwh: number) => ({ energyWh, meanMicrosPerKwh })

describe('the shape of a side', () => {
  test('has each step as wide as its energy, at the height of its limit, down to the price', () => {
    deepEqual(shapeOf([step(10, 90), step(30, 50)], scale), {
      edge: 'M0 10V10H25V50H100V60',
      area: 'M0 10V10H25V50H100V60H0Z',
    })
    equal(shapeOf([step(20, 20), step(20, 40)], scale)?.edge, 'M0 80V80H50V60H100V60')
  })

  test('has no line of what is not told, and the area where its limits may lie', () => {
    deepEqual(shapeOf([step(10, 90), step(20, 50)], scale), {
      edge: 'M0 10V10H25V50H75',
      area: 'M0 10V10H25V50H75H100V60H0Z',
    })
  })

  test('is none of what is not told, or of nothing', () => {
    equal(shapeOf(null, scale), undefined)
    equal(shapeOf([], scale), undefined)
  })
})

describe('the prices that are drawn', () => {
  const limits = [-500_000, 1_000_000] as const
  const told = { buy: [step(1, 310_000)], sell: [step(1, 80_000)] }
  const cases: readonly (readonly [
    string, Parameters<typeof rangeOf>[0], number, readonly [number, number],
  ])[] = [
    ['hold all that is told', told, 200_000, [0, 341_000]],
    ['reach twice the price where no demand is told', { ...told, buy: null }, 200_000,
      [0, 400_000]],
    ['are those around the price where nothing is told', null, 200_000, [0, 400_000]],
    ['go down to what is negative', { ...told, sell: [step(1, -40_000)] }, 200_000,
      [-40_000, 341_000]],
    ['are all that the market takes below nothing', null, -20_000, [-500_000, 100_000]],
    ['are all that the market takes where the price is its limit', null, 1_000_000, limits],
  ]
  for (const [what, curves, price, range] of cases) {
    test(what, () => {
      const found = rangeOf(curves, price, limits)
      deepEqual(found.map(Math.round), [...range])
      ok(found[0] <= price && price <= found[1])
    })
  }
})

describe('the name of a curve', () => {
  const tall: Scale = {
    frame: { left: 0, end: 400, top: 0, bottom: 400 },
    ...{ range: [0, 400], priceMicrosPerKwh: 200, energyWh: 40 },
  }
  const cases = [
    ['stands beside the price', 'sell', [step(40, 100)], 222],
    ['stands beside the price', 'buy', [step(40, 300)], 191],
    ['stands beside the price where nothing is told', 'buy', null, 191],
    ['stands beyond a curve that would cross it', 'sell', [step(20, 190), step(20, 200)], 232],
    ['stands beyond a curve that would cross it', 'buy', [step(40, 215)], 176],
    ['does not mind what begins behind it', 'sell', [step(30, 100), step(10, 190)], 222],
  ] as const
  for (const [what, side, steps, at] of cases) {
    test(`${what}: ${side} ${at}`, () => equal(labelAt(side, steps, tall), at))
  }

  test('stays where there is no room beyond', () => {
    const low = { ...tall, priceMicrosPerKwh: 30 }
    equal(labelAt('sell', [step(40, 20)], low), labelAt('sell', null, low))
  })
})
