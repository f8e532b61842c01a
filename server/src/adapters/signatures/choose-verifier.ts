import { Fault } from '@busbar/core/errors'
import { nativeVerifier } from './native-verifier.ts'
import { pureVerifier } from './pure-verifier.ts'
import type { SignatureVerifier } from './verifier.ts'

export type ChosenVerifier = {
  readonly verifier: SignatureVerifier
  readonly kind: 'native' | 'pure'
  /** Why it is not the native one, for the log. */
  readonly reason?: string
}

/**
 * The native verifier where it loads and answers right, else the pure one: the same answers, later.
 *
 * @param preference `pure` to do without the compiled library
 */
export function chooseVerifier(preference: 'native' | 'pure' = 'native'): ChosenVerifier {
  if (preference === 'pure') return { verifier: pureVerifier(), kind: 'pure', reason: 'configured' }
  try {
    const verifier = nativeVerifier()
    if (answersRight(verifier)) return { verifier, kind: 'native' }
    return { verifier: pureVerifier(), kind: 'pure', reason: 'the native library answers wrong' }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { verifier: pureVerifier(), kind: 'pure', reason: error.message }
  }
}

/** One signature of each curve that must pass, and that must fail over another digest. */
const known = {
  digest: bytes('1ea987040a5acbeef589a1de36fad2b94b9b0341da20635ddfcf7e21b2e6e817'),
  other: bytes('1ea987040a5acbeef589a1de36fad2b94b9b0341da20635ddfcf7e21b2e6e818'),
  secp256k1Key: bytes('031b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f'),
  secp256k1Signature: bytes(
    '42880187620c2db2397bdccfecb7c6132ca0839b5c582d1b8fd0789def1a1244' +
      '54832a9b15070b3b54e8b80f68d3a4262570e46111a11f507b82b839e72dc9f41b',
  ),
  p256Key: bytes('026ff03b949241ce1dadd43519e6960e0a85b41a69a05c328103aa2bce1594ca16'),
  p256Signature: bytes(
    '54892a523c04b9d119e633ff7247d0ec47603e839f1af1207e41fd10e74889b5' +
      '4202e270f64f9e699c690ba4ee6bcb51457a47de8e3f270132212d168dbb1df7',
  ),
}

/** A library built for another machine can load and be wrong; money would follow its answers. */
function answersRight(verifier: SignatureVerifier): boolean {
  const { digest, other, secp256k1Key, secp256k1Signature, p256Key, p256Signature } = known
  return (
    verifier.verifySecp256k1(secp256k1Key, digest, secp256k1Signature) &&
    verifier.verifyRecoverable(secp256k1Key, digest, secp256k1Signature) &&
    verifier.verifyP256(p256Key, digest, p256Signature) &&
    !verifier.verifySecp256k1(secp256k1Key, other, secp256k1Signature) &&
    !verifier.verifyRecoverable(secp256k1Key, other, secp256k1Signature) &&
    !verifier.verifyP256(p256Key, other, p256Signature)
  )
}

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
