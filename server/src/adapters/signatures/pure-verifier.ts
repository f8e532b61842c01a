import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import {
  isP256Form,
  isP256Signature,
  secp256k1Scalars,
  type SignatureVerifier,
} from './verifier.ts'

/** In JavaScript alone: about thirty times slower than the native one, and present everywhere. */
export function pureVerifier(): SignatureVerifier {
  return {
    verifySecp256k1(publicKey, digest, signature) {
      const scalars = secp256k1Scalars(publicKey, digest, signature)
      if (scalars === undefined) return false
      const options = { prehash: false, lowS: true, format: 'compact' } as const
      return secp256k1.verify(scalars, digest, publicKey, options)
    },

    verifyRecoverable(publicKey, digest, signature) {
      const scalars = secp256k1Scalars(publicKey, digest, signature)
      if (scalars === undefined || signature.length !== 65) return false
      // This library has the recovery id in front, from 0.
      const recoverable = new Uint8Array(65)
      recoverable[0] = (signature[64] as number) - 27
      recoverable.set(scalars, 1)
      const options = { prehash: false, lowS: true, format: 'recovered' } as const
      return secp256k1.verify(recoverable, digest, publicKey, options)
    },

    verifyP256(publicKey, digest, signature) {
      if (!isP256Form(publicKey, digest, signature)) return false
      const options = { prehash: true, lowS: true, format: 'compact' } as const
      return p256.verify(signature, digest, publicKey, options)
    },

    verifyP256Message(publicKey, message, signature) {
      if (!isP256Signature(publicKey, signature)) return false
      const options = { prehash: true, lowS: true, format: 'compact' } as const
      return p256.verify(signature, message, publicKey, options)
    },
  }
}
