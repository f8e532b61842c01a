/**
 * Goal: the ladder has four steps in one order, each gives its time, and a pause gives just as much
 * more.
 * Method: a table of steps, and a property over random times. `SEED=…` replays.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Default, enforcementSteps, isStanding, type StepTaken } from './enforcement.ts'
import { extendedBy, finesOf, nextStep, takeNextStep } from './ladder.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 300, ...(seed === undefined ? {} : { seed }) }

const terms = { warningSeconds: 10, fineSeconds: 20, suspensionSeconds: 30, fineMicros: 7 }

const climb = (ats: readonly number[]): StepTaken[] => {
  const taken: StepTaken[] = []
  for (const at of ats) taken.push(takeNextStep(taken, terms, { at, sequence: 1, consent: '0x1' }))
  return taken
}

test('a warning, a fine, a suspension, a notice of disconnection, and no more', () => {
  const steps = climb([0, 100_000, 200_000, 300_000])
  deepEqual(steps.map(({ step, deadline, fine }) => [step, deadline, fine]), [
    ['warning', 10_000, 0n],
    ['fine', 120_000, 7n],
    ['suspension', 230_000, 0n],
    ['disconnection_notice', 300_000, 0n],
  ])
  equal(nextStep(steps), undefined)
  throws(() => takeNextStep(steps, terms, { at: 1, sequence: 1, consent: '' }), /step left/)
})

test('an appeal that was dismissed gives the last step as much longer as it took', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(10 ** 9), (count, pause) => {
    const taken = climb([0, 1, 2, 3].slice(0, count))
    const after = extendedBy(taken, pause)
    for (const [index, step] of taken.entries()) {
      const more = index === count - 1 ? pause : 0
      deepEqual(after[index], { ...step, deadline: step.deadline + more })
    }
    deepEqual(taken.map(({ step }) => step), enforcementSteps.slice(0, count))
  }), options)
})

test('fines stand on the bill unless the default was overturned', () => {
  const steps = climb([0, 1, 2])
  for (const status of ['open', 'appealed', 'cured', 'exhausted'] as const) {
    equal(finesOf({ status, steps }), 7n, status)
  }
  equal(finesOf({ status: 'overturned', steps }), 0n)
})

test('a default stands until it is cured or overturned', () => {
  const standing = (['open', 'appealed', 'cured', 'overturned', 'exhausted'] as const).filter(
    (status) => isStanding({ status } as Default),
  )
  deepEqual(standing, ['open', 'appealed', 'exhausted'])
  ok(enforcementSteps.length === 4)
})
