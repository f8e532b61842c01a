import { Fault } from '@busbar/core/errors'
import { type Hex, keccak256, textToBytes, writeHex, writeUint64 } from '../hash/index.ts'

/**
 * Where a signature counts: one market, on one chain, at one clearing house. A signature made for
 * another of either has another digest, so it cannot be replayed here.
 */
export type Domain = {
  /** `Busbar/` and the market's id. */
  readonly name: string
  readonly version: '1'
  readonly chainId: number
  /** The ClearingHouse, in lower case. */
  readonly verifyingContract: Hex
  /** Hash of the four above: 32 bytes that every digest begins with. */
  readonly separator: Uint8Array
}

const domainType =
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** Prepares a domain once; its separator is the part of every digest that never changes. */
export function createDomain(place: {
  readonly market: string
  readonly chainId: number
  /** Any letter case: tools print addresses with a checksum. */
  readonly verifyingContract: string
}): Domain {
  if (!/^[a-z0-9-]{1,40}$/.test(place.market)) {
    throw new Fault('DOMAIN_INVALID', { field: 'market', got: place.market.slice(0, 40) })
  }
  if (!Number.isSafeInteger(place.chainId) || place.chainId < 1) {
    throw new Fault('DOMAIN_INVALID', { field: 'chainId', got: place.chainId })
  }
  if (!/^0x[0-9a-fA-F]{40}$/.test(place.verifyingContract)) {
    const got = place.verifyingContract.slice(0, 44)
    throw new Fault('DOMAIN_INVALID', { field: 'verifyingContract', got })
  }
  const name = `Busbar/${place.market}`
  const verifyingContract = place.verifyingContract.toLowerCase() as Hex
  const separator = separatorOf(name, place.chainId, verifyingContract)
  return { name, version: '1', chainId: place.chainId, verifyingContract, separator }
}

function separatorOf(name: string, chainId: number, verifyingContract: Hex): Uint8Array {
  const bytes = new Uint8Array(5 * 32)
  bytes.set(keccak256(textToBytes(domainType)), 0)
  bytes.set(keccak256(textToBytes(name)), 32)
  bytes.set(keccak256(textToBytes('1')), 64)
  writeUint64(new DataView(bytes.buffer), 96 + 24, chainId, 'chainId')
  writeHex(bytes, 128 + 12, verifyingContract, 20, 'verifyingContract')
  return keccak256(bytes)
}
