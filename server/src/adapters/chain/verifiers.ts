/** The verifiers of proofs that come with this version: one for each size, and one over them. */
import { concat, type Hex } from 'viem'

/** For 64, 256, 1,024 and 4,096 orders, in the order in which the one over them takes them. */
const keyVerifiers = [] as const satisfies readonly string[]

export const clearingVerifier = 'clearingVerifier'

export type VerifierName = (typeof keyVerifiers)[number] | typeof clearingVerifier

/** In the order in which they are deployed: the last asks the others when it is made. */
export const verifierNames: readonly VerifierName[] = []

export const isVerifier = (name: string): name is VerifierName =>
  verifierNames.some((verifier) => verifier === name)

export const verifierInitCode = (_name: VerifierName, _at: (name: VerifierName) => Hex): Hex =>
  concat([])
