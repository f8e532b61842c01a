/**
 * Whether a proof holds, without a market: the contract that verifies it is called on an EVM that
 * has nothing else. The native prover's own check knows the public ceremony only.
 */
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { type ClearingSize, clearingCircuit } from './circuit.ts'
import { pinOf } from './keys.ts'
import type { Field } from './statement.ts'

/** An EVM without a past. */
export interface Evm {
  /** What a contract made with this code answers to `data`; undefined if it reverts. */
  call(creationCode: string, data: string): Promise<string | undefined>
}

export type ProofToCheck = {
  readonly size: ClearingSize
  readonly proof: Uint8Array
  readonly publicInputs: readonly Field[]
}

export type ProofCheck = {
  /** The contract's key is the pinned one. */
  readonly isKeyPinned: boolean
  readonly isValid: boolean
  /** The contract trusts the development string: a proof under it shows nothing. */
  readonly isDevelopment: boolean
}

/** @param creationCode of the contract for the proof's size */
export async function checkProof(
  { size, proof, publicInputs }: ProofToCheck,
  creationCode: string,
  evm: Evm,
): Promise<ProofCheck> {
  const ask = async (name: string): Promise<bigint | undefined> => {
    const answer = await evm.call(creationCode, `0x${selector(`${name}()`)}`)
    return answer === undefined || answer === '0x' ? undefined : BigInt(answer)
  }
  const [isDevelopment, madeFor, digest] = [
    (await ask('isDevelopment')) !== 0n,
    await ask('size'),
    await ask('keyDigest'),
  ]
  const { keySha256 } = pinOf(clearingCircuit(size), isDevelopment)
  const isKeyPinned = madeFor === BigInt(size) && digest === BigInt(`0x${keySha256}`)
  const answer = await evm.call(creationCode, verifyCall(proof, publicInputs))
  const isValid = answer !== undefined && answer !== '0x' && BigInt(answer) === 1n
  return { isKeyPinned, isValid, isDevelopment }
}

const selector = (signature: string): string =>
  bytesToHex(keccak256(textToBytes(signature))).slice(2, 10)

/** `verify(bytes,bytes32[])` as the ABI writes it. */
export function verifyCall(proof: Uint8Array, publicInputs: readonly Field[]): string {
  const word = (value: number): string => value.toString(16).padStart(64, '0')
  const padded = Math.ceil(proof.length / 32) * 32
  const proofHex = Buffer.from(proof)
    .toString('hex')
    .padEnd(padded * 2, '0')
  return [
    `0x${selector('verify(bytes,bytes32[])')}`,
    word(64),
    word(64 + 32 + padded),
    word(proof.length),
    proofHex,
    word(publicInputs.length),
    ...publicInputs.map((input) => input.slice(2)),
  ].join('')
}
