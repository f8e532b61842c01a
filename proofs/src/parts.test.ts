/**
 * Goal: a set proven in parts is proven of the same statement as one that is proven at once, and of
 * no other. Method: random sets in parts of four orders, against the engine that the market clears
 * with; each input changed by one; constraints left out. `RUNS`, `SEED`.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { partInputs } from './parts.ts'
import type { Numbers } from './solve.ts'
import type { Batch } from './statement.ts'
import { isTrueOfParts } from './testing/forge-parts.ts'
import { mount, partAttacks, redundantInParts } from './testing/part-attacks.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape } from './testing/random-batch.ts'
import { partMarks, type PartsInput, smallCut, smallPart } from './testing/small-parts.ts'

const seed = Number(process.env.SEED ?? 20_260_302)
const runs = Number(process.env.RUNS ?? 60)
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

/** All of them take minutes: without `MUTANTS=all` every run takes some others. */
const chosen = process.env.MUTANTS === 'all' ? names : some(names, 8)

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
  const random = new Random(seed)
  const { parts, join } = inputsFor(drawBatch(random))
  await changedByOne(parts[0]!, await whole.part)
  await changedByOne(join, await whole.join)
})

/** Inputs of which another value means nothing: where nobody reads them. */
const unread = /slots\.\d+\.(?:limit|blind|inverse|near)$|join\.context$|terms\.tie$|parts\.after/

async function changedByOne<T extends Numbers>(
  input: T,
  accepts: (input: Numbers) => Promise<boolean>,
): Promise<void> {
  equal(await accepts(input), true)
  for (const path of pathsOf(input)) {
    for (const by of [1n, -1n]) {
      const taken = await accepts(changed(input, path, by))
      if (taken) ok(unread.test(path.join('.')), `${path.join('.')} by ${by} is taken`)
    }
  }
}

function pathsOf(value: Numbers, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'bigint') return [path]
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))
}

function changed(value: Numbers, [name = '', ...rest]: readonly string[], by: bigint): Numbers {
  if (typeof value === 'bigint') return value + by
  if (value instanceof Array) {
    return value.map((inner, i) => (String(i) === name ? changed(inner, rest, by) : inner))
  }
  const record = value as { readonly [name: string]: Numbers }
  return { ...record, [name]: changed(record[name] ?? 0n, rest, by) }
}
