import { Fault } from '@busbar/core/errors'
import type { Place } from '../commitments/index.ts'
import {
  type Domain,
  recoverAddress,
  type TradedEnergyAnswerMessage,
  tradedEnergyAnswerDigest,
} from '../eip712/index.ts'
import { bytesToHex, type Hex, hexToBytes } from '../hash/index.ts'
import { MerkleTree, verifyInclusion } from '../merkle/index.ts'
import type { SignedStatements } from './answer.ts'
import {
  type EnergyStatement,
  statementLeaf,
  statementLeaves,
  statementParts,
} from './statement.ts'

/**
 * Two signed answers of which one is false, whatever is true; plain JSON.
 *
 * - `energy`: of one meter, interval and root, two energies;
 * - `root`: of one interval at one place in the journal, two roots, of whatever meters;
 * - `secret`: of one meter, two secrets, so that one of them finds no leaf that is the meter's.
 */
export type Equivocation = {
  readonly kind: 'energy' | 'root' | 'secret'
  readonly zone: number
  /** Of both statements; in `secret`, which compares none, where the first answer begins. */
  readonly interval: number
  readonly one: SignedStatement
  readonly other: SignedStatement
}

/** One interval of a signed answer: nothing is shown of the others. */
export type SignedStatement = {
  readonly message: TradedEnergyAnswerMessage
  readonly signature: Hex
  readonly statement: EnergyStatement
  /** Leads from the statement to the root that was signed. */
  readonly path: readonly Hex[]
}

type Said = Pick<SignedStatement, 'message' | 'statement'>

/**
 * The first contradiction between two answers that were read; undefined where they agree. Anybody
 * can judge it with the operator's address alone: see `isEquivocation`.
 */
export function equivocation(a: SignedStatements, b: SignedStatements): Equivocation | undefined {
  if (a.zone !== b.zone) return undefined
  const { zone } = a
  const [fromA, fromB] = [Number(a.message.fromInterval), Number(b.message.fromInterval)]
  const to = Math.min(fromA + a.statements.length, fromB + b.statements.length)
  for (let interval = Math.max(fromA, fromB); interval < to; interval += 1) {
    const [indexA, indexB] = [interval - fromA, interval - fromB]
    const kind = contradiction({ zone, interval }, saidAt(a, indexA), saidAt(b, indexB))
    if (kind === undefined) continue
    return { kind, zone, interval, one: shownAt(a, indexA), other: shownAt(b, indexB) }
  }
  if (!differInSecret(a.message, b.message)) return undefined
  return { kind: 'secret', zone, interval: fromA, one: shownAt(a, 0), other: shownAt(b, 0) }
}

const saidAt = ({ message, statements }: SignedStatements, index: number): Said => ({
  message,
  statement: statements[index] as EnergyStatement,
})

function shownAt(signed: SignedStatements, index: number): SignedStatement {
  const { zone, signature, statements } = signed
  const { message, statement } = saidAt(signed, index)
  const tree = new MerkleTree(statementLeaves(zone, Number(message.fromInterval), statements))
  const { root, energy } = statement
  const numbers = energy === null
    ? null
    : { soldWh: Number(energy.soldWh), boughtWh: Number(energy.boughtWh) }
  return {
    message,
    signature,
    statement: { root, energy: numbers },
    path: tree.proof(index).map((hash) => bytesToHex(hash)),
  }
}

/**
 * What is signed are bytes, so bytes are compared: in JSON one statement could be written in two
 * ways, and would seem to differ from itself.
 */
function contradiction(place: Place, a: Said, b: Said): Equivocation['kind'] | undefined {
  const [partsA, partsB] = [a, b].map((said) => statementParts(place, said.statement)) as [
    Parts, Parts,
  ]
  const sameState = BigInt(a.message.sequence) === BigInt(b.message.sequence)
  // That nothing is settled yet is said without a root, and binds nobody.
  const bothSettled = a.statement.root !== null && b.statement.root !== null
  if (partsA.root !== partsB.root) return sameState && bothSettled ? 'root' : undefined
  const sameMeter = a.message.meter === b.message.meter
  return sameMeter && partsA.energy !== partsB.energy ? 'energy' : undefined
}

type Parts = ReturnType<typeof statementParts>

const differInSecret = (a: TradedEnergyAnswerMessage, b: TradedEnergyAnswerMessage): boolean =>
  a.meter === b.meter && a.secretHash !== b.secretHash

/**
 * Whether the operator signed both and they contradict each other. The evidence may come from
 * anybody: what is not in its form is none.
 */
export function isEquivocation(domain: Domain, operator: string, evidence: Equivocation): boolean {
  const { kind, zone, interval, one, other } = evidence
  if (![one, other].every(isShaped)) return false
  try {
    const signed = [one, other].every((side) => isSigned(domain, operator, side))
    if (!signed) return false
    if (kind === 'secret') return differInSecret(one.message, other.message)
    const place = { zone, interval }
    const stated = [one, other].every((side) => isStated(place, side))
    return stated && contradiction(place, one, other) === kind
  } catch (error) {
    // A field outside its type cannot have been signed.
    if (error instanceof Fault) return false
    throw error
  }
}

/** What has to be there before the fields can be read, each of which checks its own type. */
function isShaped(side: SignedStatement): boolean {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
  if (!isObject(side) || !isObject(side.message) || !isObject(side.statement)) return false
  return Array.isArray(side.path) && side.statement.energy !== undefined
}

function isSigned(domain: Domain, operator: string, side: SignedStatement): boolean {
  const digest = tradedEnergyAnswerDigest(domain, side.message)
  return recoverAddress(digest, hexToBytes(side.signature, 65)) === operator.toLowerCase()
}

function isStated(place: Place, { message, statement, path }: SignedStatement): boolean {
  const leaf = statementLeaf(place, statement)
  const index = place.interval - Number(message.fromInterval)
  const hashes = path.map((hash) => hexToBytes(hash, 32))
  return verifyInclusion(hexToBytes(message.answer, 32), leaf, index, message.count, hashes)
}
