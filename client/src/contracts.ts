import type { ContractTerms } from '@busbar/core/trades'
import { type Domain, recoverAddress } from '@busbar/protocols/eip712'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import { contractIdentity } from '@busbar/protocols/trades'
import { errorOfFailure } from './busbar-error.ts'

/** A proposal or a version of a trade, as the exchange shows it to a party. */
export type ShownContract = {
  readonly contract: string
  readonly terms: ContractTerms
  readonly sellerSignature: string | null
  readonly buyerSignature: string | null
}

/** By the key that is registered now, by another one (it may have been replaced), or not at all. */
export type SignatureFound = 'signed' | 'other_key' | 'missing'

export type CheckedContract = { readonly seller: SignatureFound; readonly buyer: SignatureFound }

/**
 * Whether a contract is what it is said to be: its digest that of its terms, and signed by whom the
 * terms name. It asks nobody.
 *
 * @param addresses of the registered keys of both sides, `0x` and 40 hex
 * @throws BusbarError proof_invalid where the digest is of other terms, or a signature is none
 */
export function checkContract(
  domain: Domain,
  shown: ShownContract,
  addresses: { readonly seller: string; readonly buyer: string },
): CheckedContract {
  const { contract, terms, sellerSignature, buyerSignature } = shown
  if (contractIdentity(domain, terms) !== contract) {
    throw errorOfFailure('proof_invalid', `contract ${contract} has other terms than are shown`)
  }
  const found = (signature: string | null, address: string): SignatureFound => {
    if (signature === null) return 'missing'
    const signer = isHex(signature, 65)
      ? recoverAddress(hexToBytes(contract), hexToBytes(signature))
      : undefined
    if (signer === undefined) {
      throw errorOfFailure('proof_invalid', `a signature under ${contract} is none`)
    }
    return signer === address.toLowerCase() ? 'signed' : 'other_key'
  }
  return {
    seller: found(sellerSignature, addresses.seller),
    buyer: found(buyerSignature, addresses.buyer),
  }
}
