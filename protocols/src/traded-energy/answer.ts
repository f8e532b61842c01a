import { Fault } from '@busbar/core/errors'
import {
  type Domain,
  recoverAddress,
  type TradedEnergyAnswerMessage,
  tradedEnergyAnswerDigest,
} from '../eip712/index.ts'
import { bytesToHex, type Hex, hexToBytes, isHex } from '../hash/index.ts'
import { merkleRoot } from '../merkle/index.ts'
import { secretHashOf, type TradedEnergy, type TradedEnergyTree } from './energy.ts'
import { decodeProof, encodeProof, openProof } from './proof.ts'
import { statementLeaves, tradedEnergyIntervalsMax } from './statement.ts'

/** What is asked: one meter, intervals that follow each other. */
export type TradedEnergyQuestion = {
  /** That of all bilateral trades. */
  readonly zone: number
  readonly meter: number
  readonly fromInterval: number
  /** From 1 to `tradedEnergyIntervalsMax`. */
  readonly count: number
}

/** The answer as it travels: plain JSON. */
export type TradedEnergyAnswer = {
  readonly meter: number
  readonly fromInterval: number
  /** The place in the journal whose state was asked. */
  readonly sequence: number
  /** One for each interval, as `encodeProof` writes it; `0x` where nothing is settled yet. */
  readonly proofs: readonly string[]
  /** The exchange's, by the key that signs receipts. */
  readonly signature: string
}

/** What one proof of an answer shows; without a root, that nothing is settled. */
export type EnergyFound = { readonly root: Hex | null; readonly energy: TradedEnergy | null }

/** What the exchange stands for with its signature, and what it takes to hold it to that. */
export type SignedStatements = {
  readonly zone: number
  readonly message: TradedEnergyAnswerMessage
  readonly statements: readonly EnergyFound[]
  readonly signature: Hex
}

/**
 * Answers from the trees of the intervals. `sequence` must be of the very state that the trees are
 * of: two answers that name one sequence and different roots are held against the exchange.
 *
 * @param trees one for each interval, ascending; null where nothing is settled
 * @param secret the meter's, as `meterSecret` gives it
 * @param sign by the operator's key
 * @throws Fault TRADED_ENERGY_INVALID for a tree of another interval, or too many
 */
export function answerTradedEnergy(
  domain: Domain,
  question: TradedEnergyQuestion & { readonly sequence: number; readonly secret: Uint8Array },
  trees: readonly (TradedEnergyTree | null)[],
  sign: (digest: Uint8Array) => Uint8Array,
): TradedEnergyAnswer {
  const { zone, meter, fromInterval, count, sequence, secret } = question
  requirePeriod(question, trees)
  const proved = trees.map((tree) => {
    if (tree === null) return { proof: '0x', statement: unsettled } as const
    const proof = tree.prove(meter)
    const energy = proof.kind === 'traded' ? proof.energy : null
    return { proof: bytesToHex(encodeProof(proof)), statement: { root: tree.root, energy } }
  })
  const statements = proved.map(({ statement }) => statement)
  const message: TradedEnergyAnswerMessage = {
    meter,
    fromInterval,
    count,
    secretHash: secretHashOf(secret),
    answer: bytesToHex(merkleRoot(statementLeaves(zone, fromInterval, statements))),
    sequence,
  }
  const signature = bytesToHex(sign(tradedEnergyAnswerDigest(domain, message)))
  return { meter, fromInterval, sequence, proofs: proved.map(({ proof }) => proof), signature }
}

const unsettled: EnergyFound = { root: null, energy: null }

function requirePeriod(
  { zone, fromInterval, count }: TradedEnergyQuestion,
  trees: readonly (TradedEnergyTree | null)[],
): void {
  if (!isPeriod(count) || trees.length !== count) {
    const limit = `1 to ${tradedEnergyIntervalsMax}, each with its tree`
    throw new Fault('TRADED_ENERGY_INVALID', { field: 'count', value: count, limit })
  }
  for (const [i, tree] of trees.entries()) {
    const interval = fromInterval + i
    if (tree !== null && (tree.place.interval !== interval || tree.place.zone !== zone)) {
      throw new Fault('TRADED_ENERGY_INVALID', { field: 'interval', value: interval, limit: 'its' })
    }
  }
}

const isPeriod = (count: number): boolean =>
  Number.isSafeInteger(count) && count >= 1 && count <= tradedEnergyIntervalsMax

/**
 * Reads an answer to `question`: what it says of each interval, where each proof shows it of this
 * meter and the operator signed just that. Undefined for any other. Whether the roots are the
 * chain's is for the caller to compare.
 *
 * @param operator the address that signs, from the chain
 * @param secret the meter's, from before: not from whom the answer comes
 */
export function readTradedEnergy(
  domain: Domain,
  operator: string,
  question: TradedEnergyQuestion,
  secret: Uint8Array,
  answer: TradedEnergyAnswer,
): SignedStatements | undefined {
  const { zone, meter, fromInterval, count } = question
  const { sequence, proofs, signature } = answer
  if (answer.meter !== meter || answer.fromInterval !== fromInterval) return undefined
  if (!isPeriod(count) || !Array.isArray(proofs) || proofs.length !== count) return undefined
  if (!isHex(signature, 65) || !Number.isSafeInteger(sequence) || sequence < 0) return undefined
  const statements: EnergyFound[] = []
  for (const [i, proof] of proofs.entries()) {
    const statement = statementOf({ zone, interval: fromInterval + i }, meter, secret, proof)
    if (statement === undefined) return undefined
    statements.push(statement)
  }
  const message: TradedEnergyAnswerMessage = {
    meter,
    fromInterval,
    count,
    secretHash: secretHashOf(secret),
    answer: bytesToHex(merkleRoot(statementLeaves(zone, fromInterval, statements))),
    sequence,
  }
  const digest = tradedEnergyAnswerDigest(domain, message)
  const signer = recoverAddress(digest, hexToBytes(signature))
  if (signer === undefined || signer !== operator.toLowerCase()) return undefined
  return { zone, message, statements, signature }
}

function statementOf(
  place: { readonly zone: number; readonly interval: number },
  meter: number,
  secret: Uint8Array,
  text: unknown,
): EnergyFound | undefined {
  if (text === '0x') return unsettled
  if (typeof text !== 'string' || !isHex(text, Math.floor((text.length - 2) / 2))) return undefined
  const proof = decodeProof(hexToBytes(text))
  return proof === undefined ? undefined : openProof(place, meter, secret, proof)
}
