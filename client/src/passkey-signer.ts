import { hexToBytes } from '@busbar/protocols/hash'
import { assertionOf, encodeAssertion } from '@busbar/protocols/passkeys'
import type { SignDigest } from './signer.ts'

/** What a device and its browser answer when they are asked for an assertion. */
export type PasskeyAnswer = {
  readonly authenticatorData: Uint8Array
  readonly clientDataJSON: Uint8Array
  /** In DER, as devices write it. */
  readonly signature: Uint8Array
}

/**
 * Signs with a passkey of the account: each digest is a question to the person before the page.
 *
 * @param publicKey of the passkey, `0x` and 66 hex, as the account lists it
 * @param ask puts the digest as challenge to `navigator.credentials.get`, with user verification
 * required; what it throws is thrown on
 * @throws Fault HEX_MALFORMED, KEY_MALFORMED where the answer is no signature
 */
export function withPasskey(
  publicKey: string,
  ask: (challenge: Uint8Array) => Promise<PasskeyAnswer>,
): SignDigest {
  const key = hexToBytes(publicKey, 33, 'publicKey')
  return async (digest) => encodeAssertion(assertionOf(key, await ask(digest)))
}
