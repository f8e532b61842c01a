import { canonicalJson } from '@busbar/core/encoding'
import { assert } from '@busbar/core/errors'
import {
  type Command,
  type IntervalRecord,
  participantOf,
  recordOf,
  type State,
  type SubmitReadings,
} from '@busbar/core/exchange'
import { namedKeyIn } from '@busbar/core/registry'
import type { BatchForm, OrderWord, ReadingItem, SignedReading } from '@busbar/protocols/api'
import { isSignedBy } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import type { MerkleTree } from '@busbar/protocols/merkle'
import { readingSalt, readingsTree } from '@busbar/protocols/readings'
import { sealedOrderMessage } from '../intake.ts'
import type { Lane } from '../lane.ts'
import type { Reader } from '../ports/exchange-service.ts'
import type { Journal } from '../ports/journal.ts'
import type { SignatureViews } from '../ports/signature-views.ts'
import type { SealedClearings } from '../sealed-clearings.ts'
import { seesAll } from './trading/relation.ts'

/** What is applied is answered from the journal, where it is as soon as it is durable. */
type Applied = Pick<Lane, 'state' | 'durable'>
type Parts = { readonly journal: Journal; readonly clearings: SealedClearings }

/** What was signed, from the journal: the state keeps what follows from it, and no signature. */
export const signatureViews = (
  lane: Applied,
  journal: Journal,
  clearings: SealedClearings,
): SignatureViews => {
  const trees = new BatchTrees()
  return {
    orderWord: (...asked) => orderWord(lane, { journal, clearings }, ...asked),
    signedReading: (...asked) => signedReading(lane, { journal, trees }, ...asked),
  }
}

/** So many trees are kept: one has up to ten thousand readings, and a street asks for the same. */
const treesKept = 4

class BatchTrees {
  readonly #kept = new Map<number, MerkleTree>()

  of(sequence: number, { readings, blind }: SubmitReadings): MerkleTree {
    const tree = this.#kept.get(sequence) ?? readingsTree(readings, blind)
    this.#kept.delete(sequence)
    this.#kept.set(sequence, tree)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > treesKept && oldest !== undefined) this.#kept.delete(oldest)
    return tree
  }
}

const mayRead = (reader: Reader, owner: number): boolean =>
  reader.account === owner || reader.roles.some((role) => seesAll.includes(role))

/** Of a signature by the registered key, which names none: r, s and v. */
const registeredKeyBytes = 65

type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>

async function commandAt<Kind extends Command['kind']>(
  journal: Journal,
  sequence: number,
): Promise<{ readonly at: number; readonly command: CommandOf<Kind> }> {
  const [entry] = await journal.read(sequence - 1, 1)
  assert(entry?.sequence === sequence, 'what was applied is in the journal')
  return { at: entry.at, command: JSON.parse(entry.body) as CommandOf<Kind> }
}

async function orderWord(
  lane: Applied,
  parts: Parts,
  ...[reader, { zone, interval, digest: name }]: Parameters<SignatureViews['orderWord']>
): ReturnType<SignatureViews['orderWord']> {
  const { state } = lane
  const record = recordOf(state, zone, interval)
  if (record === undefined) return undefined
  const sealed = record.sealed.get(name)
  const known = sealed ?? [...record.orders.values()].flat().find(({ digest }) => digest === name)
  if (known === undefined) return undefined
  const { account: owner, id, sequence } = known
  if (!mayRead(reader, owner)) return { owner, answer: undefined }
  const isOwn = reader.account === owner
  await lane.durable()
  type Order = CommandOf<'place_order' | 'place_sealed_order'>
  const { command } = await commandAt<Order['kind']>(parts.journal, sequence)
  const { digest, signature } = command
  const granted = await mandateOf(state, signature, parts.journal)
  const answer = {
    ...{ id, account: owner, zone, interval, sequence, digest, signature },
    sealed: command.kind === 'place_sealed_order' ? sealedFields(command) : null,
    isKeyReplaced: [command, granted?.command].some((one) => one && isKeyReplaced(state, one)),
    mandate: granted === undefined ? null : mandateIn(granted),
    // Operators and auditors have the openings of all by one way, which says that they do.
    opening: isOwn && sealed !== undefined ? await openingOf(record, name, parts.clearings) : null,
  }
  return { owner, answer }
}

function sealedFields(command: CommandOf<'place_sealed_order'>): OrderWord['sealed'] {
  const { commitment, collateralMicros } = command
  const { ciphertextHash } = sealedOrderMessage(command)
  return { commitment, collateralMicros, ciphertextHash }
}

type Signed = Pick<CommandOf<'place_order'>, 'account' | 'digest' | 'signature'>

/** What was taken was signed: by a key that is registered no more, where it is not by this one. */
function isKeyReplaced(state: State, { account, digest, signature }: Signed): boolean {
  const bytes = hexToBytes(signature)
  const { publicKey } = participantOf(state, account) ?? {}
  if (bytes.length !== registeredKeyBytes || publicKey === undefined) return false
  return !isSignedBy('secp256k1', hexToBytes(publicKey), hexToBytes(digest), bytes)
}

type Granted = { readonly at: number; readonly command: CommandOf<'grant_mandate'> }

