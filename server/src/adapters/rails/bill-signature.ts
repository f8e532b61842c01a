import { createPublicKey, type KeyObject } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  algorithms,
  type BillMessage,
  envelopeText,
  keyBits,
  messageElement,
  openEnvelope,
  verifiedMessage,
} from '@busbar/protocols/bill-presentment'
import { canonicalXml, messageLimits, parseXml } from '@busbar/protocols/xml'
import { SignedXml } from 'xml-crypto'

/** A key of RSA in PEM. */
export type Pem = string

/**
 * The public key of a peer.
 *
 * @throws Fault BILL_SIGNATURE_INVALID for another kind of key, and one that is too short
 */
export function peerKey(pem: Pem): KeyObject {
  const key = createPublicKey(pem)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < keyBits.min || bits > keyBits.max) {
    const reason = `the key is not of RSA with ${keyBits.min} to ${keyBits.max} bits`
    throw new Fault('BILL_SIGNATURE_INVALID', { reason })
  }
  return key
}

/** The text of a message, signed by the private key. */
export function signedText(message: BillMessage, privateKey: KeyObject): string {
  const signer = new SignedXml({
    privateKey,
    canonicalizationAlgorithm: algorithms.canonical,
    signatureAlgorithm: algorithms.signature,
  })
  signer.addReference({
    xpath: '/*',
    transforms: [algorithms.enveloped, algorithms.canonical],
    digestAlgorithm: algorithms.digest,
  })
  signer.computeSignature(canonicalXml(messageElement(message)))
  // The library spells the signature in its own way; on the network it has one spelling.
  const signature = parseXml(signer.getSignatureXml(), messageLimits)
  const [info, value] = signature.children
  const digest = info?.children.at(-1)?.children.at(-1)
  return envelopeText(message, digest?.text ?? '', value?.text ?? '')
}

/**
 * The message in a text, if it is signed by this key, in the one form of a signature.
 *
 * @throws Fault XML_REFUSED, BILL_SIGNATURE_INVALID and BILL_MESSAGE_INVALID
 */
export function messageIn(
  source: string | Uint8Array,
  key: KeyObject,
  peers: { readonly sender: string; readonly receiver: string },
): BillMessage {
  const envelope = openEnvelope(source)
  const verifier = new SignedXml({ publicCert: key })
  // Whatever the library knows besides, none of it is looked for.
  keepOnly(verifier.SignatureAlgorithms, algorithms.signature)
  keepOnly(verifier.HashAlgorithms, algorithms.digest)
  keepOnly(verifier.CanonicalizationAlgorithms, algorithms.canonical, algorithms.enveloped)
  try {
    verifier.loadSignature(envelope.signatureXml)
    if (!verifier.checkSignature(envelope.text)) throw invalid('the digest is of something else')
  } catch (error) {
    if (error instanceof Fault) throw error
    throw invalid('the signature is not by this key', error)
  }
  const [signed, another] = verifier.getSignedReferences()
  if (signed === undefined || another !== undefined) throw invalid('not one thing was signed')
  return verifiedMessage(envelope, signed, peers)
}

function keepOnly(known: Record<string, unknown>, ...wanted: readonly string[]): void {
  for (const name of Object.keys(known)) if (!wanted.includes(name)) delete known[name]
}

const invalid = (reason: string, cause?: unknown): Fault =>
  new Fault('BILL_SIGNATURE_INVALID', { reason }, { cause })
