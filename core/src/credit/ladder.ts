import type { LadderTerms } from '../rulebook/index.ts'
import { assert } from '../errors/index.ts'
import { Micros } from '../units/index.ts'
import { type EnforcementStep, enforcementSteps, type StepTaken } from './enforcement.ts'

/** The step that follows on those taken; undefined when the ladder has no more. */
export const nextStep = (taken: readonly StepTaken[]): EnforcementStep | undefined =>
  enforcementSteps[taken.length]

/** How long a step gives, milliseconds. On the last one nothing follows. */
function timeOf(step: EnforcementStep, terms: LadderTerms): number {
  switch (step) {
    case 'warning':
      return terms.warningSeconds * 1_000
    case 'fine':
      return terms.fineSeconds * 1_000
    case 'suspension':
      return terms.suspensionSeconds * 1_000
    case 'disconnection_notice':
      return 0
  }
}

/** Takes the next step of a ladder: what it costs, what it rests on, and how long it gives. */
export function takeNextStep(
  taken: readonly StepTaken[],
  terms: LadderTerms,
  { at, sequence, consent }: Pick<StepTaken, 'at' | 'sequence' | 'consent'>,
): StepTaken {
  const step = nextStep(taken)
  assert(step !== undefined, 'the ladder has a step left')
  const fine = step === 'fine' ? Micros.from(BigInt(terms.fineMicros)) : Micros.zero
  return { step, at, sequence, deadline: at + timeOf(step, terms), fine, evidence: '', consent }
}

/**
 * The steps after an appeal that was dismissed: the last one gives as much longer as it was paused.
 */
export function extendedBy(taken: readonly StepTaken[], pausedMs: number): StepTaken[] {
  assert(pausedMs >= 0, 'time does not go back')
  return taken.map((step, index) =>
    index === taken.length - 1 ? { ...step, deadline: step.deadline + pausedMs } : step,
  )
}

/** Fines that a default put on the bill; none where it was overturned. */
export function finesOf(one: {
  readonly status: string
  readonly steps: readonly StepTaken[]
}): Micros {
  if (one.status === 'overturned') return Micros.zero
  let sum = 0n
  for (const { fine } of one.steps) sum += fine
  return Micros.from(sum)
}
