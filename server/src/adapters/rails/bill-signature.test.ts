/**
 * Goal: nothing is read from a message but what the owner of the key has signed, as it was signed.
 * Method: a message that is signed and taken, and texts that are made of it: wrapped signatures,
 * other algorithms, other keys, other spellings. What the network signs is taken in the tests of
 * the rail.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import {
  type Forge,
  hostileEnvelopes,
  sampleMessage,
} from '@busbar/protocols/bill-presentment/testing'
import { messageIn, peerKey, signedText } from './bill-signature.ts'

const pair = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent: 0x10001 })
const owner = pair(2_048)
const other = pair(2_048)
const peers = { sender: 'network', receiver: 'exchange' }
const signed = signedText(sampleMessage, owner.privateKey)
const pem = owner.publicKey.export({ type: 'spki', format: 'pem' }).toString()

const forge: Forge = {
  signed,
  digest: (algorithm, text) => createHash(algorithm).update(text).digest('base64'),
  signByOther: (algorithm, text) =>
    sign(algorithm, Buffer.from(text), other.privateKey).toString('base64'),
  signByOwner: (algorithm, text) =>
    sign(algorithm, Buffer.from(text), owner.privateKey).toString('base64'),
  hmac: (text) => createHmac('sha256', pem).update(text).digest('base64'),
}

test('what the owner signed is taken, and read', () => {
  deepEqual(messageIn(signed, owner.publicKey, peers), sampleMessage)
  deepEqual(messageIn(new TextEncoder().encode(signed), peerKey(pem), peers), sampleMessage)
  equal(signedText(sampleMessage, owner.privateKey), signed)
})

test('by another key it is not', () => {
  throws(() => messageIn(signed, other.publicKey, peers), { code: 'BILL_SIGNATURE_INVALID' })
})

test('of or for somebody else it is not', () => {
  for (const wrong of [{ sender: 'mallory' }, { receiver: 'mallory' }]) {
    throws(() => messageIn(signed, owner.publicKey, { ...peers, ...wrong }), {
      code: 'BILL_SIGNATURE_INVALID',
    })
  }
})

describe('what is refused', () => {
  const hostile = hostileEnvelopes(forge)
  ok(hostile.length >= 90)
  for (const [what, text] of hostile) {
    test(what, () => {
      notEqual(text, signed)
      throws(
        () => messageIn(text, owner.publicKey, peers),
        (error: unknown) =>
          error instanceof Fault && /^(?:XML_REFUSED|BILL_SIGNATURE_INVALID)$/.test(error.code),
      )
    })
  }

  test('a key that is short, or of another kind', () => {
    const short = pair(1_024).publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    const curvePem = curve.export({ type: 'spki', format: 'pem' }).toString()
    for (const weak of [short, curvePem]) {
      throws(() => peerKey(weak), { code: 'BILL_SIGNATURE_INVALID' })
    }
  })
})
