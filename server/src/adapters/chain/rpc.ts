/**
 * JSON-RPC over HTTP with a time limit on every call and two ways to fail: the node did not answer
 * (`CHAIN_UNREACHABLE`: nobody knows what happened), or it answered with an error (`RpcError`).
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] }

/** The node's own no. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly method: string
  readonly code: number
  /** What a reverted call returned, if that is why it failed. */
  readonly data: string | undefined

  constructor(method: string, code: number, message: string, data: string | undefined) {
    super(message)
    this.method = method
    this.code = code
    this.data = data
  }
}

/** What every method of this file may throw. */
export interface Rpc {
  /** Faults: CHAIN_UNREACHABLE. Throws RpcError when the node refuses. */
  call<Result>(method: string, params: readonly unknown[], timeoutMs?: number): Promise<Result>

  /** One request for many calls. Errors come as values, so that one does not hide the others. */
  batch(calls: readonly RpcCall[], timeoutMs?: number): Promise<readonly unknown[]>
}

export const callTimeoutMs = 10_000

type Answer = {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly code?: number; readonly message?: string; readonly data?: unknown }
}

export class HttpRpc implements Rpc {
  readonly #url: () => string

  /** The address is asked for at every call: an embedded node may come back at another port. */
  constructor(url: () => string) {
    this.#url = url
  }

  async call<Result>(
    method: string,
    params: readonly unknown[],
    timeoutMs = callTimeoutMs,
  ): Promise<Result> {
    const body = { jsonrpc: '2.0', id: 1, method, params }
    const answer = (await this.#post(body, method, timeoutMs)) as Answer
    if (answer.error !== undefined) throw rpcError(method, answer.error)
    return answer.result as Result
  }

  async batch(calls: readonly RpcCall[], timeoutMs = callTimeoutMs): Promise<readonly unknown[]> {
    if (calls.length === 0) return []
    const body = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))
    const answers = await this.#post(body, 'batch', timeoutMs)
    if (!Array.isArray(answers)) throw unreachable('batch', 'the answer is not a list')
    const byId = new Map((answers as readonly Answer[]).map((answer) => [answer.id, answer]))
    return calls.map(({ method }, id) => {
      const answer = byId.get(id)
      if (answer === undefined) throw unreachable(method, 'no answer in the list')
      return answer.error === undefined ? answer.result : rpcError(method, answer.error)
    })
  }

  async #post(body: unknown, method: string, timeoutMs: number): Promise<unknown> {
    try {
      const response = await fetch(this.#url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const answer: unknown = await response.json()
      if (typeof answer !== 'object' || answer === null) throw new Error('not a JSON-RPC answer')
      return answer
    } catch (error) {
      throw unreachable(method, reasonOf(error), error)
    }
  }
}

export const isUnreachable = (error: unknown): boolean =>
  error instanceof Fault && error.code === 'CHAIN_UNREACHABLE'

/** Tries again while the node does not answer; anything else ends it at once. */
export async function untilReachable<Result>(
  work: () => Promise<Result>,
  limitMs: number,
): Promise<Result> {
  const end = performance.now() + limitMs
  for (let pauseMs = 5; ; pauseMs = Math.min(pauseMs * 1.5, 250)) {
    try {
      return await work()
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > end) throw error
    }
    await wait(pauseMs)
  }
}

function rpcError(method: string, error: NonNullable<Answer['error']>): RpcError {
  const data = typeof error.data === 'string' ? error.data : undefined
  return new RpcError(method, error.code ?? 0, error.message ?? 'no reason given', data)
}

const unreachable = (method: string, reason: string, cause?: unknown): Fault =>
  new Fault('CHAIN_UNREACHABLE', { method, reason }, { cause })

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.message}${cause}`.slice(0, 200)
}
