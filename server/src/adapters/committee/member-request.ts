import { setTimeout as wait } from 'node:timers/promises'
import { verifyShare } from '@busbar/protocols/timelock'
import type { OpeningCommittee } from '../../app/ports/opening.ts'

export type Member = OpeningCommittee['members'][number]

/**
 * What became of a member: a partial signature that its key verifies, or bytes that it does not.
 */
export type MemberAnswer =
  { readonly kind: 'valid'; readonly partial: string } | { readonly kind: 'wrong' }

export type MemberRequest = {
  readonly url: string
  readonly member: Member
  readonly label: string
}

export type Patience = {
  /** One request; a member that hangs is asked again. */
  readonly requestTimeoutMs: number
  /** Between requests, doubled each time from the first to the second. */
  readonly retryMs: readonly [first: number, most: number]
}

const answerBytesMax = 16_384

/**
 * Asks one member until it answers with a signature or `signal` ends it. No connection, no time and
 * refusals, `gate_open` among them, are asked again: a member's clock may be behind ours.
 */
export async function askMember(
  request: MemberRequest,
  { requestTimeoutMs, retryMs: [first, most] }: Patience,
  signal: AbortSignal,
): Promise<MemberAnswer> {
  for (let pause = first; ; pause = Math.min(most, 2 * pause)) {
    const partial = await askOnce(request, requestTimeoutMs, signal)
    signal.throwIfAborted()
    if (partial !== undefined) {
      const valid = verifyShare(request.member.verificationKey, request.label, partial)
      return valid ? { kind: 'valid', partial } : { kind: 'wrong' }
    }
    await wait(pause, undefined, { signal })
  }
}

/** The partial signature as sent, or undefined where there was none. */
async function askOnce(
  { url, member, label }: MemberRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/v1/partials', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ verification_key: member.verificationKey, label }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await boundedText(response)
    if (response.status !== 200) return undefined
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== 'object' || answer === null || !('partial' in answer)) return ''
    return typeof answer.partial === 'string' ? answer.partial : ''
  } catch (error) {
    // Not reached, not in time, or not JSON: to us all of that is a member that is not there.
    if (error instanceof Error) return undefined
    throw error
  }
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length > answerBytesMax) throw new Error('the answer is too long')
  }
  return text
}
