import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import {
  type BillMessage,
  type Envelope,
  envelopeText,
  keyBits,
  signedInfoXmlOf,
  signedXmlOf,
  verifiedMessage,
} from '@busbar/protocols/bill-presentment'

/**
 * Signatures of the network without a library for XML: the one form of a message leaves nothing to
 * transform. The market on the other side uses such a library, so each is held against the other.
 */
export function signedText(message: BillMessage, privateKey: KeyObject): string {
  const digest = digestOf(signedXmlOf(message))
  const signature = sign('sha256', bytes(signedInfoXmlOf(digest)), privateKey)
  return envelopeText(message, digest, signature.toString('base64'))
}

/** @throws Fault BILL_SIGNATURE_INVALID unless this key has signed it */
export function messageIn(
  envelope: Envelope,
  key: KeyObject,
  peers: { readonly sender: string; readonly receiver: string },
): BillMessage {
  const refuse = (reason: string): never => {
    throw new Fault('BILL_SIGNATURE_INVALID', { reason })
  }
  if (digestOf(envelope.signedXml) !== envelope.digest) refuse('the digest is of something else')
  const signature = Buffer.from(envelope.signature, 'base64')
  if (signature.toString('base64') !== envelope.signature) refuse('base64 in another spelling')
  const isSigned = verify('sha256', bytes(envelope.signedInfoXml), key, signature)
  if (!isSigned) refuse('the signature is not by this key')
  return verifiedMessage(envelope, envelope.signedXml, peers)
}

/** @throws Fault BILL_SIGNATURE_INVALID for a key that is too weak */
export function publicKeyIn(pem: string): KeyObject {
  const key = createPublicKey(pem)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType === 'rsa' && bits >= keyBits.min && bits <= keyBits.max) return key
  const reason = `the key is not of RSA with ${keyBits.min} to ${keyBits.max} bits`
  throw new Fault('BILL_SIGNATURE_INVALID', { reason })
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')

const digestOf = (text: string): string => createHash('sha256').update(bytes(text)).digest('base64')
