import { Fault } from '@busbar/core/errors'

export type RailExchange = {
  readonly rail: string
  readonly step: string
  readonly method: 'GET' | 'POST'
  readonly target: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Of one attempt, from asking to the last byte of the answer. */
  readonly deadlineMs: number
  readonly bytesMax: number
}

/** It is open whether it happened. */
export const unavailable = (rail: string, step: string, why: string, cause?: unknown): Fault =>
  new Fault('RAIL_UNAVAILABLE', { rail, step, why }, { cause })

/** Nothing happened, and nothing will. */
export const refused = (rail: string, step: string, reason: string): Fault =>
  new Fault('RAIL_REFUSED', { rail, step, reason })

/**
 * One attempt.
 *
 * @throws Fault RAIL_UNAVAILABLE where there is no answer, not in time, or too much of one
 */
export async function exchanged(
  exchange: RailExchange,
): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  const { rail, step, method, target, headers, body, deadlineMs, bytesMax } = exchange
  try {
    const response = await fetch(target, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    })
    return { status: response.status, bytes: await boundedBytes(response, bytesMax) }
  } catch (error) {
    throw unavailable(rail, step, whyOf(error), error)
  }
}

async function boundedBytes(response: Response, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > bytesMax) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The words of the innermost cause: fetch itself says no more than that it failed. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}
