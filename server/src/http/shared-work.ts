import { Refused } from './refused.ts'

/** Different questions that wait at one time; above it the answer is `server_busy`. */
const waitingMax = 128

/** The longest rest: some work waits for other work more than it works. */
const restMaxMs = 1_000

/** Answers `question` by `work`, or by what is worked out for whoever asked the same before. */
export type SharedWork = <Answer>(
  question: string,
  work: () => Answer | Promise<Answer>,
) => Promise<Answer>

/**
 * For what anybody may ask and what takes long: one question is worked on at a time, with a rest of
 * the same length after it, so that the market has its thread whatever is asked.
 */
export function createSharedWork(): SharedWork {
  const waiting = new Map<string, Promise<unknown>>()
  let last: Promise<unknown> = Promise.resolve()
  return async <Answer>(question: string, work: () => Answer | Promise<Answer>) => {
    const known = waiting.get(question)
    // The same question has the same work, and so an answer of the same kind.
    if (known !== undefined) return known as Promise<Answer>
    if (waiting.size >= waitingMax) throw new Refused('server_busy')
    let tookMs = 0
    const answer = last.then(async () => {
      const begun = performance.now()
      try {
        return await work()
      } finally {
        tookMs = performance.now() - begun
        waiting.delete(question)
      }
    })
    waiting.set(question, answer)
    const rest = (): Promise<void> => rested(Math.min(tookMs, restMaxMs))
    last = answer.then(rest, rest)
    return answer
  }
}

/** Not at all after what took no time: others come in between by themselves. */
const rested = (ms: number): Promise<void> =>
  ms < 1 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
