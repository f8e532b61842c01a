import { Fault } from '@busbar/core/errors'
import { finalExp, precomputedMillerLoop, PrecomputedG2 } from 'mcl-wasm'
import { bytesToHex, hexToBytes } from '../hash/index.ts'
import { type Check, g1Bytes, g2FromHex, parseG1 } from './curve.ts'
import { ciphertextBytes, cipherOf } from './seal.ts'

/** Opens the orders of one label; the lines of its signature are computed once. */
export type Opener = {
  /**
   * The 57 bytes that were sealed for this commitment, or null: whatever somebody sent that does
   * not open is an order that is void, never a reason to stop the others.
   */
  readonly open: (commitment: string, ciphertext: string) => Uint8Array | null
  /** Gives the lines' memory back; the opener is of no use after that. */
  readonly close: () => void
}

/**
 * K = e(U, σ) is computed once for each point U: the orders of a participant that share one cost
 * one pairing. Where two orders name the same point, that costs nothing and shows nothing new.
 *
 * @param signature the committee's joint signature on the label, 96 bytes
 * @param check `checked_before` where the intake has asked `isCiphertext` of every ciphertext
 * @throws Fault TIMELOCK_MALFORMED for a signature that is no point of the group
 */
export function createOpener(signature: string, check: Check = 'subgroup'): Opener {
  const lines = new PrecomputedG2(g2FromHex(signature, 'signature'))
  const secrets = new Map<string, Uint8Array | null>()
  let isClosed = false

  const secretOf = (point: Uint8Array): Uint8Array | null => {
    const name = bytesToHex(point)
    const known = secrets.get(name)
    if (known !== undefined) return known
    const parsed = faultless(() => parseG1(point, 'ciphertext', check))
    const made = parsed === null ? null : finalExp(precomputedMillerLoop(parsed, lines)).serialize()
    secrets.set(name, made)
    return made
  }

  return {
    open(commitment, ciphertext) {
      if (isClosed) throw new Error('invariant broken: a closed opener is not used')
      const bytes = faultless(() => ({
        commitment: hexToBytes(commitment, 32, 'commitment'),
        ciphertext: hexToBytes(ciphertext, ciphertextBytes, 'ciphertext'),
      }))
      if (bytes === null) return null
      const point = bytes.ciphertext.subarray(0, g1Bytes)
      const secret = secretOf(point)
      if (secret === null) return null
      const cipher = cipherOf(secret, point, bytes.commitment)
      try {
        return cipher.decrypt(bytes.ciphertext.subarray(g1Bytes))
      } catch {
        // The tag does not fit: sealed for another commitment or label, or not sealed at all.
        return null
      }
    },
    close() {
      if (!isClosed) lines.destroy()
      isClosed = true
    },
  }
}

function faultless<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}

/**
 * Opens one order. For many of a label `createOpener` is faster.
 *
 * @throws Fault TIMELOCK_MALFORMED for a signature that is no point of the group
 */
export function open(request: {
  readonly signature: string
  readonly commitment: string
  readonly ciphertext: string
}): Uint8Array | null {
  const opener = createOpener(request.signature)
  try {
    return opener.open(request.commitment, request.ciphertext)
  } finally {
    opener.close()
  }
}
