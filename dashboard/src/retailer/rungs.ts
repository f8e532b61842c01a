import type { DefaultView } from '@busbar/protocols/api'

export const ladderSteps = ['warning', 'fine', 'suspension', 'disconnection_notice'] as const
export type LadderStep = (typeof ladderSteps)[number]

type Taken = DefaultView['steps'][number]

/** A step of the ladder of one default, and whether it was taken. */
export type Rung = {
  readonly step: LadderStep
  /** `now`: the last that was taken, while the default lasts. `ahead`: the next, at its time. */
  readonly state: 'done' | 'now' | 'ahead' | 'never'
  readonly taken: Taken | null
  /** When it follows unless the default is cured; null where nothing says so. */
  readonly atMs: number | null
}

const lasting: readonly DefaultView['status'][] = ['open', 'appealed', 'exhausted']

/** All four steps in their order. */
export function rungsOf({ steps, status }: Pick<DefaultView, 'status' | 'steps'>): readonly Rung[] {
  return ladderSteps.map((step, index) => {
    const taken = steps[index] ?? null
    const isLast = index === steps.length - 1
    if (taken !== null) {
      const state = isLast && lasting.includes(status) ? 'now' : 'done'
      return { step, state, taken, atMs: taken.atMs }
    }
    // While an appeal is pending no deadline counts; without a first step there is no ladder.
    const isNext = index === steps.length && steps.length > 0 && status === 'open'
    const atMs = isNext ? (steps[index - 1]?.deadlineMs ?? null) : null
    return { step, state: isNext ? 'ahead' : 'never', taken, atMs }
  })
}

/** Steps that were taken and that nothing shows yet. */
export const unshownSteps = ({ steps, status }: Pick<DefaultView, 'status' | 'steps'>) =>
  lasting.includes(status) ? steps.filter(({ evidence }) => evidence === '') : []

/** What is still to be recovered, micros. */
export const stillOwed = (one: Pick<DefaultView, 'amountMicros' | 'recoveredMicros'>): number =>
  one.amountMicros - one.recoveredMicros

export const isLasting = ({ status }: Pick<DefaultView, 'status'>): boolean =>
  lasting.includes(status)
