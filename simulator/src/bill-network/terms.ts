import { type BillTerms, messageElement, messageOf } from '@busbar/protocols/bill-presentment'
import { canonicalXml, messageLimits, parseXml } from '@busbar/protocols/xml'

const head = { messageId: 'terms', sender: 'network', receiver: 'network', createdAtMs: 0 }

/** Terms in their one spelling: as the message that presents them. */
export const textOfTerms = (terms: BillTerms): string =>
  canonicalXml(messageElement({ ...head, body: { kind: 'present-bill', terms } }))

export function termsIn(text: string): BillTerms {
  const { body } = messageOf(parseXml(text, messageLimits))
  if (body.kind !== 'present-bill') throw new Error('the store holds another message than terms')
  return body.terms
}
