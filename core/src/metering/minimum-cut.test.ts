/**
 * Goal: whoever holds a cut can trust it: what is not the most there can be has no cut that passes.
 * Method: a sound certificate, spoilt in one place after the other; a property over random claims
 * on small markets.
 */
import { equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { WattHours } from '../units/index.ts'
import { allocate, checkCut, type Cut, type CutFlaw, type MeteredTrades } from './index.ts'

const wh = (energy: number): WattHours => WattHours.from(BigInt(energy))

const metered = (energies: readonly number[]): MeteredTrades['sellers'] =>
  energies.map((energy, i) => ({ meter: i + 1, energy: wh(energy) }))

/** Seller 1 serves both buyers, seller 2 the first only, which takes little. */
const market: MeteredTrades = {
  sellers: metered([10, 10]),
  buyers: metered([5, 20]),
  trades: [
    { trade: 1, seller: 1, buyer: 1, energy: wh(10) },
    { trade: 2, seller: 1, buyer: 2, energy: wh(8) },
    { trade: 3, seller: 2, buyer: 1, energy: wh(10) },
  ],
}

const good = { delivered: [2n, 8n, 3n], cut: { sellers: [], buyers: [1], trades: [2] } }

const spoilt: Readonly<Record<string, [object, CutFlaw]>> = {
  'a trade more than it owes': [{ delivered: [1n, 9n, 3n] }, 'trade_over'],
  'a trade less than nothing': [{ delivered: [6n, 8n, -1n] }, 'trade_over'],
  'a trade is missing': [{ delivered: [5n, 8n] }, 'trade_over'],
  'a seller more than it exported': [{ delivered: [3n, 8n, 2n] }, 'meter_over'],
  'a buyer more than it imported': [{ delivered: [2n, 8n, 4n] }, 'meter_over'],
  'a meter nobody knows': [{ cut: { ...good.cut, sellers: [9] } }, 'not_known'],
  'a meter twice': [{ cut: { ...good.cut, buyers: [1, 1] } }, 'not_known'],
  'a trade nobody knows': [{ cut: { ...good.cut, trades: [4] } }, 'not_known'],
  'a trade that goes around it': [{ cut: { ...good.cut, trades: [] } }, 'not_covered'],
  'a cut with more than is delivered': [
    { cut: { sellers: [1], buyers: [1], trades: [] } }, 'not_met',
  ],
  'less delivered than the cut has': [{ delivered: [2n, 8n, 2n] }, 'not_met'],
}

describe('checkCut', () => {
  test('takes the certificate of max-flow', () => {
    const { delivered, cut } = allocate({ ...market, rule: 'max-flow' })
    ok(cut !== null)
    equal(checkCut(market, delivered, cut), null)
    equal(checkCut(market, good.delivered, good.cut), null)
  })

  for (const [name, [change, flaw]] of Object.entries(spoilt)) {
    test(`refuses ${name}`, () => {
      const claim: { delivered: readonly bigint[]; cut: Cut } = { ...good, ...change }
      equal(checkCut(market, claim.delivered, claim.cut), flaw)
    })
  }

  test('an unknown meter of a trade is over', () => {
    equal(checkCut({ ...market, sellers: metered([10]) }, good.delivered, good.cut), 'meter_over')
  })

  test('takes no claim that is not the most there can be', () => {
    const energy = fc.bigInt({ min: 0n, max: 4n })
    const some = fc.subarray([1, 2])
    const claim = fc.record({
      delivered: fc.tuple(energy, energy, energy),
      cut: fc.record({ sellers: some, buyers: some, trades: fc.subarray([1, 2, 3]) }),
      has: fc.tuple(energy, energy, energy, energy, energy, energy, energy),
    })
    fc.assert(
      fc.property(claim, ({ delivered, cut, has }) => {
        const [a = 0, b = 0, c = 0, d = 0, ...owed] = has.map(Number)
        const drawn: MeteredTrades = {
          sellers: metered([a, b]),
          buyers: metered([c, d]),
          trades: market.trades.map((trade, i) => ({ ...trade, energy: wh(owed[i] ?? 0) })),
        }
        if (checkCut(drawn, delivered, cut) !== null) return
        const most = allocate({ ...drawn, rule: 'max-flow' }).delivered
        equal(sum(delivered), sum(most))
      }),
      { numRuns: 20_000, ...replay },
    )
  })
})

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const sum = (energies: readonly bigint[]): bigint => energies.reduce((all, one) => all + one, 0n)
