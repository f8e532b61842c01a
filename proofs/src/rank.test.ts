/**
 * Goal: a proof of rank is made for what is true of an order and its set, and for nothing else.
 * Method: the circuit for four orders; random sets against a count by the openings; each input
 * changed by one; for each constraint a lie that it alone refuses, and for each way to loosen one,
 * or an argument. `SEED`, `RUNS`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { fieldToHex } from '@busbar/protocols/sealed-orders'
import { packRank, type Rank, type RankInput, rankInput, rankOf, unpackRank } from './rank.ts'
import { inputsOf, type Numbers } from './solve.ts'
import { isOpened, ordersOf } from './statement.ts'
import { batchOf } from './testing/directed-attacks.ts'
import { mod } from './testing/forge.ts'
import { argumentFor, brokenMarks, getsThrough, looseningsOf } from './testing/loosening.ts'
import { type Observed, observed, readCircuit, type Seen } from './testing/observed.ts'
import {
  argued,
  attacks,
  impliedInRank,
  rankMarket,
  type RankLie,
  rootOf,
} from './testing/rank-attacks.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape } from './testing/random-batch.ts'
import { modulo } from './testing/small-parts.ts'
import { refusesChanges } from './testing/tampering.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.RUNS ?? 60)
const slots = 4

let circuit: Observed
before(async () => {
  const main = readCircuit('rank-64/src/main.nr')
    .replaceAll('64', String(slots))
    .replace('empty_part, node_of_some, row', 'empty_part, node_of_some')
    .replace('    let nodes: [Field; 4] = row(leaves);\n', '')
    .replace('node_of_some(nodes, ', 'node_of_some([node_of_some(leaves, 0)], ')
  const lib = readCircuit('rank/src/lib.nr')
  circuit = await observed(['rule', 'rank', 'rank-64'], {
    'rank/src/lib.nr': lib,
    'rank-64/src/main.nr': main,
  })
})

const see = (input: RankInput): Promise<Seen> =>
  circuit.see(inputsOf(modulo(input) as { [name: string]: Numbers }))

const accepts = async (input: RankInput): Promise<boolean> =>
  brokenMarks(circuit.constraints, await see(input)).length === 0

describe('a rank', () => {
  test(`is that of the openings, seed ${seed}`, async () => {
    const random = new Random(seed)
    for (let run = 0; run < runs; run += 1) {
      const batch = randomBatch(random, randomShape(random, slots))
      const opened = batch.orders.flatMap((order, i) => (isOpened(order) ? [i] : []))
      if (opened.length === 0) continue
      const position = random.pick(opened)
      const rank = rankOf(batch, position)
      // Counted another way: the core's orders, sorted.
      const own = ordersOf(batch)[opened.indexOf(position)]
      ok(own)
      const better = ordersOf(batch).filter(
        ({ side, limit }) =>
          side === own.side && (side === 'buy' ? limit > own.limit : limit < own.limit),
      )
      equal(rank.atMost, better.length + batch.orders.length - opened.length)
      const looser = { ...rank, atMost: rank.atMost + random.pick([0, 0, 1, 100]) }
      equal(await accepts(rankInput(batch, looser, slots)), true, `run ${run}`)
    }
  })

  test('reads back', () => {
    const rank: Rank = { side: 'sell', position: 4_095, atMost: 2 ** 24 - 1 }
    deepEqual(unpackRank(packRank(rank)), rank)
    throws(() => unpackRank(fieldToHex(1n << 37n)), { code: 'FIELD_MALFORMED' })
  })

  test('that is not true is named', () => {
    const batch = batchOf(rankMarket)
    const position = batch.orders.findIndex(isOpened)
    const rank = rankOf(batch, position)
    const other = rank.side === 'buy' ? 'sell' : 'buy'
    const wrong = { code: 'RANK_NOT_MET' }
    throws(() => rankInput(batch, { ...rank, side: other }, slots), wrong)
    throws(() => rankInput(batch, { ...rank, atMost: rank.atMost - 1 }, slots), wrong)
    throws(() => rankOf(batch, 9), wrong)
  })
})

test('no input can be changed by one', async () => {
  const batch = batchOf(rankMarket)
  const input = rankInput(batch, rankOf(batch, batch.orders.findLastIndex(isOpened)), slots)
  const unread = input.slots.flatMap(({ active, isVoid }, i) => [
    ...(isVoid === 1n ? [] : [`slots\\.${i}\\.voidCommitment`]),
    ...(active === 1n ? [] : [`slots\\.${i}\\.(side|limit|energy|blind)`]),
  ])
  const judged = (given: Numbers) => accepts(given as unknown as RankInput)
  await refusesChanges(input as unknown as Numbers, judged, new RegExp(`^(${unread.join('|')})$`))
})

/** Whether the public inputs are untrue of the set that is behind the root. */
function isFalse({ batch, input }: RankLie): boolean {
  if (rootOf(batch) !== input.ordersRoot) return true
  try {
    const rank = unpackRank(fieldToHex(mod(input.claimed)))
    const real = rankOf(batch, rank.position)
    return real.side !== rank.side || rank.atMost < real.atMost
  } catch {
    return true
  }
}

test('each constraint has a lie that it alone refuses, and so has each looser one', async () => {
  const lies: { readonly mark: string; readonly seen: Seen }[] = []
  for (const [mark, make] of attacks) {
    const lie = make()
    const seen = await see(lie.input)
    deepEqual(brokenMarks(circuit.constraints, seen), [mark])
    equal(isFalse(lie), true, `${mark} tells a lie`)
    lies.push({ mark, seen })
  }
  const known = new Set([...attacks.map(([mark]) => mark), ...Object.keys(impliedInRank)])
  deepEqual([...known].sort(), circuit.constraints.map(({ mark }) => mark).sort())
  const unnoticed = circuit.constraints
    .filter(({ mark }) => !Object.hasOwn(impliedInRank, mark))
    .flatMap((one) => looseningsOf(one, false))
    .filter((loosening) => {
      const isNoticed = lies.some(({ seen }) => getsThrough(loosening, circuit.constraints, seen))
      return isNoticed === (argumentFor(argued, loosening) !== undefined)
    })
    .map(({ mark, how }) => `${mark}: ${how}`)
  deepEqual(unnoticed, [])
})
