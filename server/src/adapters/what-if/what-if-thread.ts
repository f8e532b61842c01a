import { Worker } from 'node:worker_threads'
import type {
  ReplayedJournal, WhatIfOutcome, WhatIfProgress, WhatIfQuestion, WhatIfRunner,
} from '../../app/ports/what-if.ts'

/** What the thread asks of the market's own, and tells it. */
export type WhatIfMessage =
  | { readonly kind: 'read'; readonly id: number; readonly after: number; readonly limit: number }
  | { readonly kind: 'snapshot'; readonly id: number; readonly atMs: number }
  | { readonly kind: 'progress'; readonly progress: WhatIfProgress }
  | { readonly kind: 'ended'; readonly outcome: WhatIfOutcome }

export type WhatIfReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** Few at a time: what the market writes to disk waits for no more than these. */
const entriesPerRead = 100

/** What the thread may hold; one that needs more ends, and the market does not notice. */
const memoryMb = 2_048

/**
 * Works questions out in a thread of its own. Only the market's thread has the store: it reads the
 * thread a few entries at a time, and goes on with the market between them.
 *
 * @param program of the thread
 * @param data what the thread is started with, besides the question
 */
export class WhatIfThread implements WhatIfRunner {
  readonly #program: URL
  readonly #data: object

  constructor(program: URL, data: object) {
    this.#program = program
    this.#data = data
  }

  run(
    question: WhatIfQuestion,
    journal: ReplayedJournal,
    progress: (progress: WhatIfProgress) => void,
    signal: AbortSignal,
  ): Promise<WhatIfOutcome> {
    const worker = new Worker(this.#program, {
      workerData: { question, ...this.#data },
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    const { promise, resolve } = Promise.withResolvers<WhatIfOutcome>()
    const stopped = (detail: string): WhatIfOutcome =>
      ({ kind: 'failed', code: 'WHAT_IF_STOPPED', detail })
    const abort = (): void => resolve(stopped('nobody asks for it any more'))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    worker.on('message', (message: WhatIfMessage) => {
      if (message.kind === 'progress') progress(message.progress)
      else if (message.kind === 'ended') resolve(message.outcome)
      else void answer(journal, message).then((reply) => worker.postMessage(reply))
    })
    worker.on('error', (error) => resolve(stopped(String(error))))
    worker.on('exit', (code) => resolve(stopped(`its thread ended with ${code}`)))
    return promise.finally(async () => {
      signal.removeEventListener('abort', abort)
      await worker.terminate()
    })
  }
}

async function answer(
  journal: ReplayedJournal,
  asked: Extract<WhatIfMessage, { readonly id: number }>,
): Promise<WhatIfReply> {
  const { id } = asked
  try {
    if (asked.kind === 'snapshot') return { id, value: await journal.snapshotBefore(asked.atMs) }
    const { after, limit } = asked
    const begun = performance.now()
    const value = await journal.read(after, Math.min(limit, entriesPerRead))
    // As long as it took nobody reads again: half of the store's time at least is the market's.
    await new Promise((resolve) => setTimeout(resolve, performance.now() - begun))
    return { id, value }
  } catch (error) {
    return { id, error: String(error) }
  }
}
