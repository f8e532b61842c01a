/**
 * Goal: the circuit takes exactly the clearings that follow the rule.
 * Method: the same constraints for four orders, solved thousands of times: random markets beside
 * both engines of the core; a prover that lies in every way it can, and publishes what follows from
 * its lies; each input changed by one; and circuits that lack one constraint each, which the lie
 * meant for it gets through.
 * `RUNS` sets how many markets and lies, `MUTANTS` how many circuits (`all`), `SEED` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { attempt } from './testing/attacks.ts'
import { attackInput, batchOf, directedAttacks } from './testing/directed-attacks.ts'
import { inField, isTrue } from './testing/forge.ts'
import { implied } from './testing/implied.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape } from './testing/random-batch.ts'
import {
  constraintMarks,
  smallCircuit,
  type SmallCircuit,
  smallSlots,
} from './testing/small-circuit.ts'
import { refusesChanges } from './testing/tampering.ts'
import { checkStatement, statementOf } from './statement.ts'
import { type ClearingInput, clearingInput } from './witness.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.RUNS ?? 300)
const mutants = process.env.MUTANTS ?? '3'

let circuit: SmallCircuit
before(async () => {
  circuit = await smallCircuit()
})

describe('the circuit of a clearing', () => {
  test('takes what the core clears, and the naive clearing agrees', async (context) => {
    context.diagnostic(`seed ${seed}, ${runs} markets`)
    const random = new Random(seed)
    let traded = 0
    for (let run = 0; run < runs; run += 1) {
      const batch = randomBatch(random, randomShape(random, smallSlots))
      const statement = statementOf(batch)
      equal(checkStatement(batch, statement), undefined)
      const input = clearingInput(batch, smallSlots, statement)
      ok(await circuit.accepts(input), `seed ${seed}, run ${run}`)
      if (statement.energyWh > 0n) traded += 1
    }
    ok(traded > runs / 20, 'enough of the markets trade')
  })

  test('refuses a prover that lies', async (context) => {
    context.diagnostic(`seed ${seed}, ${runs} attempts`)
    const random = new Random(seed + 1)
    let lies = 0
    for (let run = 0; run < runs; run += 1) {
      const batch = randomBatch(random, randomShape(random, smallSlots))
      const lie = attempt(clearingInput(batch, smallSlots), random)
      if (lie === undefined) continue
      lies += 1
      equal(await circuit.accepts(lie), false, `seed ${seed}, run ${run}`)
    }
    ok(lies > runs / 3, 'enough of the attempts are lies')
  })

  for (const attack of directedAttacks) {
    test(`refuses ${attack.lie} (${attack.mark})`, async () => {
      const input = attackInput(attack)
      equal(isTrue(input), false)
      equal(await circuit.accepts(input), false)
    })
  }
})

/** What a circuit does not look at: of a slot that is something else, of another case. */
function unreadIn({ slots, advice }: ClearingInput): RegExp {
  const ofSlots = slots.flatMap(({ active, isVoid }, i) => [
    ...(isVoid === 1n ? [] : [`slots\\.${i}\\.voidCommitment`]),
    ...(active === 1n ? [] : [`slots\\.${i}\\.(side|limit|blind|inner|marginal)`]),
  ])
  const { balanced, demand, supply } = advice
  const ofAdvice = [
    ...(balanced === 1n ? [] : ['advice\\.(middle|odd)']),
    ...(demand + supply === 1n ? [] : ['advice\\.tie']),
  ]
  return new RegExp(`^(${[...ofSlots, ...ofAdvice].join('|')})$`)
}

describe('no input can be changed by one', () => {
  const markets = [
    ['buy 5 2', 'buy 5 6', 'sell 5 5', 'void'],
    ['sell 5 2', 'sell 5 6', 'buy 5 5', 'void'],
    ['buy 10 5', 'sell 4 5', 'void'],
    ['buy 4 5', 'sell 10 5', 'void'],
  ]
  for (const market of markets) {
    test(`of ${market.join(', ')}`, async () => {
      const input = clearingInput(batchOf(market), smallSlots)
      const accepts = (given: unknown) => circuit.accepts(inField(given as ClearingInput))
      await refusesChanges(input as never, accepts, unreadIn(input))
    })
  }
})

describe('every constraint', () => {
  test('has its lie, or a reason why others imply it', () => {
    const known = [...directedAttacks.map(({ mark }) => mark), ...Object.keys(implied)]
    deepEqual([...known].sort(), [...constraintMarks].sort())
  })

  const random = new Random(seed + 2)
  const chosen =
    mutants === 'all'
      ? directedAttacks
      : Array.from({ length: Number(mutants) }, () => random.pick(directedAttacks))
  for (const attack of chosen) {
    test(`without ${attack.mark}, ${attack.lie} passes (seed ${seed})`, async () => {
      const without = await smallCircuit(attack.mark)
      equal(await without.accepts(attackInput(attack)), true)
    })
  }
})
