/** The verifiers of proofs that come with this version: one for each circuit, and one over them. */
import {
  clearingJoinVerifierBytecode,
  clearingPartVerifierBytecode,
  clearingVerifier1024Bytecode,
  clearingVerifier256Bytecode,
  clearingVerifier4096Bytecode,
  clearingVerifier64Bytecode,
  clearingVerifierBytecode,
} from '@busbar/contracts/verifiers'
import { concat, encodeAbiParameters, type Hex } from 'viem'

/** In the order in which the one over them takes them. */
const keyVerifiers = [
  'clearingVerifier64', 'clearingVerifier256', 'clearingVerifier1024', 'clearingVerifier4096',
  'clearingPartVerifier', 'clearingJoinVerifier',
] as const

export const clearingVerifier = 'clearingVerifier'

export type VerifierName = (typeof keyVerifiers)[number] | typeof clearingVerifier

/** In the order in which they are deployed: the last asks the others when it is made. */
export const verifierNames: readonly VerifierName[] = [...keyVerifiers, clearingVerifier]

export const isVerifier = (name: string): name is VerifierName =>
  verifierNames.some((verifier) => verifier === name)

const bytecodes: Readonly<Record<VerifierName, Hex>> = {
  clearingVerifier64: clearingVerifier64Bytecode,
  clearingVerifier256: clearingVerifier256Bytecode,
  clearingVerifier1024: clearingVerifier1024Bytecode,
  clearingVerifier4096: clearingVerifier4096Bytecode,
  clearingPartVerifier: clearingPartVerifierBytecode,
  clearingJoinVerifier: clearingJoinVerifierBytecode,
  clearingVerifier: clearingVerifierBytecode,
}

/** `at`: where each of them is or will be. */
export function verifierInitCode(name: VerifierName, at: (name: VerifierName) => Hex): Hex {
  if (name !== clearingVerifier) return bytecodes[name]
  const addresses = keyVerifiers.map(at) as unknown as readonly [Hex, Hex, Hex, Hex, Hex, Hex]
  return concat([bytecodes[name], encodeAbiParameters([{ type: 'address[6]' }], [addresses])])
}
