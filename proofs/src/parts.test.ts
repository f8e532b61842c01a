/**
 * Goal: a set proven in parts is proven of the same statement as one that is proven at once, and of
 * no other. Method: random sets in parts of four orders, against the engine that the market clears
 * with; each input changed by one; constraints left out, with the lie that gets through then.
 * `SEED`, `RUNS`, `MUTANTS`.
 */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { partInputs } from './parts.ts'
import type { Batch } from './statement.ts'
import { isTrueOfParts } from './testing/forge-parts.ts'
import { demand, marketOf, mount } from './testing/lying-prover.ts'
import { partAttacks, redundantInParts } from './testing/part-attacks.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape } from './testing/random-batch.ts'
import { partMarks, type PartsInput, smallCut, smallPart } from './testing/small-parts.ts'
import { refusesChanges } from './testing/tampering.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.RUNS ?? 25)
const whole = { part: smallPart('clearing-part'), join: smallPart('clearing-join') }

async function refusedBy({ parts, join }: PartsInput): Promise<string | undefined> {
  for (const [i, part] of parts.entries()) {
    if (!(await (await whole.part)(part))) return `part ${i}`
  }
  return (await (await whole.join)(join)) ? undefined : 'join'
}

const inputsFor = (batch: Batch): PartsInput => partInputs(batch, 99n, smallCut) as PartsInput

function drawBatch(random: Random): Batch {
  for (;;) {
    const batch = randomBatch(random, randomShape(random, 12))
    if (batch.orders.length > 4) return batch
  }
}

describe('parts', () => {
  test(`take what the engine says of random sets, seed ${seed}`, async () => {
    const random = new Random(seed)
    for (let run = 0; run < runs; run += 1) {
      const batch = drawBatch(random)
      equal(await refusedBy(inputsFor(batch)), undefined, `run ${run}`)
    }
  })
})

/** By the mark of a constraint: circuits without it. */
const names = Object.keys(partAttacks)

/** All of them take minutes: `MUTANTS=all`, or how many. */
const wanted = process.env.MUTANTS ?? '3'
const chosen = wanted === 'all' ? names : some(names, Number(wanted))

function some(all: readonly string[], count: number): readonly string[] {
  const start = new Random(seed).below(all.length)
  return [...all, ...all].slice(start, start + count)
}

describe('constraints', () => {
  test('each has an attack that it keeps away, or a reason why there is none', () => {
    const argued = Object.keys(redundantInParts)
    deepEqual([...partMarks.keys()].sort(), [...names, ...argued].sort())
  })

  test('every attack is refused, and what it says is not true', async () => {
    for (const name of names) {
      const attack = mount(partAttacks[name]!)
      equal(isTrueOfParts(attack), false, `${name} tells a lie`)
      notEqual(await refusedBy(attack), undefined, `${name} is refused`)
    }
  })

  for (const name of chosen) {
    test(`without ${name} its attack gets through`, async () => {
      const circuit = partMarks.get(name)!
      const mutant = await smallPart(circuit, name)
      const { parts, join } = mount(partAttacks[name]!)
      const [takesPart, takesJoin] =
        circuit === 'clearing-part' ? [mutant, await whole.join] : [await whole.part, mutant]
      for (const [i, part] of parts.entries()) equal(await takesPart(part), true, `part ${i}`)
      equal(await takesJoin(join), true, 'join')
    })
  }
})

test('no input of a part or of the join can be changed by one', async () => {
  const { parts, join } = inputsFor(marketOf(demand))
  // The fourth is marginal: it stands at the price anyway, and its nearness is counted nowhere.
  await refusesChanges(parts[0]!, await whole.part, /^slots\.3\.near$/)
  // The parts are proven for the context, and behind the last part nothing begins.
  await refusesChanges(join, await whole.join, /^context$|^parts\.after\.[23]$/)
})
