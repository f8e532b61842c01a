/**
 * Whether a proof holds, without a market: the contract that verifies it is called on an EVM that
 * has nothing else. The native prover's own check knows the public ceremony only.
 */
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { type CircuitName, clearingCircuit, clearingSizes } from './circuit.ts'
import { pinOf } from './keys.ts'
import { decodeParts, partsOf } from './part-encoding.ts'
import { proofsNeeded } from './part-proofs.ts'
import type { Field } from './statement.ts'
import { verifierSize } from './verifier-source.ts'

/** An EVM without a past. */
export interface Evm {
  /** What a contract made with this code answers to `data`; undefined if it reverts. */
  call(creationCode: string, data: string): Promise<string | undefined>
}

export type ProofToCheck = {
  readonly size: number
  readonly proof: Uint8Array
  readonly publicInputs: readonly Field[]
}

export type ProofCheck = {
  /** The key of each contract that the proof takes is the pinned one. */
  readonly isKeyPinned: boolean
  readonly isValid: boolean
  /** A contract trusts the development string: a proof under it shows nothing. */
  readonly isDevelopment: boolean
}

/** The circuits that a proof of this size is made with; none where no proof has it. */
export function circuitsOf(size: number): readonly CircuitName[] {
  const known = clearingSizes.find((one) => one === size)
  if (known !== undefined) return [clearingCircuit(known)]
  return partsOf(size) === undefined ? [] : ['clearing-part', 'clearing-join']
}

/** @param creationCodeOf of the contract that verifies a circuit's proofs */
export async function checkProof(
  given: ProofToCheck,
  creationCodeOf: (circuit: CircuitName) => string,
  evm: Evm,
): Promise<ProofCheck> {
  return await checkAll(circuitsOf(given.size), proofsIn(given), creationCodeOf, evm)
}

/** The same of a proof that is one: of a threshold, or of a rank. */
export const checkSingleProof = (
  proof: SingleProof,
  creationCodeOf: (circuit: CircuitName) => string,
  evm: Evm,
): Promise<ProofCheck> => checkAll([proof.circuit], [proof], creationCodeOf, evm)

async function checkAll(
  circuits: readonly CircuitName[],
  proofs: readonly SingleProof[],
  creationCodeOf: (circuit: CircuitName) => string,
  evm: Evm,
): Promise<ProofCheck> {
  const keys = []
  for (const circuit of circuits) {
    keys.push(await checkKey(circuit, creationCodeOf(circuit), evm))
  }
  let isValid = proofs.length > 0
  for (const { circuit, proof, publicInputs } of proofs) {
    const answer = await evm.call(creationCodeOf(circuit), verifyCall(proof, publicInputs))
    isValid &&= answer !== undefined && answer !== '0x' && BigInt(answer) === 1n
  }
  return {
    isKeyPinned: keys.length > 0 && keys.every(({ isPinned }) => isPinned),
    isValid,
    isDevelopment: keys.some(({ isDevelopment }) => isDevelopment),
  }
}

async function checkKey(circuit: CircuitName, creationCode: string, evm: Evm) {
  const ask = async (name: string): Promise<bigint | undefined> => {
    const answer = await evm.call(creationCode, `0x${selector(`${name}()`)}`)
    return answer === undefined || answer === '0x' ? undefined : BigInt(answer)
  }
  const isDevelopment = (await ask('isDevelopment')) !== 0n
  const [madeFor, digest] = [await ask('size'), await ask('keyDigest')]
  const { keySha256 } = pinOf(circuit, isDevelopment)
  const isPinned = madeFor === BigInt(verifierSize(circuit)) && digest === BigInt(`0x${keySha256}`)
  return { isPinned, isDevelopment }
}

export type SingleProof = {
  readonly circuit: CircuitName
  readonly proof: Uint8Array
  readonly publicInputs: readonly Field[]
}

/** All that has to be verified; nothing where the bytes are no proofs of this size's parts. */
function proofsIn({ size, proof, publicInputs }: ProofToCheck): readonly SingleProof[] {
  const count = partsOf(size)
  if (count === undefined) {
    return circuitsOf(size).map((circuit) => ({ circuit, proof, publicInputs }))
  }
  const decoded = decodeParts(proof, count)
  const needed = decoded && proofsNeeded(publicInputs, decoded.parts)
  return (needed ?? []).map((one, i) => ({
    ...one,
    proof: decoded?.proofs[i] ?? new Uint8Array(0),
  }))
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
