import { Problem, problemMediaType } from '@busbar/protocols/api'
import { BusbarError, errorOfFailure, errorOfProblem } from './busbar-error.ts'
import { objectIn } from './json-object.ts'

export type TransportOptions = {
  /** `http://127.0.0.1:8080`; what follows the host is kept as a prefix. */
  readonly baseUrl: string
  /** The platform's by default. */
  readonly fetch?: typeof fetch
  /** For one attempt, until its answer is complete. */
  readonly timeoutMs?: number
  readonly retry?: RetryPolicy
  /** From 0 to 1, to spread those who come back. `Math.random` by default. */
  readonly random?: () => number
}

/** Delays double from the first to the largest, each shortened by chance to no less than half. */
export type RetryPolicy = {
  readonly attemptsMax: number
  readonly firstDelayMs: number
  readonly delayMaxMs: number
}

export const defaultRetry: RetryPolicy = { attemptsMax: 6, firstDelayMs: 50, delayMaxMs: 5_000 }

export type Ask = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: string
  readonly authorization?: string
  readonly signal?: AbortSignal | undefined
  /** Statuses other than 200 whose body is the answer and no problem. */
  readonly alsoStatus?: number
}

/** Statuses after which the same request may be sent again; what the market refuses is not one. */
const retriedStatuses: ReadonlySet<number | null> = new Set([null, 408, 429, 500, 502, 503, 504])

/**
 * Sends requests and tries again what failed in passing: every write carries the client's own ids,
 * so that sending it twice has its effect once.
 */
export class Transport {
  readonly #base: string
  readonly #fetch: typeof fetch
  readonly #timeoutMs: number
  readonly #retry: RetryPolicy
  readonly #random: () => number

  constructor(options: TransportOptions) {
    this.#base = options.baseUrl.replace(/\/+$/, '')
    this.#fetch = options.fetch ?? ((...args) => fetch(...args))
    this.#timeoutMs = options.timeoutMs ?? 30_000
    this.#retry = options.retry ?? defaultRetry
    this.#random = options.random ?? Math.random
  }

  /** @throws BusbarError */
  async json(ask: Ask): Promise<unknown> {
    const text = await this.text(ask)
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw errorOfFailure('answer_malformed', `${ask.path}: the answer is not JSON`, cause)
    }
  }

  /** @throws BusbarError */
  async text(ask: Ask): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#attempt(ask)
      if (typeof answer === 'string') return answer
      const { error, retryAfterMs } = answer
      const again = error.transient && retriedStatuses.has(error.status)
      if (!again || attempt >= this.#retry.attemptsMax) throw error
      await pause(Math.max(this.delayMs(attempt), retryAfterMs), ask.signal)
    }
  }

  /** How long to wait after the given attempt, counted from 1. */
  delayMs(attempt: number): number {
    const { firstDelayMs, delayMaxMs } = this.#retry
    const full = Math.min(delayMaxMs, firstDelayMs * 2 ** (attempt - 1))
    return full * (0.5 + this.#random() / 2)
  }

  /** Opens an answer that is read as it comes, such as the event stream. @throws BusbarError */
  async open(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response> {
    try {
      const response = await this.#fetch(`${this.#base}${path}`, { headers, signal })
      if (response.status === 200) return response
      throw (await refusal(response)).error
    } catch (cause) {
      throw failureOf(cause, path, signal)
    }
  }

  async #attempt(ask: Ask): Promise<string | Failed> {
    const { method, path, body, authorization, signal } = ask
    const timeout = AbortSignal.timeout(this.#timeoutMs)
    const headers: Record<string, string> = { accept: `application/json, ${problemMediaType}` }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (authorization !== undefined) headers.authorization = authorization
    try {
      const response = await this.#fetch(`${this.#base}${path}`, {
        method,
        headers,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...(body === undefined ? {} : { body }),
      })
      if (response.status === 200 || response.status === ask.alsoStatus) {
        return await response.text()
      }
      return await refusal(response)
    } catch (cause) {
      return { error: failureOf(cause, path, signal), retryAfterMs: 0 }
    }
  }
}

type Failed = { readonly error: BusbarError; readonly retryAfterMs: number }

async function refusal(response: Response): Promise<Failed> {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  const retryAfterMs = Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 30) * 1_000 : 0
  const text = await response.text()
  const problem = problemOfText(text)
  if (problem !== undefined) return { error: errorOfProblem(problem), retryAfterMs }
  const { status } = response
  // A proxy in between has no codes: what it says of itself passes, the rest does not.
  const transient = retriedStatuses.has(status)
  const detail = `status ${status} without a problem`
  const error = new BusbarError({ code: 'answer_malformed', status, detail, transient })
  return { error, retryAfterMs }
}

function problemOfText(text: string): Problem | undefined {
  const candidate = objectIn<Problem>(text)
  if (candidate === undefined) return undefined
  const complete =
    typeof candidate.code === 'string' &&
    typeof candidate.status === 'number' &&
    typeof candidate.detail === 'string' &&
    typeof candidate.transient === 'boolean'
  return complete ? (candidate as Problem) : undefined
}

function failureOf(cause: unknown, path: string, signal: AbortSignal | undefined): BusbarError {
  if (cause instanceof BusbarError) return cause
  if (signal?.aborted === true) return errorOfFailure('cancelled', path, cause)
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'TimeoutError') return errorOfFailure('timed_out', path, cause)
  const reason = cause instanceof Error ? cause.message : String(cause)
  return errorOfFailure('network_failed', `${path}: ${reason}`, cause)
}

/** Waits; a signal ends the wait with `cancelled`. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = (): void => {
      clearTimeout(timer)
      reject(errorOfFailure('cancelled', 'while waiting to try again'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stopped)
      resolve()
    }, delayMs)
    if (signal?.aborted === true) stopped()
    else signal?.addEventListener('abort', stopped, { once: true })
  })
}
