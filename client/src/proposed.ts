import { canonicalJson } from '@busbar/core/encoding'
import type { ProposalView } from '@busbar/protocols/api'
import { type Domain, instructionDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'

/**
 * Whether the content that a proposal shows is what its digest stands for: an approval signs the
 * digest, and whoever reads the content must not sign another.
 */
export function isAsProposed(domain: Domain, { instruction }: ProposalView): boolean {
  const { id, account, kind, content, digest } = instruction
  const signed = { id, account, kind, content: canonicalJson(content) }
  return bytesToHex(instructionDigest(domain, signed)) === digest
}
