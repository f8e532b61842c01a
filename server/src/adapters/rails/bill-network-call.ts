import type { KeyObject } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import type { BillAnswer, BillRequest } from '@busbar/protocols/bill-presentment'
import { messageLimits } from '@busbar/protocols/xml'
import { messageIn, signedText } from './bill-signature.ts'
import { exchanged, refused, unavailable } from './rail-http.ts'

export type NetworkTerms = {
  /** Of the network, without a path. */
  readonly url: string
  /** The market as an institution of the network, and the network as one. */
  readonly institution: string
  readonly network: string
  readonly privateKey: KeyObject
  readonly networkKey: KeyObject
  readonly deadlineMs: number
  readonly now: () => number
}

export const rail = 'bill-presentment'

/**
 * One message and its answer. Only a signed answer to this very message is one.
 *
 * @throws Fault RAIL_UNAVAILABLE where there is none, RAIL_REFUSED for what cannot be written
 */
export async function asked(
  terms: NetworkTerms,
  messageId: string,
  body: BillRequest,
): Promise<BillAnswer> {
  const step = body.kind
  const { status, bytes } = await exchanged({
    rail,
    step,
    method: 'POST',
    target: new URL('/messages', terms.url),
    headers: { 'content-type': 'application/xml' },
    body: written(terms, messageId, body),
    deadlineMs: terms.deadlineMs,
    bytesMax: messageLimits.bytesMax,
  })
  // What is not signed may be anybody’s: a proxy’s, or of who wants us to give up.
  if (status !== 200) throw unavailable(rail, step, `status ${status}`)
  const answer = answerIn(terms, step, bytes)
  if (answer.inReplyTo !== messageId) throw unavailable(rail, step, 'an answer to something else')
  return answer
}

function written(terms: NetworkTerms, messageId: string, body: BillRequest): string {
  const { institution: sender, network: receiver, privateKey, now } = terms
  try {
    return signedText({ messageId, sender, receiver, createdAtMs: now(), body }, privateKey)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw refused(rail, body.kind, error.message)
  }
}

function answerIn(terms: NetworkTerms, step: string, bytes: Uint8Array): BillAnswer {
  const peers = { sender: terms.network, receiver: terms.institution }
  try {
    const { body } = messageIn(bytes, terms.networkKey, peers)
    if (body.kind === 'answer') return body
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw unavailable(rail, step, `no signed answer: ${error.code}`, error)
  }
  throw unavailable(rail, step, 'no answer but another message')
}
