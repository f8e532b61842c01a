/** The proof of a large set, taken apart for a transaction each; `ClearingVerifier` reads both. */
import { contextOf, partSize } from '@busbar/protocols/sealed-orders'
import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import type { ChainCall, ChainDeployment, ChainEffect } from '../../app/ports/chain.ts'

export const provePartAbi = parseAbi([
  'function provePart(bytes proof, bytes32[5] inputs) returns (bool isNew)',
])

/** A call for each part, and the proof without those; undefined where it has no such parts. */
export function partCalls(
  effect: Extract<ChainEffect, { kind: 'prove_clearing' }>,
  { chainId, intervalLog, clearingVerifier }: ChainDeployment,
): { readonly calls: readonly ChainCall[]; readonly joining: Hex } | undefined {
  const { zone, interval, size, rulebookHash, proof } = effect
  const context = contextOf({ chainId, intervalLog, zone, interval, rulebookHash }) as Hex
  const split = splitParts(proof as Hex, size / partSize, context)
  if (split === undefined) return undefined
  const calls = split.parts.map(
    ({ proof: own, inputs }, part): ChainCall => ({
      id: `prove-part/${zone}/${interval}/${part}`,
      description: `prove part ${part + 1} of zone ${zone}, interval ${interval}`,
      toAddress: clearingVerifier,
      calldata: encodeFunctionData({
        abi: provePartAbi,
        functionName: 'provePart',
        args: [own, inputs],
      }),
    }),
  )
  return { calls, joining: split.joining }
}

type PartInputs = readonly [context: Hex, orders: Hex, fills: Hex, before: Hex, after: Hex]

export type SplitProof = {
  readonly parts: readonly { readonly proof: Hex; readonly inputs: PartInputs }[]
  /** The same proof without those of its parts, which it counts on. */
  readonly joining: Hex
}

const wordDigits = 64

/** Undefined where the bytes are not those of so many parts. */
export function splitParts(proof: Hex, count: number, context: Hex): SplitProof | undefined {
  const digits = proof.slice(2)
  const headDigits = wordDigits * (3 * count + 2)
  if (digits.length < headDigits) return undefined
  const word = (at: number): Hex => `0x${digits.slice(wordDigits * at, wordDigits * (at + 1))}`
  const partBytes = BigInt(word(0))
  if (partBytes === 0n || partBytes > BigInt(digits.length - headDigits) / BigInt(2 * count)) {
    return undefined
  }
  const partDigits = 2 * Number(partBytes)
  const parts = Array.from({ length: count }, (_, i) => {
    const from = headDigits + i * partDigits
    return {
      proof: `0x${digits.slice(from, from + partDigits)}` as const,
      inputs: [
        context,
        word(1 + i),
        word(1 + count + i),
        word(1 + 2 * count + i),
        word(2 + 2 * count + i),
      ] as const,
    }
  })
  const none = '0'.repeat(wordDigits)
  const head = digits.slice(wordDigits, headDigits)
  return { parts, joining: `0x${none}${head}${digits.slice(headDigits + count * partDigits)}` }
}
