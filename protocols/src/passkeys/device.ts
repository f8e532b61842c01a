import { Fault } from '@busbar/core/errors'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes, isHex } from '../hash/index.ts'
import type { Assertion } from './form.ts'

/**
 * The one form of a signature that passes, of the one that a device gives (DER, with either s):
 * r ‖ s with s in the lower half, 64 bytes.
 *
 * @throws Fault KEY_MALFORMED for what is no signature
 */
export function compactSignature(der: Uint8Array): Uint8Array {
  const { r, s } = parsed('P-256 signature', () => p256.Signature.fromBytes(der, 'der'))
  const half = p256.Point.Fn.ORDER >> 1n
  const low = s > half ? p256.Point.Fn.ORDER - s : s
  return new p256.Signature(r, low).toBytes('compact')
}

/** RFC 5480: what stands before the point of a P-256 key. */
const spkiPrefix = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
  0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
])

/**
 * The compressed key, 33 bytes, of a new passkey's as a browser tells it (`getPublicKey()`).
 *
 * @throws Fault KEY_MALFORMED for a key of another kind
 */
export function passkeyPublicKey(spki: Uint8Array): Uint8Array {
  const isP256 =
    spki.length === spkiPrefix.length + 65 && spkiPrefix.every((byte, i) => spki[i] === byte)
  if (!isP256) throw new Fault('KEY_MALFORMED', { kind: 'P-256 public key' })
  const point = spki.subarray(spkiPrefix.length)
  return parsed('P-256 public key', () => p256.Point.fromBytes(point)).toBytes(true)
}

/** Whether this is a compressed key of the curve, `0x` and 66 hex. */
export const isPasskeyKey = (publicKey: string): boolean =>
  isHex(publicKey, 33) && p256.utils.isValidPublicKey(hexToBytes(publicKey), true)

/**
 * The point of a compressed key, 32 bytes each, as the chain keeps it.
 *
 * @throws Fault KEY_MALFORMED
 */
export function passkeyPoint(
  publicKey: Uint8Array,
): { readonly x: Uint8Array; readonly y: Uint8Array } {
  const point = parsed('P-256 public key', () => p256.Point.fromBytes(publicKey)).toBytes(false)
  return { x: point.subarray(1, 33), y: point.subarray(33) }
}

/**
 * An assertion of what a browser answers to `navigator.credentials.get`.
 *
 * @throws Fault KEY_MALFORMED
 */
export const assertionOf = (
  publicKey: Uint8Array,
  response: {
    readonly authenticatorData: Uint8Array
    readonly clientDataJSON: Uint8Array
    readonly signature: Uint8Array
  },
): Assertion => ({
  publicKey,
  authenticatorData: response.authenticatorData,
  clientData: response.clientDataJSON,
  signature: compactSignature(response.signature),
})

/**
 * The keys that may have made an answer, compressed: an ECDSA signature leaves two of them, seldom
 * more. Those of two answers by one device have one in common.
 *
 * @throws Fault KEY_MALFORMED for what is no signature
 */
export function keysBehind(answer: {
  readonly authenticatorData: Uint8Array
  readonly clientDataJSON: Uint8Array
  readonly signature: Uint8Array
}): Uint8Array[] {
  const { authenticatorData, clientDataJSON, signature } = answer
  const message = sha256(concatBytes(authenticatorData, sha256(clientDataJSON)))
  const given = parsed('P-256 signature', () => p256.Signature.fromBytes(signature, 'der'))
  return [0, 1, 2, 3].flatMap((bit) => {
    try {
      return [given.addRecoveryBit(bit).recoverPublicKey(message).toBytes(true)]
    } catch {
      // There is no point of the curve at this one: it made no signature.
      return []
    }
  })
}

function parsed<Value>(kind: string, parse: () => Value): Value {
  try {
    return parse()
  } catch (cause) {
    // The library throws plain errors for bytes that are none of the curve's.
    if (cause instanceof Error) throw new Fault('KEY_MALFORMED', { kind }, { cause })
    throw cause
  }
}
