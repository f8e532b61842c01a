import { Fault } from '@busbar/core/errors'
import type { InclusionProof } from '@busbar/protocols/api'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { leafHash, verifyInclusion } from '@busbar/protocols/merkle'

/**
 * Whether it was thrown because what was answered is not in its form, or is nothing that an
 * exchange could have settled.
 */
export const isMalformed = (error: unknown): boolean =>
  error instanceof Fault || error instanceof RangeError || error instanceof SyntaxError ||
  error instanceof TypeError ||
  (error instanceof Error && error.message.startsWith('invariant broken'))

/** Zone and interval stand first in every leaf, then its salt where it has one. */
const saltFrom = 12
const saltLength = 16

/** Whether the proof leads from what it shows to the root that everybody is shown. */
export function isInTree(proof: InclusionProof, root: string): boolean {
  try {
    const data = hexToBytes(proof.data)
    const path = proof.path.map((node) => hexToBytes(node, 32, 'path'))
    return (
      proof.root === root &&
      proof.leaf === bytesToHex(leafHash(data)) &&
      verifyInclusion(hexToBytes(root, 32, 'root'), data, proof.index, proof.count, path)
    )
  } catch (error) {
    // What is not in its form proves nothing.
    if (isMalformed(error)) return false
    throw error
  }
}

/**
 * Whether the proof shows exactly the leaf that the answer leads to, under the root that everybody
 * is shown.
 *
 * @param leafOf makes the leaf anew, with the salt of the one that was shown
 */
export function isLeaf(
  proof: InclusionProof,
  root: string,
  leafOf: (salt: Uint8Array) => Uint8Array,
): boolean {
  try {
    const salt = hexToBytes(proof.data).slice(saltFrom, saltFrom + saltLength)
    return bytesToHex(leafOf(salt)) === proof.data && isInTree(proof, root)
  } catch (error) {
    // What is not in its form proves nothing.
    if (isMalformed(error)) return false
    throw error
  }
}
