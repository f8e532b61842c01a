/**
 * Goal: the circuits that are used take what the engine says of full batches, and nothing else.
 * Method: the circuits of 64 and 256 orders solved, without a proof, for random batches and for
 * those that are hard on bounds (every order as large as can be, at one price, at the ends of the
 * prices, nearly all void), and for what a prover that lies makes of them. `RUNS` (a hundredth of
 * them), `SEED`.
 */
import { equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { energyWhMax, limitMicrosMax } from '@busbar/protocols/sealed-orders'
import { Noir } from '@noir-lang/noir_js'
import { clearingCircuit, type ClearingSize, compileCircuit } from './circuit.ts'
import { checkStatement, statementOf } from './statement.ts'
import { attempt } from './testing/attacks.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape, type Shape } from './testing/random-batch.ts'
import { type ClearingInput, clearingInput, inputMap } from './witness.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Math.max(2, Math.floor(Number(process.env.RUNS ?? 200) / 100))

const hardShapes = (size: number): readonly Shape[] => {
  const shape = { orders: size, levels: 1, energyWhMax: 1, voidPercent: 0, from: 0, step: 1 }
  return [
    { ...shape, energyWhMax },
    { ...shape, levels: 2, energyWhMax, from: limitMicrosMax - 1 },
    { ...shape, levels: 3, energyWhMax: 2, from: -limitMicrosMax },
    { ...shape, levels: size, step: 7, energyWhMax: 3 },
    { ...shape, levels: 2, voidPercent: 97 },
    { ...shape, orders: size - 1, levels: 5 },
  ]
}

async function solver(size: ClearingSize): Promise<(input: ClearingInput) => Promise<boolean>> {
  const noir = new Noir((await compileCircuit(clearingCircuit(size))) as never)
  return (input) =>
    noir.execute(inputMap(input)).then(
      () => true,
      (error: unknown) => {
        if (/Cannot satisfy|Failed|bit size/i.test(String(error))) return false
        throw error
      },
    )
}

for (const size of [64, 256] as const) {
  test(`batches of up to ${size} orders, seed ${seed}`, async () => {
    const random = new Random(seed + size)
    const accepts = await solver(size)
    const hard = hardShapes(size)
    const first = random.below(hard.length)
    let lies = 0
    for (let run = 0; run < runs; run += 1) {
      // One after the other of the hard ones, and a random one for each.
      const shapes = [hard[(first + run) % hard.length]!, randomShape(random, size)]
      for (const shape of shapes) {
        const batch = randomBatch(random, shape)
        const statement = statementOf(batch)
        equal(checkStatement(batch, statement), undefined)
        const honest = clearingInput(batch, size, statement)
        ok(await accepts(honest), `run ${run}: ${JSON.stringify(shape)}`)
        const lie = attempt(honest, random)
        if (lie === undefined) continue
        lies += 1
        equal(await accepts(lie), false, `run ${run}: a lie about ${JSON.stringify(shape)}`)
      }
    }
    ok(lies > 0, 'some of the attempts are lies')
  })
}
