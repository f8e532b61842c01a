import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import type {
  ReplayedJournal, WhatIfOutcome, WhatIfProgress, WhatIfQuestion, WhatIfRunner,
} from '../../app/ports/what-if.ts'

/** What the process asks of the market's own, and tells it. */
export type WhatIfMessage =
  | { readonly kind: 'read'; readonly id: number; readonly after: number; readonly limit: number }
  | { readonly kind: 'snapshot'; readonly id: number; readonly atMs: number }
  | { readonly kind: 'progress'; readonly progress: WhatIfProgress }
  | { readonly kind: 'ended'; readonly outcome: WhatIfOutcome }

export type WhatIfReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  /** Some text of a snapshot, before the snapshot itself, whose body is what remains. */
  | { readonly id: number; readonly text: string }

/** What the process is begun with. */
export type WhatIfBegin<Data> = { readonly question: WhatIfQuestion; readonly data: Data }

/** Few at a time: what the market writes to disk waits for no more than these. */
const entriesPerRead = 100

/** Of a snapshot in one message. */
const textMax = 2 ** 20

/** As much as the market's own: it holds a state of the same size. */
const ownHeapMib = (): number => Math.ceil(getHeapStatistics().heap_size_limit / 2 ** 20)

/**
 * Works questions out in a process of its own: one that needs too much memory ends by itself, where
 * a thread might end the market with it. Only the market's process has the store: it reads the
 * other a few entries at a time, and goes on with the market between them.
 *
 * @param program of the process
 * @param data what it is begun with, besides the question
 * @param heapMibMax what it may take, in MiB; one that needs more ends, and the market goes on
 */
export class WhatIfProcess implements WhatIfRunner {
  readonly #program: URL
  readonly #data: object
  readonly #heapMibMax: number
  #pid: number | undefined

  constructor(program: URL, data: object, heapMibMax = ownHeapMib()) {
    this.#program = program
    this.#data = data
    this.#heapMibMax = heapMibMax
  }

  /** Of the process that was started last. */
  get pid(): number | undefined {
    return this.#pid
  }

  async run(
    question: WhatIfQuestion,
    journal: ReplayedJournal,
    progress: (progress: WhatIfProgress) => void,
    signal: AbortSignal,
  ): Promise<WhatIfOutcome> {
    const child = fork(fileURLToPath(this.#program), [], {
      execArgv: [`--max-old-space-size=${this.#heapMibMax}`],
      ...{ serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    })
    this.#pid = child.pid
    const gone = once(child, 'exit').catch(() => undefined)
    const { promise, resolve } = Promise.withResolvers<WhatIfOutcome>()
    const abort = (): void => resolve(stopped('nobody asks for it any more'))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    child.on('message', (message: WhatIfMessage) => {
      if (message.kind === 'progress') progress(message.progress)
      else if (message.kind === 'ended') {
        // It ends by itself when nobody listens any more.
        child.disconnect()
        resolve(message.outcome)
      } else void answer(journal, message, (reply) => send(child, reply))
    })
    child.on('error', (error) => resolve(stopped(String(error))))
    child.on('exit', (code, by) => resolve(stopped(`its process ended with ${by ?? code}`)))
    await send(child, { question, data: this.#data } satisfies WhatIfBegin<object>)
    try {
      return await promise
    } finally {
      signal.removeEventListener('abort', abort)
      if (child.connected) child.kill('SIGKILL')
      await gone
    }
  }
}

const stopped = (detail: string): WhatIfOutcome =>
  ({ kind: 'failed', code: 'WHAT_IF_STOPPED', detail })

/** Resolves when it is on its way, or can no longer be: whoever is gone says so by its exit. */
const send = (child: ChildProcess, message: object): Promise<void> =>
  new Promise((resolve) => {
    if (!child.connected) resolve()
    else child.send(message, () => resolve())
  })

async function answer(
  journal: ReplayedJournal,
  asked: Extract<WhatIfMessage, { readonly id: number }>,
  reply: (reply: WhatIfReply) => Promise<void>,
): Promise<void> {
  const { id } = asked
  try {
    if (asked.kind === 'snapshot') return await answerSnapshot(journal, asked, reply)
    const { after, limit } = asked
    await reply({ id, value: await journal.read(after, Math.min(limit, entriesPerRead)) })
  } catch (error) {
    await reply({ id, error: String(error) })
  }
}

/** Its text first, a piece at a time: it may be as large as the state. */
async function answerSnapshot(
  journal: ReplayedJournal,
  { id, atMs }: Extract<WhatIfMessage, { readonly kind: 'snapshot' }>,
  reply: (reply: WhatIfReply) => Promise<void>,
): Promise<void> {
  const snapshot = await journal.snapshotBefore(atMs)
  if (snapshot === undefined) return reply({ id, value: undefined })
  const { body, ...mark } = snapshot
  let at = 0
  for (; body.length - at > textMax; at += textMax) {
    await reply({ id, text: body.slice(at, at + textMax) })
  }
  await reply({ id, value: { ...mark, body: body.slice(at) } })
}
