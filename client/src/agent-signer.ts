import { type DigestSigner, signDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { signNamed } from '@busbar/protocols/named-keys'
import type { SignDigest } from './signer.ts'

/**
 * Signs as an account's own agent, within the mandate that its key was granted: orders,
 * cancellations of what it ordered, and credentials. `Signer.account` is the owner's.
 *
 * @param key the agent's, `0x` hex or 32 bytes
 * @param sign of secp256k1; a program that signs much brings a native one
 * @throws Fault KEY_MALFORMED, HEX_MALFORMED
 */
export function withMandate(
  key: Uint8Array | string,
  sign: DigestSigner = signDigest,
): SignDigest {
  const bytes = typeof key === 'string' ? hexToBytes(key, 32, 'privateKey') : key
  return (digest) => signNamed('agent', bytes, digest, sign)
}
