import { createRequire } from 'node:module'
import { signDigest } from '@busbar/protocols/eip712'
import type { ReceiptSigner } from '../../app/ports/receipts.ts'

/** The part of npm's secp256k1 that is used: libsecp256k1, compiled. */
type Secp256k1 = {
  ecdsaSign(
    digest: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recid: number }
}

/**
 * Signs by libsecp256k1 where it loads, else in JavaScript: the same bytes (RFC 6979, low s).
 *
 * @param preference `pure` to do without the compiled library
 */
export function receiptSigner(
  privateKey: Uint8Array,
  preference: 'native' | 'pure' = 'native',
): ReceiptSigner {
  const native = preference === 'native' ? loadSecp256k1() : undefined
  const pure: ReceiptSigner = { sign: (digest) => signDigest(privateKey, digest) }
  if (native === undefined) return pure
  const signer: ReceiptSigner = {
    sign(digest) {
      const { signature, recid } = native.ecdsaSign(digest, privateKey)
      const bytes = new Uint8Array(65)
      bytes.set(signature)
      bytes[64] = 27 + recid
      return bytes
    },
  }
  // A library built for another machine can load and be wrong.
  const probe = new Uint8Array(32).fill(1)
  return Buffer.compare(signer.sign(probe), pure.sign(probe)) === 0 ? signer : pure
}

function loadSecp256k1(): Secp256k1 | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js') as Secp256k1
  } catch {
    return undefined
  }
}
