import { BoundedCache } from './bounded-cache.ts'
import type { SignatureVerifier } from './verifier.ts'

/** A passkey's word takes half of it. Who signs more than it takes is verified each time. */
const bytesRememberedMax = 1_024

/**
 * As `verifier`, and what it found to be good is not worked out again while it is among the last
 * `max`: for credentials, which come with every request and are asked for again before a stream
 * tells its reader anything. What it found to be bad is not kept, nor what is long, so that nobody
 * can fill it.
 */
export function rememberingVerifier(verifier: SignatureVerifier, max: number): SignatureVerifier {
  const good = new BoundedCache<true>(max)
  const remembering = (form: keyof SignatureVerifier) =>
    (...inputs: Parameters<SignatureVerifier['verifyP256']>): boolean => {
      const bytes = inputs.reduce((sum, { length }) => sum + length, 0)
      if (bytes > bytesRememberedMax) return verifier[form](...inputs)
      const lengths = inputs.map(({ length }) => length).join()
      const text = `${form} ${lengths} ${Buffer.concat(inputs).toString('latin1')}`
      if (good.get(text) !== undefined) return true
      const isGood = verifier[form](...inputs)
      if (isGood) good.set(text, true)
      return isGood
    }
  return {
    verifySecp256k1: remembering('verifySecp256k1'),
    verifyRecoverable: remembering('verifyRecoverable'),
    verifyP256: remembering('verifyP256'),
    verifyP256Message: remembering('verifyP256Message'),
  }
}
