import { canonicalJson } from '@busbar/core/encoding'
import type { ContractTerms } from '@busbar/core/trades'
import { contractDigest, type ContractMessage, type Domain } from '../eip712/index.ts'
import { bytesToHex, type Hex } from '../hash/index.ts'

/** The terms of a contract in the form that both sides sign. */
export const contractMessage = (terms: ContractTerms): ContractMessage => {
  const { profile, exitFeeMicros, platform, ...plain } = terms
  return {
    ...plain,
    profile: canonicalJson(profile),
    exitFee: exitFeeMicros === null ? 'none' : String(exitFeeMicros),
    platform: platform ?? 0,
  }
}

/**
 * The identity of a contract: what both sides sign, `0x` and 64 hex.
 *
 * @throws Fault UNIT_OUT_OF_RANGE, HEX_MALFORMED or TEXT_MALFORMED, naming the field
 */
export const contractIdentity = (domain: Domain, terms: ContractTerms): Hex =>
  bytesToHex(contractDigest(domain, contractMessage(terms)))
