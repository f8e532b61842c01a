import { Fault } from '@busbar/core/errors'
import {
  canonicalXml,
  elementsOf,
  messageLimits,
  parseXml,
  type XmlElement,
  xmlText,
} from '../xml/index.ts'
import { textToBytes } from '../hash/index.ts'
import type { BillMessage } from './message.ts'
import { algorithms, messageId, messageNamespace, signatureNamespace } from './names.ts'
import { messageOf } from './read.ts'
import { messageElement } from './write.ts'

const ds = elementsOf(signatureNamespace)

/** A message in the one form that may be signed, and what was signed of it. Nothing is checked. */
export type Envelope = {
  /** The whole text, as it came. */
  readonly text: string
  /** What the digest is made of: the message without its signature, in canonical form. */
  readonly signedXml: string
  /** What the signature is made of: `SignedInfo` in canonical form. */
  readonly signedInfoXml: string
  readonly signatureXml: string
  /** Base64. */
  readonly digest: string
  readonly signature: string
  /** Who says that it sent it: to find the key by, and for nothing else before it is checked. */
  readonly claimedSender: string
}

/** What is hashed and then signed of a message. */
export const signedXmlOf = (message: BillMessage): string => canonicalXml(messageElement(message))

/** What is signed, by the digest of the message in base64. */
export const signedInfoXmlOf = (digest: string): string => canonicalXml(signedInfo(digest))

/** The text that is sent: the message with its signature as the last child. */
export function envelopeText(message: BillMessage, digest: string, signature: string): string {
  const root = messageElement(message)
  const children = [...root.children, signatureElement(digest, signature)]
  return canonicalXml({ ...root, children })
}

/**
 * Takes apart what may be a signed message. There is one spelling of each message, digest and
 * signature, and everything else is refused before any of it is checked: the text must be what its
 * parts would be written as. So nothing can stand in it that a signature does not cover, twice, or
 * that another reader would see in another way.
 *
 * @throws Fault XML_REFUSED, and BILL_SIGNATURE_INVALID for another form
 */
export function openEnvelope(source: string | Uint8Array): Envelope {
  const text = xmlText(source, messageLimits)
  const root = parseXml(text, messageLimits)
  const refuse = (reason: string): never => {
    throw new Fault('BILL_SIGNATURE_INVALID', { reason })
  }
  if (root.name !== 'BillMessage' || root.namespace !== messageNamespace) {
    return refuse('no message of the bill network')
  }
  if (root.attributes.get('Id') !== messageId) return refuse('the message has another Id')
  const signature = root.children.at(-1)
  if (signature === undefined || !isSignature(signature)) return refuse('no signature at the end')
  const rest = { ...root, children: root.children.slice(0, -1) }
  if (mentionsSignatures(rest)) return refuse('a signature or an Id inside the message')
  const { digest, value } = valuesOf(signature)
  // SHA-256 is 32 bytes and RSA as many as its key: in base64, in one line, in its one spelling.
  if (!/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(digest)) return refuse('no digest of SHA-256')
  if (!/^[A-Za-z0-9+/]{340,684}={0,2}$/.test(value)) return refuse('no signature value')
  const written = canonicalXml({
    ...root,
    children: [...rest.children, signatureElement(digest, value)],
  })
  const isWhole = typeof source === 'string' || textToBytes(text).length === source.length
  if (written !== text || !isWhole) return refuse('not in its one spelling')
  return {
    text,
    signedXml: canonicalXml(rest),
    signedInfoXml: signedInfoXmlOf(digest),
    signatureXml: canonicalXml(signatureElement(digest, value)),
    digest,
    signature: value,
    claimedSender: senderIn(rest),
  }
}

/**
 * The message, read from the bytes that a signature was verified over and from nothing else.
 *
 * @param verifiedXml what the verifier says was signed
 * @throws Fault BILL_SIGNATURE_INVALID where that is not this message, or somebody else sent it
 */
export function verifiedMessage(
  envelope: Envelope,
  verifiedXml: string,
  peers: { readonly sender: string; readonly receiver: string },
): BillMessage {
  const refuse = (reason: string): never => {
    throw new Fault('BILL_SIGNATURE_INVALID', { reason })
  }
  // Two readers of XML, theirs and ours, saw the same message.
  if (verifiedXml !== envelope.signedXml) return refuse('something else was signed')
  const message = messageOf(parseXml(verifiedXml, messageLimits))
  if (message.sender !== peers.sender) return refuse('somebody else sent it')
  if (message.receiver !== peers.receiver) return refuse('it is for somebody else')
  return message
}

const isSignature = ({ name, namespace }: XmlElement): boolean =>
  name === 'Signature' && namespace === signatureNamespace

function mentionsSignatures({ children }: XmlElement): boolean {
  return children.some(
    (child) =>
      child.namespace !== messageNamespace ||
      [...child.attributes.keys()].some((name) => name.toLowerCase() === 'id') ||
      mentionsSignatures(child),
  )
}

function valuesOf(signature: XmlElement): { readonly digest: string; readonly value: string } {
  const [info, value] = signature.children
  const digest = info?.children.at(-1)?.children.at(-1)
  return { digest: digest?.text ?? '', value: value?.text ?? '' }
}

const senderIn = (message: XmlElement): string =>
  message.children[0]?.children.find(({ name }) => name === 'Sender')?.text ?? ''

function signatureElement(digest: string, signature: string): XmlElement {
  return ds('Signature', [signedInfo(digest), ds('SignatureValue', signature)])
}

function signedInfo(digest: string): XmlElement {
  const by = (name: string, algorithm: string): XmlElement => ds(name, '', { Algorithm: algorithm })
  return ds('SignedInfo', [
    by('CanonicalizationMethod', algorithms.canonical),
    by('SignatureMethod', algorithms.signature),
    ds(
      'Reference',
      [
        ds('Transforms', [
          by('Transform', algorithms.enveloped),
          by('Transform', algorithms.canonical),
        ]),
        by('DigestMethod', algorithms.digest),
        ds('DigestValue', digest),
      ],
      { URI: `#${messageId}` },
    ),
  ])
}
