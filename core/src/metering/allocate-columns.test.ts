/**
 * Goal: the fast allocation is exact on markets of the size and the shapes it is made for, and
 * refuses columns that are no trades.
 * Method: seeded markets of up to some hundred meters, shaped to reach each way through the shares
 * and the chains, against `allocateNaive`; a large one against its cut. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../errors/index.ts'
import { WattHours } from '../units/index.ts'
import {
  allocate,
  allocateColumns,
  allocateNaive,
  allocationRules,
  checkCut,
  type MeteredTrades,
  type TradeColumns,
} from './index.ts'

/** Draws an integer from `min` to `max`. */
type Draw = (min: number, max: number) => number

type Market = { readonly meters: number; readonly trades: readonly (readonly [number, number])[] }

/** Who trades with whom, among meters counted from 0 on each side. */
const shapes: Readonly<Record<string, (draw: Draw) => Market>> = {
  'everybody with anybody': (draw) => random(draw, draw(1, 40), draw(1, 160)),
  'streets of a few homes': (draw) => {
    const trades = Array.from({ length: draw(1, 160) }, () => {
      const street = draw(0, 9) * 4
      return [street + draw(0, 3), street + draw(0, 3)] as const
    })
    return { meters: 40, trades }
  },
  'one long chain, its trades in any sequence': (draw) => {
    const meters = draw(2, 60)
    const links = Array.from({ length: 2 * meters - 1 }, (_, i) => [(i + 1) >> 1, i >> 1] as const)
    return { meters, trades: shuffle(draw, links) }
  },
  'a ring': (draw) => {
    const meters = draw(2, 40)
    const links = Array.from({ length: 2 * meters }, (_, i) => [((i + 1) >> 1) % meters, i >> 1])
    return { meters, trades: shuffle(draw, links) as [number, number][] }
  },
  'one buyer of many, and many of one': (draw) => {
    const trades = Array.from({ length: draw(1, 120) }, () => {
      return draw(0, 1) === 0 ? ([0, draw(0, 39)] as const) : ([draw(0, 39), 0] as const)
    })
    return { meters: 40, trades }
  },
}

const energyShapes: Readonly<Record<string, (draw: Draw) => number>> = {
  'one or none': (draw) => draw(0, 1),
  'a few watt-hours': (draw) => draw(0, 9),
  'blocks of ten': (draw) => draw(0, 3) * 10,
  'a household': (draw) => draw(0, 5_000),
  'all there may be': (draw) => draw(0, 6_000_000_000_000),
  'crumbs and giants': (draw) => (draw(0, 1) === 0 ? draw(0, 3) : draw(0, 6_000_000_000_000)),
}

describe('allocate gives what allocateNaive gives', () => {
  for (const [name, shape] of Object.entries(shapes)) {
    test(name, () => {
      const energyOf = fc.constantFrom(...Object.values(energyShapes))
      const drawn = fc.record({ energyOf, meteredOf: energyOf, seed: fc.nat() })
      fc.assert(
        fc.property(drawn, ({ energyOf: owed, meteredOf, seed }) => {
          const draw = drawer(seed)
          const market = marketOf(shape(draw), draw, owed, meteredOf)
          for (const rule of allocationRules) {
            deepEqual(allocate({ ...market, rule }), allocateNaive({ ...market, rule }))
          }
        }),
        { numRuns: 60, ...replay },
      )
    })
  }

  test('what is still open after the last repetition is placed in turn', () => {
    const seller = [2, 2, 2, 2, 2, 2, 2, 2, 0, 2, 2, 2, 2, 2, 0, 2, 2, 2, 0, 1]
    const buyer = [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1]
    const owed = [
      8, 52, 1_240, 14, 864, 8, 20, 1, 27_271, 13, 11, 4, 7, 9, 1, 24, 827, 11, 47_677, 281_833,
    ]
    const market = {
      sellers: [13, 0, 26].map((exported, meter) => ({ meter, energy: energy(exported) })),
      buyers: [26, 13].map((imported, meter) => ({ meter, energy: energy(imported) })),
      trades: owed.map((wattHours, i) => ({
        trade: i + 1, seller: seller[i]!, buyer: buyer[i]!, energy: energy(wattHours),
      })),
    }
    const shared = allocate({ ...market, rule: 'maximal-proportional' })
    deepEqual(shared, allocateNaive({ ...market, rule: 'maximal-proportional' }))
    // A ninth repetition would give the last watt-hour of meter 0 to its second trade.
    deepEqual([shared.delivered[8], shared.delivered[14]], [7n, 0n])
  })
})

