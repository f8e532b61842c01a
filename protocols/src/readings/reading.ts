import { type Domain, readingBatchDigest } from '../eip712/index.ts'
import {
  bytesToHex,
  type Hex,
  hexToBytes,
  type Integer,
  keccak256,
  writeUint32,
  writeUint64,
  writeUint8,
} from '../hash/index.ts'
import { merkleRoot, MerkleTree, verifyInclusion } from '../merkle/index.ts'

/**
 * The registers of one meter at one boundary. Boundary `n` is the moment at which interval `n`
 * starts; the energy of interval `n` is the difference of the registers at `n + 1` and at `n`.
 */
export type Reading = {
  readonly meter: number
  readonly boundary: number
  /** 0 at first; a correction of the same boundary carries a higher one. */
  readonly version: number
  /** Cumulative registers, whole watt-hours. */
  readonly importWh: Integer
  readonly exportWh: Integer
}

/** meter u32 ‖ boundary u64 ‖ version u8 ‖ importWh u64 ‖ exportWh u64, big-endian. */
export const readingLeafLength = 4 + 8 + 1 + 8 + 8

/**
 * The bytes of a reading as a leaf of its batch: of fixed length, so no two readings share one.
 *
 * @throws Fault UNIT_OUT_OF_RANGE, naming the field
 */
export function readingLeaf(reading: Reading): Uint8Array {
  const leaf = new Uint8Array(readingLeafLength)
  const view = new DataView(leaf.buffer)
  writeUint32(view, 0, reading.meter, 'meter')
  writeUint64(view, 4, reading.boundary, 'boundary')
  writeUint8(view, 12, reading.version, 'version')
  writeUint64(view, 13, reading.importWh, 'importWh')
  writeUint64(view, 21, reading.exportWh, 'exportWh')
  return leaf
}

/**
 * What hides one reading in its batch: of the batch's `blind` and the reading's place, 16 bytes.
 * Registers are guessed in seconds from a hash of them alone; with it, a path to one reading tells
 * nothing of those beside it.
 *
 * @param blind 32 random bytes that the gateway chose for the batch
 */
export function readingSalt(blind: string, index: number): Uint8Array {
  const bytes = new Uint8Array(36)
  bytes.set(hexToBytes(blind, 32, 'blind'))
  writeUint32(new DataView(bytes.buffer), 32, index, 'index')
  return keccak256(bytes).slice(0, 16)
}

/** A reading with its salt: what a batch with a blind has for a leaf. */
export function saltedLeaf(reading: Reading, salt: Uint8Array): Uint8Array {
  const leaf = new Uint8Array(readingLeafLength + salt.length)
  leaf.set(readingLeaf(reading))
  leaf.set(salt, readingLeafLength)
  return leaf
}

const leavesOf = (readings: readonly Reading[], blind: string | undefined): Uint8Array[] =>
  readings.map((reading, index) =>
    blind === undefined ? readingLeaf(reading) : saltedLeaf(reading, readingSalt(blind, index)),
  )

/** The root over the readings in the order in which the batch holds them. */
export const readingsRoot = (readings: readonly Reading[], blind?: string): Uint8Array =>
  merkleRoot(leavesOf(readings, blind))

/** Keeps the tree, to prove single readings to whom they concern and to nobody else. */
export const readingsTree = (readings: readonly Reading[], blind?: string): MerkleTree =>
  new MerkleTree(leavesOf(readings, blind))

/** Where a reading stands in its batch. */
export type ReadingPlace = {
  readonly index: number
  readonly count: number
  readonly path: readonly Uint8Array[]
  /** Where the batch has a blind. */
  readonly salt?: Uint8Array | undefined
}

/** Whether `reading` is at this place among those that were signed under `root`. */
export const provesReading = (
  root: Uint8Array,
  reading: Reading,
  { index, count, path, salt }: ReadingPlace,
): boolean => {
  const leaf = salt === undefined ? readingLeaf(reading) : saltedLeaf(reading, salt)
  return verifyInclusion(root, leaf, index, count, path)
}

/** What a gateway signs for a batch, and what the server computes again from what it received. */
export function batchToSign(
  domain: Domain,
  batch: {
    readonly id: string
    readonly gateway: number
    readonly readings: readonly Reading[]
    readonly blind?: string | undefined
  },
): { readonly root: Hex; readonly count: number; readonly digest: Uint8Array } {
  const root = bytesToHex(readingsRoot(batch.readings, batch.blind))
  const count = batch.readings.length
  const { id, gateway } = batch
  return { root, count, digest: readingBatchDigest(domain, { id, gateway, root, count }) }
}