/** By which an agent signed, where one did; none once it has been revoked. */
async function mandateOf(
  state: State,
  signature: string,
  journal: Journal,
): Promise<(Granted & { readonly sequence: number }) | undefined> {
  const mandate = state.mandates.get(namedKeyIn('agent', signature) ?? '')
  if (mandate === undefined) return undefined
  const { sequence } = mandate
  return { sequence, ...(await commandAt<'grant_mandate'>(journal, sequence)) }
}

function mandateIn(
  { at, sequence, command }: Granted & { readonly sequence: number },
): OrderWord['mandate'] {
  const { id, account, content, signature } = command
  return { id, account, sequence, atMs: at, content: canonicalJson(content), signature }
}

async function openingOf(
  record: IntervalRecord,
  commitment: string,
  clearings: SealedClearings,
): Promise<OrderWord['opening']> {
  if (record.openedSequence < 0) return null
  const { openings } = await clearings.opened(record)
  const opening = openings.get(commitment)
  if (opening === undefined) return null
  const { account, meter, side, energyWh, limitMicrosPerKwh, salt } = opening
  return { account, meter, side, energyWh, limitMicrosPerKwh, salt }
}

/** So many at a time: one may have ten thousand readings. */
const batchesPerPage = 8

async function signedReading(
  lane: Applied,
  { journal, trees }: { readonly journal: Journal; readonly trees: BatchTrees },
  ...[reader, where]: Parameters<SignatureViews['signedReading']>
): ReturnType<SignatureViews['signedReading']> {
  const { state } = lane
  const meter = state.meters[where.meter]
  const gateway = state.gateways[meter?.gateway ?? -1]
  if (meter === undefined || gateway === undefined) return undefined
  const { account: owner } = meter
  const reading = mayRead(reader, owner) ? countedAt(state, where) : undefined
  await lane.durable()
  const found = reading && (await batchWith(state, journal, gateway.gateway, reading))
  if (found === undefined || reading === undefined) return { owner, answer: undefined }
  const form: BatchForm = `signed-batch/${gateway.curve}`
  const answer = {
    ...{ reading, sequence: found.sequence },
    gateway: { gateway: gateway.gateway, form, publicKey: gateway.publicKey },
    batch: mayBeShown(state, reader, found.batch) ? placeIn(found, reading, trees) : null,
  }
  return { owner, answer }
}

function countedAt(
  state: State,
  { meter, boundary }: { readonly meter: number; readonly boundary: number },
): ReadingItem | undefined {
  const readings = state.readings.get(meter)
  const counted = readings?.boundaries.get(boundary)
  const isReplaced = readings?.digits.some(({ from }) => from > 0 && from === boundary)
  if (counted === undefined || isReplaced === true) return undefined
  const { version, closing: { importWh, exportWh } } = counted
  return { meter, boundary, version, importWh: Number(importWh), exportWh: Number(exportWh) }
}

const isThe = (reading: ReadingItem) => (one: ReadingItem): boolean =>
  one.meter === reading.meter &&
  one.boundary === reading.boundary &&
  one.version === reading.version &&
  one.importWh === reading.importWh &&
  one.exportWh === reading.exportWh

type Found = { readonly sequence: number; readonly batch: SubmitReadings }

/** The first that says so: it is what counted, and what came after it is a repetition. */
async function batchWith(
  state: State,
  journal: Journal,
  gateway: number,
  reading: ReadingItem,
): Promise<Found | undefined> {
  const { boundary } = reading
  for (let after = gateBefore(state, reading); ; ) {
    const asked = { gateway, boundary, afterSequence: after, limit: batchesPerPage }
    const page = await journal.readBatches(asked)
    for (const { sequence, body } of page) {
      const batch = JSON.parse(body) as SubmitReadings
      if (batch.readings.some(isThe(reading))) return { sequence, batch }
      after = sequence
    }
    if (page.length === 0) return undefined
  }
}

/** The entry that closed a gate before the boundary was there: nothing before it has a reading. */
function gateBefore(state: State, { meter, boundary }: ReadingItem): number {
  const zone = state.meters[meter]?.zone ?? -1
  let latest = 0
  for (const { interval, fixedSequence } of state.intervals.get(zone)?.values() ?? []) {
    if (interval < boundary && fixedSequence > latest) latest = fixedSequence
  }
  return latest
}

/**
 * Registers are few enough to be tried one by one against a hash, against a root over a few of
 * them, and so against the signature of one: without a blind a batch is for who may see all of it.
 */
function mayBeShown(state: State, reader: Reader, { blind, readings }: SubmitReadings): boolean {
  if (blind !== undefined) return true
  return readings.every(({ meter }) => mayRead(reader, state.meters[meter]?.account ?? -1))
}

function placeIn(
  { sequence, batch }: Found,
  reading: ReadingItem,
  trees: BatchTrees,
): SignedReading['batch'] {
  const { id, readings, blind, root, signature } = batch
  const index = readings.findIndex(isThe(reading))
  const path = trees.of(sequence, batch).proof(index)
  return {
    ...{ id, root, count: readings.length, signature, index },
    leafSalt: blind === undefined ? null : bytesToHex(readingSalt(blind, index)),
    path: path.map((node) => bytesToHex(node)),
  }
}
