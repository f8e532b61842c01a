import { passkeyIn } from '@busbar/core/registry'
import type { ContractTerms } from '@busbar/core/trades'
import { type Domain, recoverAddress } from '@busbar/protocols/eip712'
import { bilateralZone } from '@busbar/core/exchange'
import type { ContractProof } from '@busbar/protocols/api'
import { orderLeaf } from '@busbar/protocols/commitments'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import { verifyInclusion } from '@busbar/protocols/merkle'
import { type PasskeyWord, passkeyWord } from '@busbar/protocols/passkeys'
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

/** By the side of a contract. */
export type PasskeysOfSides = Readonly<Record<'seller' | 'buyer', readonly PasskeyWord[]>>

export type CheckedContract = { readonly seller: SignatureFound; readonly buyer: SignatureFound }

/**
 * Whether a contract is what it is said to be: its digest that of its terms, and signed by whom the
 * terms name. It asks nobody.
 *
 * @param addresses of the registered keys of both sides, `0x` and 40 hex
 * @param passkeys that both sides have now, as `GET /v1/participants` lists them
 * @throws BusbarError proof_invalid where the digest is of other terms, or a signature is none
 */
export function checkContract(
  domain: Domain,
  shown: ShownContract,
  addresses: { readonly seller: string; readonly buyer: string },
  passkeys: PasskeysOfSides = { seller: [], buyer: [] },
): CheckedContract {
  const { contract, terms, sellerSignature, buyerSignature } = shown
  if (contractIdentity(domain, terms) !== contract) {
    throw errorOfFailure('proof_invalid', `contract ${contract} has other terms than are shown`)
  }
  const found = (signature: string | null, side: 'seller' | 'buyer'): SignatureFound => {
    if (signature === null) return 'missing'
    const signer = signerOf(contract, signature)
    if (signer === undefined) {
      throw errorOfFailure('proof_invalid', `a signature under ${contract} is none`)
    }
    const isKnown = typeof signer === 'string'
      ? signer === addresses[side].toLowerCase()
      : passkeys[side].some((one) => one.publicKey === signer.publicKey && one.host === signer.host)
    return isKnown ? 'signed' : 'other_key'
  }
  return { seller: found(sellerSignature, 'seller'), buyer: found(buyerSignature, 'buyer') }
}

/** The address of a registered key, or a passkey; undefined where it is nobody's signature. */
function signerOf(contract: string, signature: string): string | PasskeyWord | undefined {
  const digest = hexToBytes(contract)
  if (isHex(signature, 65)) return recoverAddress(digest, hexToBytes(signature))
  const isOne = passkeyIn(signature) !== undefined && /^0x(?:[0-9a-f]{2})*$/.test(signature)
  return isOne ? passkeyWord(digest, hexToBytes(signature)) : undefined
}

/** What the chain has of the contracts that one gate fixed: from a node of one's own. */
export type FixedContracts = { readonly root: string; readonly count: number }

/**
 * Whether a contract is among those whose root the chain has of the gate of `fixedWith`. It asks
 * nobody, and takes of what is shown nothing but the path.
 *
 * @param shown as the exchange answers; a contract that is not fixed yet shows nothing
 * @param fixed by interval, from the chain
 * @returns the place among the contracts of that gate, from 0
 * @throws BusbarError proof_invalid where the path does not lead from the contract to the root
 */
export function verifyContractProof(
  { contract, fixedWith, proof }: ContractProof,
  fixed: ReadonlyMap<number, FixedContracts>,
): number {
  const refuse = (why: string) => errorOfFailure('proof_invalid', `contract ${contract}: ${why}`)
  if (fixedWith === null || proof === null) throw refuse('nothing is shown of it')
  const chain = fixed.get(fixedWith)
  if (chain === undefined) throw refuse(`the chain has nothing of the gate of ${fixedWith}`)
  const { index, count, path } = proof
  if (count !== chain.count) throw refuse(`${count} contracts are shown, the chain has another set`)
  const isForm = [contract, chain.root, ...path].every((hash) => isHex(hash, 32))
  if (!isForm || !Number.isSafeInteger(index)) throw refuse('what is shown has no such form')
  const leaf = orderLeaf({ zone: bilateralZone, interval: fixedWith }, contract)
  const siblings = path.map((node) => hexToBytes(node))
  if (!verifyInclusion(hexToBytes(chain.root), leaf, index, count, siblings)) {
    throw refuse('its path does not lead to the root on the chain')
  }
  return index
}
