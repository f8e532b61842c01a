/**
 * How the proofs of a large set travel as one, with what of their public inputs does not follow
 * from those of the clearing. All in words of 32 bytes, for k parts:
 *
 *     1       the bytes of each part's proof
 *     k       the parts' orders roots
 *     k       their fills roots
 *     k + 1   the states: what the first begins with, and what each ends with
 *     ...     the parts' proofs, and the one that joins them
 *
 * That each part begins where the one before it ended needs no check in this form: it is said once.
 * `ClearingVerifier.sol` reads the same.
 */
import { assert } from '@busbar/core/errors'
import { isField, partSize } from '@busbar/protocols/sealed-orders'
import type { PartStatement } from './part-proofs.ts'
import { partsMax } from './parts.ts'

/** The most orders that one proof of parts speaks of. */
export const ordersMax: number = partSize * partsMax

/** How many parts a proof of this size has; undefined if it has none, or there is none like it. */
export function partsOf(size: number): number | undefined {
  const parts = size / partSize
  return Number.isInteger(parts) && parts >= 2 && parts <= partsMax ? parts : undefined
}

export type PartProofs = {
  readonly parts: readonly PartStatement[]
  /** One for each part, and last the joining one. */
  readonly proofs: readonly Uint8Array[]
}

/** The bytes of a proof whose parts are chained. */
export function encodeParts({ parts, proofs }: PartProofs): Uint8Array {
  const [first] = parts
  const [proof] = proofs
  assert(first !== undefined && proof !== undefined, 'there are parts')
  assert(proofs.length === parts.length + 1, 'each part has its proof, and one joins them')
  const partBytes = proof.length
  assert(
    proofs.slice(0, -1).every(({ length }) => length === partBytes),
    'proofs of one circuit have one length',
  )
  assert(
    parts.every(({ before }, i) => i === 0 || before === parts[i - 1]?.after),
    'each part begins where the one before it ended',
  )
  const words = [
    partBytes.toString(16).padStart(64, '0'),
    ...parts.map(({ ordersRoot }) => ordersRoot.slice(2)),
    ...parts.map(({ fillsRoot }) => fillsRoot.slice(2)),
    first.before.slice(2),
    ...parts.map(({ after }) => after.slice(2)),
  ]
  return Buffer.concat([Buffer.from(words.join(''), 'hex'), ...proofs])
}

/** What was encoded; undefined where the bytes are not those of so many parts. */
export function decodeParts(bytes: Uint8Array, count: number): PartProofs | undefined {
  const head = wordBytes * (3 * count + 2)
  if (bytes.length < head) return undefined
  const word = (at: number): string =>
    `0x${Buffer.from(bytes.subarray(wordBytes * at, wordBytes * (at + 1))).toString('hex')}`
  const partBytes = BigInt(word(0))
  if (partBytes > BigInt(Math.floor((bytes.length - head) / count))) return undefined
  const length = Number(partBytes)
  const parts = Array.from({ length: count }, (_, i) => ({
    ordersRoot: word(1 + i),
    fillsRoot: word(1 + count + i),
    before: word(1 + 2 * count + i),
    after: word(2 + 2 * count + i),
  }))
  if (!parts.every((part) => Object.values(part).every(isField))) return undefined
  const proofs = Array.from({ length: count + 1 }, (_, i) =>
    bytes.subarray(head + i * length, i < count ? head + (i + 1) * length : undefined),
  )
  return { parts, proofs }
}

const wordBytes = 32
