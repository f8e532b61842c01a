/**
 * Goal: no constraint can become looser unnoticed: a range by one bit, by twenty, to 200; an
 * equality by one or by a factor; a flag by a third value. Method: circuits that tell what each
 * constraint is asked instead of enforcing it, given lies that one constraint alone refuses. For
 * each way to loosen a line one of them gets through then, or there is an argument why none can.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inputsOf, type Numbers } from '../solve.ts'
import { thresholdInputMap } from '../threshold.ts'
import { inputMap } from '../witness.ts'
import { argued, arguedInParts, arguedOfThreshold } from './argued.ts'
import { attackInput, directedAttacks } from './directed-attacks.ts'
import { isTrue } from './forge.ts'
import { isTrueOfParts } from './forge-parts.ts'
import { implied } from './implied.ts'
import {
  argumentFor,
  type Arguments,
  brokenMarks,
  getsThrough,
  type Loosening,
  looseningsOf,
} from './loosening.ts'
import { mount } from './lying-prover.ts'
import { narrowAttacks } from './narrow-attacks.ts'
import { narrowPartAttacks } from './narrow-part-attacks.ts'
import { narrowThresholdAttacks } from './narrow-threshold-attacks.ts'
import { type Constraint, observed, readCircuit, type Seen } from './observed.ts'
import { partAttacks, redundantInParts } from './part-attacks.ts'
import { smallMain } from './small-circuit.ts'
import { modulo, small } from './small-parts.ts'
import { attacks as thresholdAttacks, honest, isFalseClaim } from './threshold-attacks.ts'

/** What a lie shows to the constraints, and the one that it is meant for. */
type Lie = { readonly mark: string; readonly seen: Seen }

/** Every loosening that is not implied is either gone through or argued, and never both. */
function judge(
  loosenings: readonly Loosening[],
  constraints: readonly Constraint[],
  lies: readonly Lie[],
  given: Arguments,
): void {
  for (const { mark, seen } of lies) deepEqual(brokenMarks(constraints, seen), [mark])
  const unnoticed: string[] = []
  const needless: string[] = []
  for (const loosening of loosenings) {
    const isNoticed = lies.some(({ seen }) => getsThrough(loosening, constraints, seen))
    const isArgued = argumentFor(given, loosening) !== undefined
    const name = `${loosening.mark}: ${loosening.how}`
    if (!isNoticed && !isArgued) unnoticed.push(name)
    if (isNoticed && isArgued) needless.push(name)
  }
  deepEqual(unnoticed, [], 'nothing would notice these')
  deepEqual(needless, [], 'an argument is wrong: a lie gets through')
}

const loosenable = (
  constraints: readonly Constraint[],
  impliedBy: Readonly<Record<string, string>>,
  isOfSlots: (mark: string) => boolean = () => false,
): readonly Loosening[] =>
  constraints
    .filter(({ mark }) => !Object.hasOwn(impliedBy, mark))
    .flatMap((one) => looseningsOf(one, isOfSlots(one.mark)))

describe('a looser line is noticed', () => {
  test('in the circuit of a clearing', async (context) => {
    const circuit = await observed(['rule', 'clearing-64'], {
      'rule/src/clearing.nr': readCircuit('rule/src/clearing.nr'),
      'clearing-64/src/main.nr': smallMain,
    })
    const lies: Lie[] = []
    for (const attack of [...directedAttacks, ...narrowAttacks]) {
      // The slots stand in the order of the commitments: other salts, other slots.
      for (let shuffle = 0; shuffle < 3; shuffle += 1) {
        const input = attackInput(attack, shuffle)
        // In some orders rounding makes the lie come true.
        if (isTrue(input)) equal(shuffle > 0, true, attack.lie)
        else lies.push({ mark: attack.mark, seen: await circuit.see(inputMap(input)) })
      }
    }
    const isOfSlots = (mark: string) => (lies[0]?.seen.get(mark)?.length ?? 0) > 1
    const loosenings = loosenable(circuit.constraints, implied, isOfSlots)
    context.diagnostic(`${loosenings.length} loosenings, ${lies.length} lies`)
    ok(loosenings.length > 100)
    judge(loosenings, circuit.constraints, lies, argued)
  })

  test('in the circuits of large sets', async (context) => {
    const sources = (...files: readonly string[]) =>
      Object.fromEntries(files.map((file) => [file, small(readCircuit(file))]))
    const part = await observed(
      ['rule', 'parts', 'clearing-part'],
      sources('parts/src/slot.nr', 'clearing-part/src/main.nr'),
    )
    const join = await observed(
      ['rule', 'parts', 'clearing-join'],
      sources('parts/src/terms.nr', 'parts/src/join.nr', 'clearing-join/src/main.nr'),
    )
    const see = (circuit: typeof part, input: { readonly [name: string]: Numbers }) =>
      circuit.see(inputsOf(modulo(input) as { [name: string]: Numbers }))
    const lies: Lie[] = []
    for (const [mark, attack] of [...Object.entries(partAttacks), ...narrowPartAttacks]) {
      const input = mount(attack)
      equal(isTrueOfParts(input), false, `${mark} tells a lie`)
      const seen = new Map<string, bigint[]>()
      const views = await Promise.all(input.parts.map((one) => see(part, one)))
      for (const view of [...views, await see(join, input.join)]) {
        for (const [name, values] of view) seen.set(name, [...(seen.get(name) ?? []), ...values])
      }
      lies.push({ mark, seen })
    }
    const constraints = [...part.constraints, ...join.constraints]
    const loosenings = loosenable(constraints, redundantInParts)
    context.diagnostic(`${loosenings.length} loosenings, ${lies.length} lies`)
    ok(loosenings.length > 130)
    judge(loosenings, constraints, lies, arguedInParts)
  })

  test('in the circuit of a threshold', async (context) => {
    const file = 'threshold/src/main.nr'
    const circuit = await observed(['rule', 'threshold'], { [file]: readCircuit(file) })
    const lies: Lie[] = []
    for (const [mark, attack] of [...Object.entries(thresholdAttacks), ...narrowThresholdAttacks]) {
      const input = attack(honest())
      ok(isFalseClaim(input), `${mark} tells a lie`)
      const numbers = modulo(input as never) as never
      lies.push({ mark, seen: await circuit.see(thresholdInputMap(numbers)) })
    }
    const { constraints } = circuit
    const loosenings = loosenable(constraints, {})
    context.diagnostic(`${loosenings.length} loosenings, ${lies.length} lies`)
    judge(loosenings, constraints, lies, arguedOfThreshold)
  })
})
