import { disputeReason } from '@busbar/client'
import { type VoidReason, voidReasons } from '@busbar/core/exchange'
import type { Receipt } from '@busbar/protocols/api'
import { bytesToHex, isHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { groupsOf } from '@busbar/protocols/sealed-orders'
import type { Challenger, WitnessedInterval } from '@busbar/server/own-node/challenger'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { contentsOf } from '../proofs/contents.ts'
import { auditorOf, challengerOf, clientOf } from './chain-access.ts'
import {
  descentIn,
  type KnownPlaces,
  miscountIn,
  placesOfAll,
  placesOfPaths,
} from './known-places.ts'

type Task = (operands: readonly string[], values: Values, output: Output) => Promise<number>

/** What `busbar challenge` can be told to bring; each resolves with the exit code. */
export const challenges = {
  async omission(operands, values, output) {
    const receipt = await receiptIn(operands)
    const { isIncluded, places } = await clientOf(values).orderNeighbours(receipt)
    if (isIncluded) {
      const told = `The order is in the set, at position ${places[0]?.position ?? 0}.`
      say(values, output, { challenge: 'omission', included: true, transaction: null }, told)
      return exitCodes.ok
    }
    const challenger = await challengerOf(values)
    const shown = places.map((place) => {
      const groups = groupsOf(place.commitment, place)
      if (groups === undefined) throw new UsageError('the exchange answered with no path')
      return { position: place.position, path: groups.flat() }
    })
    const partRoots = places[0]?.partRoots ?? []
    const transaction = await challenger.omission(receipt, shown, partRoots)
    const told = `The interval is faulty: order ${receipt.commitment} is not in its set.`
    say(values, output, { challenge: 'omission', included: false, transaction }, told)
    return exitCodes.difference
  },

  async ascent(operands, values, output) {
    const { challenger, chain, known, ...at } = await knownSet(operands, values)
    const lower = descentIn(chain, known)
    if (lower === undefined) {
      const told = `All known places ascend: ${known.positions.length} of the set’s.`
      say(values, output, { challenge: 'ascent', shown: false, transaction: null }, told)
      return exitCodes.ok
    }
    const neighbours = [known.placeAt(lower), known.placeAt(lower + 1)] as const
    const transaction = await challenger.ascent(at, neighbours, known.partRoots)
    const told = `The interval is faulty: positions ${lower} and ${lower + 1} do not ascend.`
    say(values, output, { challenge: 'ascent', shown: true, position: lower, transaction }, told)
    return exitCodes.difference
  },

  async count(operands, values, output) {
    const { challenger, chain, known, ...at } = await knownSet(operands, values)
    const position = miscountIn(chain, known)
    if (position === undefined) {
      const told = `The count fits all known places: ${known.positions.length} of the set’s.`
      say(values, output, { challenge: 'count', shown: false, transaction: null }, told)
      return exitCodes.ok
    }
    const transaction = await challenger.count(at, known.placeAt(position), known.partRoots)
    const told = `The interval is faulty: position ${position} and the set’s count do not fit.`
    say(values, output, { challenge: 'count', shown: true, position, transaction }, told)
    return exitCodes.difference
  },

  async demand(operands, values, output) {
    const receipt = await receiptIn(operands)
    const transaction = await (await challengerOf(values)).demand(receipt)
    const told = 'The exchange has to show on the chain where the order is; see unanswered.'
    say(values, output, { challenge: 'demand', transaction }, told)
    return exitCodes.ok
  },

  async unanswered(operands, values, output) {
    const receipt = await receiptIn(operands)
    const transaction = await (await challengerOf(values)).unanswered(receipt)
    const told = 'The interval is faulty: the exchange did not show the order in time.'
    say(values, output, { challenge: 'unanswered', transaction }, told)
    return exitCodes.difference
  },

  async void(operands, values, output) {
    const receipt = await receiptIn(operands)
    const reason = values.text('reason')
    if (reason === undefined) throw new UsageError('--reason is the reason that the exchange gave')
    const reasonHash = voidReasons.some((known) => known === reason)
      ? disputeReason(receipt, reason as VoidReason)
      : hashOf(reason)
    const transaction = await (await challengerOf(values)).disputeVoid(receipt, reasonHash)
    const told = 'The auditor has to say whether the order was rightly void.'
    say(values, output, { challenge: 'void', reason_hash: reasonHash, transaction }, told)
    return exitCodes.ok
  },

  async overdue(operands, values, output) {
    const [zone, interval] = placeOf(operands)
    const challenger = await challengerOf(values)
    const reasonHash = hashOf(values.text('reason') ?? 'overdue')
    const flag = await challenger.flagOverdue(zone, interval)
    const transaction = await challenger.dispute(zone, interval, reasonHash)
    const told = 'The auditor has to clear the interval again.'
    say(values, output, { challenge: 'overdue', flag, reason_hash: reasonHash, transaction }, told)
    return exitCodes.ok
  },
} as const satisfies Record<string, Task>

const hashOf = (text: string): string => bytesToHex(keccak256(textToBytes(text)))

function say(values: Values, output: Output, content: object, told: string): void {
  output.print(values.flag('json') ? JSON.stringify(content) : told)
}

/** @throws UsageError */
export function placeOf(operands: readonly string[]): readonly [zone: number, interval: number] {
  const [zone, interval] = operands.map(Number)
  const isWhole = [zone, interval].every((one) => Number.isSafeInteger(one) && Number(one) >= 0)
  if (operands.length !== 2 || !isWhole) throw new UsageError('it takes a ZONE and an INTERVAL')
  return [Number(zone), Number(interval)]
}

type KnownSet = {
  readonly zone: number
  readonly interval: number
  readonly challenger: Challenger
  readonly chain: WitnessedInterval
  readonly known: KnownPlaces
}

/**
 * What the exchange shows of a fixed set, to who has receipts of it or, by zone and interval, to an
 * auditor, once it is found to be that of the chain.
 *
 * @throws UsageError
 */
async function knownSet(operands: readonly string[], values: Values): Promise<KnownSet> {
  const isPlace = operands.length === 2 && operands.every((operand) => /^\d+$/.test(operand))
  const receipts = isPlace ? [] : await Promise.all(operands.map((file) => receiptOf(file)))
  const [zone, interval] = isPlace ? placeOf(operands) : placeOfReceipts(receipts)
  const challenger = await challengerOf(values)
  const chain = await challenger.interval(zone, interval)
  if (chain === undefined) throw new UsageError('the chain knows nothing of this interval')
  const known = isPlace
    ? placesOfAll(chain, await openedSet(values, zone, interval))
    : placesOfPaths(chain, await ownPlaces(values, receipts))
  if (known === undefined) {
    throw new UsageError('what the exchange shows is not the set on the chain: see demand')
  }
  return { zone, interval, challenger, chain, known }
}

async function openedSet(values: Values, zone: number, interval: number) {
  const { orders } = await (await auditorOf(values)).auditOpenings(zone, interval)
  return orders.map(({ commitment }) => commitment)
}

async function ownPlaces(values: Values, receipts: readonly Receipt[]) {
  const client = clientOf(values)
  const answers = await Promise.all(receipts.map((receipt) => client.orderNeighbours(receipt)))
  return answers.flatMap(({ places }) => places)
}

function placeOfReceipts(receipts: readonly Receipt[]): readonly [zone: number, interval: number] {
  const [first, ...others] = receipts
  if (first === undefined) throw new UsageError('it takes RECEIPT …, or a ZONE and an INTERVAL')
  const { zone, interval } = first
  if (others.some((other) => other.zone !== zone || other.interval !== interval)) {
    throw new UsageError('the receipts are not of one zone and interval')
  }
  return [zone, interval]
}

/** @throws UsageError */
async function receiptIn(operands: readonly string[]): Promise<Receipt> {
  const [file, ...others] = operands
  if (file === undefined || others.length > 0) throw new UsageError('it takes one RECEIPT')
  return await receiptOf(file)
}

/** @throws UsageError naming the field that is not that of a receipt */
async function receiptOf(file: string): Promise<Receipt> {
  let read: Partial<Receipt>
  try {
    read = JSON.parse(await contentsOf(file)) as Partial<Receipt>
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} is not JSON`)
  }
  const { commitment, zone, interval, sequence, signature } = read
  if (typeof commitment !== 'string' || !isHex(commitment, 32)) {
    throw new UsageError(`${file}: commitment is 0x and 64 hex digits`)
  }
  if (typeof signature !== 'string' || !isHex(signature, 65)) {
    throw new UsageError(`${file}: signature is 0x and 130 hex digits`)
  }
  for (const [name, value] of Object.entries({ zone, interval, sequence })) {
    if (!Number.isSafeInteger(value)) throw new UsageError(`${file}: ${name} is a whole number`)
  }
  const place = { zone: Number(zone), interval: Number(interval) }
  return { commitment, signature, ...place, sequence: Number(sequence) }
}
