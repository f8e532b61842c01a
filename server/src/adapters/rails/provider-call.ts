import { Fault } from '@busbar/core/errors'
import {
  type Charge,
  type Hold,
  idempotencyHeader,
  type ProviderAnswer,
  ProviderProblem,
  type ProviderOperationName,
  providerOperations,
  readMessage,
} from '@busbar/protocols/payment-provider'

export type CallTerms = {
  /** Of the provider, without a path. */
  readonly url: string
  /** The bearer key by which the provider knows this market. */
  readonly apiKey: string
  /** Of one attempt, from asking to the last byte of the answer. */
  readonly deadlineMs: number
}

/** What a provider says that keeps to the contract. */
export type Asked<Name extends ProviderOperationName> =
  | { readonly kind: 'done'; readonly answer: ProviderAnswer<Name> }
  /** It stands otherwise than was thought: as the hold, or the charge, says. */
  | { readonly kind: 'conflict'; readonly hold?: Hold; readonly charge?: Charge }
  /** The payer's side does not renew. */
  | { readonly kind: 'declined'; readonly hold: Hold }

export type Question = {
  readonly id?: string
  readonly query?: string
  readonly write?: { readonly key: string; readonly body: object }
}

const rail = 'money-block'

/** Longer than a hundred holds. */
const answerCharactersMax = 262_144

/** It is open whether it happened. */
export const unavailable = (step: string, why: string, cause?: unknown): Fault =>
  new Fault('RAIL_UNAVAILABLE', { rail, step, why }, { cause })

/** Nothing happened, and nothing will. */
export const refused = (step: string, reason: string): Fault =>
  new Fault('RAIL_REFUSED', { rail, step, reason })

/**
 * One attempt. Faults: RAIL_UNAVAILABLE where there is no answer, not in time, or none of the
 * contract; RAIL_REFUSED where the provider says that it did nothing and never will.
 */
export async function callProvider<Name extends ProviderOperationName>(
  terms: CallTerms,
  operation: Name,
  question: Question,
): Promise<Asked<Name>> {
  const { status, text } = await exchange(terms, operation, question)
  const expected = providerOperations[operation]
  if (status === expected.status) {
    const answer = readMessage(expected.answer, text)
    if (answer === undefined) throw unavailable(operation, 'the answer is not in its form')
    return { kind: 'done', answer: answer as ProviderAnswer<Name> }
  }
  const problem = readMessage(ProviderProblem, text)
  // Too many requests, or a failure on its side: it may have happened, or may happen later.
  if (status === 429 || status >= 500) {
    throw unavailable(operation, `status ${status} ${problem?.code ?? ''}`.trimEnd())
  }
  if (problem === undefined) throw unavailable(operation, `status ${status} without a problem`)
  const { code, hold, charge } = problem
  if (code === 'state_conflict' && (hold ?? charge) !== undefined) {
    return { kind: 'conflict', ...(hold && { hold }), ...(charge && { charge }) }
  }
  if (code === 'renewal_declined' && hold !== undefined) return { kind: 'declined', hold }
  throw refused(operation, code)
}

async function exchange(
  { url, apiKey, deadlineMs }: CallTerms,
  operation: ProviderOperationName,
  { id = '', query = '', write }: Question,
): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path } = providerOperations[operation]
  const target = new URL(`${path.replace(':id', encodeURIComponent(id))}${query}`, url)
  try {
    const response = await fetch(target, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(write && { 'content-type': 'application/json', [idempotencyHeader]: write.key }),
      },
      ...(write && { body: JSON.stringify(write.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    })
    return { status: response.status, text: await boundedText(response) }
  } catch (error) {
    throw unavailable(operation, whyOf(error), error)
  }
}

/** The words of the innermost cause: fetch itself says no more than that it failed. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > answerCharactersMax) throw new Error('the answer is too long')
  }
  return text + decoder.decode()
}