test('twenty thousand meters deliver the most there can be, as their cut shows', () => {
  const draw = drawer(20_000)
  const market = marketOf(random(draw, 20_000, 100_000), draw, energyShapes['a household']!)
  const { delivered, cut } = allocate({ ...market, rule: 'max-flow' })
  ok(cut !== null)
  equal(checkCut(market, delivered, cut), null)
  const proportional = allocate({ ...market, rule: 'maximal-proportional' }).delivered
  const total = (energies: readonly bigint[]): bigint => energies.reduce((sum, one) => sum + one)
  ok(total(proportional) < total(delivered))
})

test('columns that are no trades are refused by field, limit and place', () => {
  const good = {
    seller: Uint32Array.of(0, 1),
    buyer: Uint32Array.of(0, 0),
    obligation: Float64Array.of(5, 5e14),
    exported: Float64Array.of(1, 2),
    imported: Float64Array.of(1e15),
  }
  const bad = (changed: Partial<TradeColumns>, field: string, index: number): void => {
    throws(
      () => allocateColumns({ ...good, ...changed }, 'fifo'),
      (error) => {
        ok(error instanceof Fault)
        const { field: named, index: at } = error.details
        deepEqual([error.code, named, at], ['ALLOCATION_INVALID', field, index])
        return true
      },
    )
  }
  deepEqual(allocateColumns(good, 'fifo').delivered, Float64Array.of(1, 2))
  bad({ exported: Float64Array.of(1, 0.5) }, 'exported', 1)
  bad({ imported: Float64Array.of(-1) }, 'imported', 0)
  bad({ imported: Float64Array.of(1e15 + 1) }, 'imported', 0)
  bad({ obligation: Float64Array.of(5, Number.NaN) }, 'obligation', 1)
  bad({ obligation: Float64Array.of(5e14 + 1, 5e14) }, 'obligation', 1)
  bad({ seller: Uint32Array.of(0, 2) }, 'seller', 1)
  bad({ buyer: Uint32Array.of(1, 0) }, 'buyer', 0)
  throws(() => allocateColumns({ ...good, buyer: Uint32Array.of(0) }, 'fifo'), /of one length/)
})

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const random = (draw: Draw, meters: number, count: number): Market => ({
  meters,
  trades: Array.from({ length: count }, () => [draw(0, meters - 1), draw(0, meters - 1)] as const),
})

function marketOf(
  { meters, trades }: Market,
  draw: Draw,
  owedBy: (draw: Draw) => number,
  meteredBy = owedBy,
): MeteredTrades {
  // What a meter has is drawn in proportion to how many trades it may have.
  const metered = () =>
    Array.from({ length: meters }, (_, meter) => {
      return { meter, energy: energy(meteredBy(draw) * draw(1, 5)) }
    })
  return {
    sellers: metered(),
    buyers: metered(),
    trades: trades.map(([seller, buyer], i) => {
      return { trade: i + 1, seller, buyer, energy: energy(owedBy(draw)) }
    }),
  }
}

function shuffle<T>(draw: Draw, items: readonly T[]): T[] {
  const left = [...items]
  return items.flatMap(() => left.splice(draw(0, left.length - 1), 1))
}

const energy = (wattHours: number): WattHours => WattHours.from(BigInt(wattHours))

/** SplitMix32, twice per draw, so that wide ranges are reached in every place. */
function drawer(seed: number): Draw {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return (min, max) => min + (((next() >>> 11) * 2 ** 32 + next()) % (max - min + 1))
}
